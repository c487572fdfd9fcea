/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folding: what is a letter, where words begin and end, and where in the text
 * each of them lies. */
#include "ner/fold.h"
#include "unit.h"

/* The words of a text with their places: "quantum@0-7 headset@8-15". */
static const char *
words(const char *text, unsigned symbols)
{
	static char out[4096];
	struct fold f = FOLD_INIT;
	const uint32_t *e;
	size_t i, n = 0, len = strlen(text);

	assert_int_equal(fold_text(&f, text, len, symbols), 0);
	out[0] = '\0';
	for (i = 0; i < f.nwords; i++) {
		e = f.edges + 2 * i;
		n += (size_t)snprintf(out + n, sizeof out - n, "%s%.*s@%u-%u",
		    i ? " " : "", (int)(e[1] - e[0]), f.letters + e[0],
		    (unsigned)fold_begin(&f, e[0]),
		    (unsigned)fold_end(&f, text, len, e[1] - 1));
	}
	for (i = 0; i < FOLD_PAST; i++)
		assert_int_equal(f.letters[f.n + i], 0);
	fold_free(&f);
	return out;
}

static void
ascii(void **state)
{
	(void)state;
	assert_string_equal(words("", 0), "");
	assert_string_equal(words(" .,- ", 0), "");
	assert_string_equal(words("Quantum-Headset", 0),
	    "quantum@0-7 headset@8-15");
	assert_string_equal(words("X200's [@`{ z", 0), "x200@0-4 s@5-6 z@12-13");
	assert_string_equal(words("C++ Q&A", 0), "c@0-1 q@4-5 a@6-7");
	assert_string_equal(words("C++ Q&A", FOLD_PLUS | FOLD_AND),
	    "c@0-1 +@1-2 +@2-3 q@4-5 &@5-6 a@6-7");
}

static void
accents_and_width(void **state)
{
	(void)state;
	assert_string_equal(words("Z\xc3\xa9phyr", 0), "zephyr@0-7");
	assert_string_equal(words("Cafe\xcc\x81 1", 0), "cafe@0-6 1@7-8");
	assert_string_equal(words("\xc3\x9c" "berlink", 0), "uberlink@0-9");
	assert_string_equal(words("stra\xc3\x9f" "e", 0), "strasse@0-7");
	assert_string_equal(words("S\xc3\xb8ren \xc5\x81\xc3\xb3" "dz", 0),
	    "soren@0-6 lodz@7-13");
	assert_string_equal(words("\xef\xbc\xa1\xef\xbc\x91", 0), "a1@0-6");
	assert_string_equal(words("a\xe2\x80\x99s\xc2\xa0z", 0),
	    "a@0-1 s@4-5 z@7-8");
	assert_string_equal(words("\xd0\x96\xd0\xb8", 0),
	    "\xd0\xb6\xd0\xb8@0-4");
	/* Han: each a word */
	assert_string_equal(words("\xe4\xb8\xad\xe6\x96\x87", 0),
	    "\xe4\xb8\xad@0-3 \xe6\x96\x87@3-6");
}

/* The same words wherever the text begins: blocks of 64 bytes have edges. */
static void
every_offset(void **state)
{
	char text[400], want[64];
	const char *got;
	int i;

	(void)state;
	for (i = 0; i < 300; i++) {
		memset(text, ' ', sizeof text);
		memcpy(text + i, "Quantum Headset", 16);
		got = words(text, 0);
		snprintf(want, sizeof want, "quantum@%d-%d headset@%d-%d", i,
		    i + 7, i + 8, i + 15);
		assert_string_equal(got, want);
		memset(text, 'a', (size_t)i + 7);
		snprintf(want, sizeof want, "@0-%d headset@%d-%d", i + 7,
		    i + 8, i + 15);
		assert_string_equal(strchr(words(text, 0), '@'), want);
	}
}

static void
what_joins(void **state)
{
	(void)state;
	assert_true(fold_joins("", 0));
	assert_true(fold_joins(" ", 1));
	assert_true(fold_joins(" - ", 3));
	assert_true(fold_joins(".", 1));
	assert_false(fold_joins(". ", 2));
	assert_false(fold_joins(", ", 2));
	assert_false(fold_joins("\n", 1));
	assert_false(fold_joins("     ", 5));
	assert_true(fold_joins("\xe2\x80\x93", 3));
	assert_false(fold_joins("\xf0\x9f\x98\x80", 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii),
		cmocka_unit_test(accents_and_width),
		cmocka_unit_test(every_offset),
		cmocka_unit_test(what_joins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

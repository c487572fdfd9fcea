/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which edits make of a name what was typed. */
#include "ner/edits.h"
#include "unit.h"

static size_t
letters(uint32_t *out, const char *p)
{
	size_t n;

	for (n = 0; p[n]; n++)
		out[n] = (unsigned char)p[n];
	return n;
}

/* "op name-place text-place, ..." */
static const char *
between(const char *name, const char *text)
{
	static char out[512];
	uint32_t a[512], b[512];
	struct edit e[EDITS_MOST];
	size_t n = letters(a, name), m = letters(b, text), i, k, at = 0;

	k = edits_between(e, a, n, b, m);
	out[0] = '\0';
	for (i = 0; i < k; i++)
		at += (size_t)snprintf(out + at, sizeof out - at, "%s%s %zu %zu",
		    i ? ", " : "", edit_name(e[i].op), e[i].name, e[i].text);
	return out;
}

static void
ops(void **state)
{
	(void)state;
	assert_string_equal(between("router", "router"), "");
	assert_string_equal(between("router", "ruter"), "omit 1 1");
	assert_string_equal(between("router", "roouter"), "add 1 1");
	assert_string_equal(between("router", "roiter"), "change 2 2");
	assert_string_equal(between("router", "rotuer"), "swap 2 2");
	assert_string_equal(between("cloudphone", "cluodphon"),
	    "swap 2 2, omit 9 9");
	assert_string_equal(between("", "ab"), "add 0 0, add 0 1");
	assert_string_equal(between("ab", ""), "omit 0 0, omit 1 0");
	assert_string_equal(between("", ""), "");
}

static void
none(void **state)
{
	char many[EDITS_LETTERS + 2];

	(void)state;
	assert_string_equal(between("x200", "x220"), "");
	assert_string_equal(between("x200", "y200"), "change 0 0");
	assert_string_equal(between("abcdefghijklmnopqrs", ""), "");
	memset(many, 'a', sizeof many);
	many[sizeof many - 1] = '\0';
	assert_string_equal(between(many, "a"), "");
}

/* As many as another way of counting says, and they lead from one to the
 * other. */
static void
random_words(void **state)
{
	uint32_t a[12], b[12], made[64];
	struct edit e[EDITS_MOST];
	size_t n, m, k, i, at, len, round, left;
	unsigned seed = 7;

	(void)state;
	for (round = 0; round < 20000; round++) {
		n = (seed = seed * 1103515245 + 12345) >> 16 & 7;
		m = (seed = seed * 1103515245 + 12345) >> 16 & 7;
		for (i = 0; i < n; i++)
			a[i] = 'a' + ((seed = seed * 1103515245 + 12345) >> 16) % 3;
		for (i = 0; i < m; i++)
			b[i] = 'a' + ((seed = seed * 1103515245 + 12345) >> 16) % 3;
		k = edits_between(e, a, n, b, m);
		for (i = at = len = left = 0; i < k; i++) {
			while (at < e[i].name)
				made[len++] = a[at++];
			assert_int_equal(len, e[i].text);
			left += e[i].op == EDIT_ADD;
			if (e[i].op == EDIT_SWAP) {
				made[len++] = a[at + 1];
				made[len++] = a[at];
				at += 2;
			} else {
				if (e[i].op != EDIT_OMIT)
					made[len++] = b[e[i].text];
				at += e[i].op != EDIT_ADD;
			}
		}
		while (at < n)
			made[len++] = a[at++];
		assert_int_equal(len, m);
		assert_memory_equal(made, b, m * sizeof *b);
		assert_true(k <= (n > m ? n : m));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ops), cmocka_unit_test(none),
		cmocka_unit_test(random_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

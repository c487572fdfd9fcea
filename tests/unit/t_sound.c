/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How words sound, and names that are misheard. */
#include "ner/mention.h"
#include "unit.h"

static char path[] = "/tmp/gcpipe-sound.XXXXXX";

/* Do two words sound the same? */
static bool
alike(const char *a, const char *b)
{
	uint8_t x[64], y[64];
	size_t n = sound_word(x, sizeof x, a, strlen(a));

	return n && sound_word(y, sizeof y, b, strlen(b)) == n &&
	    memcmp(x, y, n) == 0;
}

static void
spelling(void **state)
{
	static const uint8_t phone[] = { SOUND_F, SOUND_OW, SOUND_N };
	uint8_t x[8];

	(void)state;
	assert_int_equal(sound_word(x, sizeof x, "phone", 5), 3);
	assert_memory_equal(x, phone, 3);
	assert_int_equal(sound_word(x, 2, "phone", 5), 2);
	assert_int_equal(sound_word(x, sizeof x, "\xd0\xb6", 2), 0);
	assert_true(alike("lite", "light"));
	assert_true(alike("see", "c"));
	assert_true(alike("queue", "q"));
	assert_true(alike("two", "to"));
	assert_true(alike("4", "four"));
	assert_true(alike("knight", "night"));
	assert_true(alike("quick", "kwik"));
	assert_true(alike("change", "chaynje"));
	assert_true(alike("war", "wore"));
	assert_true(alike("any", "enny"));
	assert_false(alike("pin", "bin"));
}

static void
costs(void **state)
{
	struct sound_costs c;
	int i, j;

	(void)state;
	sound_costs(&c);
	for (i = 1; i < SOUNDS; i++)
		for (j = 1; j < SOUNDS; j++) {
			assert_int_equal(c.change[i][j], c.change[j][i]);
			assert_true((c.change[i][j] == 0) == (i == j));
			assert_true(c.drop[i] > 0);
		}
	assert_true(c.change[SOUND_P][SOUND_B] < c.change[SOUND_P][SOUND_S]);
	assert_true(c.change[SOUND_IY][SOUND_IH] <
	    c.change[SOUND_IY][SOUND_AO]);
}

/* "id:start-end:method ..." of a text. */
static const char *
heard(const char *file, const char *text)
{
	static char out[4096];
	const char *files[] = { path };
	struct mention_tools tools = { NULL, NULL, NULL };
	struct heard_index x;
	struct gazetteer *g;
	struct mentions *m;
	struct fail why;
	size_t i, n = 0;
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(file, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(gazetteer_open(&g, files, 1, true, &why), 0);
	assert_int_equal(heard_open(&x, g, &why), 0);
	tools.heard = &x;
	assert_int_equal(mentions_open(&m, g, &tools, &why), 0);
	assert_int_equal(mentions_find(m, text, strlen(text), &why), 0);
	out[0] = '\0';
	for (i = 0; i < m->n; i++) {
		const struct mention *e = &m->v[i];
		struct gaz_str id = g->names[g->aliases[e->alias].name].id;

		n += (size_t)snprintf(out + n, sizeof out - n, "%s%.*s:%u-%u:%s",
		    i ? " " : "", (int)id.n, gaz_text(g, id),
		    (unsigned)e->cp_start, (unsigned)e->cp_end,
		    mention_method(e->method));
		assert_true(n < sizeof out);
	}
	mentions_close(m);
	heard_free(&x);
	gazetteer_close(g);
	return out;
}

static void
misheard(void **state)
{
	const char *f = "id\tname\tspoken\nq\tQuantum Headset\t"
	    "quantum headset\nz\tZenphony\nc\tCP Lite\tc p lite\n";

	(void)state;
	assert_non_null(strstr(heard(f, "my quantum had set broke"),
	    "q:3-18:speech"));
	assert_non_null(strstr(heard(f, "is zen funny down"), "z:3-12:speech"));
	assert_non_null(strstr(heard(f, "i have c p light"), "c:7-16:speech"));
	assert_string_equal(heard(f, "good morning how are you"), "");
	/* the tail of a word belongs to it */
	assert_non_null(strstr(heard("w\tWheelbox\t\t\t\twheel box\n",
	    "my we'll box is dead"), "w:3-12:speech"));
	/* of two names the one that is heard better */
	assert_string_equal(heard("a\tSmart Router\nb\tSmart Roster\n",
	    "my smart rooster broke"), "b:3-16:speech");
	assert_string_equal(heard(f, ""), "");
	assert_string_equal(heard("a\tZenphony\t\tx\tnofuzzy\n", "zen funny"),
	    "");
}

/* A name is found wherever it stands in a long text, seams and all. */
static void
long_texts(void **state)
{
	static char text[20000];
	char want[64];
	size_t at, n;

	(void)state;
	for (at = 0; at < 3000; at += 41) {
		for (n = 0; n < at; n += 5)
			memcpy(text + n, "door ", 5);
		memcpy(text + n, "zen funny", 9);
		snprintf(want, sizeof want, "a:%zu-%zu:speech", n, n + 9);
		for (n += 9; n < 4000; n += 5)
			memcpy(text + n, " door", 5);
		text[n] = '\0';
		if (!strstr(heard("a\tZenphony\n", text), want))
			fail_msg("not at %zu", at);
	}
}

static int
make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int
remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spelling),
		cmocka_unit_test(costs),
		cmocka_unit_test(misheard),
		cmocka_unit_test(long_texts),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}

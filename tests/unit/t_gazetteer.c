/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gazetteers: what a file may say, and that each name is found wherever a
 * matcher without any table finds it. */
#include "base/rng.h"
#include "ner/mention.h"
#include "unit.h"

static const struct mention_tools alone = { NULL, NULL, NULL };
static char path[] = "/tmp/gcpipe-gazetteer.XXXXXX";

static int
open_text(struct gazetteer **g, const char *text, struct fail *why)
{
	const char *files[] = { path };
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	return gazetteer_open(g, files, 1, false, why);
}

/* What is found in a text by a file: "id:start-end:method ...". */
static const char *
found(const char *file, const char *text)
{
	static char out[4096];
	struct gazetteer *g;
	struct mentions *m;
	struct fail why;
	size_t i, n = 0;

	assert_int_equal(open_text(&g, file, &why), 0);
	assert_int_equal(mentions_open(&m, g, &alone, &why), 0);
	assert_int_equal(mentions_find(m, text, strlen(text), &why), 0);
	out[0] = '\0';
	for (i = 0; i < m->n; i++) {
		const struct mention *e = &m->v[i];
		struct gaz_str id = g->names[g->aliases[e->alias].name].id;

		n += (size_t)snprintf(out + n, sizeof out - n,
		    "%s%.*s:%u-%u:%s", i ? " " : "", (int)id.n,
		    gaz_text(g, id), (unsigned)e->cp_start,
		    (unsigned)e->cp_end, mention_method(e->method));
	}
	mentions_close(m);
	gazetteer_close(g);
	return out;
}

static void
how_it_is_written(void **state)
{
	const char *f = "a\tCloudPhone Pro\tCP-Pro|C++ kit\n";

	(void)state;
	assert_string_equal(found(f, "CloudPhone Pro"), "a:0-14:exact");
	assert_string_equal(found(f, "my cloudphone PRO!"), "a:3-17:folded");
	assert_string_equal(found(f, "cloud phone-pro"), "a:0-15:joined");
	assert_string_equal(found(f, "cloudphonepro"), "a:0-13:joined");
	assert_string_equal(found(f, "cp pro, cppro"),
	    "a:0-6:folded a:8-13:joined");
	assert_string_equal(found(f, "cloudphone, pro"), "");
	assert_string_equal(found(f, "cloudphone pros acp pro"), "");
	assert_string_equal(found(f, "the C++ kit"), "a:4-11:exact");
	assert_string_equal(found(f, "the C kit"), "");
	assert_string_equal(found(f, "\xe2\x82\xac cp\xe2\x80\x91pro"),
	    "a:2-8:folded");
}

static void
flags(void **state)
{
	(void)state;
	assert_string_equal(found("a\tEdge\t\tx\tcase\n", "the edge of Edge"),
	    "a:12-16:exact");
	assert_string_equal(found("a\tHome Hub\t\tx\texact,unknown\n",
	    "home hub Home-Hub Home Hub"), "a:18-26:exact");
	assert_string_equal(found("a\tEdge\t\tx\tnear:gateway/router\n",
	    "the edge of town. the Edge ROUTER"), "a:4-8:folded a:22-26:exact");
	assert_string_equal(found("a\tEdge\t\tx\tnear:gateway\n",
	    "the edge b c d e f g h i gateway"), "");
}

static void
columns(void **state)
{
	(void)state;
	assert_string_equal(found("ID\tweight\taliases\tName\n1\t2\tbb|cc\tdd\n",
	    "bb dd"), "1:0-2:exact 1:3-5:exact");
	assert_string_equal(found("\xef\xbb\xbf{\"id\":7,\"name\":\"a b\","
	    "\"aliases\":[\"x|y\"],\"flags\":[\"case\"]}\r\n\r\n",
	    "x y, a b, A b"), "7:0-3:folded 7:5-8:exact");
	assert_string_equal(found("1\tabcdefghij k\n2\tabcdefghij kl\n"
	    "3\tabcdefgh\n4\tabc\n", "abc abcdefgh abcdefghij kl"),
	    "4:0-3:exact 3:4-12:exact 2:13-26:exact");
}

static void
refusals(void **state)
{
	static const char *const bad[][2] = {
		{ "", "no names" }, { "a\n", ":1: a name needs" },
		{ "a\tb\nc\t--\n", ":2: an alias without a letter" },
		{ "a\tb\t\t\tweight:x\n", ":1: a weight is a number" },
		{ "{\"id\":1,\"name\":[]}", ":1: a column is" },
		{ "{\"id\":1", ":1:8: invalid JSON" },
		{ "a\tb\nc\t\xff\n", ":2: invalid UTF-8" }
	};
	struct gazetteer *g;
	struct fail why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		assert_int_equal(open_text(&g, bad[i][0], &why), -1);
		assert_int_equal(why.code, EXIT_USAGE);
		if (!strstr(why.text, bad[i][1]))
			fail_msg("%zu: %s", i, why.text);
	}
}

/* ---- beside a matcher without tables ---- */

/* Letters "ab c" and blanks, so that names overlap, nest and repeat. */
static size_t
random_text(struct rng *r, char *out, size_t n)
{
	static const char alphabet[] = "aabbc  -";
	size_t i;

	for (i = 0; i < n; i++)
		out[i] = alphabet[rng_below(r, sizeof alphabet - 1)];
	out[n] = '\0';
	return n;
}

static bool
is_let(char c)
{
	return c >= 'a' && c <= 'z';
}

/* Does the alias, blanks left out, stand at text[i..j)? */
static bool
stands(const char *alias, const char *text, size_t i, size_t j)
{
	size_t gap = 0;

	if (!is_let(text[i]) || !is_let(text[j - 1]) ||
	    (i && is_let(text[i - 1])) || is_let(text[j]))
		return false;
	for (; i < j; i++) {
		if (!is_let(text[i])) {
			if (++gap > 4)
				return false;
			continue;
		}
		gap = 0;
		while (*alias && !is_let(*alias))
			alias++;
		if (*alias != text[i])
			return false;
		alias++;
	}
	while (*alias && !is_let(*alias))
		alias++;
	return !*alias;
}

static bool
is_there(const struct mentions *m, uint32_t alias, size_t i, size_t j)
{
	size_t k;

	for (k = 0; k < m->n; k++)
		if (m->v[k].alias == alias && m->v[k].start == i &&
		    m->v[k].end == j)
			return true;
	return false;
}

/* Every alias at every place, if and only if it stands there. */
static void
compare(const struct mentions *m, const char *text, size_t n)
{
	size_t i, j, want = 0;
	uint32_t a;
	char alias[64];

	for (a = 0; a < m->g->naliases; a++) {
		snprintf(alias, sizeof alias, "%.*s",
		    (int)m->g->aliases[a].text.n,
		    gaz_text(m->g, m->g->aliases[a].text));
		for (i = 0; i < n; i++)
			for (j = i + 1; j <= n; j++)
				if (stands(alias, text, i, j)) {
					want++;
					if (!is_there(m, a, i, j))
						fail_msg("'%s' in '%s' at %zu",
						    alias, text, i);
				}
	}
	assert_int_equal(m->n, want);
}

static void
as_without_tables(void **state)
{
	struct gazetteer *g;
	struct mentions *m;
	struct fail why;
	struct rng r;
	char file[4096], text[101], alias[32];
	size_t n, i, round;

	(void)state;
	rng_seed(&r, 7);
	for (round = 0; round < 300; round++) {
		for (n = i = 0; i < 1 + rng_below(&r, 40); i++) {
			alias[0] = "abc"[rng_below(&r, 3)];
			random_text(&r, alias + 1, rng_below(&r, 18));
			n += (size_t)snprintf(file + n, sizeof file - n,
			    "%zu\t%s\n", i, alias);
		}
		assert_int_equal(open_text(&g, file, &why), 0);
		assert_int_equal(mentions_open(&m, g, &alone, &why), 0);
		n = random_text(&r, text, rng_below(&r, 100));
		assert_int_equal(mentions_find(m, text, n, &why), 0);
		compare(m, text, n);
		mentions_close(m);
		gazetteer_close(g);
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
		cmocka_unit_test(how_it_is_written),
		cmocka_unit_test(flags),
		cmocka_unit_test(columns),
		cmocka_unit_test(refusals),
		cmocka_unit_test(as_without_tables),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}

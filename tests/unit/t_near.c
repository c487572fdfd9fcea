/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mistyped names: the distance beside the definition, and that every name
 * within reach is found and nothing else. */
#include "base/rng.h"
#include "ner/mention.h"
#include "unit.h"

static char path[] = "/tmp/gcpipe-near.XXXXXX";

/* ---- the distance ---- */

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

/* As the definition has it, over whole matrices. */
static unsigned
plainly(const char *a, size_t m, const char *b, size_t n)
{
	static unsigned d[64][64];
	size_t i, j;

	for (i = 0; i <= m; i++)
		for (j = 0; j <= n; j++) {
			unsigned least = i || j ? 99 : 0;

#define LEAST(x) (least = (x) < least ? (x) : least)
			if (i && !digit(a[i - 1]))
				LEAST(d[i - 1][j] + 1);
			if (j && !digit(b[j - 1]))
				LEAST(d[i][j - 1] + 1);
			if (i && j && a[i - 1] == b[j - 1])
				LEAST(d[i - 1][j - 1]);
			if (i && j && !digit(a[i - 1]) && !digit(b[j - 1]))
				LEAST(d[i - 1][j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && !digit(a[i - 1]) &&
			    !digit(b[j - 1]))
				LEAST(d[i - 2][j - 2] + 1);
			d[i][j] = least;
		}
	return d[m][n];
}

static void
distances(void **state)
{
	struct rng r;
	char a[24], b[24];
	uint8_t at[2 * NEAR_EDITS + 1];
	size_t m, n, i, j;
	unsigned k, d, want;
	int round;

	(void)state;
	rng_seed(&r, 3);
	for (round = 0; round < 60000; round++) {
		m = 1 + rng_below(&r, 12);
		n = rng_below(&r, 16);
		k = (unsigned)rng_below(&r, NEAR_EDITS + 1);
		for (i = 0; i < m; i++)
			a[i] = "abc12"[rng_below(&r, 5)];
		for (i = 0; i < n; i++)
			b[i] = i < m && rng_below(&r, 4) ? a[i] :
			    "abc12"[rng_below(&r, 5)];
		near_distance(at, a, m, b, n, k);
		for (d = 0; d <= 2 * k; d++) {
			if (m + d < k)
				continue;
			j = m + d - k;
			want = j <= n ? plainly(a, m, b, j) : 99;
			if ((want <= k || at[d] <= k) && at[d] != want)
				fail_msg("%.*s, %.*s: %u, not %u", (int)m, a,
				    (int)j, b, at[d], want);
		}
	}
}

/* ---- what is found ---- */

static const char list[] = "# ordinary\nplease call the guard screen pot "
    "connect relay with in red light in a\n";

/* "id:start-end:edits ..." of a text. */
static const char *
found(const char *file, const char *text)
{
	static char out[1024];
	const char *files[] = { path };
	struct mention_tools tools;
	struct near_index near;
	struct words words = WORDS_INIT;
	struct gazetteer *g;
	struct mentions *m;
	struct fail why;
	size_t i, n = 0;
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(file, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(gazetteer_open(&g, files, 1, false, &why), 0);
	assert_int_equal(near_open(&near, g, &why), 0);
	assert_int_equal(words_read(&words, list, sizeof list - 1), 0);
	tools.near = &near;
	tools.heard = NULL;
	tools.words = &words;
	assert_int_equal(mentions_open(&m, g, &tools, &why), 0);
	assert_int_equal(mentions_find(m, text, strlen(text), &why), 0);
	out[0] = '\0';
	for (i = 0; i < m->n; i++) {
		const struct mention *e = &m->v[i];
		struct gaz_str id = g->names[g->aliases[e->alias].name].id;

		n += (size_t)snprintf(out + n, sizeof out - n, "%s%.*s:%u-%u:%u",
		    i ? " " : "", (int)id.n, gaz_text(g, id),
		    (unsigned)e->cp_start, (unsigned)e->cp_end,
		    (unsigned)e->edits);
	}
	mentions_close(m);
	near_free(&near);
	words_free(&words);
	gazetteer_close(g);
	return out;
}

static void
mistyped(void **state)
{
	const char *f = "a\tCloudPhone Pro\nb\tRouter X200\nc\tNexa\n"
	    "d\tScreen Pop\nn\tQuantum Headset\t\t\tnofuzzy\n";

	(void)state;
	assert_string_equal(found(f, "clodu phone pr"), "a:0-14:2");
	assert_string_equal(found(f, "my Clouphone-Pro!"), "a:3-16:1");
	assert_string_equal(found(f, "oruter x200"), "b:0-11:1");
	assert_string_equal(found(f, "router x220, router x20"), "");
	assert_string_equal(found(f, "nxea, nexaa"), "");
	assert_string_equal(found(f, "nexas and router x200's"),
	    "b:10-21:0 c:0-5:0");
	assert_string_equal(found(f, "screen pot"), "");
	assert_string_equal(found(f, "sreen pop"), "d:0-9:1");
	assert_string_equal(found(f, "quantum headse"), "");
	assert_string_equal(found(f, "thecloudphone pro"), "a:3-17:0");
	assert_string_equal(found(f, "cloudphone prowith"), "a:0-14:0");
	assert_string_equal(found(f, "cloud, phonepro"), "");
}

static void
meant(void **state)
{
	const char *f = "a\tConnect\nb\tClearVoice\n";

	(void)state;
	assert_string_equal(found(f, "The Connect is down"), "a:4-11:0");
	assert_string_equal(found(f, "It won't connect"), "");
	assert_string_equal(found(f, "how do i connect it"), "");
	assert_string_equal(found(f, "is connect down"), "a:3-10:0");
	assert_string_equal(found(f, "Connect me, please"), "a:0-7:0");
	assert_string_equal(found(f, "please connect me"), "");
}

/* ---- every name within two edits ---- */

static size_t
edit(struct rng *r, char *s, size_t n)
{
	size_t i = rng_below(r, n);
	char c;

	switch (rng_below(r, 4)) {
	case 0:
		memmove(s + i, s + i + 1, n - i - 1);
		return n - 1;
	case 1:
		memmove(s + i + 1, s + i, n - i);
		s[i] = (char)('a' + rng_below(r, 26));
		return n + 1;
	case 2:
		s[i] = (char)('a' + rng_below(r, 26));
		return n;
	default:
		if (i + 1 < n) {
			c = s[i];
			s[i] = s[i + 1];
			s[i + 1] = c;
		}
		return n;
	}
}

static void
every_edit(void **state)
{
	struct rng r;
	char name[32], text[40], file[64], wanted[64];
	size_t m, n, i;
	unsigned k;
	int round;

	(void)state;
	rng_seed(&r, 5);
	for (round = 0; round < 3000; round++) {
		m = 5 + rng_below(&r, 20);
		for (i = 0; i < m; i++)
			name[i] = (char)('f' + rng_below(&r, 20));
		snprintf(file, sizeof file, "p\t%.*s\n", (int)m, name);
		memcpy(text, name, m);
		k = near_edits(m) < 2 ? near_edits(m) : 2;
		for (n = m, i = 0; i < k; i++)
			n = edit(&r, text, n);
		text[n] = '\0';
		k = plainly(name, m, text, n);
		if (k == 0 || k > 2 || k > near_edits(m))
			continue;
		snprintf(wanted, sizeof wanted, "p:0-%zu:%u", n, k);
		if (text[n - 1] == 's')         /* or a plural */
			continue;
		assert_string_equal(found(file, text), wanted);
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
		cmocka_unit_test(distances),
		cmocka_unit_test(mistyped),
		cmocka_unit_test(meant),
		cmocka_unit_test(every_edit),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t_pattern.c -- patterns over tokens, and what they are made of. That they
 * find what spaCy finds is tests/cmd/gc-ner-patterns.t's to show. */
#include "base/rng.h"
#include "ner/leven.h"
#include "ner/match.h"
#include "ner/python.h"
#include "ner/uni.h"
#include "unit.h"

static struct tok_rules *rules;
static struct norms none;

static int
setup(void **state)
{
	(void)state;
	return tok_rules_english(&rules, NULL);
}

static int
teardown(void **state)
{
	(void)state;
	tok_rules_close(rules);
	return 0;
}

/* What patterns find in a text: "start-end:number ...", in tokens. */
static const char *
find(const char *lines, const char *text, const struct match_ents *ents)
{
	static char out[600];
	struct pattern_how how = { rules, &none, NULL, true, ATTR_ORTH };
	struct patterns *p;
	struct matcher m;
	struct toks t;
	struct fail why;
	size_t i, n = 0;

	out[0] = '\0';
	assert_int_equal(patterns_open(&p, &how, &why), 0);
	if (patterns_add(p, "p", lines, strlen(lines), &why) < 0) {
		snprintf(out, sizeof out, "%s", why.text);
		patterns_close(p);
		return out;
	}
	assert_int_equal(patterns_ready(p, &why), 0);
	assert_int_equal(matcher_open(&m, p, &why), 0);
	assert_int_equal(toks_open(&t, rules, 0, &why), 0);
	assert_int_equal(toks_cut(&t, text, strlen(text), &why), 0);
	assert_int_equal(matcher_run(&m, text, t.v, t.n, ents, &why), 0);
	for (i = 0; i < m.nspans && n < sizeof out; i++)
		n += (size_t)snprintf(out + n, sizeof out - n, "%s%u-%u:%u",
		    i ? " " : "", m.spans[i].token, m.spans[i].token +
		    m.spans[i].ntokens, m.spans[i].pattern);
	toks_close(&t);
	matcher_close(&m);
	patterns_close(p);
	return out;
}

#define TOKENS(x) "{\"label\":\"A\",\"pattern\":[" x "]}\n"
#define PHRASE(x) "{\"label\":\"A\",\"pattern\":\"" x "\"}\n"

static void
the_longest_then_the_leftmost_then_the_first(void **state)
{
	(void)state;
	assert_string_equal(find(PHRASE("b c") PHRASE("a b") PHRASE("c")
	    PHRASE("b c"), "a b c", NULL), "0-2:1 2-3:2");
	assert_string_equal(find(PHRASE("a") TOKENS("{\"ORTH\":\"a\"}"),
	    "a a", NULL), "0-1:0 1-2:0");
	assert_string_equal(find(TOKENS("{\"ORTH\":\"a\",\"OP\":\"+\"}")
	    PHRASE("a a a"), "a a a a", NULL), "0-4:0");
}

static void
operators(void **state)
{
	(void)state;
	assert_string_equal(find(TOKENS("{\"ORTH\":\"a\",\"OP\":\"{2,3}\"}"),
	    "a b a a b a a a a a", NULL), "2-4:0 5-8:0 8-10:0");
	assert_string_equal(find(TOKENS("{\"ORTH\":\"a\",\"OP\":\"!\"},"
	    "{\"ORTH\":\"a\",\"OP\":\"?\"}"), "a b a", NULL), "1-3:0");
	assert_string_equal(find(TOKENS("{\"ORTH\":\"a\",\"OP\":\"*\"},"
	    "{\"ORTH\":\"b\"},{\"op\":\"{,1}\"}"), "a a b c b", NULL),
	    "0-4:0 4-5:0");
	assert_string_equal(find(TOKENS("{\"ORTH\":\"a\",\"OP\":\"*\"}"),
	    "b b", NULL), "");
}

/* A shorter match takes the place of one that overlaps, also behind it. */
static void
the_next_shorter_one(void **state)
{
	(void)state;
	assert_string_equal(find(TOKENS("{\"ORTH\":\"a\"},{\"OP\":\"{,2}\"}")
	    PHRASE("c d e f"), "x a b c d e f", NULL), "1-3:0 3-7:1");
}

static void
entities_of_a_model(void **state)
{
	static const struct match_ent two[] = { { 0, 2, "PERSON", 6 },
	    { 4, 1, "GPE", 3 } };
	struct match_ents ents = { two, 2, false };
	const char *rule = TOKENS("{\"ENT_TYPE\":{\"IN\":[\"PERSON\","
	    "\"GPE\"]},\"OP\":\"+\"}") TOKENS("{\"ENT_IOB\":\"O\"}");

	(void)state;
	assert_string_equal(find(rule, "Anna Smith lives in Paris", &ents),
	    "0-2:0 2-3:1 3-4:1 4-5:0");
	assert_string_equal(find(rule, "Anna Smith lives in Paris", NULL),
	    "");
	ents.keep = true;
	assert_string_equal(find(PHRASE("Smith lives") PHRASE("lives in"),
	    "Anna Smith lives in Paris", &ents), "2-4:1");
	assert_string_equal(find(TOKENS("{},{\"OP\":\"*\"}"),
	    "Anna Smith lives in Paris now ok", &ents), "2-4:0 5-7:0");
}

/* The same of a word as before it was forgotten. */
static void
memory_changes_nothing(void **state)
{
	const char *lines = TOKENS("{\"TEXT\":{\"REGEX\":\"^w\\\\d*7$\"}}");
	struct pattern_how how = { rules, &none, NULL, true, ATTR_ORTH };
	struct buf text = BUF_INIT(BUF_RECORD);
	struct patterns *p;
	struct matcher m;
	struct toks t;
	size_t round, found = 0;
	int i;

	(void)state;
	assert_int_equal(patterns_open(&p, &how, NULL), 0);
	assert_int_equal(patterns_add(p, "p", lines, strlen(lines), NULL), 0);
	assert_int_equal(patterns_ready(p, NULL), 0);
	assert_int_equal(matcher_open(&m, p, NULL), 0);
	assert_int_equal(toks_open(&t, rules, 0, NULL), 0);
	for (round = 0; round < 40; round++) {
		buf_clear(&text);
		for (i = 0; i < 5000; i++)
			buf_addf(&text, "w%zu ", (round % 20) * 5000 +
			    (size_t)i);
		assert_int_equal(toks_cut(&t, buf_str(&text), text.len,
		    NULL), 0);
		assert_int_equal(matcher_run(&m, buf_str(&text), t.v, t.n,
		    NULL, NULL), 0);
		found += m.nspans;
	}
	assert_int_equal(found, 20000);
	toks_close(&t);
	matcher_close(&m);
	patterns_close(p);
	buf_free(&text);
}

static void
edits(void **state)
{
	static const struct {
		const char *a, *b;
		int edits;
	} v[] = {
		{ "kitten", "sitting", 3 }, { "", "abc", 3 }, { "a", "", 1 },
		{ "flaw", "lawn", 2 }, { "caf\303\251", "cafe", 1 },
		{ "ab", "ba", 2 }, { "same", "same", 0 },
		{ "intention", "execution", 5 }
	};
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < COUNT(v); i++)
		for (k = 0; k < 9; k++) {
			assert_int_equal(leven_within(v[i].a, strlen(v[i].a),
			    v[i].b, strlen(v[i].b), k), k >= v[i].edits);
			assert_int_equal(leven_within(v[i].b, strlen(v[i].b),
			    v[i].a, strlen(v[i].a), k), k >= v[i].edits);
		}
}

/* The whole table, without a band. */
static int
distance(const char *a, int m, const char *b, int n)
{
	int t[20][20], i, j, v;

	for (i = 0; i <= m; i++)
		for (j = 0; j <= n; j++) {
			v = i == 0 ? j : t[i - 1][j] + 1;
			if (j > 0 && i > 0 && v > t[i - 1][j - 1] +
			    (a[i - 1] != b[j - 1]))
				v = t[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			if (j > 0 && i > 0 && v > t[i][j - 1] + 1)
				v = t[i][j - 1] + 1;
			t[i][j] = v;
		}
	return t[m][n];
}

static void
edits_of_random_words(void **state)
{
	struct rng r;
	char w[2][20];
	int n[2], i, k, j;

	(void)state;
	rng_seed(&r, 5);
	for (i = 0; i < 20000; i++) {
		for (k = 0; k < 2; k++) {
			n[k] = (int)rng_below(&r, 14);
			for (j = 0; j < n[k]; j++)
				w[k][j] = (char)('a' + rng_below(&r, 3));
		}
		k = (int)rng_below(&r, 10);
		assert_int_equal(leven_within(w[0], (size_t)n[0], w[1],
		    (size_t)n[1], k), distance(w[0], n[0], w[1], n[1]) <= k);
	}
}

static void
pythons_expressions(void **state)
{
	static const struct {
		const char *python, *pcre;      /* NULL: refused */
	} v[] = {
		{ "a{,3}b{,}c{2,}", "a{0,3}b{0,}c{2,}" },
		{ "{,a}", "{,a}" },
		{ "(a)\\1\\01\\012\\123", "(a)\\g{1}\\x{1}\\x{a}\\x{53}" },
		{ "\\v\\Z[\\b\\1]", "\\x0b\\z[\\x08\\x{1}]" },
		{ "(?u)a(?ui:b)(?u:c)", "a(?i:b)(?:c)" },
		{ "[[:alpha:]]", "[\\[:alpha:]]" },
		{ "[]a]", "[\\]a]" },
		{ "\\u00e9\\U0001F600\\x41", "\\x{00e9}\\x{0001F600}\\x{41}" },
		{ "(?P<a>x)(?P=a)(?<!y)(?=z)(?>w)",
		  "(?P<a>x)(?P=a)(?<!y)(?=z)(?>w)" },
		{ "(?a)x", NULL }, { "(?R)", NULL }, { "(?1)", NULL },
		{ "(*ACCEPT)", NULL }, { "\\p{L}", NULL }, { "\\K", NULL },
		{ "\\h", NULL }, { "(?|a)", NULL }, { "(?P>a)", NULL },
		{ "(?<a>x)", NULL }, { "\\x4", NULL }, { "a\\", NULL },
		{ "\\400", NULL }, { "(?", NULL }, { "\\Qa\\E", NULL }
	};
	struct buf b = BUF_INIT(BUF_LINE);
	struct fail why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(v); i++) {
		buf_clear(&b);
		assert_int_equal(python_regex(&b, v[i].python,
		    strlen(v[i].python), &why), v[i].pcre ? 0 : -1);
		if (v[i].pcre)
			assert_string_equal(buf_str(&b), v[i].pcre);
		else
			assert_int_equal(why.code, EXIT_USAGE);
	}
	buf_free(&b);
}

/* Each flag on words that spaCy says yes and no to. */
static void
flags(void **state)
{
	static const struct {
		enum flag flag;
		const char *yes, *no;           /* words between blanks */
	} v[] = {
		{ FLAG_ALPHA, "ab \303\251 \346\227\245", "a1 a-b 1" },
		{ FLAG_ASCII, "ab ~ 1", "\303\251 a\342\200\231" },
		{ FLAG_DIGIT, "1 \302\262 12", "1.2 \302\275 a" },
		{ FLAG_LOWER, "ab a1 \303\237", "Ab 1 \307\205" },
		{ FLAG_UPPER, "AB A1", "Ab 1 \307\205a" },
		{ FLAG_TITLE, "Ab A'B \307\205a A1", "AB aB 1 ab" },
		{ FLAG_PUNCT, "- ... \302\277 _", "$ a- +" },
		{ FLAG_BRACKET, "( >", "(( \302\253" },
		{ FLAG_QUOTE, "\" '' \302\253 `", ", ''' (" },
		{ FLAG_LEFT_PUNCT, "( `` \302\253", ") ''" },
		{ FLAG_RIGHT_PUNCT, ") '' \302\273", "( ``" },
		{ FLAG_CURRENCY, "$ \342\202\254\302\243", "US$ 5" },
		{ FLAG_STOP, "the THE n't across", "phone it\302\240" },
		{ FLAG_LIKE_NUM, "1 -1,000.5 ten Tenth 1/2 3rd \302\2615 ~2 "
		  "21ST", "a1 1/2/3 1/ rd -- tens" },
		{ FLAG_LIKE_URL, "http://a www.a a.com x.co/ b.uk:80 "
		  "https://", "www. .com a.com. a@b.com ab a.B a.x" },
		{ FLAG_LIKE_EMAIL, "a@b.c a.b+c@d-e.f.g a@b.c!", "@b.c a@b "
		  "a@.c a@b. \303\251@b.c" },
	};
	struct buf work = BUF_INIT(BUF_LINE);
	struct flag_rules r = { true, tok_rules_url(rules), NULL, &work };
	size_t i, n;
	int k;

	(void)state;
	assert_int_equal(regex_room_open(&r.room, NULL), 0);
	for (i = 0; i < COUNT(v); i++)
		for (k = 0; k < 2; k++) {
			const char *p = k ? v[i].no : v[i].yes;

			for (; *p; p += n + (p[n] == ' ')) {
				n = strcspn(p, " ");
				if (flag_holds(v[i].flag, p, n, &r) == !!k)
					fail_msg("flag %d: %.*s",
					    (int)v[i].flag, (int)n, p);
			}
		}
	assert_true(flag_holds(FLAG_SPACE, " \302\240\n", 4, &r));
	assert_false(flag_holds(FLAG_STOP, "a\0b", 3, &r));
	r.english = false;
	assert_false(flag_holds(FLAG_STOP, "the", 3, &r));
	assert_false(flag_holds(FLAG_LIKE_NUM, "ten", 3, &r));
	regex_room_close(r.room);
	buf_free(&work);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_then_the_leftmost_then_the_first),
		cmocka_unit_test(operators),
		cmocka_unit_test(the_next_shorter_one),
		cmocka_unit_test(entities_of_a_model),
		cmocka_unit_test(memory_changes_nothing),
		cmocka_unit_test(edits),
		cmocka_unit_test(edits_of_random_words),
		cmocka_unit_test(pythons_expressions),
		cmocka_unit_test(flags),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long integers through a program that knows only doubles. */
#include "base/num.h"
#include "base/rng.h"
#include "json/jq.h"
#include "json/spell.h"
#include "unit.h"

static int
take(void *ctx, struct json_val v)
{
	struct buf *b = ctx;

	buf_add(b, v.p, v.n);
	return 0;
}

/* What libjq makes of a text. */
static void
assert_jq(const char *program, const char *in, const char *want)
{
	struct buf out = BUF_INIT(BUF_DOC);
	struct fail why;
	struct jq *jq;

	assert_int_equal(jq_open(&jq, program, "it", NULL, &why), 0);
	assert_int_equal(jq_run(jq, in, strlen(in), take, &out, &why), 0);
	assert_string_equal(buf_str(&out), want);
	jq_close(jq);
	buf_free(&out);
}

static void
integers_keep_their_digits(void **state)
{
	static const char *const v[] = {
		"9007199254740993", "-9007199254740993", "9007199254740992",
		"9223372036854775807", "-9223372036854775808",
		"18446744073709551615", "1000000000000000000",
		"1000000000000000001", "12345678901234567890123456789012",
		"999999999999999", "1234567890123456"
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(v); i++)
		assert_jq(".", v[i], v[i]);
}

static void
wherever_they_stand(void **state)
{
	(void)state;
	assert_jq("{b: .a, c: [.a]}", "{\"a\":9007199254740993}",
	    "{\"b\":9007199254740993,\"c\":[9007199254740993]}");
	assert_jq("\"/calls/\\(.a)/x?\\(.a | @uri)\"",
	    "{\"a\":9007199254740993}",
	    "\"/calls/9007199254740993/x?9007199254740993\"");
	assert_jq("{(.a | tostring): 1}", "{\"a\":9007199254740993}",
	    "{\"9007199254740993\":1}");
	assert_jq(".", "\"9007199254740993\"", "\"9007199254740993\"");
}

static void
neighbours_stay_apart(void **state)
{
	const char *all = "[9007199254740992,9007199254740993,"
	    "9007199254740994,9007199254740995,\"9007199254740996\","
	    "\"\\\"9007199254740998\",\"\\u00e99007199254741000\","
	    "9007199254740993]";

	(void)state;
	assert_jq(".", all, "[9007199254740992,9007199254740993,"
	    "9007199254740994,9007199254740995,\"9007199254740996\","
	    "\"\\\"9007199254740998\",\"\xc3\xa9" "9007199254741000\","
	    "9007199254740993]");
	assert_jq(".[0] == .[1]", all, "false");
	assert_jq(".[1] == .[7]", all, "true");
	assert_jq("sort == .", "[9007199254740993,9007199254741993]", "true");
}

static void
other_numbers_are_the_programs(void **state)
{
	(void)state;
	assert_jq(".", "1.50", "1.5");
	assert_jq(".", "1234567890123456789.5", "1234567890123456800");
	assert_jq(".", "0.12345678901234567890", "0.12345678901234568");
	assert_jq(".", "1e0000000000000000002", "100");
	assert_jq(".", "1e-0000000000000000002", "0.01");
	assert_jq(".", "1E+0000000000000000002", "100");
	assert_jq(". - 3", "9007199254740993", "9007199254740989");
	assert_jq(". == 9007199254740993", "9007199254740993", "true");
}

/* Any texts: what goes out and comes back is what it was. */
static void
out_and_back(void **state)
{
	struct spell s = SPELL_INIT;
	struct buf in = BUF_INIT(BUF_DOC), mid = BUF_INIT(BUF_DOC);
	struct rng rng;
	int round, i, n, k;

	(void)state;
	rng_seed(&rng, 7);
	for (round = 0; round < 3000; round++) {
		buf_clear(&in);
		buf_putc(&in, '[');
		n = 1 + (int)rng_below(&rng, 9);
		for (i = 0; i < n; i++) {
			buf_str_add(&in, i ? "," : "");
			buf_addf(&in, "%s90071992547409", rng_below(&rng, 2) ?
			    "" : "-");
			for (k = 2 + (int)rng_below(&rng, 8); k > 0; k--)
				buf_addf(&in, "%d", (int)rng_below(&rng, 10));
			if (rng_below(&rng, 4) == 0)
				buf_str_add(&in, ",\"9007199254740994\"");
		}
		buf_putc(&in, ']');
		buf_clear(&mid);
		n = spell_needed(in.p, in.len) ?
		    spell_out(&s, in.p, in.len) : 0;
		assert_true(n >= 0);
		if (n == 1) {
			buf_add(&mid, s.text.p, s.text.len);
			assert_string_not_equal(buf_str(&mid), buf_str(&in));
			assert_int_equal(spell_back(&s, mid.p, mid.len), 0);
			assert_string_equal(buf_str(&s.text), buf_str(&in));
		}
		assert_jq(".", buf_str(&in), buf_str(&in));
		if (round > 30)
			round += 30;    /* libjq takes its time */
	}
	spell_free(&s);
	buf_free(&in);
	buf_free(&mid);
}

/* Thousands of them between two doubles. */
static void
as_many_as_there_are(void **state)
{
	struct spell s = SPELL_INIT;
	struct buf in = BUF_INIT(BUF_DOC), mid = BUF_INIT(BUF_DOC);
	int i;

	(void)state;
	buf_putc(&in, '[');
	for (i = 0; i < 20000; i++)
		buf_addf(&in, "%s%" PRIu64, i ? "," : "",
		    UINT64_C(1000000000000000000) + (uint64_t)i);
	buf_putc(&in, ']');
	assert_int_equal(spell_out(&s, in.p, in.len), 1);
	buf_add(&mid, s.text.p, s.text.len);
	assert_int_equal(spell_back(&s, mid.p, mid.len), 0);
	assert_string_equal(buf_str(&s.text), buf_str(&in));
	assert_jq(".", buf_str(&in), buf_str(&in));
	spell_free(&s);
	buf_free(&in);
	buf_free(&mid);
}

static void
a_glance_tells(void **state)
{
	(void)state;
	assert_false(spell_needed("", 0));
	assert_false(spell_needed("123456789012345", 15));
	assert_true(spell_needed("1234567890123456", 16));
	assert_true(spell_needed("xxxxxx1234567890123456", 22));
	assert_true(spell_needed("[12345678901234567890]x", 23));
	assert_false(spell_needed("123456789012345 123456789012345", 31));
	assert_false(spell_needed("2026-01-31T12:00:00.000Z 1234567890", 35));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers_keep_their_digits),
		cmocka_unit_test(wherever_they_stand),
		cmocka_unit_test(neighbours_stay_apart),
		cmocka_unit_test(other_numbers_are_the_programs),
		cmocka_unit_test(out_and_back),
		cmocka_unit_test(as_many_as_there_are),
		cmocka_unit_test(a_glance_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/sql.h"
#include "store/store.h"
#include "unit.h"

static void
numbered(const char *sql, const char *want, size_t n)
{
	struct buf b = BUF_INIT(BUF_PROG);
	struct sql_params p;
	struct fail why;

	assert_int_equal(sql_number(&b, sql, '$', &p, &why), 0);
	assert_string_equal(buf_str(&b), want);
	assert_int_equal(p.n, n);
	buf_free(&b);
}

static void
parameters_are_numbered(void **state)
{
	(void)state;
	numbered("SELECT :a + :b - :a", "SELECT $1 + $2 - $1", 2);
	numbered(":a1_B", "$1", 1);
	numbered("x::text, :x::int", "x::text, $1::int", 1);
	numbered("a[1:2] : 3", "a[1:2] : 3", 0);
}

static void
quoted_text_is_left_alone(void **state)
{
	static const char *same[] = {
		"':a'", "'it''s :a'", "\":a\"\"b :c\"", "`:a`",
		"-- :a\n1", "/* :a */ 1", "$$ :a $$", "$tag$ :a $$ :b $tag$",
		"E'\\' :a'", "e'\\\\' ", "':a", "/* :a", "$t$ :a", "-- :a",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(same); i++)
		numbered(same[i], same[i], 0);
	numbered("'\\' || :a", "'\\' || $1", 1);
	numbered("name'\\' || :a", "name'\\' || $1", 1);
	numbered("'x' :a -- :b\n :c", "'x' $1 -- :b\n $2", 2);
	numbered("$1 :a", "$1 $1", 1);
}

static void
too_many_parameters(void **state)
{
	struct buf b = BUF_INIT(BUF_PROG), out = BUF_INIT(BUF_PROG);
	struct sql_params p;
	struct fail why;
	int i;

	(void)state;
	for (i = 0; i < SQL_PARAMS; i++)
		buf_addf(&b, ":p%d ", i);
	assert_int_equal(sql_number(&out, buf_str(&b), '?', &p, &why), 0);
	buf_str_add(&b, ":one_more");
	assert_int_equal(sql_number(&out, buf_str(&b), '?', &p, &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	buf_free(&b);
	buf_free(&out);
}

static void
words(void **state)
{
	struct buf b = BUF_INIT(BUF_PROG);
	struct fail why;

	(void)state;
	assert_int_equal(sql_words(&b, "a {id}, b {varchar(50)}) {keyed}",
	    false, &why), 0);
	assert_string_equal(buf_str(&b),
	    "a INTEGER PRIMARY KEY, b TEXT) STRICT, WITHOUT ROWID");
	buf_clear(&b);
	assert_int_equal(sql_words(&b, "a {id}, b {varchar(50)}, '{x}' {day}"
	    "{table}", true, &why), 0);
	assert_string_equal(buf_str(&b), "a SERIAL PRIMARY KEY, "
	    "b VARCHAR(50) COLLATE \"C\", '{x}' DATE");
	assert_int_equal(sql_words(&b, "{nothing}", true, &why), -1);
	assert_int_equal(sql_words(&b, "{text", true, &why), -1);
	buf_free(&b);
}

static void
statements(void **state)
{
	const char *sql = "-- a; b\nSELECT ';' ; /* ; */ ;; SELECT 2;\n-- end";
	struct buf b = BUF_INIT(BUF_PROG);

	(void)state;
	assert_true(sql_statement(&b, &sql));
	assert_string_equal(buf_str(&b), "-- a; b\nSELECT ';' ");
	assert_true(sql_statement(&b, &sql));
	assert_string_equal(buf_str(&b), " SELECT 2");
	assert_false(sql_statement(&b, &sql));
	assert_false(sql_statement(&b, &sql));
	buf_free(&b);
}

static void
names_are_quoted(void **state)
{
	struct buf b = BUF_INIT(BUF_PROG);

	(void)state;
	sql_name(&b, "a\"; DROP TABLE b; --");
	assert_string_equal(buf_str(&b), "\"a\"\"; DROP TABLE b; --\"");
	buf_free(&b);
}

static void
a_row_is_written_again_where_it_differs(void **state)
{
	static const struct store_column col[] = {
		{ "k", STORE_TEXT, STORE_KEY },
		{ "v", STORE_INT, STORE_DATA },
		{ "at", STORE_TIME, STORE_STAMP },
	};
	const struct store_table t = { "t", col, COUNT(col), NULL, NULL };
	struct buf b = BUF_INIT(BUF_PROG);

	(void)state;
	sql_conflict(&b, &t, false);
	assert_string_equal(buf_str(&b), " ON CONFLICT (\"k\") DO UPDATE SET "
	    "\"v\" = excluded.\"v\", \"at\" = excluded.\"at\" WHERE "
	    "\"t\".\"v\" IS NOT excluded.\"v\"");
	buf_free(&b);
}

static void
what_a_dsn_is(void **state)
{
	(void)state;
	assert_true(store_dsn_server("postgresql://u@h/d"));
	assert_true(store_dsn_server("postgres://"));
	assert_true(store_dsn_server("host=db dbname=calls"));
	assert_true(store_dsn_server("host = db, dbname = calls"));
	assert_false(store_dsn_server("gcpipe.db"));
	assert_false(store_dsn_server("out/days=30/gcpipe.db"));
	assert_false(store_dsn_server(":memory:"));
	assert_true(store_dsn_secret("postgresql://u:p@h/d"));
	assert_true(store_dsn_secret("postgresql://h/d?password=p"));
	assert_true(store_dsn_secret("postgresql://u:p%@h/d"));
	assert_true(store_dsn_secret("host=h password=p"));
	assert_true(store_dsn_secret("host=h password=p nonsense"));
	assert_false(store_dsn_secret("postgresql://u@h/d"));
	assert_false(store_dsn_secret("host=h user=u"));
	assert_false(store_dsn_secret("gcpipe.db"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_are_numbered),
		cmocka_unit_test(quoted_text_is_left_alone),
		cmocka_unit_test(too_many_parameters),
		cmocka_unit_test(words),
		cmocka_unit_test(statements),
		cmocka_unit_test(names_are_quoted),
		cmocka_unit_test(a_row_is_written_again_where_it_differs),
		cmocka_unit_test(what_a_dsn_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"
#include "net/variables.h"
#include "unit.h"

/* The chains of a program as text: "vars.a|env.b=default; ...". */
static const char *
found(const char *program, struct buf *b)
{
	static const char *const from[] = { "vars", "record", "env" };
	struct variables vs;
	struct fail why;
	size_t i;
	int k;

	buf_clear(b);
	assert_int_equal(variables_find(&vs, program, &why), 0);
	for (i = 0; i < vs.n; i++) {
		for (k = 0; k < vs.v[i].n; k++)
			buf_addf(b, "%s%s.%s", k ? "|" : "",
			    from[vs.v[i].links[k].from],
			    vs.v[i].links[k].name);
		if (vs.v[i].fallback)
			buf_addf(b, "=%s", vs.v[i].fallback);
		buf_str_add(b, "; ");
	}
	if (vs.open)
		buf_str_add(b, "open");
	variables_free(&vs);
	return buf_str(b);
}

static void
reads_what_a_program_reads(void **state)
{
	static const struct { const char *program, *want; } c[] = {
		{ "{path: \"/x\"}", "" },
		{ "{path: .vars.a}", "vars.a; " },
		{ "{path: \"/x/\\(.vars.id|@uri)/y\"}", "vars.id; " },
		{ ".vars.a // .env.b", "vars.a|env.b; " },
		{ ".vars.a\n  // .record.id // 5, .vars.z",
		    "vars.a|record.id=5; vars.z; " },
		{ "(.vars.size // 100 | tonumber)", "vars.size=100; " },
		{ "[.vars.a // (1, [2, \"),\"]), 3]",
		    "vars.a=(1, [2, \"),\"]); " },
		{ "if .vars.a then 1 else 2 end", "vars.a=null; " },
		{ "if (.vars.a) then 1 else 2 end", "vars.a=null; " },
		{ ".vars.a //= 3", "vars.a; " },
		{ ".vars.a? // 1", "vars.a=1; " },
		{ "# .vars.no\n.vars.yes # .vars.neither", "vars.yes; " },
		{ "\"# \\(.vars.yes)\"", "vars.yes; " },
		{ "\"\\\"\" # .vars.no", "" },
		{ ".vars | keys", "open" },
		{ "$in.vars.a", "vars.a; " },
		{ ".variables.a, .vars", "open" },
		{ ".vars.a.b.c", "vars.a; " },
		{ "", "" },
	};
	struct buf b = BUF_INIT(BUF_LINE);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(c); i++)
		assert_string_equal(found(c[i].program, &b), c[i].want);
	buf_free(&b);
}

static void
names_come_once_in_order(void **state)
{
	struct map names = MAP_INIT;
	struct variables vs;
	struct fail why;

	(void)state;
	assert_int_equal(variables_find(&vs, ".vars.b, .vars.a // .vars.b, "
	    ".env.c, .record.d", &why), 0);
	variables_names(&vs, &names);
	assert_int_equal(names.n, 2);
	assert_memory_equal(names.keys[0].p, "b", 1);
	assert_memory_equal(names.keys[1].p, "a", 1);
	assert_true(variables_have(&vs, "a", 1));
	assert_false(variables_have(&vs, "c", 1));
	assert_int_equal(variables_chain(&vs, "a", 1)->n, 2);
	map_free(&names);
	variables_free(&vs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_a_program_reads),
		cmocka_unit_test(names_come_once_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "out/metrics.h"
#include "unit.h"

static void
families_and_samples(void **state)
{
	static const char text[] = "a\\b\"c\nd\0e";
	const struct metrics_label labels[] = {
		{ "x", text, sizeof text - 1 }, { "y", "", 0 },
	};
	struct buf b = BUF_INIT(BUF_LINE);

	(void)state;
	metrics_family(&b, "t_seconds", "seconds", "back\\slash\nline");
	metrics_sample(&b, "t_seconds", NULL, 0, 0.1);
	metrics_sample(&b, "t_seconds", labels, 2, 3);
	metrics_sample(&b, "t_seconds", labels, 1, (double)NAN);
	metrics_end(&b);
	assert_int_equal(b.len, strlen("# TYPE t_seconds gauge\n"
	    "# UNIT t_seconds seconds\n"
	    "# HELP t_seconds back\\\\slash\\nline\n"
	    "t_seconds 0.1\n"
	    "t_seconds{x=\"a\\\\b\\\"c\\nd?e\",y=\"\"} 3\n# EOF\n"));
	assert_memory_equal(b.p, "# TYPE t_seconds gauge\n"
	    "# UNIT t_seconds seconds\n"
	    "# HELP t_seconds back\\\\slash\\nline\n"
	    "t_seconds 0.1\n"
	    "t_seconds{x=\"a\\\\b\\\"c\\nd\0e\",y=\"\"} 3\n# EOF\n", b.len);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families_and_samples),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t_calibration.c -- claims bent by the formula, for the labels named; a file
 * of another form is refused. */
#include "ner/calibration.h"
#include "unit.h"

static char path[4096];

static int
read_text(struct calibration *c, const char *text, struct fail *why)
{
	int fd;

	snprintf(path, sizeof path, "%s/gcpipe-t-XXXXXX", getenv("TMPDIR") ?
	    getenv("TMPDIR") : "/tmp");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)),
	    (ssize_t)strlen(text));
	close(fd);
	fd = calibration_read(c, path, why);
	unlink(path);
	return fd;
}

static void
near(double got, double want)
{
	if (!(fabs(got - want) < 1e-12))
		fail_msg("%.17g instead of %.17g", got, want);
}

static void
bends(void **state)
{
	struct calibration c;
	struct fail why;
	double p, last = 0;

	(void)state;
	assert_int_equal(read_text(&c, "{\"method\":\"platt\",\"a\":0.5,"
	    "\"b\":-1,\"labels\":[\"ORG\",\"G\\u0050E\"]}", &why), 0);
	/* log-odds of 0.8 are log 4: half of that, less 1 */
	near(calibration_of(&c, "ORG", 3, 0.8), 2 / (2 + exp(1)));
	near(calibration_of(&c, "GPE", 3, 0.5), 1 / (1 + exp(1)));
	near(calibration_of(&c, "DATE", 4, 0.8), 0.8);
	near(calibration_of(&c, "OR", 2, 0.8), 0.8);
	for (p = 0; p <= 1; p += 1.0 / 64) {
		assert_true(calibration_of(&c, "ORG", 3, p) > last);
		last = calibration_of(&c, "ORG", 3, p);
	}
	assert_true(last < 1);
	calibration_free(&c);
}

static void
refuses(void **state)
{
	static const char *const wrong[] = {
		"", "[]", "{}", "{\"method\":\"platt\"",
		"{\"method\":\"isotonic\",\"a\":1,\"b\":0,\"labels\":[]}",
		"{\"method\":\"platt\",\"b\":0,\"labels\":[]}",
		"{\"method\":\"platt\",\"a\":1,\"labels\":[]}",
		"{\"method\":\"platt\",\"a\":0,\"b\":0,\"labels\":[]}",
		"{\"method\":\"platt\",\"a\":-1,\"b\":0,\"labels\":[]}",
		"{\"method\":\"platt\",\"a\":1e9,\"b\":0,\"labels\":[]}",
		"{\"method\":\"platt\",\"a\":1,\"b\":\"0\",\"labels\":[]}",
		"{\"method\":\"platt\",\"a\":1,\"b\":0,\"labels\":{}}",
		"{\"method\":\"platt\",\"a\":1,\"b\":0,\"labels\":[1]}",
	};
	struct calibration c;
	struct fail why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++) {
		if (read_text(&c, wrong[i], &why) == 0)
			fail_msg("taken: %s", wrong[i]);
		assert_int_equal(why.code, EXIT_USAGE);
	}
	assert_int_equal(calibration_read(&c, "/no/such/file", &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bends),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

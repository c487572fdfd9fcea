/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/budget.h"
#include "unit.h"

#include <dirent.h>
#include <sys/wait.h>

#define S INT64_C(1000000000)

static char dir[] = "/tmp/gc-budget-XXXXXX";

static bool
near(double a, double b)
{
	return fabs(a - b) < 1e-6;
}

/* The only file in the folder. */
static void
the_file(char *path, size_t size)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	assert_non_null(d);
	path[0] = '\0';
	while ((e = readdir(d)))
		if (e->d_name[0] != '.') {
			assert_int_equal(path[0], 0);
			snprintf(path, size, "%s/%s", dir, e->d_name);
		}
	closedir(d);
	assert_int_not_equal(path[0], 0);
}

static int
make_dir(void **state)
{
	(void)state;
	memcpy(dir + sizeof dir - 7, "XXXXXX", 6);
	return mkdtemp(dir) ? 0 : -1;
}

static int
drop_dir(void **state)
{
	char path[512];
	struct dirent *e;
	DIR *d = opendir(dir);

	(void)state;
	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.') {
			snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
			unlink(path);
		}
	if (d)
		closedir(d);
	return rmdir(dir);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* Eight processes at one moment: no two get the same turn, none is left out,
 * and together they are as fast as one may be. */
static void
siblings_share_one_pace(void **state)
{
	enum { KIDS = 8, TURNS = 25 };
	double got[KIDS * TURNS];
	int fd[2], i, k, status;

	(void)state;
	assert_int_equal(pipe(fd), 0);
	for (k = 0; k < KIDS; k++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			struct budget b;
			double waits[TURNS];
			bool ok = budget_open(&b, dir, "https://x id", 5, 5, S);

			for (i = 0; i < TURNS; i++)
				waits[i] = budget_take(&b, S);
			ok &= write(fd[1], waits, sizeof waits) ==
			    (ssize_t)sizeof waits;
			_exit(ok ? 0 : 1);
		}
	}
	close(fd[1]);
	for (k = 0; k < KIDS; k++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	for (i = 0; i < KIDS; i++)
		assert_int_equal(read(fd[0], got + i * TURNS,
		    TURNS * sizeof *got), TURNS * sizeof *got);
	close(fd[0]);
	qsort(got, COUNT(got), sizeof *got, by_value);
	for (i = 0; i < KIDS * TURNS; i++)
		assert_true(near(got[i], i < 5 ? 0 : (i - 4) * 0.2));
}

static void
what_one_is_told_all_know(void **state)
{
	struct budget a, b, other;

	(void)state;
	assert_true(budget_open(&a, dir, "k", 0, 0, 0));
	assert_true(budget_open(&b, dir, "k", 0, 0, 0));
	budget_told(&a, "300", "300", "17", 0);
	assert_true(near(budget_take(&b, 2 * S), 15));
	budget_hold(&b, 40, 2 * S);
	assert_true(near(budget_take(&a, 2 * S), 40));
	/* another client, or another service, has a pace of its own */
	assert_true(budget_open(&other, dir, "l", 0, 0, 0));
	assert_true(budget_take(&other, 2 * S) == 0);
	budget_close(&a);
	budget_close(&b);
	budget_close(&other);
}

static void
a_state_that_cannot_be_true_is_dropped(void **state)
{
	static const char *const bad[] = {
		"gcpipe rate 2 5 999999999999999999 0 0 0 0 0",
		"gcpipe rate 2 5 0 999999999999999999 0 0 0 0",
		"gcpipe rate 2 5 0 0 999999999999999999 0 0 0",
		"gcpipe rate 2 5 0 0 0 999999999999999999 0 0",
		"gcpipe rate 2 5 0 0 0 0 999999999999999999 0",
		"gcpipe rate 2 5 0 0 0 0 0 999999999999999999",
		"gcpipe rate 2 5 0 0 -1 0 0 0", "gcpipe rate 2 5 0 0 0 0 0 -1",
		"gcpipe rate 2 nan 0 0 0 0 0 0",
		"gcpipe rate 2 -1e300 0 0 0 0 0 0",
		"gcpipe rate 2 5 -1 0 0 0 0 0", "gcpipe rate 1 5 0 0 0 0",
		"gcpipe rate 2 5 0 0 0 0 0", "", "nonsense", "\xff\xfe\x00"
	};
	struct budget b;
	char path[512];
	size_t i;

	(void)state;
	assert_true(budget_open(&b, dir, "k", 5, 5, S));
	the_file(path, sizeof path);
	for (i = 0; i < COUNT(bad); i++) {
		FILE *f = fopen(path, "w");

		assert_non_null(f);
		fputs(bad[i], f);
		fclose(f);
		rate_init(&b.rate, 5, 5, S);
		assert_true(budget_take(&b, S) == 0);
		assert_true(b.rate.tokens == 4);
	}
	budget_close(&b);
}

/* The clock began anew with the machine: yesterday's state ends nothing. */
static void
a_restart_of_the_machine_ends_every_hold(void **state)
{
	struct budget b;

	(void)state;
	assert_true(budget_open(&b, dir, "k", 0, 0, 100000 * S));
	budget_hold(&b, 300, 100000 * S);
	budget_close(&b);
	assert_true(budget_open(&b, dir, "k", 0, 0, 5 * S));
	assert_true(budget_take(&b, 5 * S) == 0);
	budget_close(&b);
}

static void
without_a_folder_it_paces_itself(void **state)
{
	struct budget b;
	int i;

	(void)state;
	assert_false(budget_open(&b, "/nowhere/at/all", "k", 5, 5, 0));
	for (i = 0; i < 5; i++)
		assert_true(budget_take(&b, 0) == 0);
	assert_true(near(budget_take(&b, 0), 0.2));
	budget_told(&b, "300", "300", "9", 0);
	assert_true(near(budget_take(&b, 0), 9));
	budget_hold(&b, 30, 0);
	assert_true(near(budget_take(&b, 0), 30));
	budget_close(&b);
	assert_false(budget_open(&b, NULL, "k", 0, 0, 0));
	assert_true(budget_take(&b, 0) == 0);
}

static void
the_file_is_private_and_stays_small(void **state)
{
	struct budget b;
	struct stat st;
	char path[512];
	int i;

	(void)state;
	assert_true(budget_open(&b, dir, "https://api.x.com secret-id", 5, 5, 0));
	for (i = 0; i < 100; i++)
		budget_take(&b, i * S);
	budget_close(&b);
	the_file(path, sizeof path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 200);
	assert_null(strstr(path, "secret"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(siblings_share_one_pace,
		    make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(what_one_is_told_all_know,
		    make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(
		    a_state_that_cannot_be_true_is_dropped, make_dir, drop_dir),
		cmocka_unit_test_setup_teardown(
		    a_restart_of_the_machine_ends_every_hold, make_dir,
		    drop_dir),
		cmocka_unit_test(without_a_folder_it_paces_itself),
		cmocka_unit_test_setup_teardown(
		    the_file_is_private_and_stays_small, make_dir, drop_dir),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

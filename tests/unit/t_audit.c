/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/audit.h"
#include "unit.h"

#include <sys/wait.h>

static char dir[] = "/tmp/t_audit.XXXXXX";

static const char *
in_dir(const char *name)
{
	static char path[256];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	return path;
}

/* Counts the whole lines of a file that say what they should; -1 where there
 * is no file, -2 where one is torn. */
static int
lines(const char *name)
{
	FILE *f = fopen(in_dir(name), "r");
	char line[256];
	int n = 0, who, i;

	if (!f)
		return -1;
	while (fgets(line, sizeof line, f)) {
		if (sscanf(line, "{\"who\":%d,\"n\":%d}\n", &who, &i) != 2)
			n = -1000;
		n++;
	}
	fclose(f);
	return n < 0 ? -2 : n;
}

static void
write_lines(int who, int n, uint64_t size)
{
	struct audit a;
	struct fail why;
	char line[64];
	int i, k;

	if (audit_open(&a, in_dir("log"), size, &why) < 0)
		_exit(1);
	for (i = 0; i < n; i++) {
		k = snprintf(line, sizeof line, "{\"who\":%d,\"n\":%d}", who,
		    i);
		if (audit_line(&a, line, (size_t)k, &why) < 0)
			_exit(1);
	}
	audit_close(&a);
}

static void
clean(void)
{
	static const char *const names[] = { "log", "log.1", "log.2", "log.3",
	    "log.4", "log.5", "log.lock" };
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		unlink(in_dir(names[i]));
}

static void
full_files_are_put_aside(void **state)
{
	struct stat st;

	(void)state;
	write_lines(1, 20, 60);         /* four lines of 17 bytes a file */
	assert_int_equal(lines("log") + lines("log.1") + lines("log.2") +
	    lines("log.3") + lines("log.4"), 20);
	assert_int_equal(lines("log.5"), -1);
	assert_int_equal(stat(in_dir("log"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	write_lines(1, 40, 60);
	assert_int_equal(lines("log.5"), 4);
	clean();
}

static void
processes_share_a_file(void **state)
{
	int i, status, sum = 0;
	char name[16];

	(void)state;
	for (i = 0; i < 4; i++)
		if (fork() == 0) {
			write_lines(i, 500, 14000);
			_exit(0);
		}
	for (i = 0; i < 4; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	sum = lines("log");
	for (i = 1; i <= AUDIT_KEPT; i++) {
		snprintf(name, sizeof name, "log.%d", i);
		if (lines(name) != -1) {
			assert_true(lines(name) > 0);
			sum += lines(name);
		}
	}
	assert_int_equal(sum, 2000);
	clean();
}

static void
what_cannot_be_opened(void **state)
{
	struct audit a;
	struct fail why;

	(void)state;
	assert_int_equal(audit_open(&a, in_dir("no/such/folder"), 1, &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_files_are_put_aside),
		cmocka_unit_test(processes_share_a_file),
		cmocka_unit_test(what_cannot_be_opened),
	};
	int r;

	if (!mkdtemp(dir))
		return 1;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	clean();
	rmdir(dir);
	return r;
}

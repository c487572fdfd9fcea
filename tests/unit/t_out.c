/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Output: a file appears complete or not at all. */
#include "base/out.h"
#include "unit.h"

#include <sys/wait.h>

static char dir[] = "/tmp/gcpipe-out.XXXXXX";

static const char *
in_dir(const char *name)
{
	static char path[4][256];
	static int k;

	k = (k + 1) % 4;
	snprintf(path[k], sizeof path[k], "%s/%s", dir, name);
	return path[k];
}

static void
holds(const char *name, const char *want)
{
	struct buf b = BUF_INIT(BUF_DOC);
	int fd = open(in_dir(name), O_RDONLY);

	if (!want) {
		assert_int_equal(fd, -1);
		return;
	}
	assert_true(fd >= 0);
	assert_int_equal(buf_read_fd(&b, fd), 0);
	close(fd);
	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

static void
appears_when_closed(void **state)
{
	struct fail why;
	struct out o;

	(void)state;
	assert_int_equal(out_open(&o, in_dir("a"), 0, &why), 0);
	assert_int_equal(out_write(&o, "one\n", 4, &why), 0);
	assert_int_equal(out_flush(&o, &why), 0);
	holds("a", NULL);
	assert_int_equal(out_close(&o, &why), 0);
	holds("a", "one\n");
}

static void
keeps_the_old_one_when_aborted(void **state)
{
	struct fail why;
	struct out o;

	(void)state;
	assert_int_equal(out_file(in_dir("b"), "old", 3, 0, &why), 0);
	assert_int_equal(out_open(&o, in_dir("b"), 0, &why), 0);
	assert_int_equal(out_write(&o, "new", 3, &why), 0);
	out_abort(&o);
	holds("b", "old");
}

static void
the_same_bytes_leave_the_time_alone(void **state)
{
	struct timespec times[2] = { { 1000000000, 0 }, { 1000000000, 0 } };
	struct stat st;
	struct fail why;

	(void)state;
	assert_int_equal(out_file(in_dir("c"), "x", 1, 0, &why), 0);
	assert_int_equal(utimensat(AT_FDCWD, in_dir("c"), times, 0), 0);
	assert_int_equal(out_file(in_dir("c"), "x", 1, OUT_IF_CHANGED, &why),
	    0);
	assert_int_equal(stat(in_dir("c"), &st), 0);
	assert_int_equal(st.st_mtime, 1000000000);
	assert_int_equal(out_file(in_dir("c"), "y", 1, OUT_IF_CHANGED, &why),
	    0);
	assert_int_equal(stat(in_dir("c"), &st), 0);
	assert_true(st.st_mtime > 1000000000);
}

static void
a_part_is_kept_and_gone_on_with(void **state)
{
	struct fail why;
	struct out o;

	(void)state;
	assert_int_equal(out_open(&o, in_dir("d"), OUT_RESUME, &why), 0);
	assert_int_equal(out_write(&o, "one\ntwo\nthr", 11, &why), 0);
	assert_int_equal(out_sync(&o, &why), 0);
	out_abort(&o);
	holds("d", NULL);
	holds("d.part", "one\ntwo\nthr");
	assert_int_equal(out_open(&o, in_dir("d"), OUT_RESUME, &why), 0);
	assert_int_equal(o.bytes, 11);
	assert_int_equal(out_cut(&o, 8, &why), 0);
	assert_int_equal(out_write(&o, "three\n", 6, &why), 0);
	assert_int_equal(out_close(&o, &why), 0);
	holds("d", "one\ntwo\nthree\n");
	holds("d.part", NULL);
}

static void
a_part_never_grows_by_a_cut(void **state)
{
	struct fail why;
	struct out o, other;
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(out_open(&o, in_dir("g"), OUT_RESUME, &why), 0);
	assert_int_equal(out_write(&o, "one\n", 4, &why), 0);
	assert_int_equal(out_sync(&o, &why), 0);
	assert_int_equal(out_cut(&o, 5, &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	assert_int_equal(out_lock(&o, &why), 0);
	if ((child = fork()) == 0)      /* a lock is a process's */
		_exit(out_open(&other, in_dir("g"), OUT_RESUME, &why) == 0 &&
		    out_lock(&other, &why) < 0 ? why.code : 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), EXIT_INCOMPLETE);
	assert_false(out_is_renamed(&o, 4));
	assert_int_equal(out_close(&o, &why), 0);
	assert_int_equal(out_open(&o, in_dir("g"), OUT_RESUME, &why), 0);
	assert_false(out_is_renamed(&o, 5));
	assert_true(out_is_renamed(&o, 4));
	out_forget(&o);
	holds("g", "one\n");
	holds("g.part", NULL);
	assert_int_equal(out_can_create(in_dir("none/x"), &why), -1);
	assert_int_equal(out_can_create(in_dir("x"), &why), 0);
}

static void
private_means_private(void **state)
{
	struct stat st;
	struct fail why;

	(void)state;
	assert_int_equal(out_file(in_dir("e"), "s", 1, OUT_PRIVATE, &why), 0);
	assert_int_equal(stat(in_dir("e"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void
what_cannot_be_written_says_so(void **state)
{
	struct fail why;
	struct out o;

	(void)state;
	assert_int_equal(out_open(&o, in_dir("no/such"), 0, &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	assert_int_equal(out_open(&o, "/dev/full", 0, &why), 0);
	assert_int_equal(out_write(&o, "x", 1, &why), 0);
	assert_int_equal(out_close(&o, &why), -1);
	assert_int_equal(why.code, EXIT_MACHINE);
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int
remove_dir(void **state)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "g" };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(names); i++)
		unlink(in_dir(names[i]));
	return rmdir(dir);      /* fails where anything was left behind */
}

/* A new file in the place of an old one is as open as that was; a link stays
 * a link. */
static void
takes_the_place_it_is_given(void **state)
{
	struct fail why;
	struct stat st;

	(void)state;
	assert_int_equal(out_file(in_dir("real"), "old", 3, 0, &why), 0);
	assert_int_equal(chmod(in_dir("real"), 0640), 0);
	assert_int_equal(symlink("real", in_dir("link")), 0);
	assert_int_equal(out_file(in_dir("link"), "new", 3, 0, &why), 0);
	assert_int_equal(lstat(in_dir("link"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(in_dir("real"), &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0640);
	holds("real", "new");
	assert_int_equal(unlink(in_dir("link")), 0);
	assert_int_equal(unlink(in_dir("real")), 0);
}

/* A temporary of the same name may be somebody's: it is left alone. */
static void
leaves_namesakes_alone(void **state)
{
	struct fail why;
	char name[64];
	int fd;

	(void)state;
	snprintf(name, sizeof name, "n.tmp.%ld", (long)getpid());
	fd = open(in_dir(name), O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, "theirs", 6), 6);
	close(fd);
	assert_int_equal(out_file(in_dir("n"), "ours", 4, 0, &why), 0);
	holds("n", "ours");
	holds(name, "theirs");
	unlink(in_dir("n"));
	unlink(in_dir(name));
}

/* Once a write has failed, nothing makes up for it. */
static void
a_failed_write_is_the_end(void **state)
{
	struct fail why;
	struct out o;

	(void)state;
	if (access("/dev/full", W_OK) < 0)
		skip();
	assert_int_equal(out_open(&o, "/dev/full", 0, &why), 0);
	assert_int_equal(out_write(&o, "x", 1, &why), 0);
	assert_int_equal(out_flush(&o, &why), -1);
	assert_int_equal(out_flush(&o, &why), -1);
	assert_int_equal(out_close(&o, &why), -1);
	assert_int_equal(why.code, EXIT_MACHINE);
}

static void
tells_what_is_one_file(void **state)
{
	struct fail why;
	struct out a, b;
	char other[256];

	(void)state;
	snprintf(other, sizeof other, "%s/.//same", dir);
	assert_int_equal(out_open(&a, in_dir("same"), 0, &why), 0);
	assert_int_equal(out_open(&b, other, 0, &why), 0);
	assert_true(out_same(&a, &b));
	out_abort(&b);
	assert_int_equal(out_open(&b, in_dir("other"), 0, &why), 0);
	assert_false(out_same(&a, &b));
	out_abort(&b);
	assert_int_equal(out_open(&b, NULL, 0, &why), 0);
	assert_false(out_same(&a, &b));
	out_abort(&b);
	out_abort(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appears_when_closed),
		cmocka_unit_test(keeps_the_old_one_when_aborted),
		cmocka_unit_test(the_same_bytes_leave_the_time_alone),
		cmocka_unit_test(a_part_is_kept_and_gone_on_with),
		cmocka_unit_test(a_part_never_grows_by_a_cut),
		cmocka_unit_test(private_means_private),
		cmocka_unit_test(what_cannot_be_written_says_so),
		cmocka_unit_test(takes_the_place_it_is_given),
		cmocka_unit_test(leaves_namesakes_alone),
		cmocka_unit_test(a_failed_write_is_the_end),
		cmocka_unit_test(tells_what_is_one_file),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}

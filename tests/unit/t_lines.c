/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t_lines.c -- whatever the reads, the lines are the same. */
#include "json/lines.h"
#include "unit.h"

#include <sys/socket.h>
#include <sys/wait.h>

#define MAX 20          /* the ceiling of a line in these tests */

/* What a file's bytes are as lines, told as text: "number offset:line;",
 * with a length in place of a line over the ceiling. */
static void
expect(struct buf *b, const char *p, size_t n)
{
	size_t at = 0, len;
	uint64_t number = 1;
	const char *lf;

	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		at = 3;
	for (; at < n; at += len + (lf ? 1 : 0), number++) {
		lf = memchr(p + at, '\n', n - at);
		len = lf ? (size_t)(lf - p) - at : n - at;
		buf_addf(b, "%d %d:", (int)number, (int)at);
		if (len > MAX)
			buf_addf(b, "(%d)", (int)len);
		else
			buf_add(b, p + at, len);
		buf_putc(b, ';');
	}
}

static void
tell(struct buf *b, const struct run *r)
{
	size_t at = 0, len;
	uint64_t number = r->first;
	const char *lf;

	if (r->too_long)
		buf_addf(b, "%d %d:(%d);", (int)r->first, (int)r->offset,
		    (int)r->too_long);
	for (; at < r->n; at += len + (lf ? 1 : 0), number++) {
		lf = memchr(r->p + at, '\n', r->n - at);
		len = lf ? (size_t)(lf - r->p) - at : r->n - at;
		buf_addf(b, "%d %d:", (int)number, (int)(r->offset + at));
		if (len > MAX)          /* whole, but too long all the same */
			buf_addf(b, "(%d)", (int)len);
		else
			buf_add(b, r->p + at, len);
		buf_putc(b, ';');
	}
}

/* Makes fd 0 give the text in pieces of step bytes, a piece a read. */
static pid_t
feed(const char *p, size_t n, size_t step)
{
	int s[2];
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s), 0);
	if ((pid = fork()) == 0) {
		close(s[0]);
		for (; n > 0; p += step < n ? step : n, n -= step < n ?
		    step : n)
			if (write(s[1], p, step < n ? step : n) < 0)
				_exit(1);
		_exit(0);
	}
	close(s[1]);
	assert_int_equal(dup2(s[0], STDIN_FILENO), STDIN_FILENO);
	close(s[0]);
	return pid;
}

static void
check(const char *p, size_t n, size_t step)
{
	struct buf want = BUF_INIT(BUF_LINE), got = BUF_INIT(BUF_LINE);
	pid_t pid = feed(p, n, step);
	struct lines l;
	struct run r;
	struct fail why;
	int k;

	memset(&r, 0, sizeof r);
	assert_int_equal(lines_open(&l, NULL, 0, MAX, &why), 0);
	while ((k = lines_next(&l, &r, &why)) > 0)
		tell(&got, &r);
	assert_int_equal(k, 0);
	expect(&want, p, n);
	assert_string_equal(buf_str(&got), buf_str(&want));
	assert_int_equal(l.bytes, n);
	waitpid(pid, NULL, 0);
	lines_close(&l);
	free(r.p);
	buf_free(&want);
	buf_free(&got);
}

static void
all_steps(void **state)
{
	static const char *const texts[] = {
		"", "\n", "a", "a\n", "1\n2", "1\n2\n", "\n\n\n",
		"\xef\xbb\xbf", "\xef\xbb\xbf" "1\n2\n", "\xef\xbb\xbf\n",
		"\xef\xbb", "\xef", "\xef\xbb\n1\n",
		"\xef\xbb\xbf\xef\xbb\xbf" "1\n",
		"1\n\xef\xbb\xbf" "2\n",
		"12345678901234567890\n1\n",            /* the ceiling */
		"\xef\xbb\xbf" "12345678901234567890\n1\n",
		"12345678901234567890",
		"123456789012345678901\n1\n",           /* one more */
		"123456789012345678901",
		"1\n123456789012345678901\n2\n",
		"1\n2\n1234567890123456789012345678901234567890",
		"1234567890123456789012345678901234567890\n"
		"1234567890123456789012345678901234567890\n3",
		"                                        \n3\n",
	};
	size_t i, step;

	(void)state;
	for (i = 0; i < COUNT(texts); i++)
		for (step = 1; step <= strlen(texts[i]) + 1; step++)
			check(texts[i], strlen(texts[i]), step);
}

/* A short line is handed out when it is there, before the next one comes. */
static void
nothing_held_back(void **state)
{
	struct lines l;
	struct run r;
	struct fail why;
	int fd[2];

	(void)state;
	memset(&r, 0, sizeof r);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(dup2(fd[0], STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(write(fd[1], "1\n", 2), 2);
	assert_int_equal(lines_open(&l, NULL, 0, MAX, &why), 0);
	assert_int_equal(lines_next(&l, &r, &why), 1);
	assert_int_equal(r.n, 2);
	assert_true(lines_waits(&l));
	assert_int_equal(write(fd[1], "2\n3", 3), 3);
	assert_int_equal(lines_next(&l, &r, &why), 1);
	assert_int_equal(r.n, 2);
	assert_int_equal(r.first, 2);
	close(fd[1]);
	assert_int_equal(lines_next(&l, &r, &why), 1);
	assert_int_equal(r.n, 1);
	assert_int_equal(lines_next(&l, &r, &why), 0);
	lines_close(&l);
	free(r.p);
	close(fd[0]);
}

/* Whoever shares our stdin may have made it non-blocking. */
static void
nonblocking(void **state)
{
	struct lines l;
	struct run r;
	struct fail why;
	pid_t pid;
	int fd[2], k;
	size_t n = 0;

	(void)state;
	memset(&r, 0, sizeof r);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(fcntl(fd[0], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(dup2(fd[0], STDIN_FILENO), STDIN_FILENO);
	if ((pid = fork()) == 0) {
		struct timespec t = { 0, 50000000 };

		nanosleep(&t, NULL);
		_exit(write(fd[1], "1\n2\n", 4) == 4 ? 0 : 1);
	}
	close(fd[1]);
	assert_int_equal(lines_open(&l, NULL, 0, MAX, &why), 0);
	while ((k = lines_next(&l, &r, &why)) > 0)
		n += r.n;
	assert_int_equal(k, 0);
	assert_int_equal(n, 4);
	waitpid(pid, NULL, 0);
	lines_close(&l);
	free(r.p);
	close(fd[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_steps),
		cmocka_unit_test(nothing_held_back),
		cmocka_unit_test(nonblocking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

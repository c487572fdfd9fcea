/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t_filter.c -- the frame around a filter that passes records through, with
 * one thread and with many: what is written, rejected, tried again, counted.
 */
#include "json/filter.h"
#include "unit.h"

#include <sys/wait.h>

static char folder[] = "/tmp/gcpipe-filter.XXXXXX";

static const char *
in_folder(const char *name)
{
	static char path[8][256];
	static int k;
	char *p = path[k++ % 8];

	snprintf(p, sizeof path[0], "%s/%s", folder, name);
	return p;
}

static void
put(const char *name, const void *p, size_t n)
{
	FILE *f = fopen(in_folder(name), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* A file's bytes; freed by the caller's buf_free(). */
static struct buf
get(const char *name)
{
	struct buf b = BUF_INIT(BUF_DOC);
	int fd = open(in_folder(name), O_RDONLY);

	if (fd >= 0) {
		assert_int_equal(buf_read_fd(&b, fd), 0);
		close(fd);
	}
	return b;
}

static void
holds(const char *name, const char *want)
{
	struct buf b = get(name);

	assert_string_equal(buf_str(&b), want);
	buf_free(&b);
}

/* Passes objects, drops null, rejects all else: a number after it has
 * written half an answer. */
static int
on_record(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	enum json_type t = json_type(rec->val);

	(void)ctx;
	(void)worker;
	(void)why;
	if (t == JSON_NULL)
		return FILTER_DROPPED;
	if (t != JSON_OBJECT) {
		if (t == JSON_NUMBER) {
			buf_str_add(&emit->out, "half\nan");
			emit->n++;
		}
		return filter_reject(emit, rec, rec->val.p, "not-an-object",
		    "not an object");
	}
	buf_add(&emit->out, rec->val.p, rec->val.n);
	filter_line(emit);
	return FILTER_USED;
}

/* Runs the filter in a process of its own on the file "in"; stdout and
 * stderr go to files "out" and "err". Returns its exit code. */
static int
run(struct filter_opts o)
{
	struct filter f;
	char *files[1];
	pid_t pid;
	int status, fd;

	files[0] = (char *)(uintptr_t)in_folder("in");
	if ((pid = fork()) == 0) {
		memset(&f, 0, sizeof f);
		f.opts = &o;
		f.record = on_record;
		f.files = files;
		f.nfiles = 1;
		if ((fd = open(in_folder("out"), O_WRONLY | O_CREAT | O_TRUNC,
		    0600)) < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
		    (fd = open(in_folder("err"), O_WRONLY | O_CREAT | O_TRUNC,
		    0600)) < 0 || dup2(fd, STDERR_FILENO) < 0)
			_exit(99);
		_exit(filter_run(&f));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static const struct filter_opts defaults = FILTER_DEFAULTS;

/* 60,000 records with one bad one: everything before it, nothing after. */
static void
bad_in_the_middle(void **state)
{
	struct buf in = BUF_INIT(BUF_DOC), want = BUF_INIT(BUF_DOC), got;
	struct filter_opts o = defaults;
	int i, bad;

	(void)state;
	for (bad = 0; bad < 60000; bad += 19999) {
		buf_clear(&in);
		buf_clear(&want);
		for (i = 0; i < 60000; i++) {
			if (i == bad)
				buf_str_add(&in, "7\n");
			else
				buf_addf(&in, "{\"i\": %d}\n", i);
			if (i < bad)
				buf_addf(&want, "{\"i\": %d}\n", i);
		}
		put("in", in.p, in.len);
		for (o.jobs = 1; o.jobs < 10; o.jobs += 7) {
			assert_int_equal(run(o), EXIT_DATA);
			got = get("out");
			assert_int_equal(got.len, want.len);
			assert_memory_equal(buf_str(&got), buf_str(&want),
			    want.len);
			buf_free(&got);
			got = get("err");
			assert_non_null(strstr(buf_str(&got),
			    ":1: not an object\n"));
			buf_free(&got);
		}
	}
	buf_free(&in);
	buf_free(&want);
}

/* The reject after the last one allowed is the end, wherever reads end. */
static void
allowance_is_exact(void **state)
{
	struct buf in = BUF_INIT(BUF_DOC), want = BUF_INIT(BUF_DOC), got;
	struct filter_opts o = defaults;
	int i, rejects = 0;

	(void)state;
	for (i = 0; i < 60000; i++) {
		if (i % 5000 == 4999)
			buf_str_add(&in, "7\n");
		else
			buf_addf(&in, "{\"i\":%d}\n", i);
		if (i % 5000 != 4999 && i < 8 * 5000)
			buf_addf(&want, "{\"i\":%d}\n", i);
	}
	put("in", in.p, in.len);
	o.reject = in_folder("rejects");
	o.ledger = in_folder("ledger");
	o.max_reject = "7";
	for (o.jobs = 1; o.jobs < 10; o.jobs += 7) {
		unlink(o.ledger);
		assert_int_equal(run(o), EXIT_DATA);
		got = get("out");
		assert_int_equal(got.len, want.len);
		assert_memory_equal(got.p, want.p, want.len);
		buf_free(&got);
		got = get("rejects");
		for (i = rejects = 0; i < (int)got.len; i++)
			rejects += got.p[i] == '\n';
		assert_int_equal(rejects, 8);
		buf_free(&got);
		got = get("ledger");
		assert_non_null(strstr(buf_str(&got), "\"in\":40000,"
		    "\"used\":39992,\"dropped\":0,\"rejected\":8,"
		    "\"out\":39992,"));
		buf_free(&got);
	}
	o.max_reject = "12";
	assert_int_equal(run(o), 0);
	buf_free(&in);
	buf_free(&want);
}

/* What is rejected of a bad record is all of it. */
static void
nothing_of_a_bad_record(void **state)
{
	struct filter_opts o = defaults;

	(void)state;
	put("in", "{}\n7\nnull\n{\"a\":1}\n", 18);
	o.reject = in_folder("rejects");
	o.ledger = in_folder("ledger");
	unlink(o.ledger);
	assert_int_equal(run(o), 0);
	holds("out", "{}\n{\"a\":1}\n");
	{
		struct buf b = get("ledger");

		assert_non_null(strstr(buf_str(&b), "\"in\":4,\"used\":2,"
		    "\"dropped\":1,\"rejected\":1,\"out\":2,"));
		buf_free(&b);
	}
}

/* Deep arrays, strings, what is no JSON, no UTF-8 or too long: whatever is
 * rejected comes back by --retry as what it was, place and all. */
static void
rejects_come_back(void **state)
{
	struct filter_opts o = defaults;
	struct buf in = BUF_INIT(BUF_DOC), first, again, third;
	char *p, *q;
	int i;

	(void)state;
	buf_str_add(&in, "\"a\\u00e9 \\\"string\\\"\"\n1.0\n[\"x\", {}]\n"
	    "{\"no\"\n\"\xff\"\ntrue\n{\"tool\":1,\"record\":2}\n");
	for (i = 0; i < 1000; i++)
		buf_putc(&in, '[');
	for (i = 0; i < 1000; i++)
		buf_putc(&in, ']');
	buf_putc(&in, '\n');
	buf_putc(&in, '"');
	for (i = 0; i < 2990; i++)
		buf_putc(&in, 1);       /* each a \u0001 in the envelope */
	buf_str_add(&in, "\"\n");
	for (i = 0; i < 4000; i++)
		buf_putc(&in, '4');
	buf_putc(&in, '\n');
	put("in", in.p, in.len);
	o.max_record = 3000;
	o.reject = in_folder("1");
	assert_int_equal(run(o), 0);
	holds("out", "{\"tool\":1,\"record\":2}\n");
	first = get("1");
	put("in", first.p, first.len);
	o.retry = true;
	o.reject = in_folder("2");
	assert_int_equal(run(o), 0);
	holds("out", "");
	again = get("2");
	put("in", again.p, again.len);
	o.reject = in_folder("3");
	assert_int_equal(run(o), 0);
	third = get("3");
	/* the same but for the attempt */
	for (i = 1; i < 3; i++)
		for (p = (char *)(uintptr_t)buf_str(i == 1 ? &again : &third);
		    (q = strstr(p, "\"attempt\":")); p = q + 1) {
			assert_int_equal(q[10], '1' + i);
			q[10] = '1';
		}
	assert_string_equal(buf_str(&again), buf_str(&first));
	assert_string_equal(buf_str(&third), buf_str(&first));
	for (i = 0, p = first.p; (p = strchr(p, '\n')); p++)
		i++;
	assert_int_equal(i, 9);
	buf_free(&in);
	buf_free(&first);
	buf_free(&again);
	buf_free(&third);
}

/* A record that was mended by hand may stand on several lines. */
static void
mended(void **state)
{
	static const char text[] =
	    "{\"file\":\"f\",\"line\":3,\"attempt\":1,"
	    "\"record\":\"{\\n  \\\"a\\\":\\n 1}\\n\"}\n"
	    "{\"record\":{\"b\":2}}\n{\"record\":\"{\\\"a\\nb\\\":1}\"}\n";
	struct filter_opts o = defaults;

	(void)state;
	put("in", text, sizeof text - 1);
	o.retry = true;
	o.reject = in_folder("rejects");
	assert_int_equal(run(o), 0);
	holds("out", "{   \"a\":  1}\n{\"b\":2}\n");
}

/* Neither the input nor the output is a place for rejects. */
static void
files_of_their_own(void **state)
{
	struct filter_opts o = defaults;

	(void)state;
	put("in", "{}\n7\n", 5);
	o.reject = in_folder("in");
	assert_int_equal(run(o), EXIT_USAGE);
	holds("in", "{}\n7\n");
	o.reject = in_folder("both");
	o.output = in_folder("./both");
	assert_int_equal(run(o), EXIT_USAGE);
	assert_int_equal(access(o.reject, F_OK), -1);
	o.output = NULL;
	o.reject = "-";
	assert_int_equal(run(o), EXIT_USAGE);
	o.output = in_folder("in");     /* this one is safe */
	o.reject = in_folder("rejects");
	assert_int_equal(run(o), 0);
	holds("in", "{}\n");
}

static int
begin(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int
end(void **state)
{
	static const char *const names[] = {
		"in", "out", "err", "rejects", "ledger", "both", "1", "2", "3"
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(names); i++)
		unlink(in_folder(names[i]));
	return rmdir(folder);   /* fails where anything else was left */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_in_the_middle),
		cmocka_unit_test(allowance_is_exact),
		cmocka_unit_test(nothing_of_a_bad_record),
		cmocka_unit_test(rejects_come_back),
		cmocka_unit_test(mended),
		cmocka_unit_test(files_of_their_own),
	};

	return cmocka_run_group_tests(tests, begin, end);
}

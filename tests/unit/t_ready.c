/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t_ready.c -- what was made ready is what it was made from, or is not used:
 * cut short, changed in any byte, made from something else, open to others. */
#include "base/rng.h"
#include "ner/ner.h"
#include "model.h"

#include <dirent.h>

#define TEXT "gcpipe, from here\n"

static char scratch[2048], path[2100], model[4096];

static int
make_folder(void **state)
{
	(void)state;
	snprintf(scratch, sizeof scratch, "%s/gcpipe-t-XXXXXX",
	    getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(scratch));
	snprintf(path, sizeof path, "%s/ready", scratch);
	return 0;
}

static int
remove_folder(void **state)
{
	(void)state;
	unlink(path);
	rmdir(scratch);
	return 0;
}

/* The walk of the tests: an array between two numbers. */
static bool
walk(struct ready *r, size_t *a, float **v, size_t *b)
{
	ready_number(r, a, 100);
	ready_floats(r, v, *a);
	ready_number(r, b, 1000);
	return ready_end(r);
}

static void
make(void)
{
	float numbers[19], *v = numbers;
	size_t a = 19, b = 999, i;
	struct ready r;

	for (i = 0; i < 19; i++)
		numbers[i] = (float)i / 3;
	assert_int_equal(ready_make(&r, path, TEXT), 0);
	assert_true(walk(&r, &a, &v, &b));
}

/* Is it there, and is it right? Never there and wrong. */
static bool
is_there(const char *text)
{
	size_t a = 0, b = 0, i;
	float *v = NULL;
	struct ready r;

	if (ready_open(&r, path, text) < 0)
		return false;
	assert_true(walk(&r, &a, &v, &b));
	assert_int_equal(a, 19);
	assert_int_equal(b, 999);
	assert_true((uintptr_t)v % 64 == 0);
	for (i = 0; i < 19; i++)
		assert_true(v[i] == (float)i / 3);
	ready_close(&r);
	return true;
}

static void
put(const char *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), (ssize_t)n);
	close(fd);
}

static void
any_damage(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE);
	size_t i, bit;
	int fd;

	(void)state;
	assert_false(is_there(TEXT));
	make();
	assert_true(is_there(TEXT));
	assert_false(is_there("gcpipe, from there\n"));
	assert_false(is_there(TEXT "and there\n"));
	fd = open(path, O_RDONLY);
	assert_int_equal(buf_read_fd(&b, fd), 0);
	close(fd);
	for (i = 0; i < b.len; i++) {
		put(b.p, i);
		assert_false(is_there(TEXT));
	}
	for (i = 0; i < b.len; i++) {
		if (i >= sizeof TEXT && i < 960)
			continue;       /* nothing stands there */
		for (bit = 0; bit < 8; bit++) {
			if (i >= 992 && i < 1024)
				break;
			b.p[i] ^= (char)(1 << bit);
			put(b.p, b.len);
			if (is_there(TEXT))
				fail_msg("bit %zu of byte %zu", bit, i);
			b.p[i] ^= (char)(1 << bit);
		}
	}
	put(b.p, b.len);
	assert_true(is_there(TEXT));
	buf_reserve(&b, 64);
	memset(b.p + b.len, 0, 64);
	put(b.p, b.len + 64);
	assert_false(is_there(TEXT));
	buf_free(&b);
}

static void
other_hands(void **state)
{
	char other[2200];

	(void)state;
	make();
	assert_int_equal(chmod(path, 0620), 0);
	assert_false(is_there(TEXT));
	assert_int_equal(chmod(path, 0602), 0);
	assert_false(is_there(TEXT));
	assert_int_equal(chmod(path, 0644), 0);
	assert_true(is_there(TEXT));
	snprintf(other, sizeof other, "%s/other", scratch);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_false(is_there(TEXT));
	make();                         /* in place of the link */
	assert_true(is_there(TEXT));
	unlink(other);
}

/* A walk that asks for more, or for numbers that cannot be. */
static void
other_walks(void **state)
{
	struct ready r;
	size_t n = 0;
	float *v;

	(void)state;
	make();
	assert_int_equal(ready_open(&r, path, TEXT), 0);
	ready_number(&r, &n, 19);
	assert_int_equal(n, 0);
	assert_false(ready_end(&r));
	ready_close(&r);
	assert_int_equal(ready_open(&r, path, TEXT), 0);
	ready_number(&r, &n, 20);
	ready_floats(&r, &v, SIZE_MAX / 2);
	assert_false(ready_end(&r));
	ready_close(&r);
	assert_int_equal(ready_open(&r, path, TEXT), 0);
	ready_number(&r, &n, 20);
	ready_floats(&r, &v, 10000);
	assert_null(v);
	assert_false(ready_end(&r));
	ready_close(&r);
	unlink(path);
	snprintf(path, sizeof path, "%s/no/ready", scratch);
	assert_int_equal(ready_make(&r, path, TEXT), -1);
	snprintf(path, sizeof path, "%s/ready", scratch);
}

/* ---- with the model ---- */

/* Reads a text; returns whether the networks were mapped, and a hash of all
 * there is to say about the text. */
static bool
run(unsigned flags, uint64_t *sum)
{
	struct ner_text t = { "Apple is looking at buying U.K. startups for $1 "
	    "billion. Tim Cook of Cupertino said so on Monday.", 97, 0, 0 };
	struct fail why = { 0, "" };
	struct pipeline *p;
	struct ner *n;
	bool mapped;

	if (pipeline_open(&p, model, flags, &why) < 0)
		fail_msg("%s", why.text);
	mapped = p->ready.p != NULL;
	assert_int_equal(ner_open(&n, p, 1 << 20, &why), 0);
	assert_int_equal(ner_run(n, &t, 1, NER_PROBABILITY, &why), 0);
	assert_true(n->nspans >= 5);
	*sum = rng_hash(1, n->spans, n->nspans * sizeof *n->spans);
	ner_close(n);
	pipeline_close(p);
	return mapped;
}

/* Counts the files of the cache; damages them, or removes all of it. */
static int
kept(bool damage, bool away)
{
	char dir[2100], file[2400];
	struct dirent *e;
	DIR *d;
	int n = 0, fd;

	snprintf(dir, sizeof dir, "%s/gcpipe", scratch);
	d = opendir(dir);
	assert_non_null(d);
	while ((e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		n++;
		snprintf(file, sizeof file, "%s/%s", dir, e->d_name);
		if (damage) {
			fd = open(file, O_WRONLY);
			assert_int_equal(pwrite(fd, "x", 1, 4096), 1);
			close(fd);
		}
		if (away)
			unlink(file);
	}
	closedir(d);
	if (away)
		rmdir(dir);
	return n;
}

static void
whole_model(void **state)
{
	uint64_t want, got;

	(void)state;
	if (find_model(model) != 0) {
		print_message("the model is absent\n");
		skip();
	}
	setenv("XDG_CACHE_HOME", scratch, 1);
	assert_false(run(0, &want));
	assert_false(run(PIPELINE_CACHED, &got));
	assert_true(got == want);
	assert_true(run(PIPELINE_CACHED, &got));
	assert_true(got == want);
	assert_false(run(PIPELINE_CACHED | PIPELINE_NER_ALONE, &got));
	assert_true(run(PIPELINE_CACHED | PIPELINE_NER_ALONE, &got));
	/* damaged: made again */
	assert_int_equal(kept(true, false), 2);
	assert_false(run(PIPELINE_CACHED, &got));
	assert_true(got == want);
	assert_true(run(PIPELINE_CACHED, &got));
	assert_true(got == want);
	assert_int_equal(kept(false, true), 2);
	/* no place to keep it */
	setenv("XDG_CACHE_HOME", "/dev/null", 1);
	assert_false(run(PIPELINE_CACHED, &got));
	assert_true(got == want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_damage),
		cmocka_unit_test(other_hands),
		cmocka_unit_test(other_walks),
		cmocka_unit_test(whole_model),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

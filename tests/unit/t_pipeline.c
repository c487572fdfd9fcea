/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t_pipeline.c -- a damaged pipeline is refused, whatever the damage; one that
 * loads all the same gives answers without a crash. */
#include "base/rng.h"
#include "ner/ner.h"
#include "model.h"

/* How many of each, a file; more with GC_TEST_LONG. */
#define CUTS (getenv("GC_TEST_LONG") ? 100 : 9)
#define FLIPS (getenv("GC_TEST_LONG") ? 300 : 10)

static const char *const files[] = {
	"config.cfg", "tokenizer", "vocab/lookups.bin", "ner/model",
	"ner/moves", "parser/model", "parser/moves", "tok2vec/model"
};

static char model[4096], scratch[4096];

static void
name(char out[8300], const char *dir, const char *file)
{
	snprintf(out, 8300, "%s/%s", dir, file);
}

/* A folder of links to the model's files. */
static void
make_folder(void)
{
	static const char *const dirs[] = { "ner", "vocab", "parser",
	    "tok2vec" };
	char from[8300], to[8300];
	size_t i;

	snprintf(scratch, sizeof scratch, "%s/gcpipe-t-XXXXXX",
	    getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(scratch));
	for (i = 0; i < COUNT(dirs); i++) {
		name(to, scratch, dirs[i]);
		assert_int_equal(mkdir(to, 0700), 0);
	}
	for (i = 0; i < COUNT(files); i++) {
		name(from, model, files[i]);
		name(to, scratch, files[i]);
		assert_int_equal(symlink(from, to), 0);
	}
}

static void
remove_folder(void)
{
	static const char *const dirs[] = { "ner", "vocab", "parser",
	    "tok2vec", "" };
	char path[8300];
	size_t i;

	for (i = 0; i < COUNT(files); i++) {
		name(path, scratch, files[i]);
		unlink(path);
	}
	for (i = 0; i < COUNT(dirs); i++) {
		name(path, scratch, dirs[i]);
		rmdir(path);
	}
}

static void
put(const char *file, const char *p, size_t n)
{
	char path[8300];
	int fd;

	name(path, scratch, file);
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, p, n), (ssize_t)n);
	close(fd);
}

/* Loads the folder and, where that goes, reads a text. */
static int
try(struct fail *why)
{
	struct ner_text t = { "Apple is looking at buying U.K. startups. Why?",
	    46, 0, 0 };
	struct pipeline *p;
	struct ner *n;

	if (pipeline_open(&p, scratch, 0, why) < 0)
		return -1;
	assert_int_equal(ner_open(&n, p, 1 << 20, why), 0);
	assert_int_equal(ner_run(n, &t, 1, NER_SENTENCES, why), 0);
	ner_close(n);
	pipeline_close(p);
	return 0;
}

static void
damage(const char *file, struct rng *r)
{
	struct buf b = BUF_INIT(BUF_RECORD);
	struct fail why;
	char path[8300], was;
	size_t i, at, cuts = CUTS, flips = FLIPS;
	int fd;

	name(path, model, file);
	fd = open(path, O_RDONLY);
	assert_int_equal(buf_read_fd(&b, fd), 0);
	close(fd);
	for (i = 0; i < cuts; i++) {
		put(file, b.p, i == 0 ? 0 : i == 1 ? b.len - 2 : i % 3 == 0 ?
		    rng_below(r, 200) : rng_below(r, b.len - 1));
		memset(&why, 0, sizeof why);
		if (try(&why) == 0 && strcmp(file, "config.cfg") != 0)
			fail_msg("%s, cut short, is taken", file);
		else if (why.code && why.code != EXIT_USAGE)
			fail_msg("%s, cut short: %s", file, why.text);
	}
	for (i = 0; i < flips; i++) {
		at = rng_below(r, i % 2 && b.len > 4096 ? 4096 : b.len);
		was = b.p[at];
		b.p[at] = (char)rng_below(r, 256);
		put(file, b.p, b.len);
		b.p[at] = was;
		try(&why);
	}
	put(file, b.p, b.len);
	assert_int_equal(try(&why), 0);
	buf_free(&b);
}

static void
damaged_files(void **state)
{
	struct rng r;
	size_t i;

	(void)state;
	if (find_model(model) != 0) {
		print_message("the model is absent\n");
		skip();
	}
	make_folder();
	rng_seed(&r, 7);
	for (i = 0; i < COUNT(files); i++)
		damage(files[i], &r);
	remove_folder();
}

/* What is not supported is named. */
static void
refusals(void **state)
{
	static const char *const change[][3] = {
		{ "lang = \"en\"", "lang = \"ja\"", "language \"ja\"" },
		{ "spacy.Tokenizer.v1", "my.Tokenizer.v1", "tokenizer" },
		{ "factory = \"ner\"", "factory = \"beam_ner\"", "beam_ner" },
		{ "\"ner\"]", "\"other\"]", "no ner" },
		{ "factory = \"tagger\"", "factory = \"span_ruler\"",
		    "span_ruler" },
		{ "spacy.TransitionBasedParser.v2", "spacy.Other.v9",
		    "spacy.Other.v9" },
	};
	struct buf b = BUF_INIT(BUF_CONF), c = BUF_INIT(BUF_CONF);
	struct fail why;
	char path[8300], *at;
	size_t i;
	int fd;

	(void)state;
	if (find_model(model) != 0) {
		print_message("the model is absent\n");
		skip();
	}
	make_folder();
	name(path, model, "config.cfg");
	fd = open(path, O_RDONLY);
	assert_int_equal(buf_read_fd(&b, fd), 0);
	close(fd);
	for (i = 0; i < COUNT(change); i++) {
		at = strstr(buf_str(&b), change[i][0]);
		assert_non_null(at);
		buf_clear(&c);
		buf_add(&c, b.p, (size_t)(at - b.p));
		buf_str_add(&c, change[i][1]);
		buf_str_add(&c, at + strlen(change[i][0]));
		put("config.cfg", buf_str(&c), c.len);
		assert_int_equal(try(&why), -1);
		assert_int_equal(why.code, EXIT_USAGE);
		if (!strstr(why.text, change[i][2]))
			fail_msg("%s", why.text);
	}
	buf_free(&b);
	buf_free(&c);
	remove_folder();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

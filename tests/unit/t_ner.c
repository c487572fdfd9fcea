/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t_ner.c -- tokens, sentences and entities are spaCy's own, to the last one:
 * against what spaCy 3.8 with en_core_web_sm 3.8.0 gave for 3,000 texts, in
 * both forms; whatever the kernel, the company or the memory. */
#include "json/scan.h"
#include "ner/ner.h"
#include "model.h"

#define SMALL ((size_t)64 << 10)        /* a memory that forgets at once */

/* Sanitizers and valgrind make it slow: every tenth batch of texts then. */
#if defined(__SANITIZE_ADDRESS__)
#define SLOW true
#else
#define SLOW (getenv("GC_TEST_SLOW") != NULL)
#endif

static char model[4096];

struct golden {
	struct buf file;
	struct json_val *line;
	size_t n;
};

struct agree {
	size_t texts, tokens, entities, sentences;
};

static bool
read_golden(struct golden *g, const char *name)
{
	struct buf empty = BUF_INIT(BUF_DOC);
	const char *path = *name == '/' ? name :
	    test_data(name), *p, *end, *q;
	size_t cap = 0;
	int fd;

	memset(g, 0, sizeof *g);
	g->file = empty;
	if (!path || (fd = open(path, O_RDONLY)) < 0)
		return false;
	assert_int_equal(buf_read_fd(&g->file, fd), 0);
	close(fd);
	end = g->file.p + g->file.len;
	for (p = g->file.p; p < end; p++)
		cap += *p == '\n';
	g->line = calloc(cap + 1, sizeof *g->line);
	assert_non_null(g->line);
	for (p = g->file.p; p < end && g->n < cap; p = q + 1) {
		q = memchr(p, '\n', (size_t)(end - p));
		assert_non_null(q);
		assert_int_equal(json_check(p, (size_t)(q - p),
		    &g->line[g->n++], NULL), 0);
	}
	return true;
}

static void
free_golden(struct golden *g)
{
	buf_free(&g->file);
	free(g->line);
}

static int64_t
nth_int(struct json_val list, size_t n)
{
	struct json_iter it = json_iter(list);
	int64_t v = -1;
	size_t i;

	for (i = 0; i <= n && json_next(&it); i++)
		if (i == n)
			json_int(it.val, &v);
	return v;
}

/* ---- comparing one text ---- */

static void
same_tokens(const struct ner *n, const struct ner_text *t, struct json_val want)
{
	struct json_iter it = json_iter(want);
	size_t i = 0;

	for (; json_next(&it); i++) {
		const struct tok *v = &n->tokens[t->first + i];

		if (i >= t->ntokens || (int64_t)v->cp != nth_int(it.val, 0) ||
		    (int64_t)v->cp + v->cps != nth_int(it.val, 1))
			fail_msg("token %zu of %.*s", i, (int)t->n, t->p);
	}
	assert_int_equal(i, t->ntokens);
}

static void
same_sentences(const struct ner *n, const struct ner_text *t,
    struct json_val want)
{
	struct json_iter it = json_iter(want);
	size_t i;

	for (i = 0; i < t->ntokens; i++) {
		int64_t at;

		if (!(n->tokens[t->first + i].flags & TOK_SENT))
			continue;
		if (!json_next(&it) || !json_int(it.val, &at) ||
		    at != (int64_t)i)
			fail_msg("sentence at %zu of %.*s", i, (int)t->n,
			    t->p);
	}
	if (json_next(&it))
		fail_msg("a sentence is missing in %.*s", (int)t->n, t->p);
}

static size_t
same_spans(const struct ner *n, const struct pipeline *p, size_t first,
    uint32_t text, const struct ner_text *t, struct json_val want)
{
	struct json_iter it = json_iter(want), in;
	size_t i = first, len;

	for (; json_next(&it); i++) {
		const struct ner_span *s = &n->spans[i];
		const char *label;

		if (i >= n->nspans || s->text != text)
			fail_msg("an entity is missing in %.*s", (int)t->n,
			    t->p);
		label = ner_label(p, s->label, &len);
		for (in = json_iter(it.val); json_next(&in);)
			continue;
		in = json_iter(it.val);
		json_next(&in);
		json_next(&in);
		json_next(&in);
		if ((int64_t)s->cp_start != nth_int(it.val, 0) ||
		    (int64_t)s->cp_end != nth_int(it.val, 1) ||
		    !json_is_n(in.val, label, len))
			fail_msg("entity %u..%u %.*s of %.*s", s->cp_start,
			    s->cp_end, (int)len, label, (int)t->n, t->p);
	}
	if (i < n->nspans && n->spans[i].text == text)
		fail_msg("entity %u..%u too many in %.*s",
		    n->spans[i].cp_start, n->spans[i].cp_end, (int)t->n, t->p);
	return i;
}

/* ---- whole files ---- */

/* All golden texts, batch by batch. */
static void
agree(const char *name, unsigned load, unsigned run, size_t batch,
    size_t memory)
{
	struct golden g;
	struct pipeline *p = NULL;
	struct ner *n = NULL;
	struct ner_text *t;
	struct buf *b;
	struct fail why = { 0, "" };
	size_t i, j, m, at;
	struct json_val v;

	if (find_model(model) != 0 || !read_golden(&g, name)) {
		print_message("the model or the golden files are absent\n");
		skip();
	}
	t = calloc(batch, sizeof *t);
	b = calloc(batch, sizeof *b);
	if (pipeline_open(&p, model, load, &why) < 0 ||
	    ner_open(&n, p, memory, &why) < 0)
		fail_msg("%s", why.text);
	for (i = 0; i < g.n; i += (SLOW ? 10 : 1) * batch) {
		m = g.n - i < batch ? g.n - i : batch;
		for (j = 0; j < m; j++) {
			b[j].max = BUF_RECORD;
			buf_clear(&b[j]);
			assert_true(json_get(g.line[i + j], "text", &v));
			json_decode(v, &b[j]);
			t[j].p = buf_str(&b[j]);
			t[j].n = b[j].len;
		}
		if (ner_run(n, t, m, run, &why) < 0)
			fail_msg("%s", why.text);
		for (at = j = 0; j < m; j++) {
			json_get(g.line[i + j], "tokens", &v);
			same_tokens(n, &t[j], v);
			if (run & NER_SENTENCES && json_get(g.line[i + j],
			    "sents", &v))
				same_sentences(n, &t[j], v);
			json_get(g.line[i + j], "ents", &v);
			at = same_spans(n, p, at, (uint32_t)j, &t[j], v);
		}
		assert_int_equal(at, n->nspans);
	}
	assert_true(g.n >= 3000 || *name == '/');
	for (j = 0; j < batch; j++)
		buf_free(&b[j]);
	free(b);
	free(t);
	ner_close(n);
	pipeline_close(p);
	free_golden(&g);
}

static void
alone(void **state)
{
	(void)state;
	agree("ner/ner-golden.ndjson", PIPELINE_NER_ALONE, 0, 64, NER_MEMORY);
}

static void
whole_pipeline(void **state)
{
	(void)state;
	agree("ner/ner-golden-default.ndjson", 0, 0, 64, NER_MEMORY);
}

static void
every_sentence(void **state)
{
	(void)state;
	agree("ner/ner-golden-default.ndjson", 0, NER_SENTENCES, 256,
	    NER_MEMORY);
}

static void
one_at_a_time_with_little_memory(void **state)
{
	(void)state;
	agree("ner/ner-golden-default.ndjson", 0, 0, 1, SMALL);
}

static void
every_kernel(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; kernels[i]; i++) {
		if (!kernels[i]->here())
			continue;
		setenv("GC_NER_KERNEL", kernels[i]->name, 1);
		agree("ner/ner-golden-default.ndjson", 0, NER_SENTENCES, 64,
		    NER_MEMORY);
	}
	unsetenv("GC_NER_KERNEL");
}

/* A file that spaCy has just written: ...all or ...ner. */
static void
given_file(void **state)
{
	const char *path = getenv("GC_NER_GOLDEN");
	size_t n = strlen(path);
	bool alone_too = n > 4 && strcmp(path + n - 4, ".ner") == 0;

	(void)state;
	if (alone_too) {
		agree(path, PIPELINE_NER_ALONE, 0, 64, NER_MEMORY);
		return;
	}
	agree(path, 0, 0, 64, NER_MEMORY);
	agree(path, 0, NER_SENTENCES, 256, NER_MEMORY);
}

int
main(void)
{
	const struct CMUnitTest given[] = { cmocka_unit_test(given_file) };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alone),
		cmocka_unit_test(whole_pipeline),
		cmocka_unit_test(every_sentence),
		cmocka_unit_test(one_at_a_time_with_little_memory),
		cmocka_unit_test(every_kernel),
	};

	if (getenv("GC_NER_GOLDEN"))
		return cmocka_run_group_tests(given, NULL, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

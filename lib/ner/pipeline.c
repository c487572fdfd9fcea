/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/pipeline.h"
#include "ner/config.h"
#include "ner/hash.h"
#include "ner/pack.h"

#define FILE_MAX ((size_t)1 << 30)

/* Reads DIR/name into b. */
static int
read_file(struct buf *b, const char *dir, const char *name, struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	int fd, r = 0;

	buf_clear(b);
	b->max = FILE_MAX;
	buf_addf(&path, "%s/%s", dir, name);
	fd = path.err ? -1 : open(buf_str(&path), O_RDONLY | O_CLOEXEC);
	if (fd < 0 || buf_read_fd(b, fd) < 0) {
		r = fail_errno(why, "%s", path.err ? name : buf_str(&path));
		why->code = EXIT_USAGE;
	}
	if (fd >= 0)
		close(fd);
	buf_free(&path);
	return r;
}

static int
named(struct fail *why, const char *dir, const char *name)
{
	return fail_prefix(why, "%s/%s", dir, name);
}

/* {"lexeme_norm": {id: text}, ...} */
static int
read_norms(struct pipeline *p, const struct buf *b, struct fail *why)
{
	struct pack_val table, key, val;
	struct pack *doc;
	const char *text;
	size_t i, n;
	uint64_t id;
	int r = 0;

	if (pack_open(&doc, b->p ? b->p : "", b->len, why) < 0)
		return -1;
	table.object = NULL;
	pack_get(pack_root(doc), "lexeme_norm", &table);
	if (norms_init(&p->norms, pack_count(table)) < 0)
		r = fail(why, EXIT_MACHINE, "out of memory");
	for (i = 0; r == 0 && pack_nth(table, i, &key, &val); i++)
		if (!pack_uint(key, &id) || !pack_text(val, &text, &n))
			r = fail(why, EXIT_USAGE, "norms of an unknown form");
		else
			norms_set(&p->norms, id, hash_id(text, n));
	pack_close(doc);
	return r;
}

/* A component's own network, and the rows it stands on: its own, or those of
 * tok2vec. */
static int
read_network(struct pipeline *p, const char *dir, const char *name,
    struct vectors *v, struct fail *why)
{
	const struct kernel *k = kernel_best();
	struct buf model = BUF_INIT(0), rows = BUF_INIT(0), moves =
	    BUF_INIT(0);
	bool parser = strcmp(name, "parser/model") == 0;
	struct weights w, t;
	int r = -1;

	memset(&w, 0, sizeof w);
	memset(&t, 0, sizeof t);
	if (read_file(&model, dir, name, why) < 0 || read_file(&moves, dir,
	    parser ? "parser/moves" : "ner/moves", why) < 0)
		goto out;
	if (weights_open(&w, buf_str(&model), model.len, why) < 0) {
		named(why, dir, name);
		goto out;
	}
	if (weights_find(&w, "hashembed", 0) >= 0) {
		r = vectors_load(v, k, &p->norms, &w, why);
		if (r < 0)
			named(why, dir, name);
	} else if (read_file(&rows, dir, "tok2vec/model", why) == 0) {
		r = weights_open(&t, buf_str(&rows), rows.len, why) < 0 ||
		    vectors_load(v, k, &p->norms, &t, why) < 0 ? -1 : 0;
		if (r < 0)
			named(why, dir, "tok2vec/model");
	}
	if (r == 0) {
		r = parser ? arcs_load(&p->parser, k, v->width, &w,
		    buf_str(&moves), moves.len, why) :
		    biluo_load(&p->ner, k, v->width, &w, buf_str(&moves),
		    moves.len, why);
		if (r < 0)
			named(why, dir, name);
	}
out:
	weights_close(&w);
	weights_close(&t);
	buf_free(&model);
	buf_free(&rows);
	buf_free(&moves);
	return r;
}

static int
read_all(struct pipeline *p, const char *dir, unsigned flags, struct fail *why)
{
	struct buf b = BUF_INIT(0);
	struct config c;
	int r;

	if ((r = read_file(&b, dir, "config.cfg", why)) == 0 &&
	    (r = config_check(buf_str(&b), b.len, flags & PIPELINE_NER_ALONE,
	    &c, why)) < 0)
		named(why, dir, "config.cfg");
	if (r == 0 && (r = read_file(&b, dir, "tokenizer", why)) == 0 &&
	    (r = tok_rules_open(&p->rules, buf_str(&b), b.len, why)) < 0)
		named(why, dir, "tokenizer");
	if (r == 0 && (r = read_file(&b, dir, "vocab/lookups.bin", why)) ==
	    0 && (r = read_norms(p, &b, why)) < 0)
		named(why, dir, "vocab/lookups.bin");
	buf_free(&b);
	if (r == 0)
		r = read_network(p, dir, "ner/model", &p->vectors, why);
	if (r == 0 && c.parses) {
		r = read_network(p, dir, "parser/model", &p->parser_vectors,
		    why);
		p->parses = true;
	}
	return r;
}

int
pipeline_open(struct pipeline **pipe, const char *dir, unsigned flags,
    struct fail *why)
{
	struct pipeline *p = calloc(1, sizeof *p);

	if (!p)
		return fail_errno(why, "a pipeline");
	if (read_all(p, dir, flags, why) < 0) {
		pipeline_close(p);
		return -1;
	}
	*pipe = p;
	return 0;
}

void
pipeline_close(struct pipeline *p)
{
	if (!p)
		return;
	tok_rules_close(p->rules);
	norms_free(&p->norms);
	vectors_free(&p->vectors);
	biluo_free(&p->ner);
	vectors_free(&p->parser_vectors);
	arcs_free(&p->parser);
	free(p);
}

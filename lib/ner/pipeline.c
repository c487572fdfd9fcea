/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/pipeline.h"
#include "ner/config.h"
#include "ner/hash.h"
#include "ner/pack.h"

#define FILE_MAX ((size_t)1 << 30)
#define READ_AHEAD ((size_t)64 << 10)   /* what buf_read_fd() asks for */

/* Reads DIR/name into b. */
static int
read_file(struct buf *b, const char *dir, const char *name, struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	struct stat st;
	int fd, r = 0;

	buf_clear(b);
	b->max = FILE_MAX;
	buf_addf(&path, "%s/%s", dir, name);
	fd = path.err ? -1 : open(buf_str(&path), O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size > 0 && (uint64_t)st.st_size < FILE_MAX)
		buf_reserve(b, (size_t)st.st_size + READ_AHEAD);
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
		else if (norms_set(&p->norms, id, hash_id(text, n)),
		    spellings_add(&p->spelled, hash_id(text, n), text, n) < 0)
			r = fail_errno(why, "norms");
	pack_close(doc);
	return r;
}

/* A component's own network, and the rows it stands on: its own, or those of
 * tok2vec. */
static int
read_network(const struct pipeline *p, const char *dir, const char *name,
    struct vectors *v, struct scorer *s, struct fail *why)
{
	const struct kernel *k = kernel_best();
	struct buf model = BUF_INIT(0), rows = BUF_INIT(0);
	struct weights w, t;
	int r = -1;

	memset(&w, 0, sizeof w);
	memset(&t, 0, sizeof t);
	if (read_file(&model, dir, name, why) < 0)
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
	if (r == 0 && (r = scorer_load(s, k, v->width, &w, why)) < 0)
		named(why, dir, name);
out:
	weights_close(&w);
	weights_close(&t);
	buf_free(&model);
	buf_free(&rows);
	return r;
}

/* ---- what was made ready before ---- */

/* What the networks are made from: a line for each file, so that any change
 * shows. */
static void
describe(struct buf *text, const char *dir)
{
	static const char *const sources[] = {
		"ner/model", "tok2vec/model", "parser/model"
	};
	struct buf path = BUF_INIT(BUF_PATH);
	struct stat st;
	size_t i;

	buf_clear(text);
	buf_addf(text, "gcpipe %s, %s\n", GC_VERSION, kernel_best()->name);
	for (i = 0; i < COUNT(sources); i++) {
		buf_clear(&path);
		buf_addf(&path, "%s/%s", dir, sources[i]);
		if (path.err || stat(buf_str(&path), &st) < 0)
			memset(&st, 0, sizeof st);
		buf_addf(text, "%ju %ju %jd %jd.%09ld %jd.%09ld %s\n",
		    (uintmax_t)st.st_dev, (uintmax_t)st.st_ino,
		    (intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
		    st.st_mtim.tv_nsec, (intmax_t)st.st_ctim.tv_sec,
		    st.st_ctim.tv_nsec, sources[i]);
	}
	buf_free(&path);
}

/* The file for a folder, a kernel and a form, in the cache folder, which is
 * made. Returns 0, or -1. */
static int
ready_path(struct buf *path, const char *dir, bool parses)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	struct buf key = BUF_INIT(BUF_PATH);
	struct stat st;

	if (cache && *cache == '/')
		buf_str_add(path, cache);
	else if (home && *home == '/')
		buf_addf(path, "%s/.cache", home);
	else
		return -1;
	if (stat(dir, &st) < 0)
		return -1;
	buf_addf(&key, "%ju %ju %s %d", (uintmax_t)st.st_dev,
	    (uintmax_t)st.st_ino, kernel_best()->name, parses);
	mkdir(buf_str(path), 0700);
	buf_str_add(path, "/gcpipe");
	mkdir(buf_str(path), 0700);
	buf_addf(path, "/model-%016" PRIx64, hash_text(buf_str(&key),
	    key.len));
	buf_free(&key);
	return path->err ? -1 : 0;
}

static void
walk(struct pipeline *p, struct ready *r)
{
	const struct kernel *k = kernel_best();

	p->vectors.kernel = p->parser_vectors.kernel = k;
	p->vectors.norms = p->parser_vectors.norms = &p->norms;
	vectors_walk(&p->vectors, r);
	scorer_walk(&p->ner.scorer, k, r);
	if (p->parses) {
		vectors_walk(&p->parser_vectors, r);
		scorer_walk(&p->parser.scorer, k, r);
	}
}

static void
forget(struct pipeline *p)
{
	vectors_free(&p->vectors);
	vectors_free(&p->parser_vectors);
	scorer_free(&p->ner.scorer);
	scorer_free(&p->parser.scorer);
}

static int
read_networks(struct pipeline *p, const char *dir, bool cached,
    struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH), text = BUF_INIT(BUF_PATH);
	struct buf after = BUF_INIT(BUF_PATH);
	struct ready ready;
	int r = 0;

	describe(&text, dir);
	cached = cached && ready_path(&path, dir, p->parses) == 0;
	if (cached && ready_open(&p->ready, buf_str(&path),
	    buf_str(&text)) == 0) {
		walk(p, &p->ready);
		if (ready_end(&p->ready))
			goto out;
		forget(p);
		ready_close(&p->ready);
	}
	if ((r = read_network(p, dir, "ner/model", &p->vectors,
	    &p->ner.scorer, why)) == 0 && p->parses)
		r = read_network(p, dir, "parser/model", &p->parser_vectors,
		    &p->parser.scorer, why);
	describe(&after, dir);
	if (r == 0 && cached && strcmp(buf_str(&text), buf_str(&after)) == 0 &&
	    ready_make(&ready, buf_str(&path), buf_str(&text)) == 0) {
		walk(p, &ready);
		ready_end(&ready);
	}
out:
	buf_free(&path);
	buf_free(&text);
	buf_free(&after);
	return r;
}

/* ---- the folder ---- */

static int
read_moves(struct pipeline *p, const char *dir, bool parser, struct fail *why)
{
	const char *name = parser ? "parser/moves" : "ner/moves";
	struct buf b = BUF_INIT(0);
	int r = read_file(&b, dir, name, why);

	if (r == 0 && (r = parser ? arcs_load(&p->parser, buf_str(&b), b.len,
	    why) : biluo_load(&p->ner, buf_str(&b), b.len, why)) < 0)
		named(why, dir, name);
	buf_free(&b);
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
	p->english = r == 0 && c.english;
	if (r == 0 && (r = read_file(&b, dir, "tokenizer", why)) == 0 &&
	    (r = tok_rules_open(&p->rules, buf_str(&b), b.len, why)) < 0)
		named(why, dir, "tokenizer");
	if (r == 0 && (r = read_file(&b, dir, "vocab/lookups.bin", why)) ==
	    0 && (r = read_norms(p, &b, why)) < 0)
		named(why, dir, "vocab/lookups.bin");
	buf_free(&b);
	if (r < 0)
		return -1;
	p->parses = c.parses;
	if (read_networks(p, dir, flags & PIPELINE_CACHED, why) < 0 ||
	    read_moves(p, dir, false, why) < 0)
		return -1;
	return p->parses ? read_moves(p, dir, true, why) : 0;
}

int
pipeline_open(struct pipeline **pipe, const char *dir, unsigned flags,
    struct fail *why)
{
	struct pipeline *p = calloc(1, sizeof *p);

	if (!p)
		return fail_errno(why, "a pipeline");
	p->ready.fd = -1;
	spellings_init(&p->spelled);
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
	spellings_free(&p->spelled);
	vectors_free(&p->vectors);
	biluo_free(&p->ner);
	vectors_free(&p->parser_vectors);
	arcs_free(&p->parser);
	ready_close(&p->ready);
	free(p);
}

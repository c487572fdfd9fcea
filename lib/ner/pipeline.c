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

/* Static vectors, once some rows need them. */
static int
give_statics(struct pipeline *p, const char *dir, const struct weights *w,
    struct fail *why)
{
	if (!vectors_static(w) || p->statics)
		return 0;
	return statics_open(&p->statics, dir, why);
}

static struct scorer *
scorer_of(struct part *k)
{
	return k->what.kind == CONFIG_PARSER ? &k->parser.scorer :
	    &k->ner.scorer;
}

/* A senter's last layer: a row's scores for "I" and "S". */
static int
read_tags(struct part *k, const struct weights *w, struct fail *why)
{
	struct array a = { NULL, { 0 }, 0, 0 }, b = a;
	size_t in = k->vectors.width;
	int node = weights_find(w, "softmax", 0), r = -1;

	if (weights_array(w, node, "W", 2, &a, why) == 0 &&
	    weights_array(w, node, "b", 1, &b, why) == 0) {
		if (a.shape[0] != 2 || a.shape[1] != in || b.n != 2)
			fail(why, EXIT_USAGE, "a senter's last layer does not "
			    "fit");
		else if (affine_pack(&k->tags, kernel_best(), a.v, b.v, 2, 1,
		    in, NULL, k->vectors.stride) < 0)
			fail(why, EXIT_MACHINE, "out of memory");
		else
			r = 0;
	}
	free(a.v);
	free(b.v);
	return r;
}

/* A file of weights: its bytes, and how they are read. */
struct file {
	struct buf bytes, name;
	struct weights w;
};

static int
file_open(struct file *f, const char *dir, const char *component,
    struct fail *why)
{
	struct buf bytes = BUF_INIT(0), name = BUF_INIT(BUF_PATH);

	memset(f, 0, sizeof *f);
	f->bytes = bytes;
	f->name = name;
	buf_addf(&f->name, "%s/model", component);
	if (read_file(&f->bytes, dir, buf_str(&f->name), why) < 0)
		return -1;
	return weights_open(&f->w, buf_str(&f->bytes), f->bytes.len, why) < 0 ?
	    named(why, dir, buf_str(&f->name)) : 0;
}

static void
file_close(struct file *f)
{
	weights_close(&f->w);
	buf_free(&f->bytes);
	buf_free(&f->name);
}

/* A component's own network, and the rows it stands on: its own, or those of
 * the tok2vec that it listens to. */
static int
read_network(struct pipeline *p, const char *dir, struct part *k,
    struct fail *why)
{
	const struct kernel *kernel = kernel_best();
	struct file own, rows, *from = &own;
	int r;

	memset(&rows, 0, sizeof rows);
	r = file_open(&own, dir, k->what.name, why);
	if (r == 0 && k->what.rows[0]) {
		from = &rows;
		r = file_open(&rows, dir, k->what.rows, why);
	}
	if (r == 0 && ((r = give_statics(p, dir, &from->w, why)) < 0 ||
	    (r = vectors_load(&k->vectors, kernel, &p->norms, p->statics,
	    &from->w, why)) < 0))
		named(why, dir, buf_str(&from->name));
	if (r == 0 && (r = k->what.kind == CONFIG_SENTER ? read_tags(k,
	    &own.w, why) : scorer_load(scorer_of(k), kernel,
	    k->vectors.width, &own.w, why)) < 0)
		named(why, dir, buf_str(&own.name));
	file_close(&own);
	file_close(&rows);
	return r;
}

/* ---- what was made ready before ---- */

static bool
has_network(const struct part *k)
{
	return k->what.kind != CONFIG_RULER && k->what.kind != CONFIG_MARKS;
}

/* All components, one after another. */
static struct part *
part_at(struct pipeline *p, size_t i)
{
	return i < p->nsentences ? &p->sentences[i] :
	    &p->entities[i - p->nsentences];
}

static void
describe_file(struct buf *text, const char *dir, const char *name,
    const char *file)
{
	struct buf path = BUF_INIT(BUF_PATH);
	struct stat st;

	buf_addf(&path, "%s/%s%s", dir, name, file);
	if (path.err || stat(buf_str(&path), &st) < 0)
		memset(&st, 0, sizeof st);
	buf_addf(text, "%ju %ju %jd %jd.%09ld %jd.%09ld %s%s\n",
	    (uintmax_t)st.st_dev, (uintmax_t)st.st_ino, (intmax_t)st.st_size,
	    (intmax_t)st.st_mtim.tv_sec, st.st_mtim.tv_nsec,
	    (intmax_t)st.st_ctim.tv_sec, st.st_ctim.tv_nsec, name, file);
	buf_free(&path);
}

/* What the networks are made from: a line for each file, so that any change
 * shows; where they are many, a hash of the lines. */
static void
describe(struct pipeline *p, struct buf *text, const char *dir)
{
	struct buf all = BUF_INIT(BUF_LINE);
	size_t i;

	describe_file(&all, dir, "config.cfg", "");
	for (i = 0; i < p->nsentences + p->nentities; i++) {
		const struct part *k = part_at(p, i);

		if (!has_network(k))
			continue;
		describe_file(&all, dir, k->what.name, "/model");
		if (k->what.rows[0])
			describe_file(&all, dir, k->what.rows, "/model");
	}
	buf_clear(text);
	buf_addf(text, "gcpipe %s, %s, %016" PRIx64 "\n", GC_VERSION,
	    kernel_best()->name, hash_text(buf_str(&all), all.len));
	if (text->len + all.len < READY_TEXT)
		buf_add(text, all.p, all.len);
	buf_free(&all);
}

/* The file for a folder, a kernel and a form, in the cache folder, which is
 * made. Returns 0, or -1. */
static int
ready_path(struct buf *path, const char *dir, bool alone)
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
	    (uintmax_t)st.st_ino, kernel_best()->name, !alone);
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
	const struct kernel *kernel = kernel_best();
	size_t still = p->statics != NULL, i;

	ready_number(r, &still, 2);
	for (i = 0; i < p->nsentences + p->nentities; i++) {
		struct part *k = part_at(p, i);

		if (!has_network(k))
			continue;
		k->vectors.kernel = kernel;
		k->vectors.norms = &p->norms;
		if (r->p)
			k->vectors.statics = p->statics;
		vectors_walk(&k->vectors, r);
		if (k->what.kind == CONFIG_SENTER)
			affine_walk(&k->tags, r);
		else
			scorer_walk(scorer_of(k), kernel, r);
	}
}

static void
forget(struct pipeline *p)
{
	size_t i;

	for (i = 0; i < p->nsentences + p->nentities; i++) {
		struct part *k = part_at(p, i);

		if (k->vectors.mapped)
			memset(&k->tags, 0, sizeof k->tags);
		affine_free(&k->tags);
		vectors_free(&k->vectors);
		scorer_free(&k->ner.scorer);
		scorer_free(&k->parser.scorer);
	}
}

/* The networks from the cache; false where they are not there. */
static bool
map_networks(struct pipeline *p, const char *dir, const char *path,
    const char *text)
{
	struct fail none;
	size_t still = 0;

	if (ready_open(&p->ready, path, text) < 0)
		return false;
	ready_number(&p->ready, &still, 2);
	if (!still || statics_open(&p->statics, dir, &none) == 0) {
		ready_again(&p->ready);
		walk(p, &p->ready);
		if (ready_end(&p->ready))
			return true;
	}
	forget(p);
	statics_close(p->statics);
	p->statics = NULL;
	ready_close(&p->ready);
	return false;
}

static int
read_networks(struct pipeline *p, const char *dir, unsigned flags,
    struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH), text = BUF_INIT(BUF_LINE);
	struct buf after = BUF_INIT(BUF_LINE);
	bool cached = flags & PIPELINE_CACHED && ready_path(&path, dir,
	    flags & PIPELINE_NER_ALONE) == 0;
	struct ready ready;
	size_t i;
	int r = 0;

	describe(p, &text, dir);
	if (cached && map_networks(p, dir, buf_str(&path), buf_str(&text)))
		goto out;
	for (i = 0; i < p->nsentences + p->nentities && r == 0; i++)
		if (has_network(part_at(p, i)))
			r = read_network(p, dir, part_at(p, i), why);
	describe(p, &after, dir);
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

/* ---- what is small ---- */

/* Reads DIR/NAME MORE into b. */
static int
read_part(struct buf *b, const char *dir, const struct part *k,
    const char *more, struct buf *name, struct fail *why)
{
	buf_clear(name);
	buf_addf(name, "%s%s", k->what.name, more);
	return read_file(b, dir, buf_str(name), why);
}

static bool
is_there(const char *dir, const struct part *k, const char *more)
{
	struct buf path = BUF_INIT(BUF_PATH);
	bool there;

	buf_addf(&path, "%s/%s%s", dir, k->what.name, more);
	there = !path.err && access(buf_str(&path), F_OK) == 0;
	buf_free(&path);
	return there;
}

static int
read_moves(struct part *k, struct buf *b, struct fail *why)
{
	return k->what.kind == CONFIG_PARSER ? arcs_load(&k->parser,
	    buf_str(b), b->len, why) : biluo_load(&k->ner, buf_str(b), b->len,
	    why);
}

/* A network's cfg may hold a beam, a senter's or a ruler's whether it
 * overwrites. */
static int
read_settings(struct part *k, struct buf *b, enum attr *phrase,
    struct fail *why)
{
	struct json_val root, v;
	struct buf name = BUF_INIT(BUF_PATH);
	int64_t width;
	int attr;

	if (json_check(buf_str(b), b->len, &root, NULL) < 0 ||
	    json_type(root) != JSON_OBJECT)
		return fail(why, EXIT_USAGE, "no JSON object");
	if (json_get(root, "beam_width", &v) && json_int(v, &width) &&
	    width > 1)
		return fail(why, EXIT_USAGE, "a beam (beam_width %jd) is not "
		    "supported", (intmax_t)width);
	if (json_get(root, "overwrite", &v))
		k->what.overwrite = json_type(v) == JSON_TRUE;
	if (k->what.kind != CONFIG_RULER || !json_get(root,
	    "phrase_matcher_attr", &v) || json_type(v) == JSON_NULL)
		return 0;
	attr = json_type(v) == JSON_STRING && json_decode(v, &name) == 0 ?
	    attr_find(buf_str(&name), name.len) : -1;
	buf_free(&name);
	if (attr < 0 || attr >= ATTR_SPACY)
		return fail(why, EXIT_USAGE, "phrases cannot be compared by "
		    "%.*s", (int)(v.n > 40 ? 40 : v.n), v.p);
	*phrase = (enum attr)attr;
	return 0;
}

/* A ruler's patterns: in its folder, or in a file beside it, as older ones
 * have them. */
static int
read_ruler(struct pipeline *p, const char *dir, struct part *k,
    enum attr phrase, struct fail *why)
{
	struct pattern_how how = { p->rules, &p->norms, &p->spelled,
	    p->english, phrase };
	struct buf path = BUF_INIT(BUF_PATH);
	int r = -1;

	buf_addf(&path, "%s/%s%s", dir, k->what.name, is_there(dir, k,
	    ".jsonl") ? ".jsonl" : "/patterns.jsonl");
	if (path.err)
		fail(why, EXIT_USAGE, "the path is too long");
	else if (patterns_open(&k->patterns, &how, why) == 0 &&
	    patterns_read(k->patterns, buf_str(&path), why) == 0)
		r = patterns_ready(k->patterns, why);
	buf_free(&path);
	return r;
}

/* What a component has beside its network. */
static int
read_rest(struct pipeline *p, const char *dir, struct part *k,
    struct fail *why)
{
	struct buf b = BUF_INIT(0), name = BUF_INIT(BUF_PATH);
	enum attr phrase = ATTR_ORTH;
	int r = 0;

	if (k->what.kind == CONFIG_MARKS) {
		if ((r = read_part(&b, dir, k, ".json", &name, why)) == 0 &&
		    (r = marks_load(&k->marks, buf_str(&b), b.len, why)) < 0)
			named(why, dir, buf_str(&name));
		k->what.overwrite = k->marks.overwrite;
	} else if (is_there(dir, k, "/cfg")) {
		if ((r = read_part(&b, dir, k, "/cfg", &name, why)) == 0 &&
		    (r = read_settings(k, &b, &phrase, why)) < 0)
			named(why, dir, buf_str(&name));
	}
	if (r == 0 && k->what.kind == CONFIG_RULER)
		r = read_ruler(p, dir, k, phrase, why);
	else if (r == 0 && (k->what.kind == CONFIG_NER ||
	    k->what.kind == CONFIG_PARSER)) {
		if ((r = read_part(&b, dir, k, "/moves", &name, why)) == 0 &&
		    (r = read_moves(k, &b, why)) < 0)
			named(why, dir, buf_str(&name));
	}
	buf_free(&b);
	buf_free(&name);
	return r;
}

/* ---- labels ---- */

static int
add_label(struct pipeline *p, struct part *k, size_t i, const char *label,
    size_t n)
{
	k->label[i] = map_add(&p->labels, label, n, NULL);
	return k->label[i] == MAP_NONE ? -1 : 0;
}

/* The labels of all that find entities, numbered through. */
static int
number_labels(struct pipeline *p, struct fail *why)
{
	size_t i, j, n;

	for (i = 0; i < p->nentities; i++) {
		struct part *k = &p->entities[i];
		const struct map *own = &k->ner.moves.labels;

		n = k->patterns ? k->patterns->n : own->n;
		if (!(k->label = malloc((n + 1) * sizeof *k->label)))
			return fail_errno(why, "labels");
		for (j = 0; j < n; j++)
			if ((k->patterns ? add_label(p, k, j,
			    k->patterns->bytes.p + k->patterns->v[j].label,
			    k->patterns->v[j].nlabel) : add_label(p, k, j,
			    own->keys[j].p, own->keys[j].len)) < 0)
				return fail(why, EXIT_MACHINE,
				    "out of memory");
	}
	return 0;
}

/* ---- the folder ---- */

static bool
sets_sentences(const struct config_part *k)
{
	return k->kind != CONFIG_NER && k->kind != CONFIG_RULER;
}

/* Room for the components, each with what config.cfg says. A ruler that
 * looks at sentences would need those set before it. */
static int
make_parts(struct pipeline *p, const struct config *c, struct fail *why)
{
	size_t i;

	p->entities = calloc(c->n + 1, sizeof *p->entities);
	p->sentences = calloc(c->n + 1, sizeof *p->sentences);
	if (!p->entities || !p->sentences)
		return fail_errno(why, "components");
	for (i = 0; i < c->n; i++)
		if (sets_sentences(&c->part[i]))
			p->sentences[p->nsentences++].what = c->part[i];
		else
			p->entities[p->nentities++].what = c->part[i];
	return 0;
}

static int
read_parts(struct pipeline *p, const char *dir, unsigned flags,
    struct fail *why)
{
	size_t i;

	if (read_networks(p, dir, flags, why) < 0)
		return -1;
	for (i = 0; i < p->nsentences + p->nentities; i++)
		if (read_rest(p, dir, part_at(p, i), why) < 0)
			return -1;
	for (i = 0; i < p->nentities; i++)
		if (p->entities[i].patterns &&
		    p->entities[i].patterns->sentences)
			return fail(why, EXIT_USAGE, "%s/%s: patterns that "
			    "look at sentences are not supported inside of a "
			    "pipeline", dir, p->entities[i].what.name);
	return number_labels(p, why);
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
	if (r < 0 || make_parts(p, &c, why) < 0)
		return -1;
	return read_parts(p, dir, flags, why);
}

int
pipeline_open(struct pipeline **pipe, const char *dir, unsigned flags,
    struct fail *why)
{
	struct map none = MAP_INIT;
	struct pipeline *p = calloc(1, sizeof *p);

	if (!p)
		return fail_errno(why, "a pipeline");
	p->ready.fd = -1;
	p->labels = none;
	spellings_init(&p->spelled);
	if (read_all(p, dir, flags, why) < 0) {
		pipeline_close(p);
		return -1;
	}
	*pipe = p;
	return 0;
}

static void
part_free(struct part *k)
{
	if (k->vectors.mapped)
		memset(&k->tags, 0, sizeof k->tags);
	affine_free(&k->tags);
	vectors_free(&k->vectors);
	biluo_free(&k->ner);
	arcs_free(&k->parser);
	marks_free(&k->marks);
	patterns_close(k->patterns);
	free(k->label);
}

void
pipeline_close(struct pipeline *p)
{
	size_t i;

	if (!p)
		return;
	for (i = 0; i < p->nsentences + p->nentities; i++)
		part_free(part_at(p, i));
	free(p->entities);
	free(p->sentences);
	map_free(&p->labels);
	tok_rules_close(p->rules);
	norms_free(&p->norms);
	spellings_free(&p->spelled);
	statics_close(p->statics);
	ready_close(&p->ready);
	free(p);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "grace.h"

#define PARTS 32
#define NOWHERE 255             /* the part of a key that finds nothing */
#define LEVELS 4                /* 32^4 times the memory; then it is taken */
#define NO_VALUE UINT32_MAX     /* the length of an answer that is none */

struct part {
	FILE *right, *left, *answers;   /* owned; NULL when not needed */
};

struct grace {
	struct part part[PARTS];
	FILE *order;            /* owned: a byte a left record */
	enum keep keep;
	size_t max;
	int level, parts;       /* as many files of each kind */
	uint64_t keys, idle, doubled;
};

static int
trouble(struct fail *why)
{
	return fail_errno(why, "a temporary file");
}

/* ---- spools ---- */

FILE *
spool_open(struct fail *why)
{
	const char *dir = getenv("TMPDIR");
	char path[BUF_PATH];
	FILE *f = NULL;
	int fd, n;

	n = snprintf(path, sizeof path, "%s/gc-join.XXXXXX",
	    dir && *dir ? dir : "/tmp");
	if (n < 0 || (size_t)n >= sizeof path) {
		fail(why, EXIT_USAGE, "TMPDIR is too long");
		return NULL;
	}
	if ((fd = mkstemp(path)) >= 0) {
		(void)unlink(path);
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
		if (!(f = fdopen(fd, "w+")))
			close(fd);
	}
	if (!f)
		fail_errno(why, "a temporary file in %s",
		    dir && *dir ? dir : "/tmp");
	return f;
}

static int
put_bytes(FILE *f, const void *p, size_t n, struct fail *why)
{
	return n && fwrite(p, n, 1, f) != 1 ? trouble(why) : 0;
}

int
spool_put(FILE *f, const char *p, size_t n, struct fail *why)
{
	uint32_t len = (uint32_t)n;

	if (n >= NO_VALUE)
		return fail(why, EXIT_DATA, "a record of 4 GB");
	return put_bytes(f, &len, sizeof len, why) < 0 ? -1 :
	    put_bytes(f, p, n, why);
}

int
spool_rewind(FILE *f, struct fail *why)
{
	return fflush(f) != 0 || fseeko(f, 0, SEEK_SET) != 0 ?
	    trouble(why) : 0;
}

/* 1, 0 at the end, -1; NO_VALUE leaves b empty. */
static int
get_run(FILE *f, uint32_t *len, struct buf *b, struct fail *why)
{
	buf_clear(b);
	if (fread(len, sizeof *len, 1, f) != 1)
		return feof(f) ? 0 : trouble(why);
	if (*len == NO_VALUE || *len == 0)
		return 1;
	if (buf_reserve(b, *len) < 0)
		return fail(why, EXIT_MACHINE, "out of memory");
	if (fread(b->p, *len, 1, f) != 1)
		return trouble(why);
	b->len = *len;
	return 1;
}

int
spool_get(FILE *f, struct buf *b, struct fail *why)
{
	uint32_t len;

	return get_run(f, &len, b, why);
}

static void
spool_close(FILE **f)
{
	if (*f)
		fclose(*f);
	*f = NULL;
}

/* ---- splitting ---- */

static int
open_level(struct grace **g, enum keep keep, size_t max, int level,
    int parts, struct fail *why)
{
	int i;

	if (!(*g = calloc(1, sizeof **g)))
		return fail_errno(why, "a join");
	(*g)->keep = keep;
	(*g)->max = max;
	(*g)->level = level;
	(*g)->parts = parts;
	(*g)->order = spool_open(why);
	for (i = 0; i < parts && (*g)->order; i++) {
		(*g)->part[i].right = spool_open(why);
		(*g)->part[i].left = spool_open(why);
		if (!(*g)->part[i].right || !(*g)->part[i].left)
			break;
	}
	if (i == parts)
		return 0;
	grace_close(*g);
	*g = NULL;
	return -1;
}

int
grace_open(struct grace **g, enum keep keep, size_t max, struct fail *why)
{
	return open_level(g, keep, max, 0, PARTS, why);
}

/* FNV-1a, with the finalizer of MurmurHash3, another for each level. */
static int
part_of(const struct grace *g, const char *key, size_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)g->level;
	size_t i;

	for (i = 0; i < n; i++)
		h = (h ^ (unsigned char)key[i]) * UINT64_C(0x100000001b3);
	h += (uint64_t)g->level * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ (h >> 33)) * UINT64_C(0xff51afd7ed558ccd);
	h = (h ^ (h >> 33)) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (int)((h ^ (h >> 33)) % (uint64_t)g->parts);
}

int
grace_right(struct grace *g, const char *key, size_t nkey, const char *val,
    size_t nval, struct fail *why)
{
	FILE *f = g->part[part_of(g, key, nkey)].right;

	return spool_put(f, key, nkey, why) < 0 ? -1 :
	    spool_put(f, val, nval, why);
}

int
grace_left(struct grace *g, const char *key, size_t nkey, struct fail *why)
{
	unsigned char at = NOWHERE;

	if (nkey) {
		at = (unsigned char)part_of(g, key, nkey);
		if (spool_put(g->part[at].left, key, nkey, why) < 0)
			return -1;
	}
	return put_bytes(g->order, &at, 1, why);
}

/* ---- joining one part ---- */

/* Buffers that live as long as a part. */
struct work {
	struct buf key, val;
	struct table table;
};

/* Reads the right side into the table. Returns 1, 0 where it does not fit,
 * or -1. One key alone fits however large it is: splitting would not help. */
static int
fill(struct grace *g, struct part *p, struct work *w, struct fail *why)
{
	int r;

	while ((r = spool_get(p->right, &w->key, why)) > 0) {
		if ((r = spool_get(p->right, &w->val, why)) != 1)
			return r < 0 ? -1 : fail(why, EXIT_MACHINE,
			    "a temporary file ends too early");
		if (table_add(&w->table, w->key.p, w->key.len, w->val.p,
		    w->val.len, why) < 0)
			return -1;
		if (w->table.bytes > g->max && w->table.keys.n > 1 &&
		    g->level + 1 < LEVELS)
			return 0;
	}
	return r < 0 ? -1 : 1;
}

static int
answer(FILE *f, const struct buf *val, bool found, struct fail *why)
{
	const uint32_t none = NO_VALUE;

	return found ? spool_put(f, val->p, val->len, why) :
	    put_bytes(f, &none, sizeof none, why);
}

/* Asks the table every key of the left side. */
static int
probe(struct grace *g, struct part *p, struct work *w, struct fail *why)
{
	int r, found;

	while ((r = spool_get(p->left, &w->key, why)) > 0) {
		found = table_get(&w->table, w->key.p, w->key.len, &w->val);
		if (found < 0)
			return fail(why, EXIT_DATA, "the matches of one key "
			    "are too long for a record");
		if (answer(p->answers, &w->val, found, why) < 0)
			return -1;
	}
	g->keys += w->table.keys.n;
	g->idle += table_idle(&w->table);
	g->doubled += w->table.doubled;
	return r;
}

/* How many files a right side of so many bytes is split into, so that each
 * fits: in a table it takes up to three times its room. */
static int
parts_for(off_t size, size_t max)
{
	uint64_t n = 3 * (uint64_t)(size < 0 ? 0 : size) / max + 2;

	return n < PARTS ? (int)n : PARTS;
}

/* Splits a part again, one level down. */
static int
descend(struct grace *g, struct part *p, struct work *w, struct fail *why)
{
	struct grace *sub;
	bool found;
	int r;

	if (fseeko(p->right, 0, SEEK_END) != 0)
		return trouble(why);
	if (open_level(&sub, g->keep, g->max, g->level + 1,
	    parts_for(ftello(p->right), g->max), why) < 0)
		return -1;
	if (spool_rewind(p->right, why) < 0) {
		grace_close(sub);
		return -1;
	}
	while ((r = spool_get(p->right, &w->key, why)) > 0)
		if ((r = spool_get(p->right, &w->val, why)) != 1 ||
		    (r = grace_right(sub, w->key.p, w->key.len, w->val.p,
		    w->val.len, why)) < 0)
			break;
	while (r == 0 && (r = spool_get(p->left, &w->key, why)) > 0)
		r = grace_left(sub, w->key.p, w->key.len, why);
	if (r == 0)
		r = spool_rewind(p->left, why);
	if (r == 0)
		r = grace_finish(sub, why);
	while (r == 0 && (r = spool_get(p->left, &w->key, why)) > 0)
		if ((r = grace_next(sub, &w->val, &found, why)) == 0)
			r = answer(p->answers, &w->val, found, why);
	g->keys += sub->keys;
	g->idle += sub->idle;
	g->doubled += sub->doubled;
	grace_close(sub);
	return r;
}

static int
join_part(struct grace *g, struct part *p, struct fail *why)
{
	const struct buf empty = BUF_INIT(BUF_DOC);
	struct work w;
	int r = 1;

	w.key = w.val = empty;
	table_init(&w.table, g->keep);
	if (!(p->answers = spool_open(why)) ||
	    spool_rewind(p->right, why) < 0 || spool_rewind(p->left, why) < 0)
		r = -1;
	if (r == 1)
		r = fill(g, p, &w, why);
	if (r == 1) {
		r = probe(g, p, &w, why);
	} else if (r == 0) {
		table_free(&w.table);
		table_init(&w.table, g->keep);
		r = descend(g, p, &w, why);
	}
	table_free(&w.table);
	buf_free(&w.key);
	buf_free(&w.val);
	spool_close(&p->right);
	spool_close(&p->left);
	return r < 0 ? -1 : spool_rewind(p->answers, why);
}

int
grace_finish(struct grace *g, struct fail *why)
{
	int i;

	for (i = 0; i < g->parts; i++)
		if (join_part(g, &g->part[i], why) < 0)
			return -1;
	return spool_rewind(g->order, why);
}

/* ---- the answers ---- */

int
grace_next(struct grace *g, struct buf *value, bool *found, struct fail *why)
{
	int at = getc(g->order);
	uint32_t len;

	*found = false;
	if (at == NOWHERE)
		return 0;
	if (at == EOF || at >= g->parts ||
	    get_run(g->part[at].answers, &len, value, why) != 1)
		return fail(why, EXIT_MACHINE, "a temporary file ends too "
		    "early");
	*found = len != NO_VALUE;
	return 0;
}

void
grace_counts(const struct grace *g, uint64_t *keys, uint64_t *idle,
    uint64_t *doubled)
{
	*keys = g->keys;
	*idle = g->idle;
	*doubled = g->doubled;
}

void
grace_close(struct grace *g)
{
	int i;

	if (!g)
		return;
	for (i = 0; i < PARTS; i++) {
		spool_close(&g->part[i].right);
		spool_close(&g->part[i].left);
		spool_close(&g->part[i].answers);
	}
	spool_close(&g->order);
	free(g);
}

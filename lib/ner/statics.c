/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/statics.h"
#include "ner/hash.h"
#include "ner/pack.h"
#include "ner/uni.h"

#include "json/scan.h"

#include <sys/mman.h>

#define FILE_MAX ((size_t)1 << 30)
#define WIDEST 4096
#define NPY_HEAD 10             /* magic, version, length of the header */
#define ID_ORTH 65              /* spaCy's numbers for the attributes */
#define ID_LOWER 66
#define ID_NORM 67

/* ---- the table ---- */

/* The word behind a name in the header, which is a literal of Python's:
 * {'descr': '<f4', 'fortran_order': False, 'shape': (20, 300), } */
static const char *
header_get(const char *head, const char *name)
{
	const char *p = strstr(head, name);

	if (!p || p == head || p[-1] != '\'' || p[strlen(name)] != '\'')
		return NULL;
	for (p += strlen(name) + 1; *p == ':' || *p == ' '; p++)
		continue;
	return p;
}

static bool
read_header(struct statics *s, const char *head)
{
	const char *descr = header_get(head, "descr");
	const char *order = header_get(head, "fortran_order");
	const char *shape = header_get(head, "shape");
	unsigned long long rows, width;
	char *end;

	if (!descr || strncmp(descr, "'<f4'", 5) != 0 || !order ||
	    strncmp(order, "False", 5) != 0 || !shape || *shape != '(' ||
	    !isdigit((unsigned char)shape[1]))
		return false;
	rows = strtoull(shape + 1, &end, 10);
	if (*end != ',' || end[1] != ' ' || !isdigit((unsigned char)end[2]))
		return false;
	width = strtoull(end + 2, &end, 10);
	if (*end != ')' || rows > INT32_MAX || width > WIDEST)
		return false;
	s->rows = (size_t)rows;
	s->width = (size_t)width;
	return true;
}

static int
map_table(struct statics *s, int fd, struct fail *why)
{
	unsigned char h[NPY_HEAD + 2];
	char head[1024];
	size_t at = NPY_HEAD, n, size;
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    st.st_size < (off_t)sizeof h || pread(fd, h, sizeof h, 0) !=
	    (ssize_t)sizeof h || memcmp(h, "\223NUMPY", 6) != 0 ||
	    h[6] < 1 || h[6] > 3)
		return fail(why, EXIT_USAGE, "not a table as NumPy saves it");
	n = h[8] | (size_t)h[9] << 8;
	if (h[6] > 1) {
		n |= (size_t)h[10] << 16 | (size_t)h[11] << 24;
		at += 2;
	}
	if (n >= sizeof head || pread(fd, head, n, (off_t)at) != (ssize_t)n)
		return fail(why, EXIT_USAGE, "the table has no header");
	head[n] = '\0';
	at += n;
	size = (size_t)st.st_size;
	if (!read_header(s, head) || at % sizeof (float))
		return fail(why, EXIT_USAGE, "only tables of two dimensions "
		    "and type <f4 are supported");
	if (s->rows == 0 || s->width == 0)
		return fail(why, EXIT_USAGE, "the table is empty");
	if ((size - at) / sizeof (float) / s->width != s->rows ||
	    (size - at) % (s->width * sizeof (float)))
		return fail(why, EXIT_USAGE, "the table is cut short");
	s->map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (s->map == MAP_FAILED) {
		s->map = NULL;
		return fail_errno(why, "the table");
	}
	s->mapped = size;
	s->v = (const float *)((const char *)s->map + at);
	return 0;
}

/* ---- rows by ids ---- */

static int
read_rows(struct statics *s, struct pack_val map, struct fail *why)
{
	struct pack_val key, val;
	uint64_t id, row;
	size_t i, j, n = pack_count(map);

	for (s->nslots = 16; s->nslots < 2 * n;)
		s->nslots *= 2;
	s->key = malloc(s->nslots * sizeof *s->key);
	s->row = malloc(s->nslots * sizeof *s->row);
	if (!s->key || !s->row)
		return fail_errno(why, "rows of words");
	memset(s->row, 0xff, s->nslots * sizeof *s->row);
	for (i = 0; pack_nth(map, i, &key, &val); i++) {
		if (!pack_uint(key, &id) || !pack_uint(val, &row) ||
		    row >= s->rows)
			return fail(why, EXIT_USAGE, "a word's row is not in "
			    "the table");
		for (j = hash_mix(id) & (s->nslots - 1); s->row[j] >= 0 &&
		    s->key[j] != id; j = (j + 1) & (s->nslots - 1))
			continue;
		s->key[j] = id;
		s->row[j] = (int32_t)row;
	}
	return 0;
}

static const float *
find(const struct statics *s, uint64_t id)
{
	size_t j = hash_mix(id) & (s->nslots - 1);

	for (; s->row[j] >= 0; j = (j + 1) & (s->nslots - 1))
		if (s->key[j] == id)
			return s->v + (size_t)s->row[j] * s->width;
	return NULL;
}

/* ---- floret ---- */

static uint64_t
turn(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static uint64_t
spread(uint64_t x)
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdull;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53ull;
	return x ^ x >> 33;
}

void
statics_hash(const void *text, size_t n, uint32_t seed, uint64_t out[2])
{
	const uint64_t c = 0x87c37b91114253d5ull, d = 0x4cf5ad432745937full;
	const unsigned char *p = text;
	uint64_t a = seed, b = seed, k[2];
	size_t i, j;

	for (i = 0; i < n; i += 16) {
		k[0] = k[1] = 0;
		for (j = 0; j < 16 && i + j < n; j++)
			k[j / 8] |= (uint64_t)p[i + j] << j % 8 * 8;
		a ^= turn(k[0] * c, 31) * d;
		if (n - i >= 16)
			a = (turn(a, 27) + b) * 5 + 0x52dce729;
		b ^= turn(k[1] * d, 33) * c;
		if (n - i >= 16)
			b = (turn(b, 31) + a) * 5 + 0x38495ab5;
	}
	a ^= n;
	b ^= n;
	a += b;
	b += a;
	a = spread(a);
	b = spread(b);
	a += b;
	out[0] = a;
	out[1] = b + a;
}

/* Adds the rows of a part. */
static void
add_part(const struct statics *s, const char *p, size_t n, float *room)
{
	const float *row;
	uint64_t h[2], x;
	size_t i, j;

	statics_hash(p, n, (uint32_t)s->seed, h);
	for (j = 0; j < s->count; j++) {
		x = j % 2 ? h[j / 2] >> 32 : h[j / 2] & 0xffffffffu;
		row = s->v + x % s->rows * s->width;
		for (i = 0; i < s->width; i++)
			room[i] += row[i];
	}
}

/* The mean over a word and its parts. */
static const float *
blend(const struct statics *s, const char *p, size_t n, struct buf *work,
    float *room)
{
	const char *at, *to, *end;
	size_t points, parts = 1, size, i, j;

	buf_clear(work);
	buf_add(work, s->before.p, s->before.len);
	buf_add(work, p, n);
	buf_add(work, s->after.p, s->after.len);
	if (work->err || n == 0)
		return NULL;
	memset(room, 0, s->width * sizeof *room);
	p = work->p;
	end = p + work->len;
	points = uni_count(p, work->len);
	add_part(s, p, work->len, room);
	for (size = s->least; size <= s->most && size <= points; size++) {
		for (to = p, j = 0; j < size; j++)
			uni_next(&to);
		for (at = p, i = 0; i + size <= points; i++, parts++) {
			add_part(s, at, (size_t)(to - at), room);
			if (at < end)
				uni_next(&at);
			if (to < end)
				uni_next(&to);
		}
	}
	for (i = 0; i < s->width; i++)
		room[i] /= (float)(parts * s->count);
	return room;
}

const float *
statics_row(const struct statics *s, const struct lex *x,
    const struct norms *norms, struct buf *work, float *room)
{
	struct buf low = BUF_INIT(BUF_RECORD);
	const float *row;

	if (!s->floret)
		return find(s, lex_value(x, s->attr, norms, work));
	if (s->attr == LEX_ORTH)
		return blend(s, x->p, x->n, work, room);
	uni_lower(&low, x->p, x->n);
	row = blend(s, buf_str(&low), low.len, work, room);
	buf_free(&low);
	return row;
}

/* ---- settings ---- */

static bool
take_number(struct json_val root, const char *name, uint64_t most,
    uint64_t *out)
{
	struct json_val v;
	int64_t x;

	if (!json_get(root, name, &v))
		return true;
	if (!json_int(v, &x) || x < 0 || (uint64_t)x > most)
		return false;
	*out = (uint64_t)x;
	return true;
}

static bool
take_mark(struct json_val root, const char *name, struct buf *b)
{
	struct json_val v;

	if (!json_get(root, name, &v))
		return true;
	buf_clear(b);
	return json_type(v) == JSON_STRING && json_decode(v, b) == 0;
}

static int
read_settings(struct statics *s, const char *p, size_t n, struct fail *why)
{
	uint64_t attr = ID_ORTH;
	struct json_val root, v;

	if (json_check(p, n, &root, NULL) < 0 ||
	    json_type(root) != JSON_OBJECT)
		return fail(why, EXIT_USAGE, "no JSON object");
	if (json_get(root, "mode", &v) && !json_is(v, "default")) {
		if (!json_is(v, "floret"))
			return fail(why, EXIT_USAGE, "vectors of the mode "
			    "%.*s are not supported", (int)(v.n > 40 ? 40 :
			    v.n), v.p);
		s->floret = true;
	}
	if (!take_number(root, "minn", 1000, &s->least) ||
	    !take_number(root, "maxn", 1000, &s->most) ||
	    !take_number(root, "hash_count", 4, &s->count) ||
	    !take_number(root, "hash_seed", UINT32_MAX, &s->seed) ||
	    !take_number(root, "attr", UINT32_MAX, &attr) ||
	    !take_mark(root, "bow", &s->before) ||
	    !take_mark(root, "eow", &s->after) ||
	    (s->floret && (s->count == 0 || s->least == 0)))
		return fail(why, EXIT_USAGE, "a setting is out of range");
	if (attr == ID_LOWER)
		s->attr = LEX_LOWER;
	else if (attr == ID_NORM && !s->floret)
		s->attr = LEX_NORM;
	else if (attr != ID_ORTH)
		return fail(why, EXIT_USAGE, "vectors by attribute %ju are "
		    "not supported", (uintmax_t)attr);
	return 0;
}

/* ---- the folder ---- */

/* Opens a file of it; -1 where it is not there, with why filled. */
static int
open_file(const char *dir, const char *name, struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PATH);
	int fd;

	buf_addf(&path, "%s/%s", dir, name);
	fd = path.err ? -1 : open(buf_str(&path), O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fail_errno(why, "%s", path.err ? name : buf_str(&path));
		why->code = EXIT_USAGE;
	}
	buf_free(&path);
	return fd;
}

static int
read_file(const char *dir, const char *name, struct buf *b, struct fail *why)
{
	int fd = open_file(dir, name, why), r;

	if (fd < 0)
		return -1;
	buf_clear(b);
	if ((r = buf_read_fd(b, fd)) < 0) {
		fail_errno(why, "%s/%s", dir, name);
		why->code = EXIT_USAGE;
	}
	close(fd);
	return r;
}

static int
open_settings(struct statics *s, const char *dir, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_CONF);
	struct fail none;
	int fd = open_file(dir, "vocab/vectors.cfg", &none), r = 0;

	if (fd < 0)
		return 0;
	close(fd);
	if ((r = read_file(dir, "vocab/vectors.cfg", &b, why)) == 0 &&
	    (r = read_settings(s, buf_str(&b), b.len, why)) < 0)
		fail_prefix(why, "%s/vocab/vectors.cfg", dir);
	buf_free(&b);
	return r;
}

static int
open_rows(struct statics *s, const char *dir, struct fail *why)
{
	struct buf b = BUF_INIT(FILE_MAX);
	struct pack *doc;
	int r;

	if (s->floret)
		return 0;
	if ((r = read_file(dir, "vocab/key2row", &b, why)) == 0) {
		r = pack_open(&doc, b.p ? b.p : "", b.len, why);
		if (r == 0) {
			r = pack_type(pack_root(doc)) == PACK_MAP ?
			    read_rows(s, pack_root(doc), why) :
			    fail(why, EXIT_USAGE, "no map");
			pack_close(doc);
		}
		if (r < 0)
			fail_prefix(why, "%s/vocab/key2row", dir);
	}
	buf_free(&b);
	return r;
}

int
statics_open(struct statics **statics, const char *dir, struct fail *why)
{
	struct buf empty = BUF_INIT(BUF_LINE);
	struct statics *s = calloc(1, sizeof *s);
	int fd, r = -1;

	if (!s)
		return fail_errno(why, "vectors");
	s->before = s->after = empty;
	buf_str_add(&s->before, "<");
	buf_str_add(&s->after, ">");
	if ((fd = open_file(dir, "vocab/vectors", why)) >= 0) {
		if ((r = map_table(s, fd, why)) < 0)
			fail_prefix(why, "%s/vocab/vectors", dir);
		close(fd);
	}
	if (r < 0 || open_settings(s, dir, why) < 0 ||
	    open_rows(s, dir, why) < 0) {
		statics_close(s);
		return -1;
	}
	*statics = s;
	return 0;
}

void
statics_close(struct statics *s)
{
	if (!s)
		return;
	if (s->map)
		munmap(s->map, s->mapped);
	free(s->key);
	free(s->row);
	buf_free(&s->before);
	buf_free(&s->after);
	free(s);
}

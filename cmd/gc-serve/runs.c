/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runs.c -- folders with results in them, the newest first.
 *
 * Links to folders are not followed, so that a run is where it seems to be,
 * and depth and number are bounded: the folder may be anybody's output.
 */
#include "serve.h"

#include <dirent.h>

#define DEPTH_MOST 4
#define RUNS_MOST 1000
#define ENTRIES_MOST 20000      /* of one folder */

const char *const run_file[RUN_FILES] = {
	"evaluation.json", "confusion.json", "drift.json", "decision.json",
	"confusion_matrix.png"
};

static const char *const side_file[SIDES] = {
	"scores.ndjson", "entity_frequency.json", "insights.json", "gcpipe.db"
};

/* FNV-1a, 64 bits (Fowler, Noll, Vo): tells states of files apart. */
static uint64_t
mix(uint64_t h, const void *p, size_t n)
{
	const unsigned char *c = p;

	while (n--)
		h = (h ^ *c++) * UINT64_C(1099511628211);
	return h;
}

static uint64_t
mix_file(uint64_t h, const struct stat *st)
{
	int64_t v[4];

	v[0] = st->st_mtim.tv_sec;
	v[1] = st->st_mtim.tv_nsec;
	v[2] = st->st_size;
	v[3] = (int64_t)st->st_ino;
	return mix(h, v, sizeof v);
}

void
run_free(struct run_folder *f)
{
	free(f->path);
	free(f->name);
	free(f->base);
	memset(f, 0, sizeof *f);
}

void
runs_free(struct runs *r)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		run_free(&r->v[i]);
	free(r->v);
	for (i = 0; i < SIDES; i++) {
		free(r->side[i].path);
		free(r->side[i].name);
	}
	memset(r, 0, sizeof *r);
}

/* "/runs/NAME/": every byte but letters, digits and -._~/ as %XX. No part of
 * a name is "." or "..", which browsers would take for steps. */
static char *
base_of(const char *name)
{
	struct buf b = BUF_INIT(4 * BUF_PATH);
	const char *p;

	buf_str_add(&b, "/runs/");
	for (p = name; *p; p++)
		if (isalnum((unsigned char)*p) || strchr("-._~/", *p))
			buf_putc(&b, *p);
		else
			buf_addf(&b, "%%%02X", (unsigned char)*p);
	buf_putc(&b, '/');
	buf_str(&b);
	if (b.err) {
		buf_free(&b);
		return NULL;
	}
	return b.p;
}

static bool
name_taken(const struct runs *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->n; i++)
		if (strcmp(r->v[i].name, name) == 0)
			return true;
	return false;
}

/* Keeps what lies beside the runs where it is newer than what was found. */
static int
look_beside(struct runs *r, int dir, const char *path, const char *name)
{
	struct buf b = BUF_INIT(BUF_PATH);
	struct side_file *f;
	struct stat st;
	int64_t time;
	int i, bad = 0;

	for (i = 0; i < SIDES && !bad; i++) {
		f = &r->side[i];
		if (fstatat(dir, side_file[i], &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		time = (int64_t)st.st_mtim.tv_sec * 1000 +
		    st.st_mtim.tv_nsec / 1000000;
		if (f->path && f->time >= time)
			continue;
		free(f->path);
		free(f->name);
		buf_clear(&b);
		buf_addf(&b, "%s/%s", path, side_file[i]);
		f->path = strdup(buf_str(&b));
		f->name = strdup(name);
		f->time = time;
		f->mark = mix_file(UINT64_C(14695981039346656037), &st);
		bad = !f->path || !f->name;
	}
	buf_free(&b);
	return bad ? -1 : 0;
}

/* Fills times and mark. Returns whether a document is there. */
static bool
look_at_files(struct run_folder *f, int dir)
{
	struct stat st;
	bool any = false;
	int i;

	f->mark = UINT64_C(14695981039346656037);
	for (i = 0; i < RUN_FILES; i++) {
		if (fstatat(dir, run_file[i], &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		f->time[i] = (int64_t)st.st_mtim.tv_sec * 1000 +
		    st.st_mtim.tv_nsec / 1000000;
		f->mark = mix_file(mix(f->mark, &i, sizeof i), &st);
		if (i == RUN_PICTURE)
			continue;
		any = true;
		if (f->time[i] > f->updated)
			f->updated = f->time[i];
	}
	return any;
}

/* Takes path and name. Returns 0 or -1. */
static int
add_run(struct runs *r, const struct run_folder *found, const char *path,
    const char *name)
{
	struct buf b = BUF_INIT(BUF_PATH);
	struct run_folder *f = realloc(r->v, (r->n + 1) * sizeof *r->v);
	int i;

	if (!f)
		return -1;
	r->v = f;
	f += r->n;
	*f = *found;
	buf_str_add(&b, name);
	for (i = 2; name_taken(r, buf_str(&b)); i++) {
		buf_clear(&b);
		buf_addf(&b, "%s (%d)", name, i);
	}
	f->path = strdup(path);
	f->name = strdup(buf_str(&b));
	f->base = f->name ? base_of(f->name) : NULL;
	buf_free(&b);
	if (!f->path || !f->name || !f->base) {
		run_free(f);
		return -1;
	}
	f->mark = mix(f->mark, f->name, strlen(f->name));
	r->n++;
	return 0;
}

static int look(struct runs *r, int at, const char *entry, const char *path,
    const char *name, int depth);

/* The folders in a folder. */
static int
look_below(struct runs *r, DIR *d, const char *path, const char *name,
    int depth)
{
	struct buf p = BUF_INIT(BUF_PATH), n = BUF_INIT(BUF_PATH);
	struct dirent *e;
	struct stat st;
	int left = ENTRIES_MOST, bad = 0;

	while (bad == 0 && left-- > 0 && (e = readdir(d))) {
		if (e->d_name[0] == '.' || fstatat(dirfd(d), e->d_name, &st,
		    AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(st.st_mode))
			continue;
		buf_clear(&p);
		buf_clear(&n);
		buf_addf(&p, "%s/%s", path, e->d_name);
		buf_addf(&n, "%s/%s", name, e->d_name);
		if (p.err || n.err)
			continue;
		bad = look(r, dirfd(d), e->d_name, buf_str(&p), buf_str(&n),
		    depth + 1);
	}
	buf_free(&p);
	buf_free(&n);
	return bad;
}

static int
look(struct runs *r, int at, const char *entry, const char *path,
    const char *name, int depth)
{
	int fd = openat(at, entry, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
	    O_NONBLOCK | (depth ? O_NOFOLLOW : 0)), bad = 0;
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct run_folder f;

	if (!d) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	memset(&f, 0, sizeof f);
	if (r->n < RUNS_MOST && look_at_files(&f, fd))
		bad = add_run(r, &f, path, name);
	if (bad == 0)
		bad = look_beside(r, fd, path, name);
	if (bad == 0 && depth < DEPTH_MOST && r->n < RUNS_MOST)
		bad = look_below(r, d, path, name, depth);
	closedir(d);
	return bad;
}

static int
by_time(const void *x, const void *y)
{
	const struct run_folder *a = x, *b = y;

	if (a->updated != b->updated)
		return a->updated < b->updated ? 1 : -1;
	return strcmp(a->name, b->name);
}

/* The last part of a path; of "." and "/" what they are called here. */
static void
short_name(struct buf *b, const char *path)
{
	size_t n = strlen(path), from;

	while (n > 1 && path[n - 1] == '/')
		n--;
	for (from = n; from > 0 && path[from - 1] != '/'; from--)
		;
	buf_clear(b);
	buf_add(b, path + from, n - from);
	if (b->len == 0 || strcmp(buf_str(b), ".") == 0 ||
	    strcmp(buf_str(b), "..") == 0) {
		buf_clear(b);
		buf_str_add(b, "here");
	}
}

int
runs_look(struct runs *r, const struct settings_serve *o, struct fail *why)
{
	struct buf name = BUF_INIT(BUF_PATH);
	int i, bad = 0;
	size_t k;

	memset(r, 0, sizeof *r);
	for (i = 0; i < o->ndirs && bad == 0; i++) {
		short_name(&name, o->dirs[i]);
		bad = look(r, AT_FDCWD, o->dirs[i], o->dirs[i],
		    buf_str(&name), 0);
	}
	buf_free(&name);
	if (bad) {
		runs_free(r);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	if (r->n)
		qsort(r->v, r->n, sizeof *r->v, by_time);
	for (k = 0; k < r->n; k++)
		r->mark = mix(r->mark, &r->v[k].mark, sizeof r->v[k].mark);
	for (i = 0; i < SIDES; i++)
		r->mark = mix(r->mark, &r->side[i].mark,
		    sizeof r->side[i].mark);
	return 0;
}

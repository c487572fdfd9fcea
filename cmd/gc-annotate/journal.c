/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal.h"

#include "base/map.h"
#include "base/out.h"
#include "json/filter.h"
#include "json/write.h"

#include <pthread.h>

#define VERSION 1
#define KEY 16                  /* bytes of a key in memory */

struct job {
	uint32_t progress;              /* NOT_BEGUN, 0 begun, else done() */
	uint32_t met;                   /* by this run, so often */
};

#define NOT_BEGUN UINT32_MAX

struct journal {
	const char *path, *query;
	int fd;
	bool headed;                    /* the first line was read */
	pthread_mutex_t lock;
	pthread_cond_t synced_more;
	struct map keys;
	struct job *jobs;               /* owned; by number of the key */
	size_t cap;
	uint64_t appended, synced;      /* lines */
	bool syncing;
	int err;                        /* of a flush: sticky */
};

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

/* ---- keys ---- */

/* 32 hexadecimal digits to 16 bytes. */
static bool
pack(const char *hex, size_t n, unsigned char key[KEY])
{
	size_t i;
	int k, c, digit;

	if (n != 2 * KEY)
		return false;
	for (i = 0; i < KEY; i++) {
		for (k = 0, digit = 0; k < 2; k++) {
			c = (unsigned char)hex[2 * i + (size_t)k];
			if (!isxdigit(c))
				return false;
			digit = digit * 16 + (isdigit(c) ? c - '0' :
			    tolower(c) - 'a' + 10);
		}
		key[i] = (unsigned char)digit;
	}
	return true;
}

/* The job of a key, made where it is new; NULL where memory ends. */
static struct job *
job_of(struct journal *j, const unsigned char key[KEY])
{
	struct job *more;
	uint32_t i;
	size_t cap;
	bool fresh;

	if ((i = map_add(&j->keys, key, KEY, &fresh)) == MAP_NONE)
		return NULL;
	if (i >= j->cap) {
		cap = j->cap ? 2 * j->cap : 1024;
		if (!(more = realloc(j->jobs, cap * sizeof *more)))
			return NULL;
		j->jobs = more;
		j->cap = cap;
	}
	if (fresh) {
		j->jobs[i].progress = NOT_BEGUN;
		j->jobs[i].met = 0;
	}
	return &j->jobs[i];
}

static int
note(struct journal *j, const char *hex, size_t n, uint32_t progress)
{
	unsigned char key[KEY];
	struct job *job;

	if (!pack(hex, n, key))
		return 0;
	if (!(job = job_of(j, key)))
		return -1;
	job->progress = progress;
	return 0;
}

uint32_t
journal_meet(struct journal *j, const char *hex)
{
	unsigned char key[KEY];
	struct job *job = NULL;
	uint32_t nth = 0;

	pthread_mutex_lock(&j->lock);
	if (pack(hex, strlen(hex), key) && (job = job_of(j, key)))
		nth = ++job->met;
	pthread_mutex_unlock(&j->lock);
	return nth;
}

enum journal_state
journal_find(struct journal *j, const char *hex, bool *written,
    uint32_t *attempts)
{
	unsigned char key[KEY];
	uint32_t i, progress = NOT_BEGUN;

	if (!pack(hex, strlen(hex), key))
		return JOURNAL_NEW;
	pthread_mutex_lock(&j->lock);
	if ((i = map_find(&j->keys, key, KEY)) != MAP_NONE)
		progress = j->jobs[i].progress;
	pthread_mutex_unlock(&j->lock);
	if (progress == NOT_BEGUN)
		return JOURNAL_NEW;
	*written = progress & 1;
	*attempts = progress ? progress / 2 - 1 : 0;
	return progress ? JOURNAL_DONE : JOURNAL_BEGUN;
}

/* What is noted of a job that is done. */
static uint32_t
done(bool written, uint32_t attempts)
{
	return 2 * (attempts + 1) + written;
}

/* ---- reading ---- */

static int
not_ours(const char *path, struct fail *why)
{
	return fail(why, EXIT_USAGE, "%s is no state of gc-annotate", path);
}

/* The first line: whose it is. */
static int
check_head(const char *path, const char *query, const char *p, size_t n,
    struct fail *why)
{
	struct json_val v, m;
	int64_t version;

	if (json_check(p, n, &v, NULL) < 0 || !json_get(v, "tool", &m) ||
	    !json_is(m, "gc-annotate") || !json_get(v, "version", &m) ||
	    !json_int(m, &version) || version != VERSION ||
	    !json_get(v, "query", &m))
		return not_ours(path, why);
	if (query && !json_is(m, query))
		return fail(why, EXIT_USAGE, "%s belongs to other options: "
		    "remove it to begin anew", path);
	return 0;
}

static int
read_line(void *ctx, const struct record *rec, struct fail *why)
{
	struct journal *j = ctx;
	struct json_val key, m;
	int64_t attempts = 0;
	uint32_t progress = 0;

	if (!j->headed) {
		j->headed = true;
		return 0;
	}
	if (!json_get(rec->val, "key", &key) || key.n < 2)
		return not_ours(j->path, why);
	if (json_get(rec->val, "status", &m)) {
		bool written = json_is(m, "written");

		if (json_get(rec->val, "attempts", &m))
			(void)json_int(m, &attempts);
		progress = done(written, (uint32_t)attempts);
	}
	return note(j, key.p + 1, key.n - 2, progress) < 0 ? no_memory(why) : 0;
}

/* Cuts away what follows the last line end: a kill came in between. */
static int
mend(struct journal *j, struct fail *why)
{
	off_t end = lseek(j->fd, 0, SEEK_END), at = end;
	char block[4096], *nl = NULL;
	ssize_t n;
	size_t want, i;

	while (at > 0 && !nl) {
		want = at < (off_t)sizeof block ? (size_t)at : sizeof block;
		n = pread(j->fd, block, want, at - (off_t)want);
		if (n != (ssize_t)want)
			return fail_errno(why, "cannot read %s", j->path);
		for (i = want; i > 0 && !nl; i--)
			if (block[i - 1] == '\n')
				nl = block + i;
		at -= nl ? (off_t)want - (nl - block) : (off_t)want;
	}
	if (end < 0 || (at < end && ftruncate(j->fd, at) < 0))
		return fail_errno(why, "cannot mend %s", j->path);
	return 0;
}

/* ---- opening ---- */

static int
lock(struct journal *j, struct fail *why)
{
	struct flock all;

	memset(&all, 0, sizeof all);
	all.l_type = F_WRLCK;
	all.l_whence = SEEK_SET;
	if (fcntl(j->fd, F_SETLK, &all) == 0)
		return 0;
	if (errno == EACCES || errno == EAGAIN)
		return fail(why, EXIT_USAGE, "%s is in use by another "
		    "gc-annotate", j->path);
	return fail_errno(why, "cannot lock %s", j->path);
}

/* Is it ours? Writes the first line where there is none, or where a kill cut
 * it off. */
static int
settle_head(struct journal *j, struct fail *why)
{
	char head[256], was[256], *nl;
	int n = snprintf(head, sizeof head, "{\"tool\":\"gc-annotate\","
	    "\"version\":%d,\"query\":\"%.64s\"}\n", VERSION, j->query);
	ssize_t have = pread(j->fd, was, sizeof was, 0);

	if (have < 0)
		return fail_errno(why, "cannot read %s", j->path);
	if ((nl = memchr(was, '\n', (size_t)have)))
		return check_head(j->path, j->query, was, (size_t)(nl - was),
		    why);
	if (have >= n || memcmp(was, head, (size_t)have) != 0)
		return not_ours(j->path, why);
	if ((have > 0 && ftruncate(j->fd, 0) < 0) ||
	    out_fd(j->fd, head, (size_t)n) < 0)
		return fail_errno(why, "cannot write %s", j->path);
	return 0;
}

static int
open_file(struct journal *j, struct fail *why)
{
	struct stat st;

	j->fd = open(j->path, O_RDWR | O_APPEND | O_CLOEXEC | O_CREAT, 0600);
	if (j->fd < 0 || fstat(j->fd, &st) < 0) {
		fail_errno(why, "cannot open %s", j->path);
		why->code = EXIT_USAGE;
		return -1;
	}
	if (!S_ISREG(st.st_mode))
		return not_ours(j->path, why);
	if (lock(j, why) < 0 || settle_head(j, why) < 0)
		return -1;
	return mend(j, why);
}

int
journal_open(struct journal **out, const char *path, const char *query,
    struct fail *why)
{
	struct journal *j = calloc(1, sizeof *j);

	*out = NULL;
	if (!j)
		return no_memory(why);
	j->path = path;
	j->query = query;
	j->fd = -1;
	pthread_mutex_init(&j->lock, NULL);
	pthread_cond_init(&j->synced_more, NULL);
	/* reading it opens and closes it, which lets the lock go: so it is
	 * taken again; who came in between has it, and is told of here */
	if (open_file(j, why) < 0 ||
	    filter_each(path, read_line, j, why) < 0 || lock(j, why) < 0) {
		(void)journal_close(j, NULL);
		return -1;
	}
	*out = j;
	return 0;
}

int
journal_close(struct journal *j, struct fail *why)
{
	int r = 0;

	if (!j)
		return 0;
	if (j->fd >= 0 && j->appended > j->synced && fdatasync(j->fd) < 0)
		r = fail_errno(why, "cannot flush %s", j->path);
	if (j->fd >= 0 && close(j->fd) < 0 && r == 0)
		r = fail_errno(why, "cannot close %s", j->path);
	pthread_cond_destroy(&j->synced_more);
	pthread_mutex_destroy(&j->lock);
	map_free(&j->keys);
	free(j->jobs);
	free(j);
	return r;
}

/* ---- writing ---- */

/* Appends a line and notes what it says. */
static int
append(struct journal *j, const char *key, const struct buf *line,
    uint32_t progress, uint64_t *mine, struct fail *why)
{
	int r = 0;

	if (line->err)
		return no_memory(why);
	pthread_mutex_lock(&j->lock);
	if (out_fd(j->fd, line->p, line->len) < 0)
		r = fail_errno(why, "cannot write %s", j->path);
	else if (note(j, key, strlen(key), progress) < 0)
		r = no_memory(why);
	*mine = ++j->appended;
	pthread_mutex_unlock(&j->lock);
	return r;
}

/* Waits until a line is on the disk. One thread flushes for all that wait. */
static int
flush(struct journal *j, uint64_t mine, struct fail *why)
{
	uint64_t upto;
	int r = 0;

	pthread_mutex_lock(&j->lock);
	while (j->synced < mine && !j->err) {
		if (j->syncing) {
			pthread_cond_wait(&j->synced_more, &j->lock);
			continue;
		}
		j->syncing = true;
		upto = j->appended;
		pthread_mutex_unlock(&j->lock);
		r = fdatasync(j->fd) < 0 ? errno : 0;
		pthread_mutex_lock(&j->lock);
		j->syncing = false;
		j->synced = upto;
		j->err = r;
		pthread_cond_broadcast(&j->synced_more);
	}
	errno = j->err;
	r = j->err ? fail_errno(why, "cannot flush %s", j->path) : 0;
	pthread_mutex_unlock(&j->lock);
	return r;
}

int
journal_begin(struct journal *j, const char *key, struct json_val id,
    const struct changes *c, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	uint64_t mine;
	int r;

	buf_addf(&b, "{\"key\":\"%s\",\"id\":", key);
	json_raw(&b, id);
	buf_str_add(&b, ",\"set\":");
	buf_add(&b, c->set.p, c->set.len);
	buf_str_add(&b, ",\"before\":");
	buf_add(&b, c->before.p, c->before.len);
	buf_str_add(&b, "}\n");
	r = append(j, key, &b, 0, &mine, why);
	buf_free(&b);
	return r < 0 ? -1 : flush(j, mine, why);
}

int
journal_done(struct journal *j, const char *key, bool written,
    uint32_t attempts, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	uint64_t mine;
	int r;

	buf_addf(&b, "{\"key\":\"%s\",\"status\":\"%s\",\"attempts\":%"
	    PRIu32 "}\n", key, written ? "written" : "unchanged", attempts);
	r = append(j, key, &b, done(written, attempts), &mine, why);
	buf_free(&b);
	return r;
}

/* ---- backwards ---- */

/* A journal's lines of writing, in memory. */
struct backwards {
	const char *path;
	bool headed;
	struct buf text;
	size_t *from;           /* owned: where each line begins in text */
	size_t n, cap;
	struct map keys;
};

static int
keep_line(void *ctx, const struct record *rec, struct fail *why)
{
	struct backwards *b = ctx;
	struct json_val m;
	size_t *more, cap = b->cap ? 2 * b->cap : 1024;

	if (!b->headed) {
		b->headed = true;
		return check_head(b->path, NULL, rec->line, rec->len, why);
	}
	if (!json_get(rec->val, "key", &m))
		return not_ours(b->path, why);
	if (!json_get(rec->val, "set", &m))
		return 0;
	if (b->n == b->cap) {
		if (!(more = realloc(b->from, cap * sizeof *more)))
			return no_memory(why);
		b->from = more;
		b->cap = cap;
	}
	b->from[b->n++] = b->text.len;
	buf_add(&b->text, rec->val.p, rec->val.n);
	return b->text.err ? no_memory(why) : 0;
}

int
journal_backwards(const char *path, int (*one)(void *ctx, struct json_val line,
    struct fail *why), void *ctx, struct fail *why)
{
	struct backwards b = { .path = path, .text = BUF_INIT(BUF_DOC * 4),
	    .keys = MAP_INIT };
	struct json_val line, key;
	size_t end;
	bool fresh;
	int r = filter_each(path, keep_line, &b, why);

	for (end = b.text.len; r == 0 && b.n > 0; end = b.from[b.n]) {
		b.n--;
		line.p = b.text.p + b.from[b.n];
		line.n = end - b.from[b.n];
		if (!json_get(line, "key", &key) || map_add(&b.keys, key.p,
		    key.n, &fresh) == MAP_NONE)
			r = no_memory(why);
		else if (fresh)         /* else an earlier attempt of it */
			r = one(ctx, line, why);
	}
	buf_free(&b.text);
	map_free(&b.keys);
	free(b.from);
	return r;
}

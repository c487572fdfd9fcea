/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/ready.h"
#include "ner/hash.h"

#include <sys/mman.h>
#include <sys/resource.h>

#define HEAD 1024
#define TEXT READY_TEXT
#define STEP 64
#define LANES 8                 /* words of a step */
#define MOST ((size_t)1 << 31)
#define MAGIC "gcner\0\0\2"     /* its last byte: the version of the walk */
#define ORDER 0x01020304u

struct head {
	char text[TEXT];
	char magic[8];
	uint64_t order, length, sum;
	char rest[HEAD - TEXT - 32];
};

/* A sum that every changed word changes: eight chains of bijections. */
static void
add(uint64_t sum[LANES], const char *p, size_t n)
{
	uint64_t w[LANES];
	size_t i, j;

	for (i = 0; i < n; i += STEP) {
		memcpy(w, p + i, STEP);
		for (j = 0; j < LANES; j++) {
			sum[j] = (sum[j] ^ w[j]) * 0x9fb21c651e98df25ull;
			sum[j] ^= sum[j] >> 32;
		}
	}
}

static uint64_t
total(const uint64_t sum[LANES])
{
	uint64_t h = 0;
	size_t j;

	for (j = 0; j < LANES; j++)
		h = hash_mix(h ^ sum[j]);
	return h;
}

static void
start(struct ready *r, const char *path)
{
	struct buf empty = BUF_INIT(BUF_PATH);
	size_t j;

	memset(r, 0, sizeof *r);
	r->path = r->temp = empty;
	r->fd = -1;
	for (j = 0; j < LANES; j++)
		r->sum[j] = j + 1;
	buf_str_add(&r->path, path);
	r->at = HEAD;
}

/* ---- reading ---- */

static bool
is_own(const struct stat *st)
{
	return S_ISREG(st->st_mode) && st->st_uid == geteuid() &&
	    (st->st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
	    st->st_size > HEAD && (uint64_t)st->st_size < MOST &&
	    st->st_size % STEP == 0;
}

static bool
agrees(struct ready *r, const char *text)
{
	struct head h;

	memcpy(&h, r->p, sizeof h);
	if (memcmp(h.magic, MAGIC, sizeof h.magic) != 0 ||
	    h.order != ORDER || h.length != r->n ||
	    strncmp(h.text, text, sizeof h.text) != 0)
		return false;
	add(r->sum, r->p + HEAD, r->n - HEAD);
	return total(r->sum) == h.sum;
}

int
ready_open(struct ready *r, const char *path, const char *text)
{
	struct stat st;
	void *p;
	int fd;

	start(r, path);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0 && fstat(fd, &st) == 0 && is_own(&st)) {
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd,
		    0);
		if (p != MAP_FAILED) {
			r->p = p;
			r->n = (size_t)st.st_size;
		}
	}
	if (fd >= 0)
		close(fd);
	if (r->p && agrees(r, text))
		return 0;
	ready_close(r);
	return -1;
}

/* ---- writing ---- */

static int
put(struct ready *r, const void *p, size_t n)
{
	const char *at = p;
	ssize_t k;

	while (n > 0 && !r->wrong) {
		k = write(r->fd, at, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			r->wrong = true;
			break;
		}
		at += k;
		n -= (size_t)k;
	}
	return r->wrong ? -1 : 0;
}

int
ready_make(struct ready *r, const char *path, const char *text)
{
	struct head h;
	struct rlimit most;

	start(r, path);
	r->limit = getrlimit(RLIMIT_FSIZE, &most) < 0 ||
	    most.rlim_cur == RLIM_INFINITY ? UINT64_MAX : most.rlim_cur;
	memset(&h, 0, sizeof h);
	buf_addf(&r->temp, "%s.XXXXXX", path);
	if (strlen(text) < sizeof h.text && !r->temp.err &&
	    (r->fd = mkstemp((char *)(uintptr_t)buf_str(&r->temp))) >= 0) {
		memcpy(h.text, text, strlen(text));
		if (put(r, &h, sizeof h) == 0)
			return 0;
	}
	ready_close(r);
	return -1;
}

/* What is n bytes long takes a multiple of STEP. */
static void
write_some(struct ready *r, const void *p, size_t n)
{
	size_t whole = n / STEP * STEP;
	char last[STEP] = "";

	/* a signal would end the program, which can do without */
	if (n > r->limit || r->at + n + STEP > r->limit)
		r->wrong = true;
	put(r, p, whole);
	add(r->sum, p, whole);
	if (whole < n) {
		memcpy(last, (const char *)p + whole, n - whole);
		put(r, last, STEP);
		add(r->sum, last, STEP);
		whole += STEP;
	}
	r->at += whole;
}

/* The head comes last. */
static bool
finish(struct ready *r)
{
	struct {
		char magic[8];
		uint64_t order, length, sum;
	} h = { MAGIC, ORDER, r->at, total(r->sum) };

	if (!r->wrong && lseek(r->fd, TEXT, SEEK_SET) == TEXT &&
	    put(r, &h, sizeof h) == 0 && close(r->fd) == 0) {
		r->fd = -1;
		if (rename(buf_str(&r->temp), buf_str(&r->path)) == 0)
			buf_clear(&r->temp);
	}
	ready_close(r);
	return true;
}

/* ---- the walk ---- */

/* The next n bytes, or NULL. */
static const char *
take(struct ready *r, size_t n)
{
	size_t whole = (n + STEP - 1) / STEP * STEP;
	const char *p = r->p + r->at;

	if (r->wrong || whole < n || whole > r->n - r->at) {
		r->wrong = true;
		return NULL;
	}
	r->at += whole;
	return p;
}

void
ready_again(struct ready *r)
{
	r->at = HEAD;
	r->wrong = false;
}

void
ready_number(struct ready *r, size_t *v, size_t max)
{
	uint64_t u = *v;
	const char *p;

	if (!r->p) {
		write_some(r, &u, sizeof u);
		return;
	}
	if ((p = take(r, sizeof u)))
		memcpy(&u, p, sizeof u);
	r->wrong |= !p || u >= max;
	*v = r->wrong ? 0 : u;
}

void
ready_floats(struct ready *r, float **v, size_t n)
{
	if (!r->p)
		write_some(r, *v, n * sizeof **v);
	else if (n > MOST / sizeof **v)
		r->wrong = true;
	else
		*v = (float *)(uintptr_t)take(r, n * sizeof **v);
}

bool
ready_end(struct ready *r)
{
	return r->p ? !r->wrong && r->at == r->n : finish(r);
}

void
ready_close(struct ready *r)
{
	if (r->p)
		munmap((void *)(uintptr_t)r->p, r->n);
	if (r->fd >= 0)
		close(r->fd);
	if (r->temp.len)
		unlink(buf_str(&r->temp));
	buf_free(&r->path);
	buf_free(&r->temp);
	r->p = NULL;
	r->fd = -1;
}

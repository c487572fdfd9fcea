/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fault.h"

#include "base/clock.h"
#include "token.h"

void
faults_free(struct faults *fs)
{
	size_t i;

	for (i = 0; i < fs->n; i++) {
		struct fault *f = &fs->v[i];

		free(f->method);
		free(f->path);
		free(f->query);
		free(f->body);
		free(f->nth);
		buf_free(&f->headers.text);
		buf_free(&f->answer);
		buf_free(&f->raw);
	}
	free(fs->v);
	buf_free(&fs->text);
}

/* ---- which one fits ---- */

bool
glob_fits(const char *glob, const char *text)
{
	const char *star = NULL, *again = NULL;

	while (*text) {
		if (*glob == '*') {
			star = ++glob;
			again = text;
		} else if (*glob == *text) {
			glob++;
			text++;
		} else if (star) {
			glob = star;
			text = ++again;
		} else {
			return false;
		}
	}
	return glob[strspn(glob, "*")] == '\0';
}

static bool
path_fits(const char *want, const char *path)
{
	size_t n = strlen(want);

	if (glob_fits(want, path))
		return true;
	while (n > 0 && want[n - 1] == '/')
		n--;
	return strncmp(want, path, n) == 0 && path[n] == '/';
}

static bool
holds(const struct buf *b, const char *piece)
{
	size_t n = strlen(piece), i;

	for (i = 0; i + n <= b->len; i++)
		if (memcmp(b->p + i, piece, n) == 0)
			return true;
	return false;
}

static bool
is_turn(const struct fault *f)
{
	size_t i;

	for (i = 0; i < f->nnth; i++)
		if (f->seen >= f->nth[i].low && f->seen <= f->nth[i].high)
			return true;
	return f->nnth == 0;
}

const struct fault *
faults_find(struct faults *fs, const struct request *q)
{
	const struct fault *found = NULL;
	struct fault *f;

	for (f = fs->v; f && f < fs->v + fs->n; f++) {
		if ((f->method && strcasecmp(f->method, q->method) != 0) ||
		    (f->path && !path_fits(f->path, q->path.p)) ||
		    (f->query && !glob_fits(f->query, q->query_text)) ||
		    (f->body && !holds(&q->body, f->body)))
			continue;
		f->seen++;
		if (!found && is_turn(f))
			found = f;
	}
	return found;
}

bool
fault_on_wire(const struct fault *f)
{
	return f->has_raw || f->cut_after >= 0 || f->content_length >= 0 ||
	    f->slow_ms > 0 || f->end != END_CLOSE;
}

/* ---- what it answers ---- */

static const char *
code_of(int status)
{
	static const struct {
		int status;
		const char *code;
	} known[] = {
		{ 400, "bad.request" }, { 401, "bad.credentials" },
		{ 403, "not.authorized" }, { 404, "not.found" },
		{ 408, "client.timeout" }, { 409, "general.conflict" },
		{ 412, "precondition.failed" },
		{ 413, "request.entity.too.large" },
		{ 415, "unsupported.media.type" },
		{ 422, "unprocessable.entity" },
		{ 500, "internal.server.error" },
		{ 502, "bad.gateway" }, { 503, "service.unavailable" },
		{ 429, "too.many.requests" }, { 504, "request.timeout" },
	};
	size_t i;

	for (i = 0; i < COUNT(known); i++)
		if (known[i].status == status)
			return known[i].code;
	return "fault";
}

void
fault_spoil(const struct fault *f, struct answer *a)
{
	if (!f->has_answer)
		return;
	if (a->stream)
		a->stream->free(a->stream);
	a->stream = NULL;
	buf_clear(&a->body);
	buf_add(&a->body, f->answer.p, f->answer.len);
}

void
fault_answer(const struct fault *f, struct answer *a)
{
	int status = (int)f->status;

	if (status == 429 && f->retry_after >= 0)
		answer_too_many(a, f->retry_after, f->retry_date);
	else if (status >= 400)
		answer_error(a, status, code_of(status),
		    "a fault of line %d", f->line);
	else
		answer_begin(a, status, "application/json");
	fault_spoil(f, a);
}

void
fault_headers(const struct fault *f, struct answer *a)
{
	const char *name = NULL, *value = NULL;

	if (f->retry_after >= 0 && f->status != 429) {
		if (f->retry_date)
			answer_date(a, "Retry-After", clock_now() +
			    1000 * f->retry_after);
		else
			answer_header(a, "Retry-After", "%" PRId64,
			    f->retry_after);
	}
	while (params_next(&f->headers, &name, &value))
		params_set(&a->headers, name, value);
}

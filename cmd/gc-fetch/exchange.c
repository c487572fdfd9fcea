/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exchange.c -- one request of a run and its answer, wherever that comes from:
 * the wire, or a page that was asked for before its turn. */
#include "run.h"

/* A 2xx body: to the parts, or kept. */
static int
on_body(void *ctx, const struct http_answer *a, const void *p, size_t n,
    struct fail *why)
{
	const char *type = http_header(a, "Content-Type");
	char boundary[MULTIPART_BOUNDARY + 1];
	struct run *r = ctx;
	int k;

	if (!r->parts.begun && !r->multipart && r->body.len == 0 && type &&
	    !r->opts->raw && !r->opts->pages &&
	    media_kind(type, strlen(type)) == MEDIA_MULTIPART) {
		if (multipart_boundary(type, strlen(type), boundary) < 0 &&
		    multipart_guess(p, n, false, boundary) < 0)
			return fail(why, EXIT_SERVICE,
			    "a multipart answer without a boundary");
		r->multipart = true;
		if (parts_begin(&r->parts, boundary, why) < 0)
			return -1;
	}
	if (r->multipart) {
		k = parts_feed(&r->parts, p, n, why);
		if (k == TAKE_ENOUGH)
			r->enough = true;
		return k ? -1 : 0;
	}
	if (buf_add(&r->body, p, n) == 0)
		return 0;
	return fail(why, errno == ENOMEM ? EXIT_MACHINE : EXIT_SERVICE,
	    errno == ENOMEM ? "out of memory" :
	    "an answer of more than %zu bytes", r->body.max);
}

static void
on_restart(void *ctx)
{
	struct run *r = ctx;

	buf_clear(&r->body);
	parts_restart(&r->parts);
	r->multipart = false;
}

/* What an answer was, whoever fetched it. */
static void
note_answer(struct run *r, const char *type, const char *url, uint64_t bytes)
{
	snprintf(r->type, sizeof r->type, "%s", type ? type : "");
	buf_clear(&r->answered);
	buf_str_add(&r->answered, url);
	r->bytes += bytes;
}

/* The answer is here already. */
static int
adopt(struct run *r, struct ahead_job *j, struct fail *why)
{
	struct buf b;

	note_answer(r, j->type, buf_str(&j->answered), j->bytes);
	b = r->body;
	r->body = j->answer;
	j->answer = b;
	b = r->line;
	r->line = j->line;
	j->line = b;
	if (j->result < 0)
		*why = j->why;
	return j->result;
}

int
run_send(struct run *r, double max_wait, struct fail *why)
{
	struct wire_request req = { .url = buf_str(&r->page.url),
	    .first = buf_str(&r->first),
	    .max_wait = max_wait, .sink = on_body, .restart = on_restart,
	    .ctx = r };
	struct call now = *r->call;
	struct ahead_job *job;
	struct buf unused = BUF_INIT(BUF_DOC);
	int k;

	on_restart(r);
	if ((job = ahead_take(&r->ahead, &r->page)))
		return adopt(r, job, why);
	if (!r->page.post) {            /* a link: no body goes along */
		now.method = (char *)(uintptr_t)
		    (strcmp(call_method(r->call), "HEAD") ? "GET" : "HEAD");
		now.body = NULL;
	}
	req.call = &now;
	if (r->page.post && now.body) {
		req.body = buf_str(&r->page.body);
		req.nbody = r->page.body.len;
	}
	k = wire_send(r->wire, &req, why);
	note_answer(r, http_header(wire_answer(r->wire), "Content-Type"),
	    wire_url(r->wire), wire_answer(r->wire)->bytes);
	wire_hand_over(r->wire, &unused, &r->line);
	buf_free(&unused);
	return k;
}

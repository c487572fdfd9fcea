/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journal.h"

#include "base/map.h"
#include "base/out.h"
#include "json/write.h"
#include "net/digest.h"

int
journal_open(struct journal *j, const char *path, struct fail *why)
{
	static const struct journal none = { -1, BUF_INIT(BUF_DOC), false };

	*j = none;
	if (!path)
		return 0;
	j->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC,
	    0666);
	if (j->fd < 0) {
		fail_errno(why, "cannot open %s", path);
		if (why)
			why->code = EXIT_USAGE;
		return -1;
	}
	return 0;
}

/* What may be told of a header. */
static void
put_value(struct buf *b, const char *name, const char *value)
{
	if (strcmp(name, "authorization") == 0)
		buf_add(b, value, strcspn(value, " "));
	else if (strcmp(name, "cookie") == 0 ||
	    strcmp(name, "proxy-authorization") == 0)
		buf_str_add(b, "(hidden)");
	else
		buf_str_add(b, value);
}

static bool
seen_before(const struct params *p, const char *until, const char *name)
{
	const char *n = NULL, *v = NULL;

	while (params_next(p, &n, &v) && n != until)
		if (strcasecmp(n, name) == 0)
			return true;
	return false;
}

static void
put_headers(struct buf *b, const struct params *p)
{
	const char *n = NULL, *v = NULL, *n2, *v2;
	struct buf value = BUF_INIT(BUF_HEAD);
	char name[128];
	size_t i;

	buf_putc(b, '{');
	while (params_next(p, &n, &v)) {
		if (seen_before(p, n, n))
			continue;
		snprintf(name, sizeof name, "%s", n);
		for (i = 0; name[i]; i++)
			name[i] = (char)tolower((unsigned char)name[i]);
		buf_clear(&value);
		put_value(&value, name, v);
		for (n2 = n, v2 = v; params_next(p, &n2, &v2); ) {
			if (strcasecmp(n2, n) != 0)
				continue;
			buf_str_add(&value, ", ");
			put_value(&value, name, v2);
		}
		json_key(b, name);
		json_str(b, value.p, value.len);
	}
	buf_putc(b, '}');
	buf_free(&value);
}

int
journal_add(struct journal *j, const struct request *q, int status,
    struct fail *why)
{
	struct buf *b = &j->line;
	char sha[DIGEST_HEX];

	if (j->fd < 0 || j->failed)
		return 0;
	if (digest_hex(q->body.p, q->body.len, sha, why) < 0)
		return -1;
	buf_clear(b);
	buf_putc(b, '{');
	json_key(b, "n");
	json_uint(b, q->number);
	json_key(b, "method");
	json_cstr(b, q->method);
	json_key(b, "path");
	json_str(b, q->target, strcspn(q->target, "?"));
	json_key(b, "query");
	json_cstr(b, q->query_text);
	json_key(b, "headers");
	put_headers(b, &q->headers);
	json_key(b, "body_bytes");
	json_uint(b, q->body.len);
	json_key(b, "body_sha256");
	json_cstr(b, sha);
	json_key(b, "status");
	json_int64(b, status);
	if (q->fault) {
		json_key(b, "fault");
		json_int64(b, q->fault->line);
	}
	buf_add(b, "}\n", 2);
	if (b->err || out_fd(j->fd, b->p, b->len) < 0) {
		j->failed = true;
		return fail_errno(why, "cannot write the journal");
	}
	return 0;
}

void
journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
	buf_free(&j->line);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lines.h"

static int
one_line(const char *p, size_t n, const char *name, int number,
    lines_take *take, void *ctx, struct fail *why)
{
	struct json_val v;
	struct json_err err;

	if (json_check(p, n, &v, &err) < 0)
		return fail(why, EXIT_USAGE, "%s:%d:%zu: invalid JSON: %s",
		    name, number, err.offset + 1, err.text);
	if (json_type(v) != JSON_OBJECT)
		return fail(why, EXIT_USAGE, "%s:%d: not an object", name,
		    number);
	if (take(ctx, v, number, why) < 0)
		return fail_prefix(why, "%s:%d", name, number);
	return 0;
}

int
lines_each(const struct buf *text, const char *name, lines_take *take,
    void *ctx, struct fail *why)
{
	const char *p = text->p, *end, *stop;
	int number = 0;

	if (text->len == 0)
		return 0;
	for (end = p + text->len; p < end; p = stop + 1) {
		number++;
		stop = memchr(p, '\n', (size_t)(end - p));
		if (!stop)
			stop = end;
		if (strspn(p, " \t\r\n") >= (size_t)(stop - p))
			continue;
		if (one_line(p, (size_t)(stop - p), name, number, take, ctx,
		    why) < 0)
			return -1;
	}
	return 0;
}

int
lines_read(struct buf *b, const char *path, struct fail *why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), status;

	if (fd < 0) {
		fail_errno(why, "cannot open %s", path);
		if (why)
			why->code = EXIT_USAGE;
		return -1;
	}
	status = buf_read_fd(b, fd);
	if (status < 0)
		fail_errno(why, "cannot read %s", path);
	close(fd);
	buf_str(b);
	return status;
}

char *
member_text(struct json_val obj, const char *name)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct json_val v;

	if (!json_get(obj, name, &v) || json_decode(v, &b) < 0) {
		buf_free(&b);
		return NULL;
	}
	if (!b.p)
		return strdup("");
	buf_str(&b);
	return b.p;
}

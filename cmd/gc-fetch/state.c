/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "state.h"

#include "base/out.h"
#include "json/write.h"

#define VERSION 1

static bool
read_count(struct json_val v, const char *name, uint64_t *n)
{
	struct json_val m;
	int64_t i;

	if (!json_get(v, name, &m) || !json_int(m, &i) || i < 0)
		return false;
	*n = (uint64_t)i;
	return true;
}

/* A member that is not null. */
static struct json_val
read_value(struct json_val v, const char *name)
{
	struct json_val m = { NULL, 0 };

	if (json_get(v, name, &m) && json_type(m) == JSON_NULL)
		m.p = NULL;
	return m;
}

static int
read_members(struct state *s, struct json_val v, struct fail *why)
{
	uint64_t version = 0, path = 0, step = 0;
	struct json_val m;

	if (!read_count(v, "version", &version) || version != VERSION ||
	    !read_count(v, "path", &path) || !read_count(v, "step", &step) ||
	    !read_count(v, "skip", &s->skip) ||
	    !read_count(v, "doubled", &s->doubled) ||
	    !read_count(v, "records", &s->records) ||
	    !read_count(v, "bytes", &s->bytes))
		return fail(why, EXIT_USAGE, "%s is no state of gc-fetch",
		    s->path);
	if (!json_get(v, "query", &m) || !json_is(m, s->query))
		return fail(why, EXIT_USAGE, "%s belongs to another query: "
		    "remove it to begin this one", s->path);
	s->path_number = (int64_t)path;
	s->step = (int64_t)step;
	s->page = read_value(v, "page");
	s->answers = read_value(v, "answers");
	s->mark = read_value(v, "mark");
	s->complete = json_get(v, "complete", &m) &&
	    json_type(m) == JSON_TRUE;
	return 0;
}

int
state_load(struct state *s, const char *path, const char *query,
    struct fail *why)
{
	struct buf text = BUF_INIT(BUF_DOC);
	struct json_val v;
	int fd, r;

	memset(s, 0, sizeof *s);
	s->path = path;
	s->query = query;
	s->text = text;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return out_can_create(path, why);
	r = fd < 0 ? -1 : buf_read_fd(&s->text, fd);
	if (r < 0)
		fail_errno(why, "cannot read %s", path);
	if (fd >= 0)
		close(fd);
	if (r < 0)
		return -1;
	if (json_check(s->text.p, s->text.len, &v, NULL) < 0 ||
	    json_type(v) != JSON_OBJECT)
		return fail(why, EXIT_USAGE, "%s is no state of gc-fetch",
		    path);
	return read_members(s, v, why) < 0 ? -1 : 1;
}

static void
add_value(struct buf *b, const char *name, struct json_val v)
{
	json_key(b, name);
	if (v.p)
		json_one_line(b, v.p, v.n);
	else
		buf_str_add(b, "null");
}

int
state_save(const struct state *s, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	int r;

	buf_addf(&b, "{\"version\":%d", VERSION);
	json_key(&b, "query");
	json_cstr(&b, s->query);
	buf_addf(&b, ",\"path\":%" PRId64 ",\"step\":%" PRId64,
	    s->path_number, s->step);
	add_value(&b, "answers", s->answers);
	add_value(&b, "page", s->page);
	add_value(&b, "mark", s->mark);
	buf_addf(&b, ",\"skip\":%" PRIu64 ",\"doubled\":%" PRIu64
	    ",\"records\":%" PRIu64 ",\"bytes\":%" PRIu64, s->skip,
	    s->doubled, s->records, s->bytes);
	json_key(&b, "complete");
	json_bool(&b, s->complete);
	buf_str_add(&b, "}\n");
	r = b.err ? fail(why, EXIT_MACHINE, "out of memory") :
	    out_file(s->path, b.p, b.len, OUT_PRIVATE, why);
	buf_free(&b);
	return r;
}

int
state_remove(const struct state *s, struct fail *why)
{
	if (unlink(s->path) < 0 && errno != ENOENT)
		return fail_errno(why, "cannot remove %s", s->path);
	return 0;
}

void
state_free(struct state *s)
{
	buf_free(&s->text);
}

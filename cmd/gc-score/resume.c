/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "resume.h"

#include "base/out.h"
#include "json/write.h"

static bool
get(struct json_val v, const char *name, uint64_t *n)
{
	struct json_val m;
	int64_t i;

	if (!json_get(v, name, &m) || !json_int(m, &i) || i < 0)
		return false;
	*n = (uint64_t)i;
	return true;
}

static bool
get_hex(struct json_val v, const char *name, char out[DIGEST_HEX])
{
	struct json_val m;

	if (!json_get(v, name, &m) || json_type(m) != JSON_STRING ||
	    m.n != DIGEST_HEX + 1)
		return false;
	memcpy(out, m.p + 1, DIGEST_HEX - 1);
	out[DIGEST_HEX - 1] = '\0';
	return true;
}

static int
read_members(struct resume *r, struct json_val v, struct fail *why)
{
	char query[DIGEST_HEX];
	struct json_val list, m;
	struct json_iter it;
	int64_t n;
	size_t i = 0;

	if (!get_hex(v, "query", query) || !get(v, "done", &r->done) ||
	    !get_hex(v, "last", r->last) || !get(v, "bytes", &r->bytes) ||
	    !get(v, "rejects", &r->rejects) || !get(v, "in", &r->n.in) ||
	    !get(v, "used", &r->n.used) || !get(v, "out", &r->n.out) ||
	    !get(v, "rejected", &r->n.rejected) ||
	    !get(v, "dropped", &r->n.dropped) ||
	    !json_get(v, "replaced", &list))
		return fail(why, EXIT_USAGE, "%s is no state of gc-score",
		    r->path);
	if (strcmp(query, r->query) != 0)
		return fail(why, EXIT_USAGE, "%s belongs to another run: "
		    "remove it to begin this one", r->path);
	r->complete = json_get(v, "complete", &m) &&
	    json_type(m) == JSON_TRUE;
	for (it = json_iter(list); i < FEATURES_MAX && json_next(&it); i++)
		if (json_int(it.val, &n))
			r->replaced[i] = (uint64_t)n;
	return 0;
}

int
resume_load(struct resume *r, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_CONF);
	struct json_val v;
	int fd = open(r->path, O_RDONLY | O_CLOEXEC), k;

	if (fd < 0 && errno == ENOENT)
		return out_can_create(r->path, why);
	k = fd < 0 ? -1 : buf_read_fd(&b, fd);
	if (k < 0) {
		fail_errno(why, "cannot read %s", r->path);
		why->code = EXIT_USAGE;
	} else if (json_check(b.p ? b.p : "", b.len, &v, NULL) < 0) {
		k = fail(why, EXIT_USAGE, "%s is no state of gc-score",
		    r->path);
	} else {
		k = read_members(r, v, why);
	}
	if (fd >= 0)
		close(fd);
	buf_free(&b);
	return k < 0 ? -1 : 1;
}

int
resume_save(const struct resume *r, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_CONF);
	size_t i;
	int k;

	buf_addf(&b, "{\"query\":\"%s\",\"done\":%" PRIu64 ",\"last\":\"%s\","
	    "\"bytes\":%" PRIu64 ",\"rejects\":%" PRIu64 ",\"in\":%" PRIu64
	    ",\"used\":%" PRIu64 ",\"dropped\":%" PRIu64 ",\"out\":%" PRIu64
	    ",\"rejected\":%" PRIu64 ",\"complete\":%s,\"replaced\":[",
	    r->query, r->done, r->last, r->bytes, r->rejects, r->n.in,
	    r->n.used, r->n.dropped, r->n.out, r->n.rejected,
	    r->complete ? "true" : "false");
	for (i = 0; i < FEATURES_MAX; i++) {
		json_sep(&b);
		json_uint(&b, r->replaced[i]);
	}
	buf_str_add(&b, "]}\n");
	k = b.err ? fail(why, EXIT_MACHINE, "out of memory") :
	    out_file(r->path, b.p, b.len, OUT_PRIVATE, why);
	buf_free(&b);
	return k;
}

int
resume_remove(const struct resume *r, struct fail *why)
{
	if (unlink(r->path) < 0 && errno != ENOENT)
		return fail_errno(why, "cannot remove %s", r->path);
	return 0;
}

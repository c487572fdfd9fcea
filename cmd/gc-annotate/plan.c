/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan.h"

#include "base/msg.h"
#include "base/out.h"
#include "journal.h"
#include "json/key.h"
#include "json/unique.h"
#include "json/write.h"

static int
no_memory(struct fail *why)
{
	return fail(why, EXIT_MACHINE, "out of memory");
}

/* ---- the precondition ---- */

static int
by_bytes(const void *a, const void *b)
{
	return map_key_cmp(*(const struct map_key *const *)a,
	    *(const struct map_key *const *)b);
}

/* The names of an object's members, sorted; to be freed. */
static const struct map_key **
sorted(const struct map *names)
{
	const struct map_key **v = calloc(names->n + 1, sizeof *v);
	uint32_t i;

	for (i = 0; v && i < names->n; i++)
		v[i] = &names->keys[i];
	if (v)
		qsort(v, names->n, sizeof *v, by_bytes);
	return v;
}

int
plan_digest(struct json_val id, struct json_val names, struct json_val there,
    char hex[DIGEST_HEX], struct fail *why)
{
	static const struct json_val none = { "null", 4 };
	struct unique members = UNIQUE_INIT;
	struct buf text = BUF_INIT(BUF_DOC), key = BUF_INIT(BUF_RECORD);
	const struct map_key **v = NULL;
	struct json_val value;
	uint32_t i;
	int r = -1;

	if (key_add(&text, id) == 0 && unique_members(&members, names) == 0)
		v = sorted(&members.names);
	for (i = 0; v && i < members.names.n; i++) {
		if (!there.p || !json_get_n(there, v[i]->p, v[i]->len, &value))
			value = none;
		buf_clear(&key);
		key_add(&key, value);
		json_str(&text, v[i]->p, v[i]->len);
		buf_addf(&text, ":%zu:", key.len);
		buf_add(&text, key.p, key.len);
	}
	if (!v || text.err || key.err)
		no_memory(why);
	else
		r = digest_hex(text.p, text.len, hex, why);
	free(v);
	unique_free(&members);
	buf_free(&text);
	buf_free(&key);
	return r;
}

/* ---- writing and finding ---- */

int
plan_add(struct buf *b, struct json_val id, struct json_val set,
    struct json_val before, struct fail *why)
{
	char hex[DIGEST_HEX];

	if (plan_digest(id, set, before, hex, why) < 0)
		return -1;
	json_key(b, "id");
	json_raw(b, id);
	json_key(b, "set");
	json_raw(b, set);
	json_key(b, "before");
	json_raw(b, before);
	json_key(b, "precondition");
	json_cstr(b, hex);
	return 0;
}

int
plan_find(struct json_val record, struct json_val *id, struct json_val *set,
    struct json_val *precondition, struct fail *why)
{
	struct json_val plan, status;

	if (!json_get(record, "annotation", &plan) ||
	    !json_get(plan, "status", &status))
		return fail(why, EXIT_DATA, "no line of a plan: it has no "
		    "\"annotation\"");
	if (!json_is(status, "planned"))
		return 0;
	if (!json_get(plan, "id", id) || !json_get(plan, "set", set) ||
	    json_type(*set) != JSON_OBJECT ||
	    !json_get(plan, "precondition", precondition))
		return fail(why, EXIT_DATA, "the plan lacks its id, set or "
		    "precondition");
	return 1;
}

/* ---- undoing ---- */

struct undo {
	struct out out;
	struct buf line;
};

/* {"id":ID,"annotation":{...}}: back to what was before, if it is as it was
 * written. */
static int
undo_one(void *ctx, struct json_val line, struct fail *why)
{
	struct undo *u = ctx;
	struct buf *b = &u->line;
	struct json_val id, set, before;

	if (!json_get(line, "id", &id) || !json_get(line, "set", &set) ||
	    !json_get(line, "before", &before) ||
	    json_type(before) != JSON_OBJECT)
		return fail(why, EXIT_DATA, "a line of the journal lacks its "
		    "id or before");
	buf_clear(b);
	buf_str_add(b, "{\"id\":");
	json_raw(b, id);
	buf_str_add(b, ",\"annotation\":{\"status\":\"planned\","
	    "\"attempts\":0");
	if (plan_add(b, id, before, set, why) < 0)
		return -1;
	buf_str_add(b, "}}\n");
	return b->err ? no_memory(why) : out_write(&u->out, b->p, b->len, why);
}

int
plan_undo(const char *journal, const char *output)
{
	struct undo u = { .line = BUF_INIT(BUF_RECORD) };
	struct fail why;
	int code = 0;

	if (out_open(&u.out, output, 0, &why) < 0)
		return msg_fail(&why);
	if (journal_backwards(journal, undo_one, &u, &why) < 0) {
		code = msg_fail(&why);
		out_abort(&u.out);
	} else if (out_close(&u.out, &why) < 0) {
		code = msg_fail(&why);
	}
	buf_free(&u.line);
	return code;
}

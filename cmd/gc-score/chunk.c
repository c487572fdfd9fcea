/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chunk.h"

#include "base/msg.h"
#include "json/write.h"

#define HEAD (sizeof "{\"contactId\":" - 1)

void
chunk_init(struct chunk *c, bool keeps)
{
	struct buf b = BUF_INIT(BUF_DOC);
	struct map none = MAP_INIT;

	memset(c, 0, sizeof *c);
	c->text = c->raw = c->names = c->notes = c->out = c->audit =
	    c->scratch = b;
	c->ids = none;
	c->keeps = keeps;
}

void
chunk_clear(struct chunk *c)
{
	struct map none = MAP_INIT;

	buf_clear(&c->text);
	buf_clear(&c->raw);
	buf_clear(&c->names);
	buf_clear(&c->notes);
	buf_clear(&c->out);
	buf_clear(&c->audit);
	map_free(&c->ids);
	c->ids = none;
	c->n = c->sent = 0;
	c->scored = c->rejected = c->retried = 0;
	c->bad.code = 0;
	c->file = NULL;
}

void
chunk_free(struct chunk *c)
{
	buf_free(&c->text);
	buf_free(&c->raw);
	buf_free(&c->names);
	buf_free(&c->notes);
	buf_free(&c->out);
	buf_free(&c->audit);
	buf_free(&c->scratch);
	map_free(&c->ids);
	free(c->v);
	free(c->of_id);
}

/* An id's bytes: its own where nothing is escaped in it. */
static struct json_val
decoded(struct chunk *c, struct json_val id)
{
	struct json_val v = { id.p + 1, id.n - 2 };

	if (!memchr(v.p, '\\', v.n))
		return v;
	buf_clear(&c->scratch);
	json_decode(id, &c->scratch);
	v.p = buf_str(&c->scratch);
	v.n = c->scratch.len;
	return v;
}

size_t
chunk_find(struct chunk *c, struct json_val id)
{
	struct json_val v = decoded(c, id);
	uint32_t k = map_find(&c->ids, v.p, v.n);

	return k == MAP_NONE ? SIZE_MAX : c->of_id[k];
}

struct json_val
chunk_id(const struct chunk *c, size_t i)
{
	struct json_val id = { c->text.p + c->v[i].at + HEAD, c->v[i].id };

	return id;
}

/* A new item with its place and record. NULL where memory ends. */
static struct item *
add_item(struct chunk *c, const struct contact *from, bool with_record)
{
	size_t cap = c->cap ? 2 * c->cap : 256;
	struct item *v;
	uint32_t *of;

	if (c->n == c->cap) {
		if (!(v = realloc(c->v, cap * sizeof *v)))
			return NULL;
		c->v = v;
		if (!(of = realloc(c->of_id, cap * sizeof *of)))
			return NULL;
		c->of_id = of;
		c->cap = cap;
	}
	if (c->file == NULL || strcmp(buf_str(&c->names) + c->file_at,
	    from->rec.file) != 0) {
		c->file_at = c->names.len;
		buf_add(&c->names, from->rec.file, strlen(from->rec.file) + 1);
		c->file = from->rec.file;
	}
	v = &c->v[c->n++];
	memset(v, 0, sizeof *v);
	v->file = c->file_at;
	v->number = from->rec.number;
	v->attempt = from->rec.attempt;
	v->raw = c->raw.len;
	if (with_record) {
		v->nraw = from->rec.val.n;
		buf_add(&c->raw, from->rec.val.p, from->rec.val.n);
	}
	return v;
}

int
chunk_add(struct chunk *c, const struct contact *from,
    const struct check *check, const struct buf *contact, struct fail *why)
{
	struct json_val id = decoded(c, check->contact);
	struct item *v;
	bool fresh;
	uint32_t k;

	k = map_add(&c->ids, id.p, id.n, &fresh);
	if (k != MAP_NONE && !fresh)
		return 1;
	if (k == MAP_NONE || !(v = add_item(c, from, c->keeps)))
		return fail(why, EXIT_MACHINE, "out of memory");
	if (c->sent++)
		buf_putc(&c->text, ',');
	v->at = c->text.len;
	v->n = contact->len;
	v->id = check->contact.n;
	v->replaced = check->replaced;
	buf_add(&c->text, contact->p, contact->len);
	if (c->text.err || c->raw.err || c->names.err)
		return fail(why, EXIT_MACHINE, "out of memory");
	c->of_id[k] = (uint32_t)(c->n - 1);
	return 0;
}

/* The line of a reject file; violations go in as its last member. */
static void
write_note(struct chunk *c, struct item *v, struct envelope *e,
    const struct buf *list)
{
	e->tool = msg_program();
	e->file = c->names.p + v->file;
	e->line = v->number;
	e->attempt = v->attempt + 1;
	v->note = c->notes.len;
	envelope_write(&c->notes, e);
	if (list && !c->notes.err) {
		c->notes.len -= 2;      /* } and LF */
		json_key(&c->notes, "violations");
		buf_add(&c->notes, list->p, list->len);
		buf_str_add(&c->notes, "}\n");
	}
	v->nnote = c->notes.len - v->note;
	c->rejected++;
}

int
chunk_reject(struct chunk *c, const struct contact *from, const char *rule,
    const char *error, const struct buf *list, struct fail *why)
{
	struct item *v = add_item(c, from, false);
	struct envelope e;

	if (!v || c->names.err)
		return fail(why, EXIT_MACHINE, "out of memory");
	memset(&e, 0, sizeof e);
	e.rule = rule;
	e.error = error;
	e.column = from->column;
	e.p = from->rec.line;
	e.n = from->rec.len;
	e.is_json = from->is_json;
	if (!from->rule) {
		e.is_json = true;
		e.p = from->rec.val.p;
		e.n = from->rec.val.n;
	}
	e.offset = from->offset;
	e.length = from->length;
	write_note(c, v, &e, list);
	return c->notes.err ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}

void
chunk_refuse(struct chunk *c, size_t i, const struct refusal *said)
{
	struct item *v = &c->v[i];
	struct envelope e;

	v->n = 0;
	if (!c->keeps) {
		c->rejected++;
		return;
	}
	memset(&e, 0, sizeof e);
	e.rule = "refused";
	e.error = said->error;
	e.status = said->status;
	e.correlation = said->correlation;
	e.p = c->raw.p + v->raw;
	e.n = v->nraw;
	e.is_json = true;
	write_note(c, v, &e, NULL);
}

void
chunk_place(struct chunk *c, size_t i, struct buf *b)
{
	buf_addf(b, "%s:%" PRIu64 ":", c->names.p + c->v[i].file,
	    c->v[i].number);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "multipart.h"

#include "base/clock.h"
#include "base/rng.h"
#include "json/write.h"

#define MANY 100                /* utterances in a part of many */
#define ENOUGH ((size_t)48 << 10)       /* bytes a piece */

struct part_stream {
	struct stream stream;
	struct parts p;
	char boundary[72];
	uint64_t part;          /* parts so far */
	struct buf text;        /* what was said */
	enum { HEAD, PARTS, DONE } state;
};

static void
put_utterance(struct part_stream *s, int64_t i, struct buf *b)
{
	const struct bot *bot = s->p.bot;
	struct utterance u;
	char id[GEN_ID], time[TIME_MAX];

	bot_hear(bot, (uint64_t)i, &u);
	buf_putc(b, '{');
	json_key(b, "actual_intent");
	json_cstr(b, bot->intents[u.actual].name);
	json_key(b, "predicted_intent");
	json_cstr(b, bot->intents[u.predicted].name);
	json_key(b, "confidence");
	json_num(b, u.confidence);
	if (s->p.utterance) {
		bot_say(bot, s->p.gen, (uint64_t)i, &u, &s->text);
		json_key(b, "utterance");
		json_str(b, s->text.p, s->text.len);
	}
	if (s->p.id) {
		gen_id(bot->kind, (uint64_t)i, id);
		json_key(b, "id");
		json_cstr(b, id);
		json_key(b, "timestamp");
		json_cstr(b, time_format(time, gen_time(s->p.gen, bot->kind,
		    (uint64_t)i)));
	}
	buf_putc(b, '}');
}

/* The delimiter, which owns the line end before it (RFC 2046 5.1.1), and the
 * part's headers. */
static void
put_head(struct part_stream *s, const char *type, struct buf *b)
{
	buf_addf(b, "%s--%s\r\nContent-Type: %s\r\n",
	    s->part++ || s->p.shape == PARTS_MIXED ? "\r\n" : "",
	    s->boundary, type);
}

static void
put_object(struct part_stream *s, struct buf *b)
{
	char id[GEN_ID];

	put_head(s, "application/json", b);
	gen_id(s->p.bot->kind, (uint64_t)s->p.next, id);
	buf_addf(b, "Content-ID: <%s>\r\n\r\n", id);
	put_utterance(s, s->p.next++, b);
}

static void
put_many(struct part_stream *s, bool lines, struct buf *b)
{
	int64_t stop = s->p.next + MANY;

	if (stop > s->p.end)
		stop = s->p.end;
	put_head(s, lines ? "application/x-ndjson" :
	    "application/json; charset=utf-8", b);
	buf_str_add(b, lines ? "\r\n" : "\r\n[");
	while (s->p.next < stop) {
		put_utterance(s, s->p.next++, b);
		if (lines)
			buf_putc(b, '\n');
		else if (s->p.next < stop)
			buf_putc(b, ',');
	}
	if (!lines)
		buf_putc(b, ']');
}

/* What a reader has to step over: text, bytes that look like a delimiter but
 * are none. */
static void
put_other(struct part_stream *s, struct buf *b)
{
	if (s->part % 2 == 0) {
		put_head(s, "text/plain; charset=utf-8", b);
		buf_addf(b, "Content-Disposition: attachment; "
		    "filename=\"note-%" PRIu64 ".txt\"\r\n\r\n"
		    "--%.12s is no delimiter,\r\n--%s", s->part, s->boundary,
		    s->boundary);
		b->len--;       /* nor is this, one letter short */
		buf_str_add(b, "\r\nso this note goes on.\r\n");
	} else {
		put_head(s, "application/octet-stream", b);
		buf_addf(b, "\r\n");
		buf_add(b, "\0\r\n-\r\n--\r\n\xff\xfe\r", 14);
	}
}

static void
put_mixed(struct part_stream *s, struct buf *b)
{
	switch (s->part % 5) {
	case 0:
	case 3:
		put_object(s, b);
		break;
	case 1:
		put_many(s, false, b);
		break;
	case 2:
		put_many(s, true, b);
		break;
	default:
		put_other(s, b);
	}
}

static void
put_part(struct part_stream *s, struct buf *b)
{
	switch (s->p.shape) {
	case PARTS_OBJECT:
		put_object(s, b);
		break;
	case PARTS_ARRAY:
	case PARTS_NDJSON:
		put_many(s, s->p.shape == PARTS_NDJSON, b);
		break;
	case PARTS_MIXED:
		put_mixed(s, b);
		break;
	}
}

static int
fill(struct stream *stream, struct buf *b)
{
	struct part_stream *s = (struct part_stream *)stream;
	bool mixed = s->p.shape == PARTS_MIXED;

	if (s->state == DONE)
		return 0;
	if (s->state == HEAD && mixed)
		buf_str_add(b, "This is a multi-part message in MIME format.");
	s->state = PARTS;
	while (s->p.next < s->p.end && b->len < ENOUGH && !b->err)
		put_part(s, b);
	if (s->p.next < s->p.end)
		return b->err ? -1 : 1;
	s->state = DONE;
	buf_addf(b, "%s--%s--\r\n", s->part || mixed ? "\r\n" : "",
	    s->boundary);
	if (mixed)
		buf_str_add(b, "That was all.\r\n");
	return b->err ? -1 : 1;
}

static void
drop(struct stream *stream)
{
	struct part_stream *s = (struct part_stream *)stream;

	buf_free(&s->text);
	free(s);
}

void
answer_parts(struct answer *a, const struct parts *p)
{
	struct part_stream *s = calloc(1, sizeof *s);
	struct buf empty = BUF_INIT(BUF_LINE);

	if (!s) {
		answer_error(a, 500, "internal.server.error",
		    "out of memory");
		return;
	}
	s->stream.fill = fill;
	s->stream.free = drop;
	s->p = *p;
	s->text = empty;
	snprintf(s->boundary, sizeof s->boundary,
	    "----=_Part_%" PRIu64 "_%" PRIu64 ".%013" PRIu64, p->key,
	    rng_mix(p->gen->seed + p->key) % 2147483647u,
	    rng_mix(p->gen->seed ^ p->key) % 10000000000000u);
	answer_begin(a, 200, NULL);
	answer_header(a, "Content-Type",
	    "multipart/mixed; boundary=\"%s\"", s->boundary);
	a->stream = &s->stream;
}

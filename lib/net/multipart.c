/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/media.h"
#include "net/multipart.h"

/* ==== The machine ====
 *
 *	state      meets                        and then
 *	---------  ---------------------------  -------------------------------
 *	PREAMBLE   delimiter                    HEAD
 *	           close-delimiter              EPILOGUE
 *	           anything else                counts it
 *	HEAD       header line, continuation    collects it
 *	           empty line                   begin; DATA at a line's start
 *	           line that is no header       begin; DATA, that line first
 *	           delimiter                    begin, end; HEAD
 *	           close-delimiter              begin, end; EPILOGUE
 *	DATA       delimiter                    end; HEAD
 *	           close-delimiter              end; EPILOGUE
 *	           anything else                data
 *	EPILOGUE   anything                     counts it
 *
 * HEAD goes line by line. PREAMBLE and DATA search for an LF that the
 * delimiter follows. What stands at the end of a piece and may yet become a
 * delimiter waits in m->hold until the next piece decides.
 */

#define BLOCK 64        /* bytes the search looks at in one go */

/* What the bytes at a line end, or at a line's start, turn out to be. */
enum verdict { NO, MORE, OPEN, CLOSE };

/* ==== Boundaries ==== */

/* Copies a boundary without the blanks at its end. Returns 0 or -1. */
static int
boundary_take(const char *p, size_t n, char boundary[MULTIPART_BOUNDARY + 1])
{
	size_t i;

	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	if (n == 0 || n > MULTIPART_BOUNDARY)
		return -1;
	for (i = 0; i < n; i++)
		if ((unsigned char)p[i] < ' ' || p[i] == 0x7f)
			return -1;
	memmove(boundary, p, n);
	boundary[n] = '\0';
	return 0;
}

int
multipart_boundary(const char *type, size_t n,
    char boundary[MULTIPART_BOUNDARY + 1])
{
	char value[MULTIPART_HOLD];
	ptrdiff_t len;

	if (media_kind(type, n) != MEDIA_MULTIPART)
		return -1;
	len = media_param(type, n, "boundary", value, sizeof value);
	return len < 0 ? -1 : boundary_take(value, (size_t)len, boundary);
}

/* Does a whole body hold the line "--" boundary "--"? */
static bool
has_close(const char *p, size_t n, const char *boundary)
{
	const char *end = p + n, *eol;
	size_t len = strlen(boundary);

	for (; p < end; p = eol + 1) {
		eol = memchr(p, '\n', (size_t)(end - p));
		if (!eol)
			eol = end;
		if ((size_t)(eol - p) >= len + 4 && memcmp(p, "--", 2) == 0 &&
		    memcmp(p + 2, boundary, len) == 0 &&
		    memcmp(p + 2 + len, "--", 2) == 0)
			return true;
	}
	return false;
}

int
multipart_guess(const char *p, size_t n, bool whole,
    char boundary[MULTIPART_BOUNDARY + 1])
{
	const char *at = p, *end = p + n, *eol, *stop;
	size_t len;

	for (; at < end; at = eol + 1) {
		eol = memchr(at, '\n', (size_t)(end - at));
		if (!eol && !whole)
			return -1;
		if (!eol)
			eol = end;
		stop = eol > at && eol < end && eol[-1] == '\r' ? eol - 1 : eol;
		if (stop - at < 3 || at[0] != '-' || at[1] != '-' ||
		    at[2] == ' ' || at[2] == '\t' ||
		    boundary_take(at + 2, (size_t)(stop - at - 2), boundary))
			continue;
		/* "--b--" closes a body without parts, unless its boundary
		 * is "b--", which then has a close-delimiter of its own. */
		len = strlen(boundary);
		if (whole && len > 2 && !memcmp(boundary + len - 2, "--", 2) &&
		    !has_close(p, n, boundary))
			boundary[len - 2] = '\0';
		return 0;
	}
	return -1;
}

/* ==== Delimiters ==== */

/* The blanks and the line end behind a boundary at p+i. */
static enum verdict
line_tail(const char *p, size_t n, size_t i, bool eof, size_t *len)
{
	enum verdict v = OPEN;
	size_t blanks;

	if (i < n && p[i] == '-') {
		if (i + 1 == n)
			return eof ? NO : MORE;
		if (p[i + 1] != '-')
			return NO;
		v = CLOSE;
		i += 2;
	}
	for (blanks = i; i < n && (p[i] == ' ' || p[i] == '\t'); i++)
		if (i - blanks == MULTIPART_PADDING)
			return NO;
	if (i == n && !eof)
		return MORE;
	if (i == n) {
		*len = n;
		return v;
	}
	if (p[i] == '\r' && ++i == n)
		return eof ? NO : MORE;
	if (p[i] != '\n')
		return NO;
	*len = i + 1;
	return v;
}

/* What stands at p: [CR] LF (where bol is false), then the delimiter line up
 * to its line end, or the end of the body where eof says that n is that. *len
 * is then the length of it all. MORE: more bytes must decide. */
static enum verdict
judge(const struct multipart *m, const char *p, size_t n, bool bol, bool eof,
    size_t *len)
{
	enum verdict more = eof ? NO : MORE;
	size_t i = 0, rest;

	if (!bol) {
		if (i < n && p[i] == '\r')
			i++;
		if (i == n)
			return more;
		if (p[i++] != '\n')
			return NO;
	}
	rest = n - i < m->delimiter_len ? n - i : m->delimiter_len;
	if (memcmp(p + i, m->delimiter, rest) != 0)
		return NO;
	if (rest < m->delimiter_len)
		return more;
	return line_tail(p, n, i + rest, eof, len);
}

/* The first LF in [p,end) that the delimiter follows, or may follow where
 * the piece ends; else end. Three bytes are compared at once over a block:
 * LF, the '-' behind it, and the boundary's last byte that is no '-'. The
 * loop without a branch becomes vector instructions; a body of short lines,
 * or of lines that begin with dashes, costs no more than one of long ones. */
static const char *
find(const struct multipart *m, const char *p, const char *end)
{
	const char *last = m->delimiter + m->pick;
	size_t far = m->pick + 1, n = m->delimiter_len, i;

	while ((size_t)(end - p) >= BLOCK + n) {
		const char *q = p, *stop = p + BLOCK;
		unsigned char hit = 0;

		for (i = 0; i < BLOCK; i++)
			hit |= (unsigned char)((p[i] == '\n') &
			    (p[i + 1] == '-') & (p[i + far] == *last));
		p = stop;
		if (!hit)
			continue;
		while ((q = memchr(q, '\n', (size_t)(stop - q)))) {
			if (q[far] == *last &&
			    memcmp(q + 1, m->delimiter, n) == 0)
				return q;
			q++;
		}
	}
	while ((p = memchr(p, '\n', (size_t)(end - p)))) {
		size_t left = (size_t)(end - ++p);

		if (memcmp(p, m->delimiter, left < n ? left : n) == 0)
			return p - 1;
	}
	return end;
}

/* ==== Events ==== */

static int
emit(struct multipart *m, const char *p, size_t n, uint64_t at,
    struct fail *why)
{
	if (n == 0 || m->state != MULTIPART_DATA)
		return 0;
	m->at = at;
	return m->sink->data(m->sink->ctx, p, n, why);
}

static int
emit_end(struct multipart *m, uint64_t at, bool complete, struct fail *why)
{
	m->at = at;
	return m->sink->end(m->sink->ctx, complete, why);
}

/* A delimiter line was met and data before it ends at an offset; the line
 * itself ends at m->offset. */
static int
turn(struct multipart *m, enum verdict v, uint64_t data_end, struct fail *why)
{
	enum multipart_state was = m->state;

	if (was == MULTIPART_PREAMBLE)
		m->preamble = data_end;
	m->state = v == OPEN ? MULTIPART_HEAD : MULTIPART_EPILOGUE;
	m->bol = false;
	m->held = 0;
	buf_clear(&m->head);
	m->line = 0;
	m->part.nheaders = 0;
	m->part.offset = m->offset;
	if (was != MULTIPART_PREAMBLE)
		return emit_end(m, data_end, true, why);
	return 0;
}

/* ==== Headers ==== */

/* "Name:" at the start of a line, how long the name is; a name has no blanks
 * in it. -1: the line is no header. */
static ptrdiff_t
name_len(const char *p, size_t n)
{
	static const bool stop[256] = {
		[':'] = true, [' '] = true, ['\t'] = true, ['\n'] = true
	};
	size_t i = 0;

	while (i < n && !stop[(unsigned char)p[i]])
		i++;
	return i < n && p[i] == ':' ? (ptrdiff_t)i : -1;
}

/* The length of a line's line end. */
static size_t
eol_len(const char *p, size_t n)
{
	if (n == 0 || p[n - 1] != '\n')
		return 0;
	return n > 1 && p[n - 2] == '\r' ? 2 : 1;
}

/* Sets one header, whose name's length is known, from its text in [p,end);
 * outer blanks go. The byte at end is free for a NUL. */
static void
header_set(struct multipart_header *h, char *p, char *end)
{
	char *colon = p + h->name_len;

	h->name = p;
	*colon = '\0';
	for (p = colon + 1; p < end && (*p == ' ' || *p == '\t'); p++)
		;
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	h->value = p;
	h->value_len = (size_t)(end - p);
}

/* Parses the header lines collected, in place: a line end before a
 * continuation is left out, so that text only ever moves down. A last line
 * without its line end has buf_str()'s NUL behind it. */
static void
head_parse(struct multipart *m)
{
	struct multipart_header *h = m->headers;
	char *p, *end, *to, *from;

	buf_str(&m->head);
	m->part.nheaders = 0;
	if (m->line == 0)
		return;
	p = to = from = m->head.p;
	end = p + m->line;
	while (p < end) {
		char *nl = memchr(p, '\n', (size_t)(end - p));
		char *next = nl ? nl + 1 : end;
		size_t len = (size_t)(next - p);

		len -= eol_len(p, len);
		if (to != p)
			memmove(to, p, len);
		to += len;
		p = next;
		if (p < end && (*p == ' ' || *p == '\t'))
			continue;
		header_set(&h[m->part.nheaders++], from, to);
		from = to = p;
	}
}

static int
begin_parsed(struct multipart *m, struct fail *why)
{
	m->part.number = ++m->parts;
	m->part.headers = m->headers;
	m->at = m->part.offset;
	return m->sink->begin(m->sink->ctx, &m->part, why);
}

static int
begin(struct multipart *m, struct fail *why)
{
	head_parse(m);
	return begin_parsed(m, why);
}

/* The header block ended with an empty line, of eol bytes. */
static int
head_is_whole(struct multipart *m, size_t eol, struct fail *why)
{
	m->bol = true;
	m->bol_end = m->offset - eol;
	if (begin_parsed(m, why) < 0)
		return -1;
	m->state = MULTIPART_DATA;
	return 0;
}

/* Keeps a whole header block as it came, before it is parsed in place: the
 * next part's is very likely the same. */
static void
again_keep(struct multipart *m)
{
	if (m->head.len > sizeof m->again)
		return;
	memcpy(m->again, m->head.p, m->head.len);
	m->again_len = m->head.len;
}

/* Does a header block begin at p that is, to the byte, the one before? What
 * that was parsed to still stands in m->head and m->headers. */
static bool
again(const struct multipart *m, const char *p, size_t n)
{
	return m->head.len == 0 && m->again_len > 0 && n >= m->again_len &&
	    memcmp(p, m->again, m->again_len) == 0;
}

/* The header block ends before the line collected last: that is data, but
 * for its line end, which waits to see whether a delimiter follows. */
static int
head_is_over(struct multipart *m, struct fail *why)
{
	const char *line = m->head.p + m->line;
	size_t n = m->head.len - m->line, tail = eol_len(line, n);
	uint64_t at = m->offset - n;

	if (begin(m, why) < 0)
		return -1;
	m->state = MULTIPART_DATA;
	if (tail == 0 && n > 0 && line[n - 1] == '\r')
		tail = 1;
	memcpy(m->hold, line + n - tail, tail);
	m->held = tail;
	return emit(m, line, n - tail, at, why);
}

/* Looks at the line collected last, which has its line end, or at eof may
 * lack it. */
static int
head_line(struct multipart *m, bool eof, struct fail *why)
{
	const char *line = m->head.p + m->line;
	size_t n = m->head.len - m->line, len, eol = eol_len(line, n);
	uint64_t at = m->offset - n;
	enum verdict v = NO;
	ptrdiff_t name;

	if (*line == '-')
		v = judge(m, line, n, true, eof, &len);
	if (v == OPEN || v == CLOSE) {
		if (m->line > 0)        /* the line end before is not data */
			at -= eol_len(m->head.p, m->line);
		if (begin(m, why) < 0)
			return -1;
		return turn(m, v, at, why);
	}
	if (eol > 0 && n == eol) {
		again_keep(m);
		head_parse(m);
		m->again_headers = m->part.nheaders;
		return head_is_whole(m, eol, why);
	}
	if (m->line > 0 && (*line == ' ' || *line == '\t')) {
		m->line = m->head.len;
		return 0;
	}
	name = name_len(line, n);
	if (name < 0)
		return head_is_over(m, why);
	if (m->part.nheaders == MULTIPART_HEADERS)
		return fail(why, EXIT_DATA, "part %" PRIu64 " has more than %d "
		    "headers", m->parts + 1, MULTIPART_HEADERS);
	m->headers[m->part.nheaders++].name_len = (size_t)name;
	m->line = m->head.len;
	return 0;
}

/* Takes a line, or the piece of it that is there. Sets *used. */
static int
head(struct multipart *m, const char *p, size_t n, size_t *used,
    struct fail *why)
{
	const char *nl;
	size_t len, room;
	bool full;

	if (again(m, p, n)) {
		*used = m->again_len;
		m->offset += *used;
		m->part.nheaders = m->again_headers;
		return head_is_whole(m, eol_len(p, *used), why);
	}
	m->again_len = 0;
	nl = memchr(p, '\n', n);
	len = nl ? (size_t)(nl - p) + 1 : n;
	room = m->head.max - m->head.len;
	full = len > room;
	*used = full ? room : len;
	if (buf_add(&m->head, p, *used) < 0)
		return fail_errno(why, "part %" PRIu64, m->parts + 1);
	m->offset += *used;
	if (full) {
		size_t line = m->head.len - m->line;

		if (line > 0 && name_len(m->head.p + m->line, line) < 0)
			return head_is_over(m, why);
		return fail(why, EXIT_DATA, "part %" PRIu64 " has headers of "
		    "more than %zu bytes", m->parts + 1, m->head.max);
	}
	return nl ? head_line(m, false, why) : 0;
}

/* ==== Data ==== */

/* Decides what the bytes held are, with the help of the new ones. Sets
 * *used: how many of these it took. */
static int
resume(struct multipart *m, const char *p, size_t n, size_t *used,
    struct fail *why)
{
	size_t old = m->held, len, take = sizeof m->hold - old;
	const char *text = old > 0 ? m->hold : p;
	uint64_t at = m->offset - old;
	enum verdict v;

	if (take > n)
		take = n;
	if (old > 0)
		memcpy(m->hold + old, p, take);
	v = judge(m, text, old + take, m->bol, false, &len);
	if (v == NO) {
		m->held = *used = 0;
		m->bol = false;
		return emit(m, m->hold, old, at, why);
	}
	if (v == MORE) {
		if (old == 0)
			memcpy(m->hold, p, take);
		m->held += take;
		*used = take;
		m->offset += take;
		return 0;
	}
	*used = len - old;
	m->offset += *used;
	return turn(m, v, m->bol ? m->bol_end : at, why);
}

/* Hands on what is surely data, up to a delimiter or what may be one. Sets
 * *used; what may be a delimiter goes to m->hold. */
static int
data(struct multipart *m, const char *p, size_t n, size_t *used,
    struct fail *why)
{
	const char *end = p + n, *q = p;
	enum verdict v = NO;
	size_t len = 0;

	m->bol = false;
	while (v == NO && (q = find(m, q, end)) < end) {
		if (q > p && q[-1] == '\r')
			q--;
		v = judge(m, q, (size_t)(end - q), false, false, &len);
		if (v == NO)
			q += *q == '\r' ? 2 : 1;
	}
	if (v == NO && end[-1] == '\r') {
		q = end - 1;
		v = MORE;
	}
	if (v == MORE) {
		len = (size_t)(end - q);
		memcpy(m->hold, q, len);
		m->held = len;
	}
	if (emit(m, p, (size_t)(q - p), m->offset, why) < 0)
		return -1;
	*used = (size_t)(q - p) + len;
	m->offset += *used;
	if (v == OPEN || v == CLOSE)
		return turn(m, v, m->offset - len, why);
	return 0;
}

/* ==== The ways in ==== */

int
multipart_init(struct multipart *m, const char *boundary,
    const struct multipart_sink *sink, struct fail *why)
{
	const struct buf head = BUF_INIT(BUF_HEAD);
	char clean[MULTIPART_BOUNDARY + 1];

	if (boundary_take(boundary, strlen(boundary), clean) < 0)
		return fail(why, EXIT_USAGE, "a boundary has 1 to %d "
		    "characters, none of them a control character",
		    MULTIPART_BOUNDARY);
	memset(m, 0, sizeof *m);
	m->head = head;
	m->sink = sink;
	m->bol = true;
	m->delimiter_len = strlen(clean) + 2;
	memcpy(m->delimiter, "--", 2);
	memcpy(m->delimiter + 2, clean, m->delimiter_len - 2);
	m->pick = m->delimiter_len - 1;
	while (m->pick > 1 && m->delimiter[m->pick] == '-')
		m->pick--;
	return 0;
}

int
multipart_feed(struct multipart *m, const char *p, size_t n, struct fail *why)
{
	int r = 0;

	while (n > 0 && r == 0) {
		size_t used = n;

		if (m->state == MULTIPART_EPILOGUE) {
			m->epilogue += n;
			m->offset += n;
		} else if (m->state == MULTIPART_HEAD)
			r = head(m, p, n, &used, why);
		else if (m->held > 0 || (m->bol && *p == '-'))
			r = resume(m, p, n, &used, why);
		else
			r = data(m, p, n, &used, why);
		p += used;
		n -= used;
	}
	return r;
}

/* The end of the body is a line end to a delimiter, and to nothing else. */
static int
flush(struct multipart *m, struct fail *why)
{
	size_t len, held = m->held;
	uint64_t at = m->offset - held;
	enum verdict v;

	if (m->state == MULTIPART_HEAD && m->head.len > m->line)
		return head_line(m, true, why);
	if (m->state != MULTIPART_DATA && m->state != MULTIPART_PREAMBLE)
		return 0;
	v = judge(m, m->hold, held, m->bol, true, &len);
	if (v == OPEN || v == CLOSE)
		return turn(m, v, m->bol ? m->bol_end : at, why);
	m->held = 0;
	return emit(m, m->hold, held, at, why);
}

int
multipart_end(struct multipart *m, struct fail *why)
{
	if (flush(m, why) < 0)
		return -1;
	if (m->state == MULTIPART_DATA && m->held > 0 && flush(m, why) < 0)
		return -1;
	if (m->state == MULTIPART_EPILOGUE)
		return 0;
	if (m->state == MULTIPART_PREAMBLE) {
		m->preamble = m->offset;
		return fail(why, EXIT_DATA, "the delimiter \"%s\" does not "
		    "occur in %" PRIu64 " bytes", m->delimiter, m->offset);
	}
	if (m->state == MULTIPART_HEAD && begin(m, why) < 0)
		return -1;
	if (emit_end(m, m->offset, false, why) < 0)
		return -1;
	return fail(why, EXIT_DATA, "part %" PRIu64 " is cut off: the body "
	    "ends after %" PRIu64 " bytes without \"%s--\"", m->parts,
	    m->offset, m->delimiter);
}

void
multipart_free(struct multipart *m)
{
	buf_free(&m->head);
}

const struct multipart_header *
multipart_header(const struct multipart_part *part, const char *name)
{
	size_t i, n = strlen(name);

	for (i = 0; i < part->nheaders; i++)
		if (part->headers[i].name_len == n &&
		    strncasecmp(part->headers[i].name, name, n) == 0)
			return &part->headers[i];
	return NULL;
}

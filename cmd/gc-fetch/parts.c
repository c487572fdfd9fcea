/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parts.h"

#define FNV_BASIS 0xcbf29ce484222325u   /* FNV-1a, 64 bits */
#define FNV_PRIME 0x100000001b3u
#define NAME_MAX_KEPT 80                /* of a name that the service gave */

static int on_begin(void *ctx, const struct multipart_part *part,
    struct fail *why);
static int on_data(void *ctx, const char *p, size_t n, struct fail *why);
static int on_end(void *ctx, bool complete, struct fail *why);

void
parts_init(struct parts *p, const struct taker *taker)
{
	static const struct spool empty = SPOOL_INIT;
	static const struct multipart_sink sink = { on_begin, on_data, on_end,
	    NULL };

	memset(p, 0, sizeof *p);
	p->taker = taker;
	p->spool = empty;
	p->sink = sink;
	p->sink.ctx = p;
	p->fd = -1;
	p->max_record = BUF_RECORD;
	p->file = "stdin";
	p->hash = FNV_BASIS;
}

int
parts_begin(struct parts *p, const char *boundary, struct fail *why)
{
	if (multipart_init(&p->m, boundary, &p->sink, why) < 0)
		return -1;
	p->begun = true;
	return 0;
}

static void
close_file(struct parts *p)
{
	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	free(p->name);
	p->name = NULL;
}

void
parts_restart(struct parts *p)
{
	if (p->begun)
		multipart_free(&p->m);
	p->begun = false;
	close_file(p);
	spool_clear(&p->spool);
	p->skip = p->done;
	p->hash = FNV_BASIS;
}

void
parts_free(struct parts *p)
{
	if (p->begun)
		multipart_free(&p->m);
	p->begun = false;
	close_file(p);
	spool_free(&p->spool);
	json_elements_free(&p->check);
}

/* ---- rejects ---- */

struct text {
	struct buf b;
	uint64_t left;
};

static int
add_text(void *ctx, const char *p, size_t n, struct fail *why)
{
	struct text *t = ctx;

	if (n > t->left)
		n = (size_t)t->left;
	t->left -= n;
	return buf_add(&t->b, p, n) < 0 ?
	    fail(why, EXIT_MACHINE, "out of memory") : 0;
}

static int
tell(struct parts *p, const struct envelope *e, struct fail *why)
{
	int r = p->taker->reject(p->taker->ctx, e, why);

	p->refused = r < 0;
	return r;
}

/* Hands the part at hand, as far as it was kept, to the rejects. */
static int
reject_part(struct parts *p, const char *rule, const char *error,
    bool retryable, struct fail *why)
{
	struct text t = { BUF_INIT(BUF_RECORD), p->max_record };
	struct envelope e;
	int r = 0;

	memset(&e, 0, sizeof e);
	e.file = p->file;
	e.line = p->number;
	e.rule = rule;
	e.error = error;
	e.retryable = retryable;
	e.offset = p->at;
	e.length = p->length;
	t.b.max = p->max_record;
	if (p->length <= p->max_record && p->length == p->spool.n) {
		r = spool_each(&p->spool, add_text, &t, why);
		e.p = buf_str(&t.b);
		e.n = t.b.len;
	}
	if (r == 0)
		r = tell(p, &e, why);
	buf_free(&t.b);
	return r;
}

/* ---- parts of JSON ---- */

static int
reject_json(struct parts *p, struct fail *why)
{
	if (p->bad.code != EXIT_DATA) {
		*why = p->bad;
		return -1;
	}
	p->told = true;
	return reject_part(p, "invalid-json", p->bad.text, false, why);
}

/* The next bytes of it. What is wrong is told at the end, with all of the
 * part; but at once where nobody wants to see that. */
static int
check_json(struct parts *p, const char *bytes, size_t n, struct fail *why)
{
	if (p->bad.code || json_elements_feed(&p->check, bytes, n, &p->bad) ==
	    0)
		return 0;
	return p->keep_rejects ? 0 : reject_json(p, why);
}

static int
take_element(void *ctx, struct json_val v, struct fail *why)
{
	struct parts *p = ctx;
	int r = p->enough ? 0 : p->taker->record(p->taker->ctx, v, why);

	if (r == TAKE_ENOUGH)
		p->enough = true;
	return r < 0 ? -1 : 0;
}

static int
hand_out_piece(void *ctx, const char *p, size_t n, struct fail *why)
{
	return json_elements_feed(ctx, p, n, why);
}

/* A part gives all or nothing. */
static int
end_json(struct parts *p, struct fail *why)
{
	struct json_elements e;
	int r;

	if (p->told)
		return 0;
	if (p->bad.code || json_elements_end(&p->check, &p->bad) < 0)
		return reject_json(p, why);
	json_elements_init(&e, p->max_record, take_element, p);
	r = spool_each(&p->spool, hand_out_piece, &e, why);
	if (r == 0)
		r = json_elements_end(&e, why);
	json_elements_free(&e);
	return r;
}

/* ---- parts of NDJSON ---- */

struct by_line {
	struct parts *p;
	struct buf line;
};

static int
take_line(struct by_line *l, const char *s, size_t n, struct fail *why)
{
	struct envelope e;
	struct json_err err;
	struct json_val v;
	char error[128];

	while (n && strchr(" \t\r\n", s[n - 1]) && s[n - 1])
		n--;
	if (n == 0)
		return 0;
	if (n <= l->p->max_record && json_check(s, n, &v, &err) == 0)
		return take_element(l->p, v, why);
	memset(&e, 0, sizeof e);
	e.file = l->p->file;
	e.line = l->p->number;
	e.error = error;
	if (n > l->p->max_record) {
		e.rule = "too-long";
		snprintf(error, sizeof error, "a line of %zu bytes", n);
		e.length = n;
	} else {
		e.rule = json_err_say(&err, s, error, sizeof error);
		e.column = err.offset + 1;
		e.p = s;
		e.n = n;
	}
	return tell(l->p, &e, why);
}

static int
feed_lines(void *ctx, const char *p, size_t n, struct fail *why)
{
	struct by_line *l = ctx;
	const char *end = p + n, *nl;

	for (; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (buf_add(&l->line, p, (size_t)((nl ? nl : end) - p)) < 0)
			return fail(why, errno == ENOMEM ? EXIT_MACHINE :
			    EXIT_DATA, "a line of more than %zu bytes",
			    l->line.max);
		if (!nl)
			return 0;
		if (take_line(l, l->line.p, l->line.len, why) < 0)
			return -1;
		buf_clear(&l->line);
	}
	return 0;
}

static int
end_ndjson(struct parts *p, struct fail *why)
{
	struct by_line l = { p, BUF_INIT(BUF_DOC) };
	int r = spool_each(&p->spool, feed_lines, &l, why);

	if (r == 0)
		r = take_line(&l, l.line.p, l.line.len, why);
	buf_free(&l.line);
	return r;
}

/* ---- other parts ---- */

static const char *
ending_for(const struct multipart_header *type)
{
	static const struct { const char *type, *ending; } known[] = {
		{ "text/plain", ".txt" }, { "text/csv", ".csv" },
		{ "text/html", ".html" }, { "text/xml", ".xml" },
		{ "application/xml", ".xml" }, { "application/pdf", ".pdf" },
		{ "application/zip", ".zip" }, { "application/gzip", ".gz" },
		{ "image/png", ".png" }, { "image/jpeg", ".jpg" },
		{ "audio/wav", ".wav" }, { "audio/ogg", ".ogg" },
		{ "audio/mpeg", ".mp3" }
	};
	size_t i, n;

	if (!type)
		return ".txt";
	n = strcspn(type->value, "; \t");
	for (i = 0; i < COUNT(known); i++)
		if (strlen(known[i].type) == n &&
		    strncasecmp(type->value, known[i].type, n) == 0)
			return known[i].ending;
	return "";
}

/* "000003-report.csv": the number sorts; of the service's own name only what
 * is harmless in a file's name stays. */
static int
name_file(struct parts *p, const struct multipart_part *part,
    struct fail *why)
{
	const struct multipart_header *h =
	    multipart_header(part, "Content-Disposition");
	struct buf b = BUF_INIT(BUF_PATH);
	char given[512], *base;
	size_t i, n = 0;

	buf_addf(&b, "%s/%06" PRIu64, p->dir, part->number);
	if (h && media_param(h->value, h->value_len, "filename", given,
	    sizeof given) > 0) {
		base = strrchr(given, '/') ? strrchr(given, '/') + 1 : given;
		base = strrchr(base, '\\') ? strrchr(base, '\\') + 1 : base;
		for (i = 0; base[i] && n < NAME_MAX_KEPT; i++)
			if (isalnum((unsigned char)base[i]) ||
			    (strchr("-_.", base[i]) && (n || base[i] != '.'))) {
				if (n++ == 0)
					buf_putc(&b, '-');
				buf_putc(&b, base[i]);
			}
	}
	if (n == 0)
		buf_str_add(&b, ending_for(multipart_header(part,
		    "Content-Type")));
	p->name = b.err ? NULL : strdup(buf_str(&b));
	buf_free(&b);
	return p->name ? 0 : fail(why, EXIT_MACHINE, "out of memory");
}

/* "NAME.part" until it is complete. */
static char *
part_name(const struct parts *p)
{
	size_t n = strlen(p->name) + sizeof ".part";
	char *s = malloc(n);

	if (s)
		snprintf(s, n, "%s.part", p->name);
	return s;
}

static int
begin_file(struct parts *p, const struct multipart_part *part,
    struct fail *why)
{
	char *temp;

	if (mkdir(p->dir, 0777) < 0 && errno != EEXIST)
		return fail_errno(why, "cannot make the folder %s", p->dir);
	if (name_file(p, part, why) < 0 || !(temp = part_name(p)))
		return fail(why, EXIT_MACHINE, "out of memory");
	p->fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC |
	    O_NOFOLLOW, 0666);
	if (p->fd < 0)
		fail_errno(why, "cannot create %s", temp);
	free(temp);
	return p->fd < 0 ? -1 : 0;
}

static int
end_file(struct parts *p, struct fail *why)
{
	char *temp = part_name(p);
	int r = temp ? 0 : fail(why, EXIT_MACHINE, "out of memory");

	if (r == 0 && (close(p->fd) < 0 || rename(temp, p->name) < 0))
		r = fail_errno(why, "cannot finish %s", p->name);
	p->fd = -1;
	free(temp);
	close_file(p);
	return r;
}

/* ---- what the splitter calls ---- */

static bool
is_json(const struct parts *p)
{
	return p->kind == MEDIA_JSON || p->kind == MEDIA_NDJSON;
}

static int
on_begin(void *ctx, const struct multipart_part *part, struct fail *why)
{
	const struct multipart_header *type =
	    multipart_header(part, "Content-Type");
	struct parts *p = ctx;

	p->kind = media_kind(type ? type->value : NULL,
	    type ? type->value_len : 0);
	p->number = part->number;
	p->at = p->m.at;
	p->length = 0;
	spool_clear(&p->spool);
	json_elements_free(&p->check);
	json_elements_init(&p->check, p->max_record, NULL, p);
	p->bad.code = 0;
	p->told = false;
	if (p->skip || is_json(p) || !p->dir || p->enough)
		return 0;
	return begin_file(p, part, why);
}

static int
on_data(void *ctx, const char *bytes, size_t n, struct fail *why)
{
	struct parts *p = ctx;
	size_t i;

	for (i = 0; p->wire && i < n; i++)
		p->hash = (p->hash ^ (unsigned char)bytes[i]) * FNV_PRIME;
	if (p->length == 0)
		p->at = p->m.at;
	p->length += n;
	if (p->skip || p->enough)
		return 0;
	if (p->fd >= 0 && out_fd(p->fd, bytes, n) < 0)
		return fail_errno(why, "cannot write %s.part", p->name);
	if (p->kind == MEDIA_JSON && check_json(p, bytes, n, why) < 0)
		return -1;
	if ((is_json(p) && !p->bad.code) ||
	    (p->keep_rejects && p->spool.n <= p->max_record))
		return spool_add(&p->spool, bytes, n, why);
	return 0;
}

/* A part that was handed out before the transfer broke. */
static int
pass_over(struct parts *p, struct fail *why)
{
	if (--p->skip > 0 || p->hash == p->same)
		return 0;
	return fail(why, EXIT_SERVICE, "the answer that was asked for again "
	    "is not the one that was cut short");
}

static int
cut_off(struct parts *p, struct fail *why)
{
	char error[96];

	snprintf(error, sizeof error, "part %" PRIu64 " is cut off after %"
	    PRIu64 " bytes", p->number, p->length);
	close_file(p);
	return p->keep_rejects ? reject_part(p, "truncated", error, p->wire,
	    why) : 0;
}

static int
on_end(void *ctx, bool complete, struct fail *why)
{
	struct parts *p = ctx;
	int r = 0;

	p->hash = (p->hash ^ 0x100) * FNV_PRIME;        /* no byte is that */
	if (p->skip)
		return complete ? pass_over(p, why) : 0;
	if (p->enough)
		return 0;
	if (!complete)
		return cut_off(p, why);
	if (p->kind == MEDIA_JSON)
		r = end_json(p, why);
	else if (p->kind == MEDIA_NDJSON)
		r = end_ndjson(p, why);
	else if (p->fd >= 0)
		r = end_file(p, why);
	p->json += is_json(p);
	p->other += !is_json(p);
	p->done++;
	p->same = p->hash;
	spool_clear(&p->spool);
	return r;
}

/* A body that is none is the service's fault where it came from there; a
 * part that is no record is not. */
static int
blame(const struct parts *p, struct fail *why)
{
	if (p->wire && !p->refused && why && why->code == EXIT_DATA)
		why->code = EXIT_SERVICE;
	return -1;
}

int
parts_feed(struct parts *p, const char *bytes, size_t n, struct fail *why)
{
	if (multipart_feed(&p->m, bytes, n, why) < 0)
		return blame(p, why);
	return p->enough ? TAKE_ENOUGH : 0;
}

int
parts_end(struct parts *p, struct fail *why)
{
	if (!p->begun)
		return 0;
	return multipart_end(&p->m, why) == 0 ? 0 : blame(p, why);
}

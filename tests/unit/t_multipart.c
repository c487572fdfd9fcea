/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "json/scan.h"
#include "net/digest.h"
#include "net/multipart.h"
#include "unit.h"

/* ==== What happened, as text ====
 *
 * Every event becomes lines of a log, data joined to one line a part, so
 * that two runs are equal exactly when their logs are. */

struct seen {
	struct buf log, body;
	uint64_t body_at;               /* where the part's data began */
	uint64_t header_at;
	bool done;                      /* multipart_end() said closed */
	struct multipart m;
	struct fail why;
	char bodies[4][256];            /* the first parts' data */
};

static int
on_begin(void *ctx, const struct multipart_part *part, struct fail *why)
{
	struct seen *s = ctx;
	size_t i;

	(void)why;
	assert_int_equal(part->offset, s->m.at);
	s->header_at = part->offset;
	buf_addf(&s->log, "%" PRIu64 "@%" PRIu64, part->number, part->offset);
	for (i = 0; i < part->nheaders; i++) {
		const struct multipart_header *h = &part->headers[i];

		assert_int_equal(h->name[h->name_len], 0);
		assert_int_equal(h->value[h->value_len], 0);
		buf_str_add(&s->log, " [");
		buf_add(&s->log, h->name, h->name_len);
		buf_str_add(&s->log, "]=[");
		buf_add(&s->log, h->value, h->value_len);
		buf_str_add(&s->log, "]");
	}
	buf_clear(&s->body);
	return 0;
}

static int
on_data(void *ctx, const char *p, size_t n, struct fail *why)
{
	struct seen *s = ctx;

	(void)why;
	assert_true(n > 0);
	if (s->body.len == 0)
		s->body_at = s->m.at;
	assert_int_equal(s->m.at, s->body_at + s->body.len);
	buf_add(&s->body, p, n);
	return 0;
}

static int
on_end(void *ctx, bool complete, struct fail *why)
{
	struct seen *s = ctx;
	char hex[DIGEST_HEX];

	if (s->body.len == 0)
		s->body_at = s->m.at;
	assert_int_equal(s->m.at, s->body_at + s->body.len);
	assert_int_equal(digest_hex(s->body.p, s->body.len, hex, why), 0);
	buf_addf(&s->log, " body@%" PRIu64 "+%zu %s %s\n", s->body_at,
	    s->body.len, hex, complete ? "complete" : "truncated");
	if (s->m.parts <= COUNT(s->bodies))
		snprintf(s->bodies[s->m.parts - 1], sizeof s->bodies[0],
		    "%.*s", (int)s->body.len, buf_str(&s->body));
	return 0;
}

static struct multipart_sink sink = { on_begin, on_data, on_end, NULL };

/* Splits a body fed in pieces of 1 to max bytes (0: whole). The log's last
 * line is the summary. */
static void
split(struct seen *s, const char *p, size_t n, const char *boundary,
    size_t max, struct rng *rng)
{
	const struct buf log = BUF_INIT(BUF_DOC);
	size_t at = 0;

	memset(s, 0, sizeof *s);
	s->log = s->body = log;
	sink.ctx = s;
	assert_int_equal(multipart_init(&s->m, boundary, &sink, &s->why), 0);
	while (at < n) {
		size_t k = max ? 1 + (size_t)rng_below(rng, max) : n;
		char *piece;

		if (k > n - at)
			k = n - at;
		piece = malloc(k);      /* so that reading past it is seen */
		memcpy(piece, p + at, k);
		assert_int_equal(multipart_feed(&s->m, piece, k, &s->why), 0);
		free(piece);
		at += k;
	}
	s->done = multipart_end(&s->m, &s->why) == 0;
	if (!s->done)
		assert_int_equal(s->why.code, EXIT_DATA);
	buf_addf(&s->log, "preamble %" PRIu64 " epilogue %" PRIu64 " %s\n",
	    s->m.preamble, s->m.epilogue, s->done ? "closed" : "open");
}

static void
seen_free(struct seen *s)
{
	multipart_free(&s->m);
	buf_free(&s->log);
	buf_free(&s->body);
}

/* Whole, a byte at a time, and in random pieces: always the same log. */
static void
same_in_pieces(const char *p, size_t n, const char *boundary,
    const char *log)
{
	static const size_t sizes[] = { 1, 2, 3, 7, 40, 600, 5000 };
	struct rng rng;
	struct seen s;
	size_t i;

	rng_seed(&rng, n);
	for (i = 0; i < COUNT(sizes); i++) {
		split(&s, p, n, boundary, sizes[i], &rng);
		assert_string_equal(buf_str(&s.log), log);
		seen_free(&s);
	}
}

/* Splits a body given as text, checks it in pieces, leaves s for more. */
static void
text(struct seen *s, const char *body, const char *boundary)
{
	split(s, body, strlen(body), boundary, 0, NULL);
	same_in_pieces(body, strlen(body), boundary, buf_str(&s->log));
}

/* ==== The published expectations ==== */

static struct json_val
get(struct json_val v, const char *key)
{
	struct json_val x;

	if (!json_get(v, key, &x))
		fail_msg("expectations.json: no %s", key);
	return x;
}

static size_t
num(struct json_val v, const char *key)
{
	return (size_t)json_double(get(v, key));
}

/* Of a member that is a pair of numbers. */
static void
pair(struct json_val v, const char *key, size_t *a, size_t *b)
{
	struct json_iter it = json_iter(get(v, key));

	assert_true(json_next(&it));
	*a = (size_t)json_double(it.val);
	assert_true(json_next(&it));
	*b = (size_t)json_double(it.val);
}

/* A string member's bytes; the buffer is the caller's. */
static const char *
str(struct json_val v, const char *key, struct buf *b)
{
	buf_clear(b);
	assert_int_equal(json_decode(get(v, key), b), 0);
	return buf_str(b);
}

static bool
is_true(struct json_val v)
{
	return json_type(v) == JSON_TRUE;
}

static void
expected_part(struct buf *log, struct json_val part, size_t base)
{
	struct json_iter h = json_iter(get(part, "headers"));

	buf_addf(log, "@%zu", num(part, "header_offset") - base);
	while (json_next(&h)) {
		struct json_iter field = json_iter(h.val);

		json_next(&field);
		buf_str_add(log, " [");
		assert_int_equal(json_decode(field.val, log), 0);
		json_next(&field);
		buf_str_add(log, "]=[");
		assert_int_equal(json_decode(field.val, log), 0);
		buf_str_add(log, "]");
	}
	buf_addf(log, " body@%zu+%zu ", num(part, "body_offset") - base,
	    num(part, "body_length"));
	assert_int_equal(json_decode(get(part, "body_sha256"), log), 0);
}

/* The log that a case asks for; its offsets count from the file's start,
 * ours from the body's at base. */
static void
expected(struct buf *log, struct json_val want, size_t base, size_t size)
{
	struct json_iter it = json_iter(get(want, "parts"));
	bool closed = is_true(get(want, "closed")), more;
	size_t at, preamble, epilogue, n = 0;

	more = json_next(&it);
	while (more) {
		buf_addf(log, "%zu", ++n);
		expected_part(log, it.val, base);
		more = json_next(&it);
		buf_str_add(log, closed || more ? " complete\n" :
		    " truncated\n");
	}
	pair(want, "preamble", &at, &preamble);
	assert_int_equal(at, base);
	pair(want, "epilogue", &at, &epilogue);
	assert_int_equal(at + epilogue, base + size);
	buf_addf(log, "preamble %zu epilogue %zu %s\n", preamble, epilogue,
	    closed ? "closed" : "open");
}

/* Checks a body and the multiparts within it. Returns how many bodies. */
static int
check_body(const char *file, const char *p, size_t base, size_t size,
    struct json_val want)
{
	struct buf log = BUF_INIT(BUF_DOC), boundary = BUF_INIT(BUF_LINE);
	struct json_iter it = json_iter(get(want, "parts"));
	struct seen s;
	int n = 1;

	expected(&log, want, base, size);
	split(&s, p, size, str(want, "boundary", &boundary), 0, NULL);
	if (strcmp(buf_str(&s.log), buf_str(&log)) != 0)
		fail_msg("%s:\n%s\nexpected\n%s", file, buf_str(&s.log),
		    buf_str(&log));
	same_in_pieces(p, size, buf_str(&boundary), buf_str(&s.log));
	seen_free(&s);
	while (json_next(&it)) {
		struct json_val nested;
		size_t at = num(it.val, "body_offset");

		if (json_get(it.val, "nested", &nested))
			n += check_body(file, p + (at - base), at,
			    num(it.val, "body_length"), nested);
	}
	buf_free(&boundary);
	buf_free(&log);
	return n;
}

static void
read_file(const char *name, struct buf *b)
{
	const char *path = test_data(name);
	int fd;

	assert_non_null(path);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	buf_clear(b);
	assert_int_equal(buf_read_fd(b, fd), 0);
	close(fd);
}

/* Calls check with each case of a list; skips where the data is absent. */
static void
each_case(const char *list, void (*check)(struct json_val c, void *ctx),
    void *ctx)
{
	struct buf text = BUF_INIT(BUF_DOC);
	struct json_val doc;
	struct json_iter it;
	int n = 0;

	if (!test_data("multipart/expectations.json"))
		skip();
	read_file("multipart/expectations.json", &text);
	assert_int_equal(json_check(text.p, text.len, &doc, NULL), 0);
	for (it = json_iter(get(doc, list)); json_next(&it); n++)
		check(it.val, ctx);
	assert_true(n > 20);
	buf_free(&text);
}

/* Reads a case's file; its name is left in name. */
static void
read_case(struct json_val c, struct buf *name, struct buf *file)
{
	buf_clear(name);
	buf_str_add(name, "multipart/");
	assert_int_equal(json_decode(get(c, "file"), name), 0);
	read_file(buf_str(name), file);
	assert_int_equal(file->len, num(c, "size"));
}

static void
check_case(struct json_val c, void *ctx)
{
	struct buf file = BUF_INIT(BUF_DOC), name = BUF_INIT(BUF_PATH);
	size_t base = num(c, "body_offset");

	read_case(c, &name, &file);
	*(int *)ctx += check_body(buf_str(&name), buf_str(&file) + base, base,
	    file.len - base, get(c, "expect"));
	buf_free(&name);
	buf_free(&file);
}

/* The ambiguous ones too: there our rule is the one that is written down. */
static void
agrees_with_every_published_case(void **state)
{
	int bodies = 0;

	(void)state;
	each_case("cases", check_case, &bodies);
	assert_true(bodies > 106);
}

static void
check_type(struct json_val c, void *ctx)
{
	struct buf type = BUF_INIT(BUF_LINE), want = BUF_INIT(BUF_LINE);
	char got[MULTIPART_BOUNDARY + 1] = "";
	int r;

	(void)ctx;
	str(c, "content_type", &type);
	r = multipart_boundary(buf_str(&type), type.len, got);
	if (json_type(get(c, "boundary")) == JSON_STRING) {
		assert_int_equal(r, 0);
		assert_string_equal(got, str(c, "boundary", &want));
	} else
		assert_int_equal(r, -1);
	buf_free(&type);
	buf_free(&want);
}

static void
agrees_with_every_published_content_type(void **state)
{
	(void)state;
	each_case("content_type_cases", check_type, NULL);
}

static void
check_guess(struct json_val c, void *ctx)
{
	struct buf file = BUF_INIT(BUF_DOC), name = BUF_INIT(BUF_PATH);
	size_t base = num(c, "body_offset"), at, preamble;
	char got[MULTIPART_BOUNDARY + 1];

	pair(get(c, "expect"), "preamble", &at, &preamble);
	read_case(c, &name, &file);
	if (preamble == 0 && file.len > base) {
		assert_int_equal(multipart_guess(buf_str(&file) + base,
		    file.len - base, true, got), 0);
		assert_string_equal(got, str(get(c, "expect"), "boundary",
		    &name));
		++*(int *)ctx;
	}
	buf_free(&name);
	buf_free(&file);
}

/* The first line says: on every body that begins with its delimiter. */
static void
guesses_the_boundary_of_every_published_body(void **state)
{
	int guessed = 0;

	(void)state;
	each_case("cases", check_guess, &guessed);
	assert_true(guessed > 60);
}

/* ==== A second reading of the grammar ====
 *
 * Slow and plain, on a whole body in memory, to be compared with the machine
 * on random bodies made of the bytes that matter. */

/* Is [p,eol) the delimiter (1), the close-delimiter (2) or neither (0)? */
static int
ref_line(const char *p, const char *eol, const char *end, const char *b)
{
	size_t n = strlen(b);
	int kind = 1;

	if (eol < end && eol > p && eol[-1] == '\r')
		eol--;
	if ((size_t)(eol - p) < n + 2 || memcmp(p, "--", 2) ||
	    memcmp(p + 2, b, n))
		return 0;
	p += n + 2;
	if (eol - p >= 2 && p[0] == '-' && p[1] == '-') {
		p += 2;
		kind = 2;
	}
	while (p < eol && (*p == ' ' || *p == '\t'))
		p++;
	return p == eol ? kind : 0;
}

/* One part, all of it between two delimiter lines (or the end). */
static void
ref_part(struct buf *log, const char *body, const char *p, const char *end,
    bool complete, int number)
{
	char hex[DIGEST_HEX];
	int headers = 0;

	buf_addf(log, "%d@%d", number, (int)(p - body));
	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *next = nl ? nl + 1 : end;
		const char *eol = nl ? nl : end, *c;

		if (nl && eol > p && eol[-1] == '\r')
			eol--;
		if (nl && eol == p) {
			p = next;
			break;
		}
		if (headers > 0 && (*p == ' ' || *p == '\t')) {
			log->len--;             /* the ']' */
			while (log->p[log->len - 1] == '[' && p < eol &&
			    (*p == ' ' || *p == '\t'))
				p++;
			buf_add(log, p, (size_t)(eol - p));
			buf_str_add(log, "]");
			p = next;
			continue;
		}
		for (c = p; c < eol && *c != ':' && *c != ' ' && *c != '\t'; )
			c++;
		if (c == eol || *c != ':')
			break;
		headers++;
		buf_addf(log, " [%.*s]=[", (int)(c - p), p);
		for (c++; c < eol && (*c == ' ' || *c == '\t'); c++)
			;
		buf_addf(log, "%.*s]", (int)(eol - c), c);
		p = next;
	}
	assert_int_equal(digest_hex(p, (size_t)(end - p), hex, NULL), 0);
	buf_addf(log, " body@%d+%d %s %s\n", (int)(p - body), (int)(end - p),
	    hex, complete ? "complete" : "truncated");
}

/* Cuts the blanks before each ']' of the log: the values' right ends, which
 * ref_part() leaves, for a continuation may follow. */
static void
ref_trim(struct buf *log)
{
	size_t i, to = 0;

	for (i = 0; i < log->len; i++) {
		if (log->p[i] == ']')
			while (to > 0 && (log->p[to - 1] == ' ' ||
			    log->p[to - 1] == '\t'))
				to--;
		log->p[to++] = log->p[i];
	}
	log->len = to;
}

static void
reference(struct buf *log, const char *body, size_t n, const char *boundary)
{
	const char *p = body, *end = body + n, *part = NULL;
	size_t preamble = n;
	int number = 0;

	while (p < end) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		const char *eol = nl ? nl : end, *next = nl ? nl + 1 : end;
		int kind = ref_line(p, eol, end, boundary);
		const char *stop = p;

		if (kind == 0) {
			p = next;
			continue;
		}
		if (stop > body && stop > (part ? part : body)) {
			stop--;
			if (stop > (part ? part : body) && stop[-1] == '\r')
				stop--;
		}
		if (part)
			ref_part(log, body, part, stop, true, ++number);
		else
			preamble = (size_t)(stop - body);
		part = p = next;
		if (kind == 2) {
			ref_trim(log);
			buf_addf(log, "preamble %zu epilogue %d closed\n",
			    preamble, (int)(end - next));
			return;
		}
	}
	if (part)
		ref_part(log, body, part, end, false, ++number);
	ref_trim(log);
	buf_addf(log, "preamble %zu epilogue 0 open\n", preamble);
}

static void
agrees_with_a_plain_reading_of_the_grammar(void **state)
{
	static const char *const boundaries[] = {
		"b", "b--", "-", "--", "b b"
	};
	static const char *const bits[] = {
		"\r\n", "\n", "\r", "--", "--b", "--b--", "-", "b", " ", "\t",
		"x", "A: 1\r\n", ":", "\r\n\r\n", "Name:", " \t",
		("the text of a part that is a little longer than the others "
		"so that the search looks at whole blocks of it at once")
	};
	struct rng rng;
	int i, j;

	(void)state;
	rng_seed(&rng, 2046);
	for (i = 0; i < 40000; i++) {
		struct buf b = BUF_INIT(BUF_LINE), log = BUF_INIT(BUF_LINE);
		const char *boundary = boundaries[i % COUNT(boundaries)];
		struct seen s;
		int n = (int)rng_below(&rng, 24);

		if (rng_below(&rng, 2))
			buf_addf(&b, "--%s\r\n", boundary);
		for (j = 0; j < n; j++)
			switch (rng_below(&rng, 4)) {
			case 0:
				buf_addf(&b, "%s--%s", j % 2 ? "\r\n" : "\n",
				    boundary);
				break;
			default:
				buf_str_add(&b,
				    bits[rng_below(&rng, COUNT(bits))]);
			}
		reference(&log, buf_str(&b), b.len, boundary);
		split(&s, buf_str(&b), b.len, boundary, i % 3 ? 1 + (size_t)
		    rng_below(&rng, 9) : 0, &rng);
		assert_string_equal(buf_str(&s.log), buf_str(&log));
		seen_free(&s);
		buf_free(&b);
		buf_free(&log);
	}
}

/* ==== The tutorial's own defects ==== */

#define TWO_PARTS \
	"--gc\r\n" \
	"Content-Type: application/json\r\n" \
	"\r\n" \
	"{\"actual_intent\":\"a\",\"predicted_intent\":\"b\"}\r\n" \
	"--gc\r\n" \
	"Content-Type: application/json\r\n" \
	"\r\n" \
	"{\"actual_intent\":\"c\",\"predicted_intent\":\"c\"}\r\n" \
	"--gc--\r\n"

/* It looked for CRLF and the boundary without "--", and found nothing. */
static void
defect_a_well_formed_body_of_two_parts_gave_no_record(void **state)
{
	struct seen s;

	(void)state;
	text(&s, TWO_PARTS, "gc");
	assert_true(s.done);
	assert_int_equal(s.m.parts, 2);
	assert_string_equal(s.bodies[0],
	    "{\"actual_intent\":\"a\",\"predicted_intent\":\"b\"}");
	assert_string_equal(s.bodies[1],
	    "{\"actual_intent\":\"c\",\"predicted_intent\":\"c\"}");
	seen_free(&s);
}

/* It wanted a line end before the first delimiter. */
static void
defect_the_first_part_had_no_line_end_before_it(void **state)
{
	struct seen s;

	(void)state;
	text(&s, "--b\n\none\n--b--", "b");
	assert_int_equal(s.m.parts, 1);
	assert_string_equal(s.bodies[0], "one");
	assert_int_equal(s.m.preamble, 0);
	seen_free(&s);
}

/* It never gave out what was in its buffer when the body ended. */
static void
defect_the_last_part_was_never_flushed(void **state)
{
	struct seen s;

	(void)state;
	text(&s, "--b\r\n\r\none\r\n--b\r\n\r\nlast\r\n--b--", "b");
	assert_true(s.done);
	assert_string_equal(s.bodies[1], "last");
	seen_free(&s);
	text(&s, "--b\r\n\r\none\r\n--b\r\n\r\nlast", "b");
	assert_false(s.done);
	assert_string_equal(s.bodies[1], "last");
	assert_non_null(strstr(buf_str(&s.log), "truncated"));
	seen_free(&s);
}

static void
assert_boundary(const char *type, const char *want)
{
	char got[MULTIPART_BOUNDARY + 1];
	int r = multipart_boundary(type, strlen(type), got);

	assert_int_equal(r, want ? 0 : -1);
	if (want)
		assert_string_equal(got, want);
}

/* It took everything behind "boundary=", quotes and parameters too. */
static void
defect_quotes_and_parameters_stuck_to_the_boundary(void **state)
{
	(void)state;
	assert_boundary("multipart/mixed; boundary=\"gc\"", "gc");
	assert_boundary("multipart/mixed; boundary=gc; charset=utf-8", "gc");
	assert_boundary("multipart/mixed; boundary=\"g;c\" ; x=\"y\"", "g;c");
}

/* A sink that keeps nothing: it counts, and tells slices from copies. */
struct flow {
	const char *fed;
	size_t fed_len;
	uint64_t sliced, copied;
};

static int
flow_begin(void *ctx, const struct multipart_part *part, struct fail *why)
{
	(void)ctx;
	(void)part;
	(void)why;
	return 0;
}

static int
flow_data(void *ctx, const char *p, size_t n, struct fail *why)
{
	struct flow *f = ctx;

	(void)why;
	if (p >= f->fed && p + n <= f->fed + f->fed_len)
		f->sliced += n;
	else
		f->copied += n;
	return 0;
}

static int
flow_end(void *ctx, bool complete, struct fail *why)
{
	(void)ctx;
	(void)complete;
	(void)why;
	return 0;
}

/* It kept every part in memory, and all records. */
static void
defect_the_whole_body_was_held_in_memory(void **state)
{
	static const char head[] = "--gc\r\nA: b\r\n\r\n";
	static char block[1 << 16];
	struct flow f = { block, sizeof block, 0, 0 };
	const struct multipart_sink flow = {
		flow_begin, flow_data, flow_end, &f
	};
	struct multipart m;
	struct rng rng;
	size_t i;

	(void)state;
	rng_seed(&rng, 1);
	for (i = 0; i < sizeof block; i++)
		block[i] = (char)rng_below(&rng, 256);
	memcpy(block + sizeof block - 5, "\r\n--g", 5);  /* held each time */
	assert_int_equal(multipart_init(&m, "gc", &flow, NULL), 0);
	assert_int_equal(multipart_feed(&m, head, sizeof head - 1, NULL), 0);
	for (i = 0; i < 1024; i++)              /* 64 MiB in one part */
		assert_int_equal(multipart_feed(&m, block, sizeof block,
		    NULL), 0);
	assert_int_equal(multipart_end(&m, NULL), -1);
	assert_int_equal(f.copied, 1024 * 5);
	assert_int_equal(f.sliced, 1024 * (sizeof block - 5));
	assert_true(m.head.cap < 256);
	multipart_free(&m);
}

/* ==== Our own ==== */

static void
payload_that_begins_like_the_boundary_is_payload(void **state)
{
	struct seen s;

	(void)state;
	text(&s, "--b\r\n\r\n--bx\r\n--b--x\r\n--b -\r\n--b---\r\n---b\r\n"
	    " --b\r\n--b-\r\n--b--", "b");
	assert_true(s.done);
	assert_int_equal(s.m.parts, 1);
	assert_string_equal(s.bodies[0], "--bx\r\n--b--x\r\n--b -\r\n"
	    "--b---\r\n---b\r\n --b\r\n--b-");
	seen_free(&s);
}

static void
padding_is_taken_up_to_its_ceiling(void **state)
{
	char body[1200];
	int n;

	(void)state;
	for (n = MULTIPART_PADDING - 1; n <= MULTIPART_PADDING + 1; n++) {
		struct seen s;

		snprintf(body, sizeof body, "--b\n\nx\n--b%*s\r\n\ny\n--b--%*s",
		    n, "", n, "");
		text(&s, body, "b");
		assert_int_equal(s.m.parts, n > MULTIPART_PADDING ? 1 : 2);
		assert_int_equal(s.done, n <= MULTIPART_PADDING);
		seen_free(&s);
	}
}

static void
the_longest_boundary_with_the_longest_padding_fits(void **state)
{
	char boundary[MULTIPART_BOUNDARY + 2], body[4096];
	struct seen s;
	struct fail why;

	(void)state;
	memset(boundary, 'q', sizeof boundary);
	boundary[MULTIPART_BOUNDARY] = '\0';
	snprintf(body, sizeof body, "--%s%*s\r\n\r\nx\r\n--%s--%*s\r\nend",
	    boundary, MULTIPART_PADDING, "", boundary, MULTIPART_PADDING, "");
	text(&s, body, boundary);
	assert_true(s.done);
	assert_string_equal(s.bodies[0], "x");
	assert_int_equal(s.m.epilogue, 3);
	seen_free(&s);
	boundary[MULTIPART_BOUNDARY] = 'q';
	boundary[MULTIPART_BOUNDARY + 1] = '\0';
	assert_int_equal(multipart_init(&s.m, boundary, &sink, &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
}

static void
the_part_that_is_cut_off_is_named(void **state)
{
	static const struct { const char *body; int part; } cuts[] = {
		{ "--b\r\n\r\none\r\n--b\r\n\r\ntw", 2 },
		{ "--b\r\n\r\none\r\n--b\r\nContent-Ty", 2 },
		{ "--b\r\n\r\none\r\n--b\r\nContent-Type: a\r\n", 2 },
		{ "--b\r\n\r\none\r\n--b\r\n", 2 },
		{ "--b\r\n\r\none\r\n--b", 2 },
		{ "--b\r\n\r\none\r\n--", 1 },
		{ "--b\r\n\r\none\r\n--b-", 1 },
		{ "--b\r\n\r\none\r", 1 },
		{ "--b", 1 }
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cuts); i++) {
		char want[32];
		struct seen s;

		text(&s, cuts[i].body, "b");
		snprintf(want, sizeof want, "part %d is cut off",
		    cuts[i].part);
		assert_false(s.done);
		assert_int_equal(s.why.code, EXIT_DATA);
		assert_int_equal(s.m.parts, cuts[i].part);
		assert_non_null(strstr(s.why.text, want));
		assert_non_null(strstr(buf_str(&s.log), "truncated"));
		seen_free(&s);
	}
}

static void
a_boundary_that_never_comes_is_an_error(void **state)
{
	struct seen s;

	(void)state;
	text(&s, TWO_PARTS, "other");
	assert_false(s.done);
	assert_int_equal(s.m.parts, 0);
	assert_non_null(strstr(s.why.text, "\"--other\" does not occur"));
	seen_free(&s);
	text(&s, "", "b");
	assert_false(s.done);
	assert_non_null(strstr(s.why.text, "does not occur in 0 bytes"));
	seen_free(&s);
}

static void
headers_are_found_in_any_case(void **state)
{
	static const struct multipart_header h[] = {
		{ "content-TYPE", "a", 12, 1 }, { "X", "1", 1, 1 },
		{ "x", "2", 1, 1 }
	};
	const struct multipart_part part = { 1, 0, h, COUNT(h) };

	(void)state;
	assert_ptr_equal(multipart_header(&part, "Content-Type"), &h[0]);
	assert_ptr_equal(multipart_header(&part, "X"), &h[1]);
	assert_null(multipart_header(&part, "Content"));
}

/* Feeds a header block of n bytes (one long value); says what came. */
static int
long_head(size_t n, const char *first, size_t step, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct seen s;
	size_t at, len;
	int r = 0;

	memset(&s, 0, sizeof s);
	s.log.max = s.body.max = BUF_LINE;
	buf_str_add(&b, "--b\n");
	buf_str_add(&b, first);
	while (b.len < n + 4 - 1)
		buf_putc(&b, 'v');
	buf_str_add(&b, "\n\nbody\n--b--\n");
	sink.ctx = &s;
	assert_int_equal(multipart_init(&s.m, "b", &sink, why), 0);
	for (at = 0; at < b.len && r == 0; at += len) {
		len = b.len - at < step ? b.len - at : step;
		r = multipart_feed(&s.m, b.p + at, len, why);
	}
	if (r == 0)
		r = multipart_end(&s.m, why);
	if (r == 0)
		r = s.body.len == 4 ? 0 : 1;
	buf_free(&b);
	seen_free(&s);
	return r;
}

static void
a_header_block_has_a_ceiling(void **state)
{
	static const size_t steps[] = { 1, 1000, 1 << 20 };
	struct fail why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(steps); i++) {
		/* with the empty line, exactly the ceiling */
		assert_int_equal(long_head(BUF_HEAD - 1, "A: ", steps[i],
		    &why), 0);
		assert_int_equal(long_head(BUF_HEAD + 1, "A: ", steps[i],
		    &why), -1);
		assert_int_equal(why.code, EXIT_DATA);
		assert_non_null(strstr(why.text, "part 1 has headers of more "
		    "than 65536 bytes"));
		/* a line without a colon is data, however long */
		assert_int_equal(long_head(3 * BUF_HEAD, "", steps[i], &why),
		    1);
	}
}

static void
a_part_has_so_many_headers_and_no_more(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct fail why;
	struct seen s;
	int i;

	(void)state;
	buf_str_add(&b, "--b\n");
	for (i = 0; i < MULTIPART_HEADERS; i++)
		buf_addf(&b, "H%d: %d\n folded\n", i, i);
	buf_str_add(&b, "\nbody\n--b\n");
	text(&s, buf_str(&b), "b");
	assert_string_equal(s.bodies[0], "body");
	assert_non_null(strstr(buf_str(&s.log), " [H99]=[99 folded]"));
	seen_free(&s);
	for (i = 0; i <= MULTIPART_HEADERS; i++)
		buf_addf(&b, "H%d: %d\n", i, i);
	memset(&s, 0, sizeof s);
	s.log.max = s.body.max = BUF_LINE;
	sink.ctx = &s;
	assert_int_equal(multipart_init(&s.m, "b", &sink, &why), 0);
	assert_int_equal(multipart_feed(&s.m, b.p, b.len, &why), -1);
	assert_int_equal(why.code, EXIT_DATA);
	assert_non_null(strstr(why.text, "part 2 has more than 100 headers"));
	seen_free(&s);
	buf_free(&b);
}

static int
refuse(void *ctx, const char *p, size_t n, struct fail *why)
{
	(void)ctx;
	(void)p;
	(void)n;
	return fail(why, EXIT_MACHINE, "disk full");
}

/* Adds, as a line, the headers that a block of them gives in a body of one
 * part. */
static void
headers_alone(const char *head, struct buf *out)
{
	struct buf body = BUF_INIT(BUF_DOC);
	const char *first, *end;
	struct seen s;

	buf_addf(&body, "--b\r\n%sbody\r\n--b--\r\n", head);
	split(&s, body.p, body.len, "b", 0, NULL);
	first = strchr(buf_str(&s.log), '[');
	end = strstr(buf_str(&s.log), " body@");
	if (first && first < end)
		buf_add(out, first, (size_t)(end - first));
	buf_add(out, "\n", 1);
	seen_free(&s);
	buf_free(&body);
}

/* Has each part of a log the headers of want's line? */
static void
assert_headers(const char *log, const char *want)
{
	while (*want) {
		size_t n = strcspn(want, "\n");
		const char *end = strstr(log, " body@");

		assert_non_null(end);
		assert_true((size_t)(end - log) >= n);
		assert_memory_equal(end - n, want, n);
		log = strchr(end, '\n') + 1;
		want += n + 1;
	}
}

/* A header block like the one before is not parsed again; whatever stands
 * between two such, each part has its own headers. */
static void
a_header_block_that_comes_again_is_the_parts_own(void **state)
{
	static const char *const heads[] = {
		"A: 1\r\nB:  2 \r\n\r\n", "A: 1\r\nB:  2 \r\n\r\n",
		"A: 1\r\nB:  2 \r\n\tand more\r\n\r\n",
		"A: 1\r\nB:  2 \r\n\tand more\r\n\r\n",
		"A: 1\nB:  2 \n\n", "\r\n", "\r\n", "no header\r\n",
		"A: 1\r\nB:  2 \r\nno header\r\n",
		"A: 1\r\nB:  2 \r\n\r\n", "A: 1\r\nB:  2 \r\n", "",
		"A: 1\r\nB:  2 \r\n\r\n", "A: 2\r\nB:  2 \r\n\r\n"
	};
	struct buf body = BUF_INIT(BUF_DOC), want = BUF_INIT(BUF_DOC);
	struct rng rng;
	struct seen s;
	int round, i;

	(void)state;
	rng_seed(&rng, 12);
	for (round = 0; round < 300; round++) {
		buf_clear(&body);
		buf_clear(&want);
		for (i = 0; i < 8; i++) {
			const char *head = heads[rng_below(&rng,
			    COUNT(heads))];

			headers_alone(head, &want);
			buf_addf(&body, "%s--b\r\n%sbody", i ? "\r\n" : "",
			    head);
		}
		buf_str_add(&body, "\r\n--b--\r\n");
		split(&s, body.p, body.len, "b", 0, NULL);
		assert_true(s.done);
		assert_headers(buf_str(&s.log), buf_str(&want));
		same_in_pieces(body.p, body.len, "b", buf_str(&s.log));
		seen_free(&s);
	}
	buf_free(&body);
	buf_free(&want);
}

static void
a_sink_that_fails_ends_the_splitting(void **state)
{
	struct multipart_sink no = { on_begin, refuse, on_end, NULL };
	struct fail why;
	struct seen s;

	(void)state;
	memset(&s, 0, sizeof s);
	s.log.max = s.body.max = BUF_LINE;
	no.ctx = &s;
	assert_int_equal(multipart_init(&s.m, "gc", &no, &why), 0);
	assert_int_equal(multipart_feed(&s.m, TWO_PARTS,
	    sizeof TWO_PARTS - 1, &why), -1);
	assert_int_equal(why.code, EXIT_MACHINE);
	assert_string_equal(why.text, "disk full");
	assert_int_equal(s.m.parts, 1);
	seen_free(&s);
}

static void
content_types_are_read_generously(void **state)
{
	(void)state;
	assert_boundary("multipart/mixed; boundary=\"a\\\"b\\\\c\"", "a\"b\\c");
	assert_boundary("multipart/mixed; boundary=\"a\r\n b\"", "a b");
	assert_boundary("multipart/mixed; boundary=\"abc", "abc");
	assert_boundary("multipart/mixed; boundary=a b", "a b");
	assert_boundary("multipart/mixed; boundary=ab (of the day)", "ab");
	assert_boundary("multipart/mixed ; boundary\t=\tab\r\n ;x=y", "ab");
	assert_boundary("multipart/mixed; boundary=one; boundary=two", "one");
	assert_boundary("multipart/mixed; boundary*=us-ascii'en'a%2Db", "a-b");
	assert_boundary("multipart/mixed; boundary", NULL);
	assert_boundary("multipart/mixed; boundary=\"a\tb\"", NULL);
	assert_boundary("multipart; boundary=ab", NULL);
	assert_boundary("multipart/; boundary=ab", NULL);
	assert_boundary("", NULL);
	assert_boundary(";;;=;boundary=a", NULL);
}

static void
assert_guess(const char *body, bool whole, const char *want)
{
	char got[MULTIPART_BOUNDARY + 1];
	int r = multipart_guess(body, strlen(body), whole, got);

	assert_int_equal(r, want ? 0 : -1);
	if (want)
		assert_string_equal(got, want);
}

static void
the_first_delimiter_line_says_the_boundary(void **state)
{
	(void)state;
	assert_guess(TWO_PARTS, false, "gc");
	assert_guess("--b \t\r\n\r\nx\r\n--b--", false, "b");
	assert_guess("\r\nA preamble\r\n-- a dash\r\n--b\r\n", false, "b");
	assert_guess("--b--\r\n", true, "b");           /* no parts */
	assert_guess("--b--\r\n\r\nx\r\n--b----", true, "b--");
	assert_guess("--b--\r\n\r\nx\r\n", false, "b--");
	assert_guess("--b", false, NULL);       /* the line is not all there */
	assert_guess("--b", true, "b");
	assert_guess("", true, NULL);
	assert_guess("--\r\n", true, NULL);
	assert_guess("{\"a\":1}\n{\"a\":2}\n", true, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_every_published_case),
		cmocka_unit_test(agrees_with_every_published_content_type),
		cmocka_unit_test(guesses_the_boundary_of_every_published_body),
		cmocka_unit_test(agrees_with_a_plain_reading_of_the_grammar),
		cmocka_unit_test(
		    defect_a_well_formed_body_of_two_parts_gave_no_record),
		cmocka_unit_test(
		    defect_the_first_part_had_no_line_end_before_it),
		cmocka_unit_test(defect_the_last_part_was_never_flushed),
		cmocka_unit_test(
		    defect_quotes_and_parameters_stuck_to_the_boundary),
		cmocka_unit_test(defect_the_whole_body_was_held_in_memory),
		cmocka_unit_test(
		    payload_that_begins_like_the_boundary_is_payload),
		cmocka_unit_test(padding_is_taken_up_to_its_ceiling),
		cmocka_unit_test(
		    the_longest_boundary_with_the_longest_padding_fits),
		cmocka_unit_test(the_part_that_is_cut_off_is_named),
		cmocka_unit_test(a_boundary_that_never_comes_is_an_error),
		cmocka_unit_test(headers_are_found_in_any_case),
		cmocka_unit_test(a_header_block_has_a_ceiling),
		cmocka_unit_test(a_part_has_so_many_headers_and_no_more),
		cmocka_unit_test(
		    a_header_block_that_comes_again_is_the_parts_own),
		cmocka_unit_test(a_sink_that_fails_ends_the_splitting),
		cmocka_unit_test(content_types_are_read_generously),
		cmocka_unit_test(the_first_delimiter_line_says_the_boundary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

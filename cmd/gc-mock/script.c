/* SPDX-License-Identifier: GPL-3.0-or-later */
/* script.c -- a script of faults, read and checked. */
#include "fault.h"

#include "base/num.h"
#include "lines.h"

static int
wrong(struct fail *why, const char *name, const char *want)
{
	return fail(why, EXIT_USAGE, "\"%s\" takes %s", name, want);
}

static int
take_text(struct json_val v, const char *name, char **out, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);

	free(*out);
	*out = NULL;
	if (json_decode(v, &b) < 0 || (b.len && memchr(b.p, '\0', b.len))) {
		buf_free(&b);
		return wrong(why, name, "a text");
	}
	*out = strdup(buf_str(&b));
	buf_free(&b);
	return *out ? 0 : fail(why, EXIT_MACHINE, "out of memory");
}

static int
take_int(struct json_val v, const char *name, int64_t low, int64_t high,
    int64_t *out, struct fail *why)
{
	char want[80];

	if (json_int(v, out) && *out >= low && *out <= high)
		return 0;
	snprintf(want, sizeof want, "a whole number from %" PRId64 " to %"
	    PRId64, low, high);
	return wrong(why, name, want);
}

static int
take_bool(struct json_val v, const char *name, bool *out, struct fail *why)
{
	enum json_type t = json_type(v);

	*out = t == JSON_TRUE;
	return t == JSON_TRUE || t == JSON_FALSE ? 0 :
	    wrong(why, name, "true or false");
}

/* One of a list of words; *out is its number. */
static int
take_word(struct json_val v, const char *name, const char *const *words,
    size_t n, int *out, struct fail *why)
{
	char want[256] = "one of";
	size_t i, at = strlen(want);

	for (i = 0; i < n; i++)
		if (json_is(v, words[i])) {
			*out = (int)i;
			return 0;
		}
	for (i = 0; i < n && at < sizeof want; i++)
		if (words[i][0])
			at += (size_t)snprintf(want + at, sizeof want - at,
			    " %s", words[i]);
	return wrong(why, name, want);
}

/* "3", "5-7", "9-" */
static int
read_span(const char *s, struct span *out)
{
	int64_t low, high = INT64_MAX;
	char text[48];
	size_t n = strcspn(s, "-");

	snprintf(text, sizeof text, "%.*s", (int)n, s);
	if (n >= sizeof text || num_int(text, 1, INT64_MAX, &low) < 0)
		return -1;
	if (!s[n])
		high = low;
	else if (s[n + 1] && num_int(s + n + 1, low, INT64_MAX, &high) < 0)
		return -1;
	out->low = (uint64_t)low;
	out->high = (uint64_t)high;
	return 0;
}

static int
add_span(struct fault *f, struct json_val v, struct fail *why)
{
	struct span *nth = realloc(f->nth, (f->nnth + 1) * sizeof *nth);
	struct buf b = BUF_INIT(BUF_PATH);
	int64_t n;
	int status = -1;

	if (!nth)
		return fail(why, EXIT_MACHINE, "out of memory");
	f->nth = nth;
	nth += f->nnth;
	if (json_int(v, &n) && n > 0) {
		nth->low = nth->high = (uint64_t)n;
		status = 0;
	} else if (json_decode(v, &b) == 0) {
		status = read_span(buf_str(&b), nth);
	}
	buf_free(&b);
	if (status < 0)
		return wrong(why, "nth", "numbers from 1 and ranges such as "
		    "\"5-7\" or \"9-\"");
	f->nnth++;
	return 0;
}

static int
take_nth(struct fault *f, struct json_val v, struct fail *why)
{
	struct json_iter it;

	if (json_type(v) != JSON_ARRAY)
		return add_span(f, v, why);
	for (it = json_iter(v); json_next(&it); )
		if (add_span(f, it.val, why) < 0)
			return -1;
	return f->nnth > 0 ? 0 : wrong(why, "nth", "at least one number");
}

static int
take_match(struct fault *f, struct json_val obj, struct fail *why)
{
	struct json_iter it = json_iter(obj);
	int status = 0;

	while (status == 0 && json_next(&it)) {
		if (json_is(it.key, "method"))
			status = take_text(it.val, "method", &f->method, why);
		else if (json_is(it.key, "path"))
			status = take_text(it.val, "path", &f->path, why);
		else if (json_is(it.key, "query"))
			status = take_text(it.val, "query", &f->query, why);
		else if (json_is(it.key, "body"))
			status = take_text(it.val, "body", &f->body, why);
		else if (json_is(it.key, "nth"))
			status = take_nth(f, it.val, why);
		else
			return fail(why, EXIT_USAGE, "match knows method, "
			    "path, query, body and nth, not %.*s",
			    (int)(it.key.n < 60 ? it.key.n : 60), it.key.p);
	}
	return status;
}

/* The bytes of a string, or the text of any other value. */
static int
take_bytes(struct json_val v, struct buf *b, bool *there)
{
	buf_clear(b);
	*there = true;
	return json_type(v) == JSON_STRING ? json_decode(v, b) :
	    buf_add(b, v.p, v.n);
}

static bool
header_is_sound(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((unsigned char)p[i] < 0x20 && p[i] != '\t')
			return false;
	return true;
}

static int
take_headers(struct fault *f, struct json_val v, struct fail *why)
{
	struct json_iter it = json_iter(v);
	struct buf name = BUF_INIT(BUF_PATH), value = BUF_INIT(BUF_HEAD);
	bool sound = json_type(v) == JSON_OBJECT, there;

	while (sound && json_next(&it)) {
		buf_clear(&name);
		sound = json_decode(it.key, &name) == 0 && name.len > 0 &&
		    strspn(buf_str(&name), "!#$%&'*+-.^_`|~0123456789"
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
		    name.len && take_bytes(it.val, &value, &there) == 0 &&
		    header_is_sound(value.p, value.len);
		if (sound)
			params_add(&f->headers, buf_str(&name),
			    buf_str(&value), value.len);
	}
	buf_free(&name);
	buf_free(&value);
	return sound ? 0 : wrong(why, "headers",
	    "an object of header names and values");
}

static int
take_slow(struct fault *f, struct json_val v, struct fail *why)
{
	struct json_val n;

	if (!json_get(v, "bytes", &n) ||
	    take_int(n, "bytes", 1, 1 << 20, &f->slow_bytes, NULL) < 0 ||
	    !json_get(v, "ms", &n) ||
	    take_int(n, "ms", 1, 3600000, &f->slow_ms, NULL) < 0)
		return wrong(why, "slow", "{\"bytes\":N,\"ms\":N}");
	return 0;
}

static int
take_retry(struct fault *f, struct json_val v, bool date, struct fail *why)
{
	f->retry_date = date;
	return take_int(v, date ? "retry_after_date" : "retry_after", 0,
	    1000000, &f->retry_after, why);
}

/* The members of "do" that are numbers. */
static const struct {
	const char *name;
	size_t at;              /* of its int64_t in struct fault */
	int64_t low, high;
} numbers[] = {
	{ "delay_ms", offsetof(struct fault, delay_ms), 0, 86400000 },
	{ "cut_after", offsetof(struct fault, cut_after), 0, INT64_MAX },
	{ "content_length", offsetof(struct fault, content_length), 0,
	    INT64_MAX },
	{ "expires_in", offsetof(struct fault, expires_in), 0, INT32_MAX },
	{ "status", offsetof(struct fault, status), 200, 599 },
};

static int
take_number(struct fault *f, struct json_val key, struct json_val v,
    bool *known, struct fail *why)
{
	size_t i;

	*known = true;
	for (i = 0; i < COUNT(numbers); i++)
		if (json_is(key, numbers[i].name))
			return take_int(v, numbers[i].name, numbers[i].low,
			    numbers[i].high,
			    (int64_t *)((char *)f + numbers[i].at), why);
	*known = false;
	return 0;
}

/* One member of "do". */
static int
take_deed(struct fault *f, struct json_val key, struct json_val v,
    struct fail *why)
{
	static const char *const twists[] = { "", "repeat", "shift", "skip",
	    "loop", "short", "total", "foreign", "reverse", "double", "drop",
	    "strange" };
	static const char *const ends[] = { "close", "reset", "hang" };
	int word = 0, status;
	bool known;

	status = take_number(f, key, v, &known, why);
	if (known)
		return status;
	if (json_is(key, "headers"))
		return take_headers(f, v, why);
	if (json_is(key, "body"))
		return take_bytes(v, &f->answer, &f->has_answer);
	if (json_is(key, "raw"))
		return take_bytes(v, &f->raw, &f->has_raw);
	if (json_is(key, "slow"))
		return take_slow(f, v, why);
	if (json_is(key, "retry_after"))
		return take_retry(f, v, false, why);
	if (json_is(key, "retry_after_date"))
		return take_retry(f, v, true, why);
	if (json_is(key, "expire"))
		return take_bool(v, "expire", &f->expire, why);
	if (json_is(key, "conflict"))
		return take_bool(v, "conflict", &f->conflict, why);
	if (json_is(key, "list")) {
		status = take_word(v, "list", twists, COUNT(twists), &word,
		    why);
		f->twist = (enum twist)word;
		return status;
	}
	if (json_is(key, "end")) {
		status = take_word(v, "end", ends, COUNT(ends), &word, why);
		f->end = (enum fault_end)word;
		return status;
	}
	return fail(why, EXIT_USAGE, "do does not know %.*s",
	    (int)(key.n < 60 ? key.n : 60), key.p);
}

static int
add_fault(void *ctx, struct json_val line, int number, struct fail *why)
{
	static const struct fault empty = {
		.headers = PARAMS_INIT, .answer = BUF_INIT(BUF_DOC),
		.raw = BUF_INIT(BUF_DOC), .cut_after = -1,
		.content_length = -1, .retry_after = -1, .expires_in = -1
	};
	struct faults *fs = ctx;
	struct fault *f = realloc(fs->v, (fs->n + 1) * sizeof *f);
	struct json_iter it = json_iter(line), in;
	struct json_val deed;

	if (!f)
		return fail(why, EXIT_MACHINE, "out of memory");
	fs->v = f;
	f += fs->n++;
	*f = empty;
	f->line = number;
	if (!json_get(line, "do", &deed) || json_type(deed) != JSON_OBJECT)
		return fail(why, EXIT_USAGE, "a rule needs \"do\", an object");
	while (json_next(&it)) {
		if (json_is(it.key, "match") &&
		    json_type(it.val) == JSON_OBJECT) {
			if (take_match(f, it.val, why) < 0)
				return -1;
		} else if (!json_is(it.key, "do")) {
			return fail(why, EXIT_USAGE, "a rule has \"match\" "
			    "and \"do\", both objects, not %.*s",
			    (int)(it.key.n < 60 ? it.key.n : 60), it.key.p);
		}
	}
	for (in = json_iter(deed); json_next(&in); )
		if (take_deed(f, in.key, in.val, why) < 0)
			return -1;
	return 0;
}

int
faults_open(struct faults *fs, const char *path, struct fail *why)
{
	static const struct faults empty = { BUF_INIT(BUF_DOC), NULL, 0 };

	*fs = empty;
	if (!path)
		return 0;
	if (lines_read(&fs->text, path, why) < 0)
		return -1;
	return lines_each(&fs->text, path, add_fault, fs, why);
}

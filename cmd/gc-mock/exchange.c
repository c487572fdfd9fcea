/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exchange.h"

#include "base/num.h"
#include "json/write.h"

/* ---- names and values ---- */

void
params_add(struct params *p, const char *name, const char *value, size_t n)
{
	buf_add(&p->text, name, strlen(name) + 1);
	buf_add(&p->text, value, n);
	buf_putc(&p->text, '\0');
}

void
params_set(struct params *p, const char *name, const char *value)
{
	const char *n = NULL, *v = NULL;
	struct params kept = PARAMS_INIT;

	while (params_next(p, &n, &v))
		if (strcasecmp(n, name) != 0)
			params_add(&kept, n, v, strlen(v));
	params_add(&kept, name, value, strlen(value));
	buf_free(&p->text);
	*p = kept;
}

bool
params_next(const struct params *p, const char **name, const char **value)
{
	const char *at = *name ? *value + strlen(*value) + 1 : p->text.p;

	if (!at || p->text.err || at >= p->text.p + p->text.len) {
		*name = NULL;
		return false;
	}
	*name = at;
	*value = at + strlen(at) + 1;
	return true;
}

const char *
params_get(const struct params *p, const char *name, bool fold)
{
	const char *n = NULL, *v = NULL;

	while (params_next(p, &n, &v))
		if ((fold ? strcasecmp(n, name) : strcmp(n, name)) == 0)
			return v;
	return NULL;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int
uri_decode(struct buf *b, const char *s, size_t n, bool plus)
{
	size_t i;
	int high, low;

	for (i = 0; i < n; i++) {
		if (s[i] == '+' && plus) {
			buf_putc(b, ' ');
		} else if (s[i] != '%') {
			if (!s[i])
				return -1;
			buf_putc(b, s[i]);
		} else {
			if (i + 2 >= n || (high = hex_digit(s[i + 1])) < 0 ||
			    (low = hex_digit(s[i + 2])) < 0 || high + low == 0)
				return -1;
			buf_putc(b, (char)(high << 4 | low));
			i += 2;
		}
	}
	return b->err ? -1 : 0;
}

void
uri_encode(struct buf *b, const char *s)
{
	for (; *s; s++)
		if (isalnum((unsigned char)*s) || strchr("-._~", *s))
			buf_putc(b, *s);
		else
			buf_addf(b, "%%%02X", (unsigned char)*s);
}

int
params_form(struct params *p, const char *s, size_t n)
{
	const char *end = s + n, *stop, *eq;

	for (; s < end; s = stop + 1) {
		stop = memchr(s, '&', (size_t)(end - s));
		if (!stop)
			stop = end;
		if (stop == s)
			continue;
		eq = memchr(s, '=', (size_t)(stop - s));
		if (uri_decode(&p->text, s, (size_t)((eq ? eq : stop) - s),
		    true) < 0)
			return -1;
		buf_putc(&p->text, '\0');
		if (eq && uri_decode(&p->text, eq + 1,
		    (size_t)(stop - eq - 1), true) < 0)
			return -1;
		buf_putc(&p->text, '\0');
	}
	return p->text.err ? -1 : 0;
}

/* ---- the request ---- */

void
request_init(struct request *q)
{
	static const struct request empty = {
		.path = BUF_INIT(BUF_HEAD),
		.headers = PARAMS_INIT, .query = PARAMS_INIT,
		.vars = PARAMS_INIT,
		.body = BUF_INIT(BUF_DOC),
		.base = BUF_INIT(BUF_HEAD),
		.query_text = ""
	};

	*q = empty;
}

void
request_free(struct request *q)
{
	free(q->target);
	buf_free(&q->path);
	buf_free(&q->headers.text);
	buf_free(&q->query.text);
	buf_free(&q->vars.text);
	buf_free(&q->body);
	buf_free(&q->base);
}

const char *
request_query(const struct request *q, const char *name)
{
	return params_get(&q->query, name, false);
}

static int
out_of_range(struct answer *a, const char *name, const char *value,
    int64_t low, int64_t high)
{
	answer_error(a, 400, "invalid.value",
	    "%s must be a whole number from %" PRId64 " to %" PRId64
	    ", not %.60s", name, low, high, value);
	return -1;
}

int
request_int(const struct request *q, struct answer *a, const char *name,
    int64_t low, int64_t high, int64_t *value)
{
	const char *s = request_query(q, name);

	if (s && num_int(s, low, high, value) < 0)
		return out_of_range(a, name, s, low, high);
	return 0;
}

int
member_int(struct json_val obj, struct answer *a, const char *name,
    int64_t low, int64_t high, int64_t *value)
{
	struct json_val v;
	char text[64];
	int64_t n;

	if (!json_get(obj, name, &v))
		return 0;
	if (!json_int(v, &n) || n < low || n > high) {
		snprintf(text, sizeof text, "%.*s",
		    v.n > 60 ? 60 : (int)v.n, v.p);
		return out_of_range(a, name, text, low, high);
	}
	*value = n;
	return 0;
}

/* ---- the answer ---- */

void
answer_init(struct answer *a)
{
	static const struct answer empty = {
		.headers = PARAMS_INIT, .body = BUF_INIT(BUF_DOC)
	};

	*a = empty;
}

void
answer_free(struct answer *a)
{
	if (a->stream)
		a->stream->free(a->stream);
	a->stream = NULL;
	buf_free(&a->headers.text);
	buf_free(&a->body);
}

void
answer_begin(struct answer *a, int status, const char *type)
{
	if (a->stream)
		a->stream->free(a->stream);
	a->stream = NULL;
	buf_clear(&a->body);
	buf_clear(&a->headers.text);
	a->status = status;
	if (type)
		answer_header(a, "Content-Type", "%s", type);
}

struct buf *
answer_json(struct answer *a, int status)
{
	answer_begin(a, status, "application/json");
	return &a->body;
}

void
answer_header(struct answer *a, const char *name, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	params_add(&a->headers, name, text, strlen(text));
}

void
answer_date(struct answer *a, const char *name, int64_t ms)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (gmtime_r(&t, &tm))
		answer_header(a, name, "%.3s, %02d %.3s %d %02d:%02d:%02d GMT",
		    days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon,
		    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Everything of the error body but the messages. */
static void
error_rest(struct answer *a, int status, const char *code)
{
	struct buf *b = &a->body;

	json_key(b, "code");
	json_cstr(b, code);
	json_key(b, "status");
	json_int64(b, status);
	json_key(b, "contextId");
	json_cstr(b, a->correlation);
	buf_str_add(b, ",\"details\":[],\"errors\":[]}");
}

void
answer_error(struct answer *a, int status, const char *code,
    const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_putc(answer_json(a, status), '{');
	json_key(&a->body, "message");
	json_cstr(&a->body, text);
	error_rest(a, status, code);
}

void
answer_error_param(struct answer *a, int status, const char *code,
    const char *before, const char *name, const char *value)
{
	char text[512];

	buf_putc(answer_json(a, status), '{');
	snprintf(text, sizeof text, "%s %s", before, value);
	json_key(&a->body, "message");
	json_cstr(&a->body, text);
	snprintf(text, sizeof text, "%s {%s}", before, name);
	json_key(&a->body, "messageWithParams");
	json_cstr(&a->body, text);
	buf_str_add(&a->body, ",\"messageParams\":{");
	json_key(&a->body, name);
	json_cstr(&a->body, value);
	buf_putc(&a->body, '}');
	error_rest(a, status, code);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/problem.h"
#include "base/secret.h"
#include "json/scan.h"
#include "net/url.h"

#define REASON_MAX 240          /* bytes of the service's own words */
#define PLACE_MAX 160

/* The first of a body's members that holds words. */
static bool
find_words(struct json_val body, struct buf *words)
{
	static const char *const names[] = { "message", "error_description",
	    "description", "detail", "error", "title", "code" };
	struct json_val v;
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (json_get(body, names[i], &v) &&
		    json_type(v) == JSON_STRING && v.n > 2)
			return json_decode(v, words) == 0;
	return false;
}

/* Cut where a character begins. */
static int
cut(const char *p, size_t n, size_t max)
{
	if (n > max)
		for (n = max; n && ((unsigned char)p[n] & 0xc0) == 0x80; n--)
			;
	return (int)n;
}

const char *
problem_correlation(const struct http_answer *a)
{
	const char *id = http_header(a, "ININ-Correlation-Id");

	return id && *id ? id : NULL;
}

int
problem_place(const char *method, const char *url, struct fail *why)
{
	int n = cut(url, strcspn(url, "?#"), PLACE_MAX);

	return fail_prefix(why, "%s %.*s%s", method, n, url,
	    (size_t)n < strcspn(url, "?#") ? "..." : "");
}

int
problem(const char *method, const char *url, const struct http_answer *a,
    const char *secret, struct fail *why)
{
	struct buf words = BUF_INIT(HTTP_ERROR_BODY);
	const char *id = problem_correlation(a);
	struct json_val body;
	bool said = false;

	if (json_check(a->body.p, a->body.len, &body, NULL) == 0)
		said = find_words(body, &words);
	secret_mask(words.p, words.len, secret);
	fail(why, a->status == 401 || a->status == 403 ? EXIT_DENIED :
	    EXIT_SERVICE, "%d%s%.*s%s%.64s%s", a->status, said ? ": " : "",
	    cut(words.p, words.len, REASON_MAX), said ? words.p : "",
	    id ? " (correlation id " : "", id ? id : "", id ? ")" : "");
	buf_free(&words);
	return problem_place(method, url, why);
}

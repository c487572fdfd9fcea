/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "json/edit.h"
#include "json/write.h"
#include "net/answer.h"
#include "net/detect.h"
#include "net/page.h"
#include "net/url.h"

#define EMPTY_MAX 100           /* pages without an item in a row */

/* Where a list of records is, most certain first. */
static const char *const lists[] = {
	"entities", "conversations", "results", "userDetails", "Resources",
	"byGroup"
};

/* ==== The request's parameters ==== */

static bool
body_get(const struct page *p, const char *path, struct json_val *out)
{
	struct json_val v;

	return p->post && p->body.len > 0 &&
	    json_check(p->body.p, p->body.len, &v, NULL) == 0 &&
	    json_path(v, path, out);
}

static bool
query_get(struct page *p, const char *name, struct url_part *out)
{
	return url_query_get(buf_str(&p->url), name, out);
}

/* Is the parameter to be found, and set, in the body? */
static bool
in_body(struct page *p, const char *param)
{
	struct url_part part;

	if (p->style.where != STYLE_EITHER)
		return p->style.where == STYLE_BODY;
	return p->post && p->body.len > 0 && !query_get(p, param, &part);
}

/* The request's number at the first of some names that it has. */
static bool
request_number(struct page *p, const char *names, int64_t *out)
{
	char name[ANSWER_PATH];
	struct url_part part;
	struct json_val v;

	while (answer_path(&names, name)) {
		if (in_body(p, name)) {
			if (body_get(p, name, &v) && answer_whole(v, out))
				return true;
		} else if (query_get(p, name, &part)) {
			struct json_val text = { part.p, part.n };

			if (json_check(text.p, text.n, &text, NULL) == 0 &&
			    answer_whole(text, out))
				return true;
		}
	}
	return false;
}

/* Sets a parameter to JSON text in the body, or encoded in the query. */
static int
set_param(struct page *p, const char *param, const char *json,
    const char *encoded, struct fail *why)
{
	if (!in_body(p, param)) {
		if (url_query_set(&p->url, param, encoded) == 0)
			return 0;
		return fail(why, EXIT_MACHINE, "the next page's address is "
		    "too long");
	}
	if (!p->post)
		return fail(why, EXIT_USAGE, "paging by \"%s\" needs a request "
		    "with a body", p->style.name);
	if (json_put(&p->body, param, json) == 0)
		return 0;
	if (p->body.err)
		return fail(why, EXIT_MACHINE, "the next page's body is too "
		    "long");
	return fail(why, EXIT_USAGE, "paging by \"%s\" needs a body that is a "
	    "JSON object", p->style.name);
}

static int
set_number(struct page *p, int64_t n, struct fail *why)
{
	char text[32];

	snprintf(text, sizeof text, "%" PRId64, n);
	return set_param(p, p->style.param, text, text, why) < 0 ? -1 : 1;
}

/* ==== Styles ==== */

static void
detect(struct page *p, const struct answer *a)
{
	struct detect d = { buf_str(&p->url), { NULL, 0 }, p->post };
	struct json_val body;

	if (p->post && p->body.len > 0 &&
	    json_check(p->body.p, p->body.len, &body, NULL) == 0)
		d.body = body;
	p->style = *style_named(detect_style(&d, a));
	p->known = p->detected = true;
}

/* ==== The items of an answer ==== */

static void
take_list(struct page *p, struct json_val list)
{
	static const char empty[] = "[]";
	struct json_iter it;

	if (json_type(list) != JSON_ARRAY) {
		list.p = empty;
		list.n = 2;
	}
	p->has_list = true;
	p->list = list;
	for (it = json_iter(list); json_next(&it); )
		p->count++;
}

/* The one array of an answer that is surely a page of a list; none where it
 * has none. */
static int
only_array(struct page *p, const struct answer *a, struct fail *why)
{
	struct json_iter it = json_iter(a->v);
	struct json_val key = { NULL, 0 }, list = { "null", 4 };

	while (json_next(&it)) {
		if (json_type(it.val) != JSON_ARRAY)
			continue;
		if (key.p)
			return fail(why, EXIT_USAGE, "two lists are in the "
			    "answer, %.*s and %.*s: say which one has the "
			    "items", (int)(key.n < 60 ? key.n : 60), key.p,
			    (int)(it.key.n < 60 ? it.key.n : 60), it.key.p);
		key = it.key;
		list = it.val;
	}
	take_list(p, list);
	return 0;
}

static int
find_list(struct page *p, const struct answer *a, struct fail *why)
{
	struct json_val v;
	size_t i;

	if (json_type(a->v) == JSON_ARRAY) {
		take_list(p, a->v);
		return 0;
	}
	if (json_type(a->v) != JSON_OBJECT)
		return 0;
	for (i = 0; i < COUNT(lists); i++)
		if (answer_get(a, lists[i], &v) &&
		    (json_type(v) == JSON_ARRAY || json_type(v) == JSON_NULL)) {
			take_list(p, v);
			return 0;
		}
	if (p->style.kind == STYLE_ONE)
		return 0;
	return only_array(p, a, why);
}

/* ==== The next request, by kind ==== */

/* Adds the parameter of a URI to json, as a string, and to enc, as it is
 * spelled there. False where it is absent or empty. */
static bool
take_from_uri(const char *uri, const char *name, struct buf *json,
    struct buf *enc)
{
	struct buf text = BUF_INIT(BUF_LINE);
	struct url_part part;

	if (!url_query_get(uri, name, &part) || part.n == 0)
		return false;
	buf_add(enc, part.p, part.n);
	url_decode(&text, part.p, part.n);
	json_str(json, text.p, text.len);
	buf_free(&text);
	return true;
}

/* Adds the word at a "path" or "path?parameter" of the answer to json, and
 * to enc, encoded for a query. False where it is absent or empty. */
static bool
take_word(const struct answer *a, char *path, struct buf *json,
    struct buf *enc)
{
	char *mark = strchr(path, '?');
	struct buf text = BUF_INIT(BUF_LINE);
	struct json_val v;
	bool found = true;

	if (mark)
		*mark = '\0';
	if (!answer_get(a, path, &v) || !answer_is_word(v))
		return false;
	if (json_type(v) == JSON_NUMBER)
		buf_add(&text, v.p, v.n);
	else
		json_decode(v, &text);
	if (mark)
		found = take_from_uri(buf_str(&text), mark + 1, json, enc);
	else {
		buf_add(json, v.p, v.n);
		url_encode(enc, text.p, text.len);
	}
	buf_free(&text);
	return found;
}

static bool
request_has(struct page *p, const char *param)
{
	struct url_part part;
	struct json_val v;

	return query_get(p, param, &part) || body_get(p, param, &v);
}

/* Is the first page's way on a guess: one of several parameters, or of body
 * and query, that no answer has told apart? */
static void
note_guess(struct page *p, bool another)
{
	if (p->pages != 1 ||
	    (!another && (p->style.where != STYLE_BODY || !p->detected)))
		return;
	p->guessed = true;
	buf_clear(&p->asked);
	buf_clear(&p->asked_body);
	buf_add(&p->asked, p->url.p, p->url.len);
	buf_add(&p->asked_body, p->body.p, p->body.len);
}

/* Which of a style's parameters: the one that the request has, or that the
 * answer's nextUri has, else the first, which is a guess. */
static void
pick_param(struct page *p, const struct answer *a, char param[ANSWER_PATH])
{
	const char *names = p->style.param;
	struct buf uri = BUF_INIT(BUF_LINE);
	struct url_part part;
	struct json_val v;
	bool found = false;

	while (!found && answer_path(&names, param))
		found = request_has(p, param);
	if (found)
		return;
	if (answer_get(a, "nextUri", &v) && json_decode(v, &uri) == 0)
		for (names = p->style.param; !found &&
		    answer_path(&names, param); )
			found = url_query_get(buf_str(&uri), param, &part);
	buf_free(&uri);
	if (!found) {
		names = p->style.param;
		answer_path(&names, param);
	}
	note_guess(p, !found && *names);
}

static int
next_token(struct page *p, const struct answer *a, struct fail *why)
{
	struct buf json = BUF_INIT(BUF_LINE), enc = BUF_INIT(BUF_LINE);
	char path[ANSWER_PATH], param[ANSWER_PATH] = "";
	const char *from = p->style.from;
	bool found = false;
	int r = 0;

	while (!found && answer_path(&from, path))
		found = take_word(a, path, &json, &enc);
	if (json.err || enc.err)
		r = fail(why, EXIT_SERVICE, "the answer's cursor is longer "
		    "than %zu bytes", BUF_LINE);
	else if (found) {
		pick_param(p, a, param);
		r = set_param(p, param, buf_str(&json), buf_str(&enc), why);
		if (r == 0)
			r = 1;
	}
	buf_free(&json);
	buf_free(&enc);
	return r;
}

/* The second page was the first one again: the parameter that was guessed is
 * none of the service's, or none in the body. Goes back to the request without
 * it, and asks for the same page by the next of the style's parameters, at
 * last by one in the query. */
static int
guess_again(struct page *p, const struct answer *a, struct fail *why)
{
	char tried[ANSWER_PATH];
	struct buf b;

	answer_path(&p->style.param, tried);
	if (!*p->style.param)
		p->style = *style_named("after");
	b = p->url;
	p->url = p->asked;
	p->asked = b;
	b = p->body;
	p->body = p->asked_body;
	p->asked_body = b;
	p->pages--;
	p->records -= p->count;
	p->count = 0;
	p->again = true;
	return next_token(p, a, why);
}

/* A reference below the service's root, to which a gateway's path belongs. */
static bool
lacks_prefix(const struct page *p, const char *ref)
{
	size_t n = p->prefix ? strlen(p->prefix) : 0;

	if (n == 0 || ref[0] != '/' || ref[1] == '/')
		return false;
	return strncmp(ref, p->prefix, n) != 0 ||
	    (ref[n] && !strchr("/?#", ref[n]));
}

static int
next_link(struct page *p, const struct answer *a, struct fail *why)
{
	struct buf ref = BUF_INIT(BUF_LINE), url = BUF_INIT(BUF_LINE);
	const char *from = p->style.from;
	char path[ANSWER_PATH];
	struct json_val v;
	bool found = false;

	while (!found && answer_path(&from, path))
		found = answer_get(a, path, &v) && json_type(v) == JSON_STRING
		    && v.n > 2;
	if (!found)
		return 0;
	json_decode(v, &ref);
	if (lacks_prefix(p, buf_str(&ref))) {
		size_t n = strlen(p->prefix);

		if (buf_reserve(&ref, n) == 0) {
			memmove(ref.p + n, ref.p, ref.len);
			memcpy(ref.p, p->prefix, n);
			ref.len += n;
		}
	}
	if (ref.err || strlen(buf_str(&ref)) != ref.len ||
	    url_resolve(&url, buf_str(&p->url), buf_str(&ref)) < 0) {
		buf_free(&ref);
		buf_free(&url);
		return fail(why, EXIT_SERVICE, "the answer's \"%s\" is no "
		    "address", path);
	}
	buf_free(&ref);
	buf_free(&p->url);
	p->url = url;
	p->post = false;
	buf_clear(&p->body);
	return 1;
}

/* How many items a page holds: what the service says, or what was asked for;
 * less where the first page shows that it gives fewer at a time. before: how
 * many pages, or items, came before this one. */
static void
settle_step(struct page *p, const struct answer *a, int64_t before)
{
	int64_t count = (int64_t)p->count;
	double done = (double)before;

	if (p->step > 0)
		return;
	if (!answer_number(a, p->style.told_size, &p->step) || p->step <= 0)
		if (!request_number(p, p->style.size, &p->step))
			p->step = 0;
	if (p->style.kind == STYLE_NUMBER)
		done *= (double)p->step;
	if (p->step <= 0 || (count < p->step && p->total >= 0 &&
	    done + (double)count < (double)p->total))
		p->step = count;
}

static int
next_number(struct page *p, const struct answer *a, struct fail *why)
{
	int64_t n = p->style.first, all;
	struct json_val v;

	if (!request_number(p, p->style.param, &n))
		answer_number(a, p->style.from, &n);
	if (p->count == 0)
		return 0;
	settle_step(p, a, n - p->style.first);
	if (answer_number(a, "pageCount", &all)) {
		if (n - p->style.first + 1 >= all)
			return 0;
	} else if (p->total >= 0) {
		if ((double)(n - p->style.first + 1) * (double)p->step >=
		    (double)p->total)
			return 0;
	} else if (answer_get(a, "nextUri", &v) && !answer_is_word(v))
		return 0;
	return set_number(p, n + 1, why);
}

static int
next_offset(struct page *p, const struct answer *a, struct fail *why)
{
	int64_t at = p->style.first;

	if (!request_number(p, p->style.param, &at))
		answer_number(a, p->style.from, &at);
	if (p->count == 0)
		return 0;
	settle_step(p, a, at - p->style.first);
	at += p->step;
	if (p->total >= 0 && at - p->style.first >= p->total)
		return 0;
	return set_number(p, at, why);
}

/* ==== Circles ==== */

/* Notes the request that is next. False where it was sent before. */
static int
note_request(struct page *p, struct fail *why)
{
	uint64_t key[2];
	bool fresh;
	int i;

	for (i = 0; i < 2; i++) {
		key[i] = rng_hash((uint64_t)i + 1, p->url.p, p->url.len);
		key[i] = rng_hash(key[i] ^ p->post, p->body.p,
		    p->post ? p->body.len : 0);
	}
	if (map_add(&p->seen, key, sizeof key, &fresh) == MAP_NONE)
		return fail_errno(why, "cannot note a request");
	if (!fresh)
		return fail(why, EXIT_SERVICE, "page %" PRIu64 " leads back to "
		    "one that was fetched before: %.200s", p->pages,
		    buf_str(&p->url));
	return 0;
}

static int
check_circle(struct page *p, const struct answer *a, struct fail *why)
{
	uint64_t hash = rng_hash(3, a->v.p, a->v.n);

	if (p->count > 0 && p->pages > 1 && hash == p->last)
		return fail(why, EXIT_SERVICE, "page %" PRIu64 " is the same "
		    "as the one before: the service does not turn the page",
		    p->pages);
	p->last = hash;
	p->empty = p->count > 0 ? 0 : p->empty + 1;
	if (p->empty > EMPTY_MAX)
		return fail(why, EXIT_SERVICE, "%d pages without an item, "
		    "one after the other", EMPTY_MAX);
	return 0;
}

/* ==== The ways in ==== */

int
page_next(struct page *p, struct json_val v, int64_t count, struct fail *why)
{
	struct answer a;
	bool guessed;
	int more = 0;

	answer_note(&a, v);
	p->pages++;
	p->has_list = p->good = p->again = false;
	p->count = 0;
	if (!p->known)
		detect(p, &a);
	if (count >= 0)
		p->count = (size_t)count;
	else if (find_list(p, &a, why) < 0)
		return -1;
	if (p->style.kind != STYLE_ONE || p->has_list)
		answer_number(&a, p->style.total, &p->total);
	p->records += p->count;
	guessed = p->guessed;
	p->guessed = false;
	if (check_circle(p, &a, why) < 0) {
		if (!guessed || (more = guess_again(p, &a, why)) <= 0)
			return -1;
		return note_request(p, why) < 0 ? -1 : more;
	}
	p->good = true;
	switch (p->style.kind) {
	case STYLE_ONE:
		return 0;
	case STYLE_LINK:
		more = next_link(p, &a, why);
		break;
	case STYLE_TOKEN:
		more = next_token(p, &a, why);
		break;
	case STYLE_NUMBER:
		more = next_number(p, &a, why);
		break;
	case STYLE_OFFSET:
		more = next_offset(p, &a, why);
		break;
	}
	if (more > 0 && note_request(p, why) < 0)
		return -1;
	return more;
}

int
page_ahead(struct page *p, unsigned k, struct buf *url, struct buf *body,
    struct fail *why)
{
	int64_t n, there, before;
	int r;

	if ((p->style.kind != STYLE_NUMBER && p->style.kind != STYLE_OFFSET) ||
	    p->step <= 0 || p->total < 0 ||
	    !request_number(p, p->style.param, &n))
		return 0;
	there = n + (int64_t)k * (p->style.kind == STYLE_OFFSET ? p->step : 1);
	before = there - p->style.first;
	if (p->style.kind == STYLE_NUMBER &&
	    (double)before * (double)p->step >= (double)p->total)
		return 0;
	if (p->style.kind == STYLE_OFFSET && before >= p->total)
		return 0;
	r = set_number(p, there, why);
	if (r > 0) {
		buf_add(url, p->url.p, p->url.len);
		buf_add(body, p->body.p, p->body.len);
		r = set_number(p, n, why);
	}
	if (url->err || body->err)
		return fail(why, EXIT_MACHINE, "out of memory");
	return r;
}

int
page_begin(struct page *p, const char *url, bool post, const void *body,
    size_t n, struct fail *why)
{
	buf_clear(&p->url);
	buf_clear(&p->body);
	buf_str_add(&p->url, url);
	p->post = post;
	buf_add(&p->body, body, body ? n : 0);
	if (p->url.err || p->body.err)
		return fail(why, EXIT_MACHINE, "a request is too long");
	return note_request(p, why);
}

int
page_open(struct page *p, const char *how, struct fail *why)
{
	const struct buf line = BUF_INIT(BUF_LINE), body = BUF_INIT(BUF_DOC);
	const struct map none = MAP_INIT;

	memset(p, 0, sizeof *p);
	p->url = p->asked = p->cells = line;
	p->body = p->asked_body = body;
	p->seen = none;
	p->total = -1;
	if (!how)
		return 0;
	p->known = true;
	return style_read(&p->style, how, &p->cells, why);
}

void
page_free(struct page *p)
{
	buf_free(&p->url);
	buf_free(&p->body);
	buf_free(&p->asked);
	buf_free(&p->asked_body);
	buf_free(&p->cells);
	map_free(&p->seen);
}

/* ==== States ==== */

void
page_save(const struct page *p, struct buf *b)
{
	buf_putc(b, '{');
	json_key(b, "style");
	if (p->known)
		json_cstr(b, p->style.name);
	else
		buf_str_add(b, "null");
	json_key(b, "url");
	json_str(b, p->url.p, p->url.len);
	json_key(b, "post");
	json_bool(b, p->post);
	json_key(b, "body");
	json_str(b, p->body.p, p->body.len);
	json_key(b, "pages");
	json_uint(b, p->pages);
	json_key(b, "records");
	json_uint(b, p->records);
	json_key(b, "total");
	json_int64(b, p->total);
	json_key(b, "step");
	json_int64(b, p->step);
	buf_putc(b, '}');
}

int
page_load(struct page *p, struct json_val saved, struct fail *why)
{
	struct buf url = BUF_INIT(BUF_LINE), body = BUF_INIT(BUF_DOC);
	struct buf name = BUF_INIT(BUF_LINE);
	struct json_val u, b, s, post;
	const struct style *style = NULL;
	int64_t pages, records;
	struct answer a;
	int r;

	answer_note(&a, saved);
	if (!answer_get(&a, "style", &s) || !answer_get(&a, "url", &u) ||
	    !answer_get(&a, "body", &b) || !answer_get(&a, "post", &post) ||
	    !answer_number(&a, "pages", &pages) ||
	    !answer_number(&a, "records", &records) ||
	    !answer_number(&a, "total", &p->total) ||
	    !answer_number(&a, "step", &p->step) || pages < 0 || records < 0 ||
	    json_decode(u, &url) < 0 || json_decode(b, &body) < 0)
		r = fail(why, EXIT_DATA, "no saved page is in the state");
	else {
		if (json_decode(s, &name) == 0)
			style = style_named(buf_str(&name));
		if (style && !p->known) {
			p->style = *style;
			p->known = true;
		}
		p->pages = (uint64_t)pages;
		p->records = (uint64_t)records;
		r = page_begin(p, buf_str(&url), json_type(post) == JSON_TRUE,
		    body.p, body.len, why);
	}
	buf_free(&url);
	buf_free(&body);
	buf_free(&name);
	return r;
}

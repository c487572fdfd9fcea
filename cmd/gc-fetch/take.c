/* SPDX-License-Identifier: GPL-3.0-or-later */
/* take.c -- the records in an answer: where they are, and out with them. */
#include "run.h"

#include "net/problem.h"

int
run_hand_out(struct run *r, struct json_val v, struct fail *why)
{
	int k;

	if (r->silent)
		return 0;
	k = r->taker->record(r->taker->ctx, v, why);
	if (k == 0)
		r->taken++;
	if (k == TAKE_ENOUGH)
		r->enough = true;
	return k;
}

static int
add_to_list(struct run *r, struct json_val v, struct fail *why)
{
	struct json_val *more;

	if (r->nlist == r->list_cap) {
		r->list_cap = r->list_cap ? 2 * r->list_cap : 256;
		more = realloc(r->list, r->list_cap * sizeof *more);
		if (!more)
			return fail(why, EXIT_MACHINE, "out of memory");
		r->list = more;
	}
	r->list[r->nlist++] = v;
	return 0;
}

static int
add_elements(struct run *r, struct json_val array, struct fail *why)
{
	struct json_iter it = json_iter(array);

	while (json_next(&it))
		if (add_to_list(r, it.val, why) < 0)
			return -1;
	return 0;
}

/* The call's own rule: one array gives its elements, else every result but
 * null is a record. */
static int
find_items(struct run *r, struct json_val answer, struct fail *why)
{
	struct expr *e = kept_expr_get(&r->items, r->call->items, "items", why);
	size_t i;

	if (!e)
		return -1;
	if (expr_eval(e, answer, why) < 0) {
		why->code = EXIT_SERVICE;
		return -1;
	}
	if (e->n == 1 && json_type(e->v[0]) == JSON_ARRAY)
		return add_elements(r, e->v[0], why);
	for (i = 0; i < e->n; i++)
		if (json_type(e->v[i]) != JSON_NULL &&
		    add_to_list(r, e->v[i], why) < 0)
			return -1;
	return 0;
}

/* ---- what an answer holds ---- */

static int
no_json(struct run *r, const struct json_err *err, struct fail *why)
{
	fail(why, EXIT_SERVICE, "the answer is no JSON (%s, Content-Type %s):"
	    " --raw writes it as it is", err->text,
	    r->type[0] ? r->type : "none");
	return problem_place(call_method(r->call), buf_str(&r->answered),
	    why);
}

static int
take_lines(struct run *r, struct fail *why)
{
	const char *p = r->body.p, *end = p + r->body.len, *nl;
	struct json_val v;
	struct json_err err;
	int k = 0;

	for (; k == 0 && p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl ? nl : end;
		if (strspn(p, " \t\r") >= (size_t)(nl - p))
			continue;
		if (json_check(p, (size_t)(nl - p), &v, &err) < 0)
			return no_json(r, &err, why);
		k = run_hand_out(r, v, why);
	}
	return k < 0 ? -1 : 0;
}

/* A record, or what the call's map makes of it: any number of records. */
static int
hand_out_mapped(struct run *r, struct json_val v, struct fail *why)
{
	size_t i;
	int k;

	if (!r->call->map)
		return run_hand_out(r, v, why);
	if (expr_eval(r->map.e, v, why) < 0) {
		why->code = EXIT_SERVICE;
		return -1;
	}
	for (i = 0; i < r->map.e->n; i++)
		if ((k = run_hand_out(r, r->map.e->v[i], why)) != 0)
			return k;
	return 0;
}

static int
hand_out_list(struct run *r, struct fail *why)
{
	size_t i = r->skip < r->nlist ? (size_t)r->skip : r->nlist;
	int k;

	if (r->silent)
		return 0;
	for (; i < r->nlist; i++) {
		if ((k = hand_out_mapped(r, r->list[i], why)) < 0)
			return -1;
		if (k == TAKE_ENOUGH)
			break;
	}
	r->skip = i;
	return 0;
}

/* {"totalHits":0}, and no list at all? */
static bool
says_none(struct json_val answer)
{
	static const char *const names[] = { "total", "totalHits",
	    "totalCount", "totalResults" };
	struct json_val v;
	size_t i;

	for (i = 0; i < COUNT(names); i++)
		if (json_get(answer, names[i], &v) &&
		    json_type(v) == JSON_NUMBER)
			return json_double(v) == 0;
	return false;
}

/* Finds the records of a page in its answer. Returns as page_next() does. */
static int
read_page(struct run *r, struct json_val answer, struct fail *why)
{
	bool as_it_is = r->opts->pages || r->opts->whole;
	struct page *p = &r->page;
	int more, k = 0;

	r->nlist = 0;
	if (r->call->items && !as_it_is) {
		if (find_items(r, answer, why) < 0)
			return -1;
		more = page_next(p, answer, (int64_t)r->nlist, why);
		if (p->again)
			r->nlist = 0;
		return more;
	}
	more = page_next(p, answer, -1, why);
	if (p->again || (more < 0 && !p->good))
		return more;
	if (as_it_is)
		k = add_to_list(r, answer, why);
	else if (p->has_list)
		k = add_elements(r, p->list, why);
	else if (!says_none(answer))    /* else a list that is not there */
		k = add_to_list(r, answer, why);
	return k < 0 ? -1 : more;
}

int
run_take_page(struct run *r, struct fail *why)
{
	struct json_val answer;
	struct json_err err;
	int more = 0;

	if (r->multipart)
		return parts_end(&r->parts, why);
	if (media_kind(r->type, strlen(r->type)) == MEDIA_NDJSON)
		return take_lines(r, why);
	if (r->body.len == 0 && !r->opts->pages &&
	    media_kind(r->type, strlen(r->type)) == MEDIA_MULTIPART)
		return fail(why, EXIT_SERVICE, "a multipart answer of no bytes");
	if (r->body.len == 0)
		return 0;
	if (json_check(r->body.p, r->body.len, &answer, &err) < 0)
		return no_json(r, &err, why);
	buf_clear(&r->before);
	if (r->checkpoint)
		page_save(&r->page, &r->before);
	more = read_page(r, answer, why);
	if (more < 0)
		problem_place(call_method(r->call), buf_str(&r->answered),
		    why);
	if (more < 0 && !r->page.good)
		return -1;
	if ((more || r->paged) && !r->opts->pages &&
	    doubled_count(&r->ids, r->list, r->nlist, &r->doubled, why) < 0)
		return -1;
	r->paged = true;
	if (hand_out_list(r, why) < 0)
		return -1;
	return more;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/regex.h"
#include "ner/python.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define STACK_FIRST ((size_t)32 << 10)
#define STACK_MOST ((size_t)64 << 20)
#define PARTS 64                /* that a large pattern is split into */

/* A pattern, or several that are its alternatives, in order. */
struct regex {
	pcre2_code *code[PARTS];
	size_t n;
	uint32_t reach;
};

struct regex_room {
	pcre2_match_data *match;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

/* Compiles one part. Returns 0, 1 where it is too large, or -1. */
static int
compile(struct regex *x, struct buf *b, unsigned flags, struct fail *why)
{
	pcre2_code **code = &x->code[x->n];
	uint32_t reach;
	char text[160];
	PCRE2_SIZE at;
	int error;

	*code = pcre2_compile((PCRE2_SPTR)buf_str(b), b->len, PCRE2_UTF |
	    PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT |
	    (flags & REGEX_NOCASE ? PCRE2_CASELESS : 0), &error, &at, NULL);
	if (!*code) {
		pcre2_get_error_message(error, (PCRE2_UCHAR *)text,
		    sizeof text);
		fail(why, EXIT_USAGE, "the pattern at byte %zu: %s",
		    (size_t)at, text);
		return error == PCRE2_ERROR_PATTERN_TOO_LARGE ? 1 : -1;
	}
	pcre2_pattern_info(*code, PCRE2_INFO_MAXLOOKBEHIND, &reach);
	if (reach > x->reach)
		x->reach = reach;
	pcre2_jit_compile(*code, PCRE2_JIT_COMPLETE);
	x->n++;
	return 0;
}

/* The end of what stands at p: an escape, a class, a group, a character. */
static const char *
item_end(const char *p, const char *end)
{
	size_t depth = 0;
	bool inside = false;

	do {
		if (*p == '\\' && p + 1 < end) {
			p++;
		} else if (inside) {
			inside = *p != ']';
		} else if (*p == '[') {
			inside = true;
			if (p + 1 < end && p[1] == '^')
				p++;
			if (p + 1 < end && p[1] == ']')
				p++;
		} else if (*p == '(') {
			depth++;
		} else if (*p == ')' && depth > 0) {
			depth--;
		}
		p++;
	} while (p < end && (depth > 0 || inside));
	return p;
}

/* The "|" between alternatives that is next to the middle, or NULL. */
static const char *
find_middle(const char *p, const char *end)
{
	const char *middle = p + (end - p) / 2, *at = NULL;

	for (; p < end; p = item_end(p, end)) {
		if (*p != '|')
			continue;
		if (p >= middle)
			return at && middle - at < p - middle ? at : p;
		at = p;
	}
	return at;
}

/* Can the pattern be split? It must refer to no group, by number or name. */
static bool
is_free(const char *p, const char *end)
{
	for (; p < end; p++) {
		if (*p == '(' && end - p > 2 && p[1] == '?' &&
		    (p[2] == 'P' || p[2] == '('))
			return false;
		if (*p == '\\' && ++p < end && *p >= '1' && *p <= '9')
			return false;
	}
	return true;
}

/* A pattern of Python's, p..end, after the flags that hold for all of it; in
 * halves where it is too large for one. */
static int
add_parts(struct regex *x, const char *flag, size_t nflag, const char *p,
    const char *end, unsigned flags, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_RECORD), whole = BUF_INIT(BUF_RECORD);
	const char *middle;
	int r;

	if (x->n == PARTS)
		return fail(why, EXIT_USAGE, "the pattern is too large");
	buf_add(&whole, flag, nflag);
	buf_add(&whole, p, (size_t)(end - p));
	r = python_regex(&b, buf_str(&whole), whole.len, why);
	if (r == 0 && (b.err || whole.err))
		r = fail(why, EXIT_USAGE, "the pattern is too long");
	if (r == 0)
		r = compile(x, &b, flags, why);
	buf_free(&b);
	buf_free(&whole);
	if (r != 1)
		return r;
	if (end - p > 3 && memcmp(p, "(?:", 3) == 0 &&
	    item_end(p, end) == end) {
		p += 3;
		end--;
	}
	if (!is_free(p, end) || !(middle = find_middle(p, end)))
		return -1;
	return add_parts(x, flag, nflag, p, middle, flags, why) < 0 ? -1 :
	    add_parts(x, flag, nflag, middle + 1, end, flags, why);
}

int
regex_open(struct regex **r, const char *p, size_t n, unsigned flags,
    struct fail *why)
{
	struct regex *x = calloc(1, sizeof *x);
	size_t flag = 0;

	if (!x)
		return fail_errno(why, "a pattern");
	if (n > 3 && memcmp(p, "(?", 2) == 0 && isalpha((unsigned char)p[2]))
		for (flag = 2; flag < n && isalpha((unsigned char)p[flag]);)
			flag++;
	flag = flag && flag < n && p[flag] == ')' ? flag + 1 : 0;
	if (add_parts(x, p, flag, p + flag, p + n, flags, why) < 0) {
		regex_close(x);
		return -1;
	}
	*r = x;
	return 0;
}

void
regex_close(struct regex *r)
{
	size_t i;

	if (!r)
		return;
	for (i = 0; i < r->n; i++)
		pcre2_code_free(r->code[i]);
	free(r);
}

int
regex_room_open(struct regex_room **room, struct fail *why)
{
	struct regex_room *x = calloc(1, sizeof *x);

	if (!x)
		return fail_errno(why, "room for matches");
	x->match = pcre2_match_data_create(16, NULL);
	x->context = pcre2_match_context_create(NULL);
	x->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_MOST, NULL);
	if (!x->match || !x->context) {
		regex_room_close(x);
		return fail(why, EXIT_MACHINE, "out of memory");
	}
	if (x->stack)
		pcre2_jit_stack_assign(x->context, NULL, x->stack);
	*room = x;
	return 0;
}

void
regex_room_close(struct regex_room *room)
{
	if (!room)
		return;
	pcre2_match_data_free(room->match);
	pcre2_match_context_free(room->context);
	pcre2_jit_stack_free(room->stack);
	free(room);
}

size_t
regex_reach(const struct regex *r)
{
	return r->reach;
}

static bool
run(const pcre2_code *code, struct regex_room *room, const char *p, size_t n,
    size_t from, uint32_t options)
{
	return pcre2_match(code, (PCRE2_SPTR)p, n, from,
	    options | PCRE2_NO_UTF_CHECK, room->match, room->context) >= 0;
}

bool
regex_search(const struct regex *r, struct regex_room *room, const char *p,
    size_t n, size_t from, size_t last, size_t *start, size_t *end)
{
	const PCRE2_SIZE *at;
	bool found = false;
	size_t i;

	for (i = 0; i < r->n; i++) {
		pcre2_set_offset_limit(room->context, last);
		if (run(r->code[i], room, p, n, from, 0)) {
			at = pcre2_get_ovector_pointer(room->match);
			if (!found || at[0] < *start) {
				*start = at[0];
				*end = at[1];
			}
			found = true;
		}
	}
	pcre2_set_offset_limit(room->context, PCRE2_UNSET);
	return found;
}

bool
regex_match(const struct regex *r, struct regex_room *room, const char *p,
    size_t n, size_t *end)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		if (!run(r->code[i], room, p, n, 0, PCRE2_ANCHORED))
			continue;
		*end = pcre2_get_ovector_pointer(room->match)[1];
		return true;
	}
	return false;
}

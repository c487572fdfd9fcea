/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/regex.h"
#include "ner/python.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define STACK_FIRST ((size_t)32 << 10)
#define STACK_MOST ((size_t)64 << 20)

struct regex {
	pcre2_code *code;
	uint32_t reach;
};

struct regex_room {
	pcre2_match_data *match;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

int
regex_open(struct regex **r, const char *p, size_t n, unsigned flags,
    struct fail *why)
{
	struct buf b = BUF_INIT(BUF_PROG);
	char text[160];
	PCRE2_SIZE at;
	struct regex *x = calloc(1, sizeof *x);
	int code;

	if (!x)
		return fail_errno(why, "a pattern");
	if (python_regex(&b, p, n, why) < 0) {
		buf_free(&b);
		free(x);
		return -1;
	}
	if (b.err) {
		buf_free(&b);
		free(x);
		return fail(why, EXIT_USAGE, "the pattern is too long");
	}
	x->code = pcre2_compile((PCRE2_SPTR)buf_str(&b), b.len, PCRE2_UTF |
	    PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT |
	    (flags & REGEX_NOCASE ? PCRE2_CASELESS : 0), &code, &at, NULL);
	buf_free(&b);
	if (!x->code) {
		free(x);
		pcre2_get_error_message(code, (PCRE2_UCHAR *)text,
		    sizeof text);
		return fail(why, EXIT_USAGE, "the pattern at byte %zu: %s",
		    (size_t)at, text);
	}
	pcre2_pattern_info(x->code, PCRE2_INFO_MAXLOOKBEHIND, &x->reach);
	pcre2_jit_compile(x->code, PCRE2_JIT_COMPLETE);
	*r = x;
	return 0;
}

void
regex_close(struct regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
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
run(const struct regex *r, struct regex_room *room, const char *p, size_t n,
    size_t from, uint32_t options)
{
	return pcre2_match(r->code, (PCRE2_SPTR)p, n, from,
	    options | PCRE2_NO_UTF_CHECK, room->match, room->context) >= 0;
}

bool
regex_search(const struct regex *r, struct regex_room *room, const char *p,
    size_t n, size_t from, size_t last, size_t *start, size_t *end)
{
	const PCRE2_SIZE *at;
	bool found;

	pcre2_set_offset_limit(room->context, last);
	found = run(r, room, p, n, from, 0);
	pcre2_set_offset_limit(room->context, PCRE2_UNSET);
	if (!found)
		return false;
	at = pcre2_get_ovector_pointer(room->match);
	*start = at[0];
	*end = at[1];
	return true;
}

bool
regex_match(const struct regex *r, struct regex_room *room, const char *p,
    size_t n, size_t *end)
{
	if (!run(r, room, p, n, 0, PCRE2_ANCHORED))
		return false;
	*end = pcre2_get_ovector_pointer(room->match)[1];
	return true;
}

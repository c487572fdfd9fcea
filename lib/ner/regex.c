/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/regex.h"

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

/* Python's classes, without the brackets. */
static const char space_set[] =
    "\\x09-\\x0d\\x1c-\\x20\\x85\\xa0\\x{1680}\\x{2000}-\\x{200a}"
    "\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}";

/* An escape's replacement inside a class or outside; NULL: as it is. */
static void
put_class(struct buf *b, const char *set, bool inside, bool negated)
{
	if (!inside)
		buf_str_add(b, negated ? "[^" : "[");
	buf_str_add(b, set);
	if (!inside)
		buf_putc(b, ']');
}

/* The escape at p (past the backslash); returns the bytes it took. */
static size_t
put_escape(struct buf *b, const char *p, size_t left, bool inside)
{
	size_t digits = p[0] == 'u' ? 4 : p[0] == 'U' ? 8 : 0, i;

	if (digits && left > digits) {
		for (i = 1; i <= digits && isxdigit((unsigned char)p[i]); i++)
			continue;
		if (i > digits) {
			buf_addf(b, "\\x{%.*s}", (int)digits, p + 1);
			return 1 + digits;
		}
	}
	if (p[0] == 's')
		put_class(b, space_set, inside, false);
	else if (p[0] == 'S' && !inside)
		put_class(b, space_set, false, true);
	else if (p[0] == 'w')
		put_class(b, "\\p{L}\\p{N}_", inside, false);
	else if (p[0] == 'W' && !inside)
		put_class(b, "\\p{L}\\p{N}_", false, true);
	else if (p[0] == 'd')
		buf_str_add(b, "\\p{Nd}");
	else if (p[0] == 'D')
		buf_str_add(b, "\\P{Nd}");
	else if (p[0] == 'Z')
		buf_str_add(b, "\\z");
	else
		buf_addf(b, "\\%c", p[0]);
	return 1;
}

static void
translate(struct buf *b, const char *p, size_t n)
{
	bool inside = false;
	size_t i = 0;

	if (n >= 4 && memcmp(p, "(?u)", 4) == 0)
		i = 4;
	while (i < n) {
		if (p[i] == '\\' && i + 1 < n) {
			i += 1 + put_escape(b, p + i + 1, n - i - 1, inside);
			continue;
		}
		if (inside && p[i] == '[') {
			buf_str_add(b, "\\[");  /* no POSIX classes in Python */
			i++;
			continue;
		}
		buf_putc(b, p[i]);
		if (!inside && p[i] == '[') {
			inside = true;
			if (i + 1 < n && p[i + 1] == '^')
				buf_putc(b, p[++i]);
			if (i + 1 < n && p[i + 1] == ']') {
				buf_str_add(b, "\\]");
				i++;
			}
		} else if (inside && p[i] == ']') {
			inside = false;
		}
		i++;
	}
}

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
	translate(&b, p, n);
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

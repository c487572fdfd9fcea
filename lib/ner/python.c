/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/python.h"

/* A pattern on its way. */
struct walk {
	const char *p;
	size_t n, i;            /* i: the next byte */
	bool inside;            /* a class */
	struct buf *b;
};

/* Python's classes, without the brackets, and what is not in them. */
static const char space_set[] =
    "\\x09-\\x0d\\x1c-\\x20\\x85\\xa0\\x{1680}\\x{2000}-\\x{200a}"
    "\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}";
static const char space_rest[] =
    "\\x00-\\x08\\x0e-\\x1b\\x21-\\x84\\x86-\\x9f\\xa1-\\x{167f}"
    "\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}"
    "\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}";
static const char word_set[] = "\\p{L}\\p{N}_";
static const char word_rest[] =
    "\\p{C}\\p{M}\\p{S}\\p{Z}\\p{Pd}\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}"
    "\\x{203f}\\x{2040}\\x{2054}\\x{fe33}\\x{fe34}\\x{fe4d}-\\x{fe4f}"
    "\\x{ff3f}";

static int
refuse(const struct walk *w, struct fail *why, const char *what)
{
	return fail(why, EXIT_USAGE, "the pattern at byte %zu: %s", w->i + 1,
	    what);
}

static void
put_class(struct walk *w, const char *set)
{
	if (!w->inside)
		buf_putc(w->b, '[');
	buf_str_add(w->b, set);
	if (!w->inside)
		buf_putc(w->b, ']');
}

static bool
is_octal(const struct walk *w, size_t i)
{
	return i < w->n && w->p[i] >= '0' && w->p[i] <= '7';
}

/* A backslash and digits at w->i: a number of octal digits, or a group. */
static int
put_digits(struct walk *w, struct fail *why)
{
	size_t i = w->i, end;
	unsigned v = 0;

	for (end = i; end < i + 3 && is_octal(w, end); end++)
		v = 8 * v + (unsigned)(w->p[end] - '0');
	if (w->inside || w->p[i] == '0' || end == i + 3) {
		if (end == i || v > 0377)
			return refuse(w, why, "no such octal number");
		buf_addf(w->b, "\\x{%x}", v);
		w->i = end;
		return 0;
	}
	v = (unsigned)(w->p[i++] - '0');
	if (i < w->n && isdigit((unsigned char)w->p[i]))
		v = 10 * v + (unsigned)(w->p[i++] - '0');
	buf_addf(w->b, "\\g{%u}", v);
	w->i = i;
	return 0;
}

/* So many hexadecimal digits behind the letter at w->i. */
static int
put_hex(struct walk *w, size_t digits, struct fail *why)
{
	size_t k;

	for (k = 1; k <= digits; k++)
		if (w->i + k >= w->n || !isxdigit((unsigned char)w->p[w->i +
		    k]))
			return refuse(w, why, "an incomplete escape");
	buf_addf(w->b, "\\x{%.*s}", (int)digits, w->p + w->i + 1);
	w->i += 1 + digits;
	return 0;
}

/* The escape whose letter is at w->i. */
static int
put_escape(struct walk *w, struct fail *why)
{
	char c = w->p[w->i];
	const char *set = c == 's' ? space_set : c == 'S' ? space_rest :
	    c == 'w' ? word_set : c == 'W' ? word_rest :
	    c == 'd' ? "\\p{Nd}" : c == 'D' ? "\\P{Nd}" : NULL;

	if (set) {
		put_class(w, set);
		w->i++;
		return 0;
	}
	if (c == 'u' || c == 'U' || c == 'x')
		return put_hex(w, c == 'x' ? 2 : c == 'u' ? 4 : 8, why);
	if (isdigit((unsigned char)c))
		return put_digits(w, why);
	if (isalpha((unsigned char)c) && !strchr(w->inside ? "abfnrtv" :
	    "AabBfnrtvZ", c))
		return refuse(w, why, "Python has no such escape");
	if (c == 'v' || (c == 'b' && w->inside))
		buf_str_add(w->b, c == 'v' ? "\\x0b" : "\\x08");
	else
		buf_addf(w->b, "\\%c", c == 'Z' ? 'z' : c);
	w->i++;
	return 0;
}

/* "(?" at w->i: which are Python's; flags without u. */
static int
put_group(struct walk *w, struct fail *why)
{
	const char *p = w->p + w->i + 2;
	size_t left = w->n - w->i - 2, k, kept = 0;

	if (left == 0)
		return refuse(w, why, "a group without an end");
	if (strchr(":=!#>(", *p) || (*p == '<' && left > 1 &&
	    (p[1] == '=' || p[1] == '!')) || (*p == 'P' && left > 1 &&
	    (p[1] == '<' || p[1] == '='))) {
		buf_str_add(w->b, "(?");
		w->i += 2;
		return 0;
	}
	for (k = 0; k < left && strchr("imsux-", p[k]); k++)
		kept += p[k] != 'u';
	if (k == 0 || k == left || (p[k] != ')' && p[k] != ':'))
		return refuse(w, why, "Python has no such group, or it is "
		    "not supported");
	if (p[k] == ')' && kept == 0) {
		w->i += 3 + k;
		return 0;
	}
	buf_str_add(w->b, "(?");
	for (k = 0; p[k] != ')' && p[k] != ':'; k++)
		if (p[k] != 'u')
			buf_putc(w->b, p[k]);
	w->i += 2 + k;
	return 0;
}

/* "{,n}" and "{,}" at w->i. */
static bool
put_bound(struct walk *w)
{
	size_t k = w->i + 2;

	if (w->i + 1 >= w->n || w->p[w->i + 1] != ',')
		return false;
	while (k < w->n && isdigit((unsigned char)w->p[k]))
		k++;
	if (k >= w->n || w->p[k] != '}')
		return false;
	buf_addf(w->b, "{0,%.*s}", (int)(k - w->i - 2), w->p + w->i + 2);
	w->i = k + 1;
	return true;
}

/* The beginning of a class at w->i: a bracket that comes first is one of
 * its characters. */
static void
put_class_start(struct walk *w)
{
	buf_putc(w->b, w->p[w->i++]);
	w->inside = true;
	if (w->i < w->n && w->p[w->i] == '^')
		buf_putc(w->b, w->p[w->i++]);
	if (w->i < w->n && w->p[w->i] == ']') {
		buf_str_add(w->b, "\\]");
		w->i++;
	}
}

int
python_regex(struct buf *b, const char *p, size_t n, struct fail *why)
{
	struct walk w = { p, n, 0, false, b };
	int r = 0;
	char c;

	while (w.i < n && r == 0) {
		c = p[w.i];
		if (c == '\\') {
			if (++w.i == n)
				return refuse(&w, why, "a backslash at the "
				    "end");
			r = put_escape(&w, why);
		} else if (w.inside) {
			if (c == '[')           /* no POSIX classes */
				buf_putc(b, '\\');
			buf_putc(b, c);
			w.inside = c != ']';
			w.i++;
		} else if (c == '[') {
			put_class_start(&w);
		} else if (c == '(' && w.i + 1 < n && p[w.i + 1] == '?') {
			r = put_group(&w, why);
		} else if (c == '(' && w.i + 1 < n && p[w.i + 1] == '*') {
			r = refuse(&w, why, "nothing to repeat");
		} else if (c != '{' || !put_bound(&w)) {
			buf_putc(b, c);
			w.i++;
		}
	}
	return r;
}

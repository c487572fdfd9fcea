/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scope.h"

#define BLANKS " \t\r\n"

/* A word of a text that is being walked. */
struct word {
	const char *p;
	size_t n;
};

static bool
next(const char **at, struct word *w)
{
	*at += strspn(*at, BLANKS);
	w->p = *at;
	w->n = strcspn(*at, BLANKS);
	*at += w->n;
	return w->n > 0;
}

static int
by_bytes(const void *a, const void *b)
{
	const struct word *v = a, *w = b;
	int c = memcmp(v->p, w->p, v->n < w->n ? v->n : w->n);

	return c ? c : (v->n > w->n) - (v->n < w->n);
}

/* RFC 6749 3.3: visible ASCII, neither '"' nor '\'. */
static int
check(const struct word *w, struct fail *why)
{
	size_t i;

	for (i = 0; i < w->n; i++)
		if (w->p[i] <= ' ' || w->p[i] >= 0x7f || w->p[i] == '"' ||
		    w->p[i] == '\\')
			return fail(why, EXIT_USAGE, "'%.*s' is no scope",
			    (int)(w->n < 80 ? w->n : 80), w->p);
	return 0;
}

int
scope_list(struct buf *list, const char *const *texts, size_t n,
    struct fail *why)
{
	struct word *words = NULL, *more, w;
	size_t count = 0, i;
	const char *at;
	int bad = 0;

	buf_clear(list);
	for (i = 0; i < n && !bad; i++)
		for (at = texts[i]; !bad && next(&at, &w);) {
			more = realloc(words, (count + 1) * sizeof *words);
			if (!more) {
				bad = fail(why, EXIT_MACHINE, "out of memory");
				break;
			}
			words = more;
			words[count++] = w;
			bad = check(&w, why);
		}
	if (!bad && count)
		qsort(words, count, sizeof *words, by_bytes);
	for (i = 0; i < count && !bad; i++) {
		if (i > 0 && by_bytes(&words[i - 1], &words[i]) == 0)
			continue;
		if (i > 0)
			buf_putc(list, ' ');
		buf_add(list, words[i].p, words[i].n);
	}
	free(words);
	if (!bad && list->err)
		bad = fail(why, EXIT_USAGE, "too many scopes");
	return bad;
}

bool
scope_has(const char *text, const char *word)
{
	struct word w;

	while (next(&text, &w))
		if (w.n == strlen(word) && memcmp(w.p, word, w.n) == 0)
			return true;
	return false;
}

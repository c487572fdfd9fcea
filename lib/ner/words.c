/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/words.h"

#define LONGEST 32              /* letters of a word that is looked up */

int
words_read(struct words *w, const char *p, size_t n)
{
	const char *end = p + n, *from;

	while (p < end) {
		if (*p == '#')
			while (p < end && *p != '\n')
				p++;
		from = p;
		while (p < end && !strchr(" \t\r\n", *p))
			p++;
		if (p > from && map_add(&w->plain, from, (size_t)(p - from),
		    NULL) == MAP_NONE)
			return -1;
		p += p < end;
	}
	return 0;
}

void
words_free(struct words *w)
{
	map_free(&w->plain);
}

static bool
has(const struct words *w, const char *p, size_t n)
{
	return map_find(&w->plain, p, n) != MAP_NONE;
}

bool
words_has(const struct words *w, const char *p, size_t n)
{
	/* an ending, what stood there before it was put on, and the last
	 * letters of words that take it: any but s, or these alone */
	static const struct {
		const char *off, *on, *takes;
	} endings[] = {
		{ "s", "", NULL }, { "es", "", "sxzho" }, { "ies", "y", NULL },
		{ "ed", "", NULL }, { "d", "", "e" }, { "ied", "y", NULL },
		{ "ing", "", NULL }, { "ing", "e", NULL }, { "er", "", NULL },
		{ "r", "", "e" }, { "ly", "", NULL }, { "est", "", NULL },
		{ "ier", "y", NULL }, { "ily", "y", NULL }, { "ers", "", NULL }
	};
	char stem[LONGEST];
	size_t i, off, on;

	if (has(w, p, n))
		return true;
	if (n > LONGEST - 2)
		return false;
	for (i = 0; i < COUNT(endings); i++) {
		off = strlen(endings[i].off);
		on = strlen(endings[i].on);
		if (n < off + 2 || memcmp(p + n - off, endings[i].off, off))
			continue;
		if (endings[i].takes ? !strchr(endings[i].takes,
		    p[n - off - 1]) : off == 1 && p[n - 2] == 's')
			continue;
		memcpy(stem, p, n - off);
		memcpy(stem + n - off, endings[i].on, on);
		if (has(w, stem, n - off + on))
			return true;
		/* a doubled consonant: stopped, running */
		if (on == 0 && n > off + 3 && (endings[i].off[0] == 'e' ||
		    endings[i].off[0] == 'i') &&
		    stem[n - off - 1] == stem[n - off - 2] &&
		    has(w, stem, n - off - 1))
			return true;
	}
	return false;
}

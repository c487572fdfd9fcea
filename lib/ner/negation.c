/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/negation.h"

#define WORD 16                 /* letters of a word that is looked up */

static const char denies[] = " no not never without neither nor none dont "
    "doesnt didnt isnt wasnt arent werent havent hasnt hadnt aint cant wont ";

static const char between[] = " the a an my our your his her their any this "
    "that these those other new old about for with of to on really even "
    "have has had got get own owned use used using want wanted need needed "
    "ask asked asking mean meant order ordered buy bought talking speaking "
    "been be it either ";

/* Who cannot do that with something speaks of it. */
static const char does[] = " use get have own order buy ";

/* "instead of", "rather than": the second word, then the first. */
static const char *const pairs[][2] = {
	{ " of ", " instead " }, { " than ", " rather other " },
	{ " from ", " apart aside " }
};

static const char is[] = " is was are were ";
static const char isnt[] = " isnt wasnt arent werent ";
static const char blame[] = " problem issue one cause point reason ";

static bool
is_in(const char *word, const char *list)
{
	size_t n = strlen(word);
	const char *at = list;

	for (; n && (at = strchr(at, ' ')) && at[1]; at++)
		if (strncmp(at + 1, word, n) == 0 && at[1 + n] == ' ')
			return true;
	return false;
}

static bool
is_part(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
	    c == '\'';
}

/* A word's letters, small, without apostrophes; "" where it is too long. */
static void
take(char *word, const char *p, size_t n)
{
	size_t i, k = 0;

	for (i = 0; i < n && k < WORD; i++)
		if (isalpha((unsigned char)p[i]))
			word[k++] = (char)tolower((unsigned char)p[i]);
	word[k < WORD ? k : 0] = '\0';
}

/* The word that ends before *at, which moves to its begin. False where a
 * clause begins first. */
static bool
word_before(const char *text, size_t *at, char *word)
{
	size_t end, i = *at;

	while (i > 0 && !is_part(text[i - 1]))
		if (strchr(".,;:!?()\n", text[--i]))
			return false;
	end = i;
	while (i > 0 && is_part(text[i - 1]))
		i--;
	take(word, text + i, end - i);
	*at = i;
	return end > i;
}

static bool
word_after(const char *text, size_t n, size_t *at, char *word)
{
	size_t from, i = *at;

	for (; i < n && !is_part(text[i]); i++)
		if (strchr(".,;:!?()\n", text[i]))
			return false;
	from = i;
	while (i < n && is_part(text[i]))
		i++;
	take(word, text + from, i - from);
	*at = i;
	return i > from;
}

static bool
denied_before(const char *text, size_t start)
{
	char word[WORD + 1], first[WORD + 1];
	size_t i, k, at = start, further;
	bool done = false;      /* is something done with it? */

	for (i = 0; i < NEGATION_WORDS; i++) {
		if (!word_before(text, &at, word))
			return false;
		if (is_in(word, denies))
			return !(done && strcmp(word, "cant") == 0);
		done = done || is_in(word, does);
		further = at;
		for (k = 0; k < COUNT(pairs); k++)
			if (is_in(word, pairs[k][0]) &&
			    word_before(text, &further, first) &&
			    is_in(first, pairs[k][1]))
				return true;
		if (!is_in(word, between))
			return false;
	}
	return false;
}

/* "is not the problem", "isn't my issue". */
static bool
denied_after(const char *text, size_t n, size_t end)
{
	char word[WORD + 1];
	size_t at = end;

	if (!word_after(text, n, &at, word))
		return false;
	if (is_in(word, is)) {
		if (!word_after(text, n, &at, word) || !is_in(word, " not "))
			return false;
	} else if (!is_in(word, isnt)) {
		return false;
	}
	return word_after(text, n, &at, word) &&
	    is_in(word, " the my our an a ") &&
	    word_after(text, n, &at, word) && is_in(word, blame);
}

bool
negation_of(const char *text, size_t n, size_t start, size_t end)
{
	return denied_before(text, start) || denied_after(text, n, end);
}

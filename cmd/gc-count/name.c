/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "name.h"

static bool
is_name(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!isalnum((unsigned char)p[i]) && p[i] != '_' &&
		    !(i > 0 && p[i] == '-'))
			return false;
	return n > 0 && !isdigit((unsigned char)p[0]);
}

/* Is it a path such as .a.b[0]? */
static bool
is_path(const char *s)
{
	size_t n = strlen(s);

	return s[0] == '.' && strspn(s, ".[]?_0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == n;
}

/* NAME=EXPR, or a path whose last member is the name: .a.name[]? */
int
name_parse(struct name *k, const char *word)
{
	size_t n = strcspn(word, "="), end = strlen(word);
	const char *name = word;

	k->text = word;
	if (word[n] == '=' && word[n + 1] != '=' && is_name(word, n)) {
		k->text = word + n + 1;
	} else {
		while (end > 0 && strchr("[]?", word[end - 1]))
			end--;
		for (n = 0; n < end && word[end - 1 - n] != '.'; n++)
			continue;
		name = word + end - n;
		if (!is_path(word) || !is_name(name, n))
			return -1;
	}
	if (!(k->name = malloc(n + 1)))
		return -1;
	memcpy(k->name, name, n);
	k->name[n] = '\0';
	return 0;
}

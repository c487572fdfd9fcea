/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/variables.h"

size_t
variables_identifier(const char *p)
{
	size_t n = 0;

	while (isalpha((unsigned char)p[n]) || p[n] == '_' ||
	    (n && isdigit((unsigned char)p[n])))
		n++;
	return n;
}

static const char *
blanks(const char *p)
{
	return p + strspn(p, " \t\r\n?");
}

/* .vars.NAME, .record.NAME or .env.NAME at p? Returns what follows, or
 * NULL. */
static const char *
read_link(const char *p, struct link *l)
{
	static const struct { const char *text; size_t n; } from[] = {
		[LINK_VARS] = { ".vars.", 6 }, [LINK_RECORD] = { ".record.", 8 },
		[LINK_ENV] = { ".env.", 5 }
	};
	size_t i, n;

	for (i = 0; i < COUNT(from); i++)
		if (strncmp(p, from[i].text, from[i].n) == 0)
			break;
	if (i == COUNT(from))
		return NULL;
	p += from[i].n;
	l->from = (enum link_from)i;
	n = variables_identifier(p);
	l->name = n ? strndup(p, n) : NULL;
	return l->name ? p + n : NULL;
}

/* The text of an alternative, for people to read: up to the end of its
 * parenthesis, or to what ends an expression. */
static char *
read_fallback(const char *p)
{
	int depth = 0;
	size_t n;
	bool quoted = false;

	for (n = 0; p[n]; n++) {
		if (p[n] == '\\' && quoted && p[n + 1]) {
			n++;
			continue;
		}
		if (p[n] == '"')
			quoted = !quoted;
		if (quoted)
			continue;
		if (strchr("([{", p[n]))
			depth++;
		else if (strchr(")]}", p[n]) && --depth < 0)
			break;
		else if (depth == 0 && strchr(",;|\n", p[n]))
			break;
	}
	while (n && p[n - 1] == ' ')
		n--;
	return strndup(p, n);
}

/* Is what stands at p asked about by an if? */
static bool
is_guarded(const char *text, const char *p)
{
	while (p > text && strchr(" \t\r\n(", p[-1]))
		p--;
	return p - text >= 2 && memcmp(p - 2, "if", 2) == 0;
}

/* One chain that begins at p. Returns what follows, or NULL. */
static const char *
read_chain(const char *text, const char *p, struct chain *c)
{
	const char *start = p, *at = p, *next;

	memset(c, 0, sizeof *c);
	while (c->n < CHAIN_LINKS && (next = read_link(at, &c->links[c->n]))) {
		c->n++;
		p = next;
		at = blanks(next);
		if (strncmp(at, "//", 2) != 0 || at[2] == '=')
			at = "";
		else
			at = blanks(at + 2);
		if (*at == '\0')
			break;
	}
	if (c->n == 0)
		return NULL;
	if (*at)
		c->fallback = read_fallback(at);
	else if (is_guarded(text, start))
		c->fallback = strdup("null");
	return p;
}

static void
free_chain(struct chain *c)
{
	int i;

	for (i = 0; i < c->n; i++)
		free(c->links[i].name);
	free(c->fallback);
}

/* A copy of the program with its comments blanked out. */
static char *
without_comments(const char *text)
{
	char *s = strdup(text), *p;
	bool quoted = false;

	for (p = s; p && *p; p++) {
		if (quoted && *p == '\\' && p[1])
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (*p == '#' && !quoted)
			while (*p && *p != '\n')
				*p++ = ' ';
		if (!*p)
			break;
	}
	return s;
}

static int
add_chain(struct variables *vs, struct chain *c)
{
	struct chain *more = realloc(vs->v, (vs->n + 1) * sizeof *more);

	if (!more) {
		free_chain(c);
		return -1;
	}
	vs->v = more;
	more[vs->n++] = *c;
	return 0;
}

int
variables_find(struct variables *vs, const char *program, struct fail *why)
{
	char *text = without_comments(program);
	const char *p, *next;
	struct chain c;
	int r = text ? 0 : -1;

	memset(vs, 0, sizeof *vs);
	for (p = text; r == 0 && *p; p = next) {
		next = p + 1;
		if (*p != '.')
			continue;
		if (strncmp(p, ".vars", 5) == 0 && p[5] != '.' &&
		    !variables_identifier(p + 5))
			vs->open = true;
		if ((next = read_chain(text, p, &c)))
			r = add_chain(vs, &c);
		else
			next = p + 1;
	}
	free(text);
	return r < 0 ? fail(why, EXIT_MACHINE, "out of memory") : 0;
}

const struct chain *
variables_chain(const struct variables *vs, const char *name, size_t n)
{
	const struct link *l;
	size_t i;
	int k;

	for (i = 0; i < vs->n; i++)
		for (k = 0; k < vs->v[i].n; k++) {
			l = &vs->v[i].links[k];
			if (l->from == LINK_VARS && strlen(l->name) == n &&
			    memcmp(l->name, name, n) == 0)
				return &vs->v[i];
		}
	return NULL;
}

bool
variables_have(const struct variables *vs, const char *name, size_t n)
{
	return variables_chain(vs, name, n) != NULL;
}

void
variables_names(const struct variables *vs, struct map *names)
{
	const struct link *l;
	size_t i;
	int k;

	for (i = 0; i < vs->n; i++)
		for (k = 0; k < vs->v[i].n; k++) {
			l = &vs->v[i].links[k];
			if (l->from == LINK_VARS)
				map_add(names, l->name, strlen(l->name), NULL);
		}
}

void
variables_free(struct variables *vs)
{
	size_t i;

	for (i = 0; i < vs->n; i++)
		free_chain(&vs->v[i]);
	free(vs->v);
	memset(vs, 0, sizeof *vs);
}

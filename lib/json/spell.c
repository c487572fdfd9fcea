/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/spell.h"

#include "base/num.h"
#include "base/rng.h"

#define TRIES 64                /* stand-ins tried for one integer */
#define WIDEST 40
#define PLAIN 15                /* zeros that libjq adds before it writes an
                                 * exponent */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
spell_needed(const char *p, size_t n)
{
	size_t i, from, to;

	for (i = SPELL_RUN - 1; i < n; i += SPELL_RUN) {
		if (!is_digit(p[i]))
			continue;
		for (from = i; from > 0 && is_digit(p[from - 1]); from--)
			;
		for (to = i + 1; to < n && is_digit(p[to]); to++)
			;
		if (to - from >= SPELL_RUN)
			return true;
		i = to - (to - i) % SPELL_RUN;
	}
	return false;
}

/* ---- runs ---- */

/* The runs of a JSON text, one after the other. */
struct run_iter {
	const char *begin, *p, *end;
	bool quoted;            /* p is inside of a string */
	const char *run;        /* told: n digits */
	size_t n;
};

static struct run_iter
run_iter(const char *p, size_t n)
{
	struct run_iter it = { p, p, p + n, false, NULL, 0 };

	return it;
}

/* Steps to the next run; what a string escapes parts two runs. */
static bool
run_next(struct run_iter *it)
{
	const char *p = it->p, *end = it->end, *from;

	while (p < end) {
		if (is_digit(*p)) {
			for (from = p; p < end && is_digit(*p); p++)
				;
			it->run = from;
			it->n = (size_t)(p - from);
			it->p = p;
			if (it->n >= SPELL_RUN)
				return true;
		} else if (*p == '\\' && end - p > 1) {
			p += p[1] == 'u' && end - p >= 6 ? 6 : 2;
		} else {
			it->quoted ^= *p++ == '"';
		}
	}
	it->p = p;
	return false;
}

/* Is the run a whole integer, but for its sign? */
static bool
is_integer(const struct run_iter *it)
{
	const char *p = it->run;
	char before, next = '\0';

	if (it->quoted)
		return false;
	if (p > it->begin && p[-1] == '-')
		p--;
	before = p > it->begin ? p[-1] : '\0';
	if (it->p < it->end)
		next = *it->p;
	return before != '.' && before != 'e' && before != 'E' &&
	    before != '+' && next != '.' && next != 'e' && next != 'E';
}

/* ---- stand-ins ---- */

/* An integer as libjq writes the double: the fewest digits that read back,
 * and zeros. Returns its length; 0 where it takes an exponent. */
static size_t
plain(double v, char out[NUM_MAX * 2])
{
	char text[NUM_MAX], digits[NUM_MAX];
	size_t n = 0, len;
	int precision, exponent, i;

	for (precision = SPELL_RUN - 2; precision < 17; precision++) {
		snprintf(text, sizeof text, "%.*e", precision, v);
		if (num_json(text, strlen(text)) == v)
			break;
	}
	for (i = 0; text[i] && text[i] != 'e'; i++)
		if (is_digit(text[i]))
			digits[n++] = text[i];
	exponent = (int)strtol(text + i + 1, NULL, 10);
	while (n > 1 && digits[n - 1] == '0')
		n--;
	len = (size_t)exponent + 1;
	if (len > n + PLAIN || len < n)
		return 0;
	memcpy(out, digits, n);
	memset(out + n, '0', len - n);
	return len;
}

/* Room for what belongs to the runs. */
static int
grow(struct spell *s)
{
	uint32_t cap = s->cap ? s->cap : 16;
	uint32_t *more;

	while (cap < s->runs.n + 2)
		cap *= 2;
	if (cap > s->cap) {
		more = realloc(s->other, cap * sizeof *more);
		if (!more)
			return -1;
		s->other = more;
		s->cap = cap;
	}
	return 0;
}

/* A double around v: at try k, within 2^width units in the last place, wider
 * with each second try. Where integers lie close together the width that the
 * last one needed is where the next one begins. */
static double
around(struct spell *s, double v, uint32_t i, int k)
{
	int w = s->width + k / 2;
	uint64_t bits, span;

	if (k == 0)
		return v;
	w = w < WIDEST ? w : WIDEST;
	span = UINT64_C(1) << w;
	memcpy(&bits, &v, sizeof bits);
	bits += rng_mix(i * (uint64_t)TRIES + (uint64_t)k) % (2 * span + 1);
	bits -= span;
	memcpy(&v, &bits, sizeof v);
	if (k / 2 > 1)
		s->width = w - 1;
	return v;
}

/* Finds run i a stand-in that is in no use. Returns 0 also where there is
 * none, or -1. */
static int
stand_in(struct spell *s, uint32_t i)
{
	double near = num_json(s->runs.keys[i].p, s->runs.keys[i].len);
	double v;
	char text[NUM_MAX * 2];
	bool fresh = false;
	uint32_t k = MAP_NONE;
	size_t n;
	int try;

	for (try = 0; !fresh && try < TRIES; try++) {
		v = around(s, near, i, try);
		n = near < 1e33 ? plain(v, text) : 0;
		if (try == 0 && n == s->runs.keys[i].len &&
		    memcmp(text, s->runs.keys[i].p, n) == 0)
			return 0;       /* it is a double */
		if (n >= SPELL_RUN) {
			k = map_add(&s->runs, text, n, &fresh);
			if (k == MAP_NONE || grow(s) < 0)
				return -1;
		}
	}
	if (fresh) {
		s->other[k] = i + 1;
		s->other[i] = k + 1;
		s->used = true;
	}
	return 0;
}

/* All runs of a text, so that no stand-in is one of them. */
static int
gather(struct spell *s, const char *p, size_t n)
{
	struct run_iter it = run_iter(p, n);
	uint32_t k;
	bool fresh;

	while (run_next(&it)) {
		k = map_add(&s->runs, it.run, it.n, &fresh);
		if (k == MAP_NONE || grow(s) < 0)
			return -1;
		if (fresh)
			s->other[k] = 0;
	}
	return 0;
}

/* Adds the bytes up to a run and what takes its place. */
static const char *
add_other(struct spell *s, const char *from, const struct run_iter *it,
    uint32_t k)
{
	const struct map_key *key = &s->runs.keys[s->other[k] - 1];

	buf_add(&s->text, from, (size_t)(it->run - from));
	buf_add(&s->text, key->p, key->len);
	return it->p;
}

int
spell_out(struct spell *s, const char *p, size_t n)
{
	struct run_iter it = run_iter(p, n);
	uint32_t k, own;

	map_free(&s->runs);
	buf_clear(&s->text);
	s->used = false;
	s->width = 0;
	if (gather(s, p, n) < 0)
		return -1;
	own = s->runs.n;
	while (run_next(&it)) {
		if (!is_integer(&it))
			continue;
		k = map_find(&s->runs, it.run, it.n);
		if (k < own && s->other[k] == 0 && stand_in(s, k) < 0)
			return -1;
		if (k < own && s->other[k])
			p = add_other(s, p, &it, k);
	}
	if (s->used)
		buf_add(&s->text, p, (size_t)(it.end - p));
	return s->text.err ? -1 : s->used;
}

int
spell_back(struct spell *s, const char *p, size_t n)
{
	struct run_iter it = run_iter(p, n);
	uint32_t k;

	buf_clear(&s->text);
	while (run_next(&it)) {
		k = map_find(&s->runs, it.run, it.n);
		/* a stand-in stands behind what it stands for */
		if (k != MAP_NONE && s->other[k] && s->other[k] - 1 < k)
			p = add_other(s, p, &it, k);
	}
	buf_add(&s->text, p, (size_t)(it.end - p));
	return s->text.err ? -1 : 0;
}

void
spell_free(struct spell *s)
{
	buf_free(&s->text);
	map_free(&s->runs);
	free(s->other);
	s->other = NULL;
	s->cap = 0;
}

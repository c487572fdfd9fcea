/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/fold.h"
#include "ner/mention_impl.h"

/* ---- the names ---- */

/* What hearing each sound of a name is worth against what it costs to drop it,
 * in hundredths: vowels are heard wrong more often. */
#define WORTH_VOWEL 60
#define WORTH 65

/* The share of a name's pairs of sounds that the text must have: at least so
 * much, and so much of the share of the name that must be heard. */
#define PAIRS_LEAST 0.35
#define PAIRS 0.7

/* Sounds of a text that are compared at once, and how many again: a name that
 * is heard as more sounds than these may be missed at a seam. */
#define WINDOW 512
#define AGAIN 96
#define EDGE 3                  /* sounds at either side that share nothing */

/* Kinds of sounds that recognisers take for each other. */
static const uint8_t kinds[SOUNDS] = {
	0, 1, 1, 1, 1, 2, 2, 3, 4, 3, 3, 3, 2, 2, 5, 5,
	6, 7, 8, 8, 9, 10, 11, 7, 10, 12, 13, 13, 13, 6,
	4, 14, 7, 8, 9, 9, 5, 3, 14, 7
};

/* A sound and the one before it. */
static uint8_t
pair_of(const uint8_t *sound)
{
	return (uint8_t)(kinds[sound[-1]] * 16 + kinds[sound[0]]);
}

void
heard_pairs(uint64_t *pairs, const uint8_t *sounds, size_t n)
{
	unsigned bit;
	size_t i;

	memset(pairs, 0, 4 * sizeof *pairs);
	for (i = 1; i < n; i++) {
		bit = pair_of(sounds + i);
		pairs[bit / 64] |= (uint64_t)1 << bit % 64;
	}
}

static unsigned
bits(uint64_t x)
{
	unsigned n = 0;

	for (; x; x &= x - 1)
		n++;
	return n;
}

static unsigned
common(const uint64_t *a, const uint64_t *b)
{
	return bits(a[0] & b[0]) + bits(a[1] & b[1]) + bits(a[2] & b[2]) +
	    bits(a[3] & b[3]);
}

/* Has the name that was added last, or one before it of the same entry, those
 * sounds? Few have many. */
static bool
is_there(const struct heard_index *x, const struct gazetteer *g,
    uint32_t alias, const uint8_t *sounds, size_t n)
{
	const struct heard_name *h;
	uint32_t i;

	for (i = x->n; i-- > 0; ) {
		h = &x->names[i];
		if (g->aliases[h->alias].name != g->aliases[alias].name)
			return false;
		if (h->n == n && memcmp(x->sounds.p + h->at, sounds, n) == 0)
			return true;
	}
	return false;
}

static int
add_name(struct heard_index *x, uint32_t alias, const uint8_t *sounds,
    size_t n, const struct fold *f, struct fail *why)
{
	struct heard_name h, *v;
	uint32_t cap, worth = 0, all = 0, drop;
	double share;
	size_t i;

	memset(&h, 0, sizeof h);
	h.alias = alias;
	h.at = (uint32_t)x->sounds.len;
	h.n = (uint16_t)n;
	for (i = 0; i < n; i++) {
		drop = x->costs.drop[sounds[i]];
		all += drop;
		worth += drop * (sounds[i] < SOUND_B ? WORTH_VOWEL : WORTH);
	}
	h.worth = (uint16_t)(worth / 100);
	heard_pairs(h.pairs, sounds, n);
	share = PAIRS * (1 - (worth / 100.0 - HEARD_LEAST) / all);
	if (share < PAIRS_LEAST)
		share = PAIRS_LEAST;
	h.need = (float)(common(h.pairs, h.pairs) * share);
	h.words = (uint32_t)x->lengths.len;
	h.nwords = (uint8_t)(f->nwords < 255 ? f->nwords : 255);
	for (i = 0; i < h.nwords; i++)
		buf_putc(&x->lengths, (char)(f->edges[2 * i + 1] -
		    f->edges[2 * i]));
	if (buf_add(&x->sounds, sounds, n) < 0 || x->lengths.err)
		return fail_errno(why, "a gazetteer");
	if (x->n == x->cap) {
		cap = x->cap * 2 + 64;
		if (!(v = realloc(x->names, cap * sizeof *v)))
			return fail_errno(why, "a gazetteer");
		x->names = v;
		x->cap = cap;
	}
	x->names[x->n++] = h;
	return 0;
}

/* What stands behind an apostrophe, and how it sounds there. */
static const struct {
	const char *letters;
	uint8_t sound;
} tails[] = {
	{ "s", SOUND_Z }, { "t", SOUND_T }, { "d", SOUND_D }, { "m", SOUND_M },
	{ "ll", SOUND_L }, { "ve", SOUND_V }, { "re", SOUND_R }
};

/* The sound of a word that is the tail of the one before it ("we'll"); 0 where
 * it is none. */
static uint8_t
tail_of(const struct fold *w, const char *text, size_t n, size_t word)
{
	const uint32_t *e = w->edges + 2 * word;
	uint32_t from, to;
	size_t i;

	if (word == 0 || e[1] - e[0] > 2)
		return 0;
	from = fold_end(w, text, n, e[-1] - 1);
	to = fold_begin(w, e[0]);
	if (!(to - from == 1 && text[from] == '\'') &&
	    !(to - from == 3 && memcmp(text + from, "\xE2\x80\x99", 3) == 0))
		return 0;
	for (i = 0; i < COUNT(tails); i++)
		if (strlen(tails[i].letters) == e[1] - e[0] &&
		    memcmp(tails[i].letters, w->letters + e[0],
		    e[1] - e[0]) == 0)
			return tails[i].sound;
	return 0;
}

/* The sounds of a text's words, one after another; 0 where there are too
 * many. */
static size_t
sounds_of(uint8_t *out, size_t room, const struct fold *f, const char *text,
    size_t ntext)
{
	size_t i, n = 0;
	uint8_t tail;

	for (i = 0; i < f->nwords && n < room; i++)
		if ((tail = tail_of(f, text, ntext, i)))
			out[n++] = tail;
		else
			n += sound_word(out + n, room - n, f->letters +
			    f->edges[2 * i], f->edges[2 * i + 1] -
			    f->edges[2 * i]);
	return n < room ? n : 0;
}

int
heard_open(struct heard_index *x, const struct gazetteer *g,
    struct fail *why)
{
	struct buf empty = BUF_INIT(GAZ_FILE);
	struct fold f = FOLD_INIT;
	const struct gaz_alias *a;
	struct gaz_str said;
	uint8_t sounds[HEARD_SOUNDS];
	uint32_t i, spoken = UINT32_MAX;
	size_t n;
	int r = 0;

	memset(x, 0, sizeof *x);
	x->sounds = x->lengths = empty;
	sound_costs(&x->costs);
	/* a name's spoken forms stand behind its aliases */
	for (i = g->naliases; i-- > 0 && r == 0;) {
		a = &g->aliases[i];
		if (a->spoken)
			spoken = a->name;
		if ((!a->spoken && spoken == a->name) ||
		    g->names[a->name].flags & (GAZ_EXACT | GAZ_NOFUZZY))
			continue;
		said = a->spoken ? a->said : a->text;
		if (fold_text(&f, gaz_text(g, said), said.n, 0) < 0)
			r = fail_errno(why, "a gazetteer");
		else if ((n = sounds_of(sounds, sizeof sounds, &f,
		    gaz_text(g, said), said.n)) > 2 &&
		    !is_there(x, g, i, sounds, n))
			r = add_name(x, i, sounds, n, &f, why);
	}
	fold_free(&f);
	return r;
}

void
heard_free(struct heard_index *x)
{
	buf_free(&x->sounds);
	buf_free(&x->lengths);
	free(x->names);
	memset(x, 0, sizeof *x);
}

int
heard_spell(struct buf *b, struct fold *work, const char *p, size_t n,
    struct fail *why)
{
	uint8_t sounds[HEARD_SOUNDS];
	size_t i, k;

	if (fold_text(work, p, n, 0) < 0)
		return fail_errno(why, "a mention");
	k = sounds_of(sounds, sizeof sounds, work, p, n);
	buf_putc(b, '"');
	for (i = 0; i < k; i++) {
		if (i)
			buf_putc(b, ' ');
		buf_str_add(b, sound_name(sounds[i]));
	}
	buf_putc(b, '"');
	return b->err ? fail_errno(why, "a mention") : 0;
}

/* ---- the text ---- */

/* What it costs to make of a name's first sounds what stands before a place,
 * above the number of the sound where that begins, counted from the window's
 * first: the least of two cells is the cheaper one, of equals the longer. */
#define CELL_FIRST 12           /* bits: more than WINDOW */

/* A word's sounds as they were looked up last. */
#define MEMO 512
struct memo {
	uint8_t nletters, nsounds;      /* 0: nothing yet */
	char letters[14];
	uint8_t sounds[32];
};

struct heard_text {
	struct memo memo[MEMO];         /* by a hash of the letters */
	uint8_t *sounds;        /* owned: of the text, n of them */
	uint8_t *pair;          /* owned: each with the one before it */
	uint32_t *word;         /* owned: the word of each */
	uint32_t *row;          /* owned: cells of the comparison */
	size_t n, cap;
};


static int
room(struct heard_text *t, size_t n, struct fail *why)
{
	size_t cap = n + n / 2 + 256;

	if (n <= t->cap)
		return 0;
	free(t->sounds);
	free(t->pair);
	free(t->word);
	free(t->row);
	t->pair = malloc(cap);
	t->cap = 0;
	t->sounds = malloc(cap);
	t->word = malloc(cap * sizeof *t->word);
	t->row = malloc(cap * sizeof *t->row);
	if (!t->sounds || !t->pair || !t->word || !t->row)
		return fail_errno(why, "mentions");
	t->cap = cap;
	return 0;
}

void
heard_text_free(struct heard_text *t)
{
	if (!t)
		return;
	free(t->sounds);
	free(t->pair);
	free(t->word);
	free(t->row);
	free(t);
}

/* A word's sounds into out, which has room for all of them; returns how
 * many. */
static size_t
sounds_of_word(struct heard_text *t, uint8_t *out, size_t room, const char *p,
    size_t n)
{
	struct memo *m;
	size_t k;

	if (n > sizeof m->letters || room < sizeof m->sounds)
		return sound_word(out, room, p, n);
	m = &t->memo[alias_hash(p, n) % MEMO];
	if (m->nletters != n || memcmp(m->letters, p, n) != 0) {
		k = sound_word(out, room, p, n);
		if (k > sizeof m->sounds)
			return k;
		m->nletters = (uint8_t)n;
		m->nsounds = (uint8_t)k;
		memcpy(m->letters, p, n);
		memcpy(m->sounds, out, k);
		return k;
	}
	memcpy(out, m->sounds, sizeof m->sounds);
	return m->nsounds;
}

/* The text's sounds, each with its word; a tail's are the word's before it. */
static int
listen(struct mentions_impl *f, struct fail *why)
{
	struct heard_text *t = f->heard;
	const struct fold *w = &f->fold;
	const uint32_t *e = w->edges;
	size_t i, k, most = 2;
	uint32_t word = 0;
	uint8_t tail;

	for (i = 0; i < w->nwords; i++)
		most += SOUND_MOST * (size_t)(e[2 * i + 1] - e[2 * i]);
	if (room(t, most, why) < 0)
		return -1;
	for (t->n = i = 0; i < w->nwords; i++) {
		if ((tail = tail_of(w, f->text, f->ntext, i))) {
			t->sounds[t->n] = tail;
			k = 1;
		} else {
			k = sounds_of_word(t, t->sounds + t->n, t->cap - t->n,
			    w->letters + e[2 * i], e[2 * i + 1] - e[2 * i]);
			word = (uint32_t)i;
		}
		for (; k; k--) {
			t->pair[t->n] = t->n ? pair_of(t->sounds + t->n) : 0;
			t->word[t->n++] = word;
		}
	}
	return 0;
}

/* ---- the comparison ---- */

static bool
begins(const struct heard_text *t, size_t j)
{
	return j < t->n && (j == 0 || t->word[j] != t->word[j - 1]);
}

/* Of no sounds of a name: nothing where a word begins, else what was put in
 * since. */
static void
begin(struct heard_text *t, const uint8_t *put, size_t from, size_t to)
{
	uint32_t *row = t->row, cost = 0, first = 0;
	size_t j;

	for (j = from; j <= to; j++) {
		if (j == from || begins(t, j)) {
			cost = 0;
			first = (uint32_t)(j - from);
		} else {
			cost += put[t->sounds[j - 1]];
		}
		row[j] = cost << CELL_FIRST | first;
	}
}

static uint32_t
lesser(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* One sound of a name more, along sounds from to to of the text. Returns the
 * least cost. */
static uint32_t
next(struct heard_text *t, const struct sound_costs *c, uint8_t sound,
    size_t from, size_t to)
{
	const uint8_t *restrict change = c->change[sound];
	const uint8_t *restrict put = c->put, *restrict s = t->sounds;
	uint32_t *restrict row = t->row;
	uint32_t drop = (uint32_t)c->drop[sound] << CELL_FIRST;
	uint32_t corner = row[from], cell = row[from] + drop, over, least;
	size_t j;

	row[from] = least = cell;
	for (j = from + 1; j <= to; j++) {
		over = corner + ((uint32_t)change[s[j - 1]] << CELL_FIRST);
		cell += (uint32_t)put[s[j - 1]] << CELL_FIRST;
		corner = row[j];
		cell = lesser(cell, lesser(over, corner + drop));
		row[j] = cell;
		least = lesser(least, cell);
	}
	return least >> CELL_FIRST;
}

/* Every run of words in sounds from to to that is like a name. */
static int
compare(struct mentions_impl *f, const struct heard_name *h, size_t from,
    size_t to, struct fail *why)
{
	const struct heard_index *x = f->tools.heard;
	const uint8_t *sounds = (const uint8_t *)x->sounds.p + h->at;
	struct heard_text *t = f->heard;
	uint32_t cost, most = h->worth - HEARD_LEAST;
	size_t i, j, first;

	begin(t, x->costs.put, from, to);
	for (i = 0; i < h->n; i++)
		if (next(t, &x->costs, sounds[i], from, to) > most)
			return 0;
	for (j = from + 1; j <= to; j++) {
		cost = t->row[j] >> CELL_FIRST;
		if ((j < t->n && !begins(t, j)) || cost > most)
			continue;
		first = t->word[from + (t->row[j] & ((1 << CELL_FIRST) - 1))];
		if (weigh_hit(f, h, first, t->word[j - 1], cost, why) < 0)
			return -1;
	}
	return 0;
}

/* The last word's begin at or before sound j, past sound `from`; j where there
 * is none. */
static size_t
back_to_word(const struct heard_text *t, size_t from, size_t j)
{
	size_t i;

	for (i = j; i > from; i--)
		if (begins(t, i))
			return i;
	return j;
}

/* Narrows sounds from to to to where as many as a name has share enough
 * of its pairs; false where nowhere. */
static bool
narrow(const struct heard_text *t, const struct heard_name *h, size_t *from,
    size_t *to)
{
	size_t span = h->n + 1u, j, lo = SIZE_MAX, hi = 0, first = *from;
	double need = h->need;
	unsigned n = 0;

	for (j = first + 1; j < *to; j++) {
		n += h->pairs[t->pair[j] / 64] >> t->pair[j] % 64 & 1;
		if (j > first + span)
			n -= h->pairs[t->pair[j - span] / 64] >>
			    t->pair[j - span] % 64 & 1;
		if (n < need)
			continue;
		hi = j + 1;
		if (lo == SIZE_MAX)
			lo = j > first + span ? j - span : first;
	}
	if (!hi)
		return false;
	*from = lo > first + EDGE ? back_to_word(t, first, lo - EDGE) : first;
	for (hi += EDGE; hi < *to && !begins(t, hi); )
		hi++;
	if (hi < *to)
		*to = hi;
	return true;
}

/* Compares sounds from to to with all names that share pairs with them. */
static int
compare_all(struct mentions_impl *f, size_t from, size_t to,
    struct fail *why)
{
	const struct heard_index *x = f->tools.heard;
	const struct heard_name *h;
	uint64_t pairs[4];
	size_t lo, hi;
	uint32_t i;

	heard_pairs(pairs, f->heard->sounds + from, to - from);
	for (i = 0; i < x->n; i++) {
		h = &x->names[i];
		lo = from;
		hi = to;
		if (h->worth > HEARD_LEAST &&
		    common(h->pairs, pairs) >= h->need &&
		    narrow(f->heard, h, &lo, &hi) &&
		    compare(f, h, lo, hi, why) < 0)
			return -1;
	}
	return weigh_all(f, why);
}

int
heard_names(struct mentions_impl *f, struct fail *why)
{
	struct heard_text *t;
	size_t from = 0, to;

	if (!f->heard && !(f->heard = calloc(1, sizeof *f->heard)))
		return fail_errno(why, "mentions");
	if (listen(f, why) < 0)
		return -1;
	t = f->heard;
	while (from < t->n) {
		to = t->n - from <= WINDOW ? t->n :
		    back_to_word(t, from + AGAIN, from + WINDOW);
		if (compare_all(f, from, to, why) < 0)
			return -1;
		if (to == t->n)
			break;
		from = back_to_word(t, from, to - AGAIN);
	}
	return 0;
}

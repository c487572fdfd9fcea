/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/spec.h"
#include "ner/hash.h"
#include "ner/leven.h"
#include "ner/uni.h"

#define OP_MOST 4096            /* the largest number of an operator */
#define NAME_SHOWN 40           /* bytes of a name in a message */

static const char *const names[ATTRS] = {
	"ORTH", "NORM", "LOWER", "PREFIX", "SUFFIX", "SHAPE", "LENGTH",
	"IS_ALPHA", "IS_ASCII", "IS_DIGIT", "IS_LOWER", "IS_UPPER",
	"IS_TITLE", "IS_PUNCT", "IS_SPACE", "IS_BRACKET", "IS_QUOTE",
	"IS_LEFT_PUNCT", "IS_RIGHT_PUNCT", "IS_CURRENCY", "IS_STOP",
	"LIKE_NUM", "LIKE_URL", "LIKE_EMAIL", "SPACY", "IS_SENT_START",
	"ENT_IOB", "ENT_TYPE"
};

/* What spaCy has and this does not, and why. */
static const struct {
	const char *name, *why;
} lacking[] = {
	{ "LEMMA", "needs a lemmatizer, which is not run" },
	{ "POS", "needs a tagger, which is not run" },
	{ "TAG", "needs a tagger, which is not run" },
	{ "MORPH", "needs a tagger, which is not run" },
	{ "DEP", "needs a parser's labels, which are not kept" },
	{ "ENT_ID", "is not supported" },
	{ "ENT_KB_ID", "is not supported" },
	{ "_", "(extensions) is not supported" },
};

static bool
same_name(const char *p, size_t n, const char *name)
{
	return strlen(name) == n && strncasecmp(p, name, n) == 0;
}

int
attr_find(const char *name, size_t n)
{
	int i;

	if (same_name(name, n, "TEXT"))
		return ATTR_ORTH;
	if (same_name(name, n, "SENT_START"))
		return ATTR_SENT_START;
	for (i = 0; i < ATTRS; i++)
		if (same_name(name, n, names[i]))
			return i;
	return -1;
}

static bool
is_text(enum attr a)
{
	return a < ATTR_LENGTH || a == ATTR_ENT_TYPE;
}

void
specs_init(struct specs *s)
{
	struct map none = MAP_INIT;
	struct buf bytes = BUF_INIT(BUF_DOC);

	memset(s, 0, sizeof *s);
	s->keys = none;
	s->bytes = bytes;
}

void
specs_free(struct specs *s)
{
	size_t i;

	for (i = 0; i < s->nitems; i++)
		regex_close(s->items[i].regex);
	free(s->v);
	free(s->tests);
	free(s->items);
	map_free(&s->keys);
	buf_free(&s->bytes);
	memset(s, 0, sizeof *s);
}

/* ---- reading ---- */

/* A specification while it is read. */
struct reader {
	struct specs *s;
	struct buf text;        /* a decoded string */
	const char **at;
	struct fail *why;
};

static int
wrong(struct reader *r, struct json_val v, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static int
wrong(struct reader *r, struct json_val v, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	*r->at = v.p;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return fail(r->why, EXIT_USAGE, "%s", text);
}

/* Grows an array by one; its new element, zeroed, or NULL. */
static void *
more(void *array, size_t *n, size_t *cap, size_t size)
{
	void **v = array, *bigger;
	size_t want = 2 * *cap + 16;

	if (*n == *cap) {
		if (!(bigger = realloc(*v, want * size)))
			return NULL;
		*v = bigger;
		*cap = want;
	}
	return memset((char *)*v + (*n)++ * size, 0, size);
}

static struct test *
add_test(struct reader *r, enum attr attr, enum test_kind kind)
{
	struct specs *s = r->s;
	struct test *t = more(&s->tests, &s->ntests, &s->ctests, sizeof *t);

	if (!t) {
		fail_errno(r->why, "patterns");
		return NULL;
	}
	t->attr = (uint8_t)attr;
	t->kind = (uint8_t)kind;
	t->first = (uint32_t)s->nitems;
	return t;
}

static struct test_item *
add_item(struct reader *r)
{
	struct specs *s = r->s;
	struct test_item *k = more(&s->items, &s->nitems, &s->citems,
	    sizeof *k);

	if (!k) {
		fail_errno(r->why, "patterns");
		return NULL;
	}
	s->tests[s->ntests - 1].n++;
	return k;
}

static int
decode(struct reader *r, struct json_val v)
{
	buf_clear(&r->text);
	return json_decode(v, &r->text) < 0 ? fail(r->why, EXIT_MACHINE,
	    "out of memory") : 0;
}

/* A value that an attribute may have, as a number. */
static int
read_value(struct reader *r, enum attr attr, struct json_val v, uint64_t *id)
{
	enum json_type type = json_type(v);
	int64_t number;

	if (is_text(attr)) {
		if (type != JSON_STRING)
			return wrong(r, v, "%s is a string", names[attr]);
		if (decode(r, v) < 0)
			return -1;
		*id = hash_id(buf_str(&r->text), r->text.len);
		return 0;
	}
	if (type == JSON_NUMBER && json_int(v, &number) && number >= 0 &&
	    (attr == ATTR_LENGTH || number <= (attr == ATTR_ENT_IOB ? 3 :
	    1))) {
		*id = (uint64_t)number;
		return 0;
	}
	if (attr == ATTR_LENGTH)
		return wrong(r, v, "LENGTH is a whole number");
	if (attr == ATTR_ENT_IOB) {
		*id = json_is(v, "") ? 0 : json_is(v, "I") ? 1 :
		    json_is(v, "O") ? 2 : 3;
		return *id < 3 || json_is(v, "B") ? 0 : wrong(r, v,
		    "ENT_IOB is \"B\", \"I\", \"O\" or \"\"");
	}
	*id = type == JSON_TRUE;
	return type == JSON_TRUE || type == JSON_FALSE ? 0 : wrong(r, v,
	    "%s is true or false", names[attr]);
}

static int
add_regex(struct reader *r, struct json_val v)
{
	struct test_item *k = add_item(r);

	if (!k)
		return -1;
	if (json_type(v) != JSON_STRING)
		return wrong(r, v, "REGEX takes a string");
	if (decode(r, v) < 0)
		return -1;
	if (regex_open(&k->regex, buf_str(&r->text), r->text.len, 0,
	    r->why) < 0) {
		*r->at = v.p;
		return fail_prefix(r->why, "REGEX");
	}
	return 0;
}

/* How many edits are allowed where FUZZY names none: at least two, and up to
 * 30 % of the word, rounded to even as Python does. */
static int
edits_of(const char *p, size_t n)
{
	int edits = (int)nearbyint(0.3 * (double)uni_count(p, n));

	return edits < 2 ? 2 : edits;
}

static int
add_fuzzy(struct reader *r, struct json_val v, int edits)
{
	struct test_item *k = add_item(r);
	struct buf *b = &r->s->bytes;

	if (!k)
		return -1;
	if (json_type(v) != JSON_STRING)
		return wrong(r, v, "FUZZY takes a string");
	if (decode(r, v) < 0)
		return -1;
	k->text = (uint32_t)b->len;
	k->n = (uint32_t)r->text.len;
	k->edits = edits ? edits : edits_of(buf_str(&r->text), r->text.len);
	buf_add(b, buf_str(&r->text), r->text.len + 1);
	return b->err ? fail(r->why, EXIT_MACHINE, "the patterns do not fit "
	    "memory") : 0;
}

/* IN, NOT_IN, and, of an attribute with one value, the relations of sets. */
static int
read_set(struct reader *r, enum attr attr, const char *name, size_t n,
    struct json_val list)
{
	bool super = same_name(name, n, "IS_SUPERSET");
	struct json_iter it;
	struct test *t;
	uint64_t id, first = 0;
	size_t count = 0;

	if (json_type(list) != JSON_ARRAY)
		return wrong(r, list, "%.*s takes a list", (int)n, name);
	if (!(t = add_test(r, attr, TEST_IN)))
		return -1;
	t->no = same_name(name, n, "NOT_IN");
	for (it = json_iter(list); json_next(&it);) {
		struct test_item *k;

		if (read_value(r, attr, it.val, &id) < 0)
			return -1;
		if (super && count > 0 && id != first) {
			t = &r->s->tests[r->s->ntests - 1];
			t->n = 0;       /* one value holds no two */
			return 0;
		}
		first = id;
		if (!(super && count++ > 0)) {
			if (!(k = add_item(r)))
				return -1;
			k->id = id;
		}
	}
	if (super && count == 0)
		r->s->ntests--;         /* every set holds none */
	return 0;
}

/* The predicate that stands inside of REGEX or FUZZY. */
static int
read_inner(struct reader *r, enum attr attr, enum test_kind kind, int edits,
    struct json_val v)
{
	struct json_iter it, list;
	struct test *t;
	bool in, not_in;

	for (it = json_iter(v); json_next(&it);) {
		in = same_name(it.key.p + 1, it.key.n - 2, "IN");
		not_in = same_name(it.key.p + 1, it.key.n - 2, "NOT_IN");
		if ((!in && !not_in) || json_type(it.val) != JSON_ARRAY)
			return wrong(r, it.key, "%s takes a string, or IN or "
			    "NOT_IN with a list", kind == TEST_REGEX ?
			    "REGEX" : "FUZZY");
		if (!(t = add_test(r, attr, kind)))
			return -1;
		t->no = not_in;
		for (list = json_iter(it.val); json_next(&list);)
			if ((kind == TEST_REGEX ? add_regex(r, list.val) :
			    add_fuzzy(r, list.val, edits)) < 0)
				return -1;
	}
	return 0;
}

static int
read_compare(struct reader *r, enum attr attr, enum test_order order,
    struct json_val v)
{
	struct test *t;

	if (is_text(attr) || json_type(v) != JSON_NUMBER)
		return wrong(r, v, is_text(attr) ? "a text cannot be compared "
		    "with a number" : "a comparison takes a number");
	if (!(t = add_test(r, attr, TEST_COMPARE)))
		return -1;
	t->order = (uint8_t)order;
	t->number = json_double(v);
	return 0;
}

/* REGEX, FUZZY, FUZZY1 ... FUZZY9: does name say so? */
static bool
is_textual(const char *name, size_t n, enum test_kind *kind, int *edits)
{
	*edits = 0;
	*kind = TEST_REGEX;
	if (same_name(name, n, "REGEX"))
		return true;
	*kind = TEST_FUZZY;
	if (n == 6 && name[5] >= '1' && name[5] <= '9') {
		*edits = name[5] - '0';
		n = 5;
	}
	return same_name(name, n, "FUZZY");
}

static int
read_predicate(struct reader *r, enum attr attr, struct json_val key,
    struct json_val v)
{
	static const char *const sets[] = { "IN", "NOT_IN", "IS_SUBSET",
	    "IS_SUPERSET", "INTERSECTS" };
	static const char *const orders[] = { "==", "!=", ">=", "<=", ">",
	    "<" };
	const char *name = key.p + 1;
	size_t n = key.n - 2, i;
	enum test_kind kind;
	int edits;

	for (i = 0; i < COUNT(sets); i++)
		if (same_name(name, n, sets[i]))
			return read_set(r, attr, name, n, v);
	for (i = 0; i < COUNT(orders); i++)
		if (same_name(name, n, orders[i]))
			return read_compare(r, attr, (enum test_order)i, v);
	if (!is_textual(name, n, &kind, &edits))
		return wrong(r, key, "there is no predicate %.*s",
		    (int)(n < NAME_SHOWN ? n : NAME_SHOWN), name);
	if (!is_text(attr))
		return wrong(r, key, "%s is no text, it takes no %.*s",
		    names[attr], (int)n, name);
	if (json_type(v) == JSON_OBJECT)
		return read_inner(r, attr, kind, edits, v);
	if (!add_test(r, attr, kind))
		return -1;
	return kind == TEST_REGEX ? add_regex(r, v) : add_fuzzy(r, v, edits);
}

static int
read_attr(struct reader *r, struct json_val key, struct json_val v)
{
	const char *name = key.p + 1;
	size_t n = key.n - 2, i;
	struct test_item *k;
	struct json_iter it;
	struct json_val last;
	int attr = attr_find(name, n);

	for (i = 0; i < COUNT(lacking); i++)
		if (same_name(name, n, lacking[i].name))
			return wrong(r, key, "%s %s", lacking[i].name,
			    lacking[i].why);
	if (attr < 0)
		return wrong(r, key, "there is no attribute %.*s",
		    (int)(n < NAME_SHOWN ? n : NAME_SHOWN), name);
	if (json_type(v) == JSON_OBJECT) {
		for (it = json_iter(v); json_next(&it);)
			if (json_get_n(v, it.key.p + 1, it.key.n - 2, &last) &&
			    last.p == it.val.p && read_predicate(r,
			    (enum attr)attr, it.key, it.val) < 0)
				return -1;
		return 0;
	}
	if (!add_test(r, (enum attr)attr, TEST_IN) || !(k = add_item(r)))
		return -1;
	return read_value(r, (enum attr)attr, v, &k->id);
}

/* ---- operators ---- */

/* Digits with blanks around, up to end; -1 where there are none. */
static int64_t
read_count(const char *p, const char *end)
{
	int64_t v = 0;
	bool any = false;

	while (p < end && *p == ' ')
		p++;
	for (; p < end && isdigit((unsigned char)*p); p++, any = true)
		v = v > OP_MOST ? v : 10 * v + (*p - '0');
	while (p < end && *p == ' ')
		p++;
	return any && p == end ? v : -1;
}

static int
read_braces(struct reader *r, struct json_val v, struct spec_op *op)
{
	const char *p = buf_str(&r->text) + 1, *end = p + r->text.len - 2;
	const char *comma = memchr(p, ',', (size_t)(end - p));
	int64_t least = read_count(p, comma ? comma : end);
	int64_t most = comma ? read_count(comma + 1, end) : least;

	if (comma && comma == p && most >= 0)
		least = 0;
	if (least < 0 || (most < 0 && (!comma || comma + 1 != end)))
		return wrong(r, v, "the operator %s has no numbers",
		    buf_str(&r->text));
	if (most >= 0 && most < least)
		return wrong(r, v, "the operator %s asks for more than it "
		    "allows", buf_str(&r->text));
	if (least > OP_MOST || most > OP_MOST)
		return wrong(r, v, "an operator counts to %d", OP_MOST);
	op->least = (uint32_t)least;
	op->most = most < 0 ? UINT32_MAX : (uint32_t)most;
	return 0;
}

static int
read_op(struct reader *r, struct json_val v, struct spec_op *op)
{
	const char *p;

	if (json_type(v) != JSON_STRING)
		return wrong(r, v, "OP is a string");
	if (decode(r, v) < 0)
		return -1;
	p = buf_str(&r->text);
	op->least = op->most = 1;
	op->no = false;
	if (r->text.len > 2 && r->text.len < NAME_SHOWN && p[0] == '{' &&
	    p[r->text.len - 1] == '}')
		return read_braces(r, v, op);
	if (r->text.len != 1 || !strchr("1!?+*", p[0]))
		return wrong(r, v, "OP is !, ?, +, *, {n}, {n,m}, {n,} or "
		    "{,m}");
	op->no = p[0] == '!';
	if (p[0] == '?' || p[0] == '*')
		op->least = 0;
	if (p[0] == '+' || p[0] == '*')
		op->most = UINT32_MAX;
	return 0;
}

/* ---- a whole token ---- */

static int
read_members(struct reader *r, struct json_val v, struct spec_op *op)
{
	struct json_iter it;
	struct json_val last;

	for (it = json_iter(v); json_next(&it);) {
		if (!json_get_n(v, it.key.p + 1, it.key.n - 2, &last) ||
		    last.p != it.val.p)
			continue;
		if ((same_name(it.key.p + 1, it.key.n - 2, "OP") ?
		    read_op(r, it.val, op) : read_attr(r, it.key,
		    it.val)) < 0)
			return -1;
	}
	return 0;
}

int
specs_add(struct specs *s, struct json_val v, uint32_t *number,
    struct spec_op *op, const char **at, struct fail *why)
{
	struct reader r = { s, BUF_INIT(BUF_LINE), at, why };
	size_t tests = s->ntests, items = s->nitems, i;
	struct spec *k;
	bool fresh;
	int result;

	*at = v.p;
	op->least = op->most = 1;
	op->no = false;
	if (json_type(v) != JSON_OBJECT)
		return wrong(&r, v, "a token is an object");
	result = read_members(&r, v, op);
	buf_free(&r.text);
	if (result < 0)
		return -1;
	*number = map_add(&s->keys, v.p, v.n, &fresh);
	if (*number == MAP_NONE)
		return fail_errno(why, "patterns");
	if (!fresh) {                   /* it is known by another token */
		for (i = items; i < s->nitems; i++)
			regex_close(s->items[i].regex);
		s->ntests = tests;
		s->nitems = items;
		return 0;
	}
	if (!(k = more(&s->v, &s->n, &s->cap, sizeof *k)))
		return fail_errno(why, "patterns");
	k->first = (uint32_t)tests;
	k->n = (uint32_t)(s->ntests - tests);
	for (i = tests; i < s->ntests; i++)
		k->placed |= s->tests[i].attr >= ATTR_SPACY;
	return 0;
}

/* ---- does it hold? ---- */

static const char *
lower_text(struct seen *t, size_t *n)
{
	buf_clear(t->text);
	uni_lower(t->text, t->lex.p, t->lex.n);
	*n = t->text->len;
	return buf_str(t->text);
}

/* The norm's text, found by the norm's id. */
static const char *
norm_text(struct seen *t, size_t *n)
{
	uint64_t id = seen_value(t, ATTR_NORM);
	const char *p = lower_text(t, n);

	if (hash_id(p, *n) == id)
		return p;
	if ((p = spellings_get(t->special, id, n)) ||
	    (t->spelled && (p = spellings_get(t->spelled, id, n))))
		return p;
	p = lex_base_norm(t->lex.p, t->lex.n);
	*n = p ? strlen(p) : 0;
	return p ? p : "";
}

/* An attribute's text. */
static const char *
seen_text(struct seen *t, enum attr attr, size_t *n)
{
	const char *p = t->lex.p;
	size_t at = t->lex.n, left = 3;

	*n = t->lex.n;
	switch (attr) {
	case ATTR_NORM:
		return norm_text(t, n);
	case ATTR_LOWER:
		return lower_text(t, n);
	case ATTR_SHAPE:
		buf_clear(t->text);
		lex_shape(t->text, t->lex.p, t->lex.n);
		*n = t->text->len;
		return buf_str(t->text);
	case ATTR_PREFIX:
		uni_next(&p);
		*n = (size_t)(p - t->lex.p);
		return t->lex.p;
	case ATTR_SUFFIX:
		while (at > 0 && left > 0)
			left -= ((unsigned char)p[--at] & 0xC0) != 0x80;
		*n = t->lex.n - at;
		return p + at;
	case ATTR_ENT_TYPE:
		*n = t->ntype;
		return t->type;
	default:
		return p;
	}
}

uint64_t
seen_value(struct seen *t, enum attr attr)
{
	uint64_t v;

	if (t->known >> attr & 1)
		return t->value[attr];
	if (attr < ATTR_LENGTH)
		v = lex_value(&t->lex, (enum lex_attr)attr, t->norms,
		    t->work);
	else if (attr == ATTR_LENGTH)
		v = uni_count(t->lex.p, t->lex.n);
	else if (attr < ATTR_SPACY)
		v = flag_holds((enum flag)(attr - ATTR_FLAG), t->lex.p,
		    t->lex.n, t->flags);
	else if (attr == ATTR_SPACY)
		v = t->lex.spacy;
	else if (attr == ATTR_SENT_START)
		v = t->sentence;
	else if (attr == ATTR_ENT_IOB)
		v = (uint64_t)t->iob;
	else
		v = hash_id(t->type, t->ntype);
	t->known |= 1ull << attr;
	t->value[attr] = v;
	return v;
}

static bool
compares(enum test_order order, double a, double b)
{
	switch (order) {
	case ORDER_EQ:
		return a == b;
	case ORDER_NE:
		return a != b;
	case ORDER_GE:
		return a >= b;
	case ORDER_LE:
		return a <= b;
	case ORDER_GT:
		return a > b;
	case ORDER_LT:
		break;
	}
	return a < b;
}

static bool
test_holds(const struct specs *s, const struct test *k, struct seen *t)
{
	const struct test_item *it = s->items + k->first, *end = it + k->n;
	const char *p = NULL;
	size_t n = 0, a, b;
	uint64_t id = 0;

	if (k->kind == TEST_COMPARE)
		return compares((enum test_order)k->order,
		    (double)seen_value(t, (enum attr)k->attr), k->number);
	if (k->kind == TEST_IN)
		id = seen_value(t, (enum attr)k->attr);
	else
		p = seen_text(t, (enum attr)k->attr, &n);
	for (; it < end; it++)
		if (k->kind == TEST_IN ? it->id == id :
		    k->kind == TEST_REGEX ? regex_search(it->regex,
		    t->flags->room, p, n, 0, REGEX_ANYWHERE, &a, &b) :
		    leven_within(p, n, s->bytes.p + it->text, it->n,
		    it->edits))
			return !k->no;
	return k->no;
}

bool
spec_holds(const struct specs *s, uint32_t number, struct seen *t, bool place)
{
	const struct test *k = s->tests + s->v[number].first;
	const struct test *end = k + s->v[number].n;

	for (; k < end; k++)
		if ((k->attr >= ATTR_SPACY) == place && !test_holds(s, k, t))
			return false;
	return true;
}

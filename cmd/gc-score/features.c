/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "features.h"
#include "schema.h"

#include "base/num.h"
#include "base/share.h"
#include "json/document.h"
#include "json/key.h"
#include "json/write.h"

static const char *const types[] = { "number", "integer", "string",
	"boolean" };

const char *
feature_type_name(enum feature_type t)
{
	return types[t];
}

void
feature_put_values(const struct map *values, struct buf *b)
{
	uint32_t i;

	for (i = 0; i < values->n; i++) {
		json_sep(b);
		key_write(b, values->keys[i].p, values->keys[i].len);
	}
}

/* ---- what a feature allows ---- */

static bool
breaks(struct breach *b, const char *rule, const char *fmt, ...)
    PRINTF_LIKE(3, 4);

static bool
breaks(struct breach *b, const char *rule, const char *fmt, ...)
{
	va_list ap;

	b->rule = rule;
	va_start(ap, fmt);
	vsnprintf(b->text, sizeof b->text, fmt, ap);
	va_end(ap);
	return false;
}

/* d is v's double, where it is a number. */
static bool
has_type(const struct feature *x, struct json_val v, double d)
{
	enum json_type t = json_type(v);

	switch (x->type) {
	case FEATURE_NUMBER:
		return t == JSON_NUMBER;
	case FEATURE_INTEGER:
		return t == JSON_NUMBER && d == floor(d);
	case FEATURE_STRING:
		return t == JSON_STRING;
	default:
		return t == JSON_TRUE || t == JSON_FALSE;
	}
}

static bool
allows_number(struct feature *x, struct json_val v, double *d,
    struct breach *b)
{
	char bound[NUM_MAX];

	*d = *v.p == '-' || (*v.p >= '0' && *v.p <= '9') ?
	    num_json(v.p, v.n) : NAN;
	if (*d >= x->min && *d <= x->max && isfinite(*d) &&
	    (x->type == FEATURE_NUMBER || *d == floor(*d)))
		return true;
	if (isinf(*d))
		return breaks(b, "type", "is more than a number can be");
	if (!has_type(x, v, *d))
		return breaks(b, "type", "is no %s", types[x->type]);
	num_format(bound, *d < x->min ? x->min : x->max);
	return *d < x->min ?
	    breaks(b, "min", "is less than %s", bound) :
	    breaks(b, "max", "is more than %s", bound);
}

static bool
is_value(struct features *f, const struct feature *x, struct json_val v)
{
	buf_clear(&f->scratch);
	return key_add(&f->scratch, v) == 0 && map_find(&x->values,
	    f->scratch.p, f->scratch.len) != MAP_NONE;
}

static bool
matches(struct features *f, const struct feature *x, struct json_val v)
{
	buf_clear(&f->scratch);
	return json_decode(v, &f->scratch) == 0 &&
	    !memchr(buf_str(&f->scratch), '\0', f->scratch.len) &&
	    regexec(&x->regex, buf_str(&f->scratch), 0, NULL, 0) == 0;
}

bool
feature_allows(struct features *f, struct feature *x, struct json_val v,
    struct breach *b)
{
	double d;

	if (x->type <= FEATURE_INTEGER) {
		if (!allows_number(x, v, &d, b))
			return false;
	} else if (!has_type(x, v, 0)) {
		return breaks(b, "type", "is no %s", types[x->type]);
	}
	if (x->values.n && !is_value(f, x, v))
		return breaks(b, "values", "is none of the %" PRIu32
		    " values allowed", x->values.n);
	if (x->pattern && !matches(f, x, v))
		return breaks(b, "pattern", "does not match %.100s",
		    x->pattern);
	return true;
}

/* ---- reading a file ---- */

static int
wrong(const struct feature *x, const char *what, struct fail *why)
{
	return fail(why, EXIT_USAGE, "feature '%s': %s", x->name, what);
}

static char *
decoded(struct json_val v)
{
	struct buf b = BUF_INIT(BUF_LINE);
	char *s = NULL;

	if (json_decode(v, &b) == 0 && !memchr(buf_str(&b), '\0', b.len))
		s = strdup(buf_str(&b));
	buf_free(&b);
	return s;
}

static int
read_type(struct feature *x, struct json_val v, struct fail *why)
{
	size_t i;

	for (i = 0; i < COUNT(types); i++)
		if (json_is(v, types[i])) {
			x->type = (enum feature_type)i;
			return 0;
		}
	return wrong(x, "type is number, integer, string or boolean", why);
}

static int
read_values(struct feature *x, struct json_val v, struct fail *why)
{
	struct buf key = BUF_INIT(BUF_LINE);
	struct json_iter it = json_iter(v);
	int r = 0;

	if (json_type(v) != JSON_ARRAY)
		return wrong(x, "values is an array", why);
	map_free(&x->values);
	while (r == 0 && json_next(&it)) {
		buf_clear(&key);
		if (!has_type(x, it.val, json_double(it.val)))
			r = wrong(x, "values holds one of another type", why);
		else if (key_add(&key, it.val) < 0 ||
		    map_add(&x->values, key.p, key.len, NULL) == MAP_NONE)
			r = fail(why, EXIT_MACHINE, "out of memory");
	}
	buf_free(&key);
	return r == 0 && x->values.n == 0 ?
	    wrong(x, "values is empty", why) : r;
}

static void
forget_pattern(struct feature *x)
{
	if (x->pattern)
		regfree(&x->regex);
	free(x->pattern);
	x->pattern = NULL;
}

static int
read_pattern(struct feature *x, struct json_val v, struct fail *why)
{
	char text[120];
	int r;

	forget_pattern(x);
	if (!(x->pattern = decoded(v)))
		return wrong(x, "pattern is a string", why);
	r = regcomp(&x->regex, x->pattern, REG_EXTENDED | REG_NOSUB);
	if (r == 0)
		return 0;
	regerror(r, &x->regex, text, sizeof text);
	free(x->pattern);
	x->pattern = NULL;
	return wrong(x, text, why);
}

static int
read_bound(struct feature *x, double *bound, struct json_val v,
    struct fail *why)
{
	if (json_type(v) != JSON_NUMBER)
		return wrong(x, "min and max are numbers", why);
	*bound = json_double(v);
	return 0;
}

static int
keep(char **to, struct json_val v, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_CONF);

	free(*to);
	json_one_line(&b, v.p, v.n);
	*to = b.err ? NULL : strdup(buf_str(&b));
	buf_free(&b);
	return *to ? 0 : fail(why, EXIT_MACHINE, "out of memory");
}

static int
read_nullable(struct feature *x, struct json_val v, struct fail *why)
{
	if (json_type(v) != JSON_TRUE && json_type(v) != JSON_FALSE)
		return wrong(x, "nullable is true or false", why);
	x->nullable = json_type(v) == JSON_TRUE;
	return 0;
}

static int
read_member(struct feature *x, struct json_val key, struct json_val v,
    struct json_val *fallback, struct fail *why)
{
	if (json_is(key, "min"))
		return read_bound(x, &x->min, v, why);
	if (json_is(key, "max"))
		return read_bound(x, &x->max, v, why);
	if (json_is(key, "values"))
		return read_values(x, v, why);
	if (json_is(key, "pattern"))
		return read_pattern(x, v, why);
	if (json_is(key, "absent"))
		return keep(&x->absent, v, why);
	if (json_is(key, "null"))
		return keep(&x->null, v, why);
	if (json_is(key, "unit"))
		return keep(&x->unit, v, why);
	if (json_is(key, "since"))
		return keep(&x->since, v, why);
	if (json_is(key, "description"))
		return keep(&x->description, v, why);
	if (json_is(key, "default"))
		*fallback = v;
	else if (json_is(key, "nullable"))
		return read_nullable(x, v, why);
	else if (!json_is(key, "type"))
		return fail(why, EXIT_USAGE, "feature '%s': %.*s is nothing "
		    "that a feature has", x->name, (int)key.n, key.p);
	return 0;
}

/* What replaces must be allowed itself. */
static int
check_replacement(struct features *f, struct feature *x, const char *text,
    struct fail *why)
{
	struct json_val v = { text, text ? strlen(text) : 0 };
	struct breach b;

	if (!text || (json_type(v) == JSON_NULL && x->nullable) ||
	    feature_allows(f, x, v, &b))
		return 0;
	return fail(why, EXIT_USAGE, "feature '%s': what replaces it, %.80s, "
	    "%s", x->name, text, b.text);
}

static int
read_feature(struct features *f, struct json_val name, struct json_val v,
    struct fail *why)
{
	struct json_val fallback = { NULL, 0 }, type;
	struct feature *x = &f->v[f->n];
	struct buf key = BUF_INIT(BUF_LINE);
	struct json_iter it;
	bool fresh;
	int r = 0;

	if (f->n == FEATURES_MAX)
		return fail(why, EXIT_USAGE, "more than %d features",
		    FEATURES_MAX);
	memset(x, 0, sizeof *x);
	f->n++;
	x->min = -HUGE_VAL;
	x->max = HUGE_VAL;
	x->name = decoded(name);
	buf_add(&key, name.p, name.n);
	buf_putc(&key, ':');
	x->key = key.err ? NULL : strdup(buf_str(&key));
	buf_free(&key);
	if (!x->name || !x->key)
		return fail(why, EXIT_USAGE, "a feature's name holds a NUL, or "
		    "is too long");
	x->nname = strlen(x->name);
	x->nkey = strlen(x->key);
	map_add(&f->names, x->name, x->nname, &fresh);
	if (!fresh)
		return wrong(x, "stands there twice", why);
	if (json_type(v) != JSON_OBJECT || !json_get(v, "type", &type))
		return wrong(x, "is an object with a type", why);
	r = read_type(x, type, why);    /* the others depend on it */
	for (it = json_iter(v); r == 0 && json_next(&it); )
		r = read_member(x, it.key, it.val, &fallback, why);
	if (r == 0 && fallback.p && !x->absent)
		r = keep(&x->absent, fallback, why);
	if (r == 0 && fallback.p && !x->null)
		r = keep(&x->null, fallback, why);
	if (r == 0 && x->type > FEATURE_INTEGER && (isfinite(x->min) ||
	    isfinite(x->max)))
		r = wrong(x, "min and max are for numbers", why);
	if (r == 0 && x->min > x->max)
		r = wrong(x, "min is more than max", why);
	if (r == 0 && x->type != FEATURE_STRING && x->pattern)
		r = wrong(x, "pattern is for strings", why);
	return r < 0 || check_replacement(f, x, x->absent, why) < 0 ? -1 :
	    check_replacement(f, x, x->null, why);
}

/* The file itself, or the one of that name in share/features/. */
static int
read_text(const char *name, struct buf *b, struct fail *why)
{
	char path[256];
	int fd = open(name, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0 && errno == ENOENT && !strchr(name, '/') &&
	    strlen(name) < 200) {
		snprintf(path, sizeof path, "features/%s.json", name);
		return share_read(b, path, why);
	}
	r = fd < 0 ? -1 : buf_read_fd(b, fd);
	if (r < 0 && b->err == E2BIG) {
		fail(why, EXIT_USAGE, "%s is too long for a feature file",
		    name);
	} else if (r < 0) {
		fail_errno(why, "cannot read %s", name);
		why->code = EXIT_USAGE;
	}
	if (fd >= 0)
		close(fd);
	return r;
}

/* own holds what a JSON Schema says in our words. */
static int
parse(struct features *f, struct json_val v, struct buf *own,
    struct fail *why)
{
	struct json_val all;
	struct json_iter it;
	int r = 0;

	if (schema_is(v)) {
		if (schema_read(v, own, why) < 0)
			return -1;
		json_check(own->p, own->len, &v, NULL);
	}
	for (it = json_iter(v); json_next(&it); )
		if (it.key.p && !json_is(it.key, "features") &&
		    !json_is(it.key, "description") &&
		    !json_is(it.key, "model"))
			return fail(why, EXIT_USAGE, "%.*s is nothing that a "
			    "feature file has", (int)it.key.n, it.key.p);
	if (!json_get(v, "features", &all) || json_type(all) != JSON_OBJECT)
		return fail(why, EXIT_USAGE, "no object 'features'");
	for (it = json_iter(all); r == 0 && json_next(&it); )
		r = read_feature(f, it.key, it.val, why);
	return r == 0 && f->n == 0 ?
	    fail(why, EXIT_USAGE, "there is no feature") : r;
}

int
features_load(struct features *f, const char *name, struct fail *why)
{
	struct buf text = BUF_INIT(BUF_CONF), scratch = BUF_INIT(BUF_RECORD);
	struct buf own = BUF_INIT(BUF_DOC);
	struct map none = MAP_INIT;
	struct json_val v;
	int r;

	memset(f, 0, sizeof *f);
	f->names = none;
	f->scratch = scratch;
	r = read_text(name, &text, why);
	if (r == 0)
		r = json_document(&text, name, EXIT_USAGE, &v, why);
	if (r == 0 && (r = parse(f, v, &own, why)) < 0)
		fail_prefix(why, "%s", name);
	if (r == 0)
		r = digest_hex(text.p, text.len, f->digest, why);
	buf_free(&text);
	buf_free(&own);
	return r;
}

void
features_free(struct features *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		struct feature *x = &f->v[i];

		forget_pattern(x);
		map_free(&x->values);
		free(x->name);
		free(x->key);
		free(x->absent);
		free(x->null);
		free(x->unit);
		free(x->since);
		free(x->description);
	}
	map_free(&f->names);
	buf_free(&f->scratch);
	memset(f, 0, sizeof *f);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* features.h -- a feature file: what a model takes, and what replaces what is
 * not there.
 *
 *	{"features": {"previous_calls":
 *	    {"type": "integer", "min": 0, "default": 0}, ...}}
 *
 *	type      number, integer, string or boolean; an integer may be
 *	          spelled 3.0
 *	min, max  of a number, both included
 *	values    the only ones allowed
 *	pattern   POSIX extended regular expression that finds something in a
 *	          string
 *	default   replaces an absent one and a null
 *	absent    replaces an absent one, before default
 *	null      replaces a null, before default
 *	nullable  true: a null is sent as it is
 *	unit, since, description
 *	          for people; --diff looks at unit
 *
 * Or a JSON Schema that says the same, see schema.h.
 *
 * A feature that nothing replaces must be there. A member that is not listed
 * is an error, so that a slip of the finger is found; so is a replacement
 * that the feature itself would not allow.
 *
 *	if (features_load(&f, "engagement", &why) < 0) ...
 *	features_free(&f);
 */
#ifndef SCORE_FEATURES_H
#define SCORE_FEATURES_H

#include "base/map.h"
#include "json/scan.h"
#include "net/digest.h"

#include <regex.h>

#define FEATURES_MAX 50         /* so many a contact may have */

enum feature_type { FEATURE_NUMBER, FEATURE_INTEGER, FEATURE_STRING,
	FEATURE_BOOLEAN };

struct feature {
	char *name;             /* owned, decoded */
	char *key;              /* owned: "name": as JSON, colon included */
	size_t nname, nkey;     /* their lengths */
	enum feature_type type;
	double min, max;        /* infinite: no bound */
	struct map values;      /* keys (json/key.h); empty: any */
	char *pattern;          /* owned; NULL: any */
	regex_t regex;          /* of pattern */
	char *absent, *null;    /* owned, JSON: replaces it; NULL: nothing */
	char *unit, *since, *description;       /* owned, JSON; or NULL */
	bool nullable;
};

struct features {
	struct feature v[FEATURES_MAX];
	size_t n;
	struct map names;       /* name -> its number */
	char digest[DIGEST_HEX];        /* of the file's bytes */
	struct buf scratch;     /* a value's key, or its text */
};

/* What a value breaks: a rule's name, and text that goes behind the value. */
struct breach {
	const char *rule;       /* "type", "min", "max", "values", "pattern" */
	char text[160];
};

/* Reads a file: a path, or the name of one in share/features/, without its
 * ".json". Returns 0, or -1 with EXIT_USAGE; f is to be freed either way. */
int features_load(struct features *f, const char *name, struct fail *why);

/* Does the feature allow a value? Else false and the breach. */
bool feature_allows(struct features *f, struct feature *x, struct json_val v,
    struct breach *b);

const char *feature_type_name(enum feature_type t);

/* Adds values, noted by key_add(), to a JSON list. */
void feature_put_values(const struct map *values, struct buf *b);

void features_free(struct features *f);

#endif

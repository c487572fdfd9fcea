/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The platform's report on a version of its language model:
 *
 *	{"version":{...},"summary":{"metrics":[...]},"confusionMatrix":[
 *	    {"name":"refund","columns":[{"name":"refund","value":12.0}, ...]},
 *	...]}
 *
 * A row is an actual intent, a column a predicted one, a value how many
 * utterances: a whole number, though spelled as a fraction.
 */
#include "tool.h"

bool
platform_is(const struct record *rec)
{
	static const char name[] = "confusionMatrix";
	struct json_val x;

	return (rec->members.v ? json_member(&rec->members, name,
	    sizeof name - 1, &x) : json_get(rec->val, name, &x)) &&
	    json_type(x) == JSON_ARRAY;
}

static int
strange(const char **rule, struct fail *bad, const char *sentence)
{
	*rule = "report";
	fail(bad, EXIT_DATA, "the report's confusionMatrix: %s", sentence);
	return FILTER_REJECTED;
}

/* The name of a row or a column, as a key. */
static int
take_name(struct buf *b, struct json_val v, const struct label_map *map)
{
	struct json_val name;

	buf_clear(b);
	if (!json_get(v, "name", &name) || json_type(name) != JSON_STRING)
		return -1;
	if (key_add(b, name) == 0 && map)
		label_map_apply(map, b);
	return b->err ? -1 : 0;
}

static int
take_column(struct reader *r, struct gather *g, const struct settings *s,
    struct json_val column, const char **rule, struct fail *bad)
{
	struct json_val value;
	double n;

	if (take_name(&r->p, column, s->map) < 0)
		return strange(rule, bad, "a column has no name");
	if (!json_get(column, "value", &value))
		return strange(rule, bad, "a column has no value");
	n = json_double(value);
	if (!(n >= 0 && n <= 0x1p53) || n != floor(n))
		return strange(rule, bad, "a value is not a count");
	if (n > 0 && gather_cell(g, &r->scratch, &r->a, &r->p, (uint64_t)n,
	    bad) == MAP_NONE)
		return -1;
	return FILTER_USED;
}

int
platform_take(struct reader *r, struct gather *g, const struct settings *s,
    struct json_val v, const char **rule, struct fail *bad)
{
	struct json_val rows, columns;
	struct json_iter row, column;
	int k;

	json_get(v, "confusionMatrix", &rows);
	for (row = json_iter(rows); json_next(&row);) {
		if (take_name(&r->a, row.val, s->map) < 0)
			return strange(rule, bad, "a row has no name");
		if (!json_get(row.val, "columns", &columns))
			return strange(rule, bad, "a row has no columns");
		for (column = json_iter(columns); json_next(&column);)
			if ((k = take_column(r, g, s, column.val, rule,
			    bad)) !=
			    FILTER_USED)
				return k;
	}
	return FILTER_USED;
}

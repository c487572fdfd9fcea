/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/marks.h"
#include "ner/flag.h"

#include "json/scan.h"

int
marks_load(struct marks *m, const char *p, size_t n, struct fail *why)
{
	struct map none = MAP_INIT;
	struct buf b = BUF_INIT(BUF_LINE);
	struct json_val root, v;
	struct json_iter it;
	int r = 0;

	memset(m, 0, sizeof *m);
	m->texts = none;
	if (json_check(p, n, &root, NULL) < 0 ||
	    !json_get(root, "punct_chars", &v) || json_type(v) != JSON_ARRAY)
		return fail(why, EXIT_USAGE, "no marks of a sentencizer");
	for (it = json_iter(v); r == 0 && json_next(&it);) {
		buf_clear(&b);
		if (json_type(it.val) != JSON_STRING ||
		    json_decode(it.val, &b) < 0)
			r = fail(why, EXIT_USAGE, "a mark is no string");
		else if (map_add(&m->texts, buf_str(&b), b.len, NULL) ==
		    MAP_NONE)
			r = fail(why, EXIT_MACHINE, "out of memory");
	}
	buf_free(&b);
	if (json_get(root, "overwrite", &v))
		m->overwrite = json_type(v) == JSON_TRUE;
	return r;
}

void
marks_free(struct marks *m)
{
	map_free(&m->texts);
}

void
marks_set(const struct marks *m, const char *text, struct tok *v, size_t n)
{
	bool seen = false, mark;
	size_t i;

	for (i = 0; i < n; i++) {
		const char *p = text + v[i].start;

		mark = m->texts.n && map_find(&m->texts, p, v[i].n) !=
		    MAP_NONE;
		v[i].flags &= ~(uint32_t)TOK_SENT;
		if (i == 0)
			v[i].flags |= TOK_SENT;
		if (seen && !mark && !flag_holds(FLAG_PUNCT, p, v[i].n, NULL)) {
			v[i].flags |= TOK_SENT;
			seen = false;
		} else if (mark) {
			seen = true;
		}
	}
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/edit.h"
#include "net/answer.h"

void
answer_note(struct answer *a, struct json_val v)
{
	struct json_iter it = json_iter(v);

	a->v = v;
	a->n = 0;
	a->all = true;
	if (json_type(v) != JSON_OBJECT)
		return;
	while (json_next(&it)) {
		if (a->n == ANSWER_MEMBERS) {
			a->all = false;
			return;
		}
		a->key[a->n] = it.key;
		a->val[a->n++] = it.val;
	}
}

bool
answer_get(const struct answer *a, const char *path, struct json_val *out)
{
	size_t n = strcspn(path, "."), i = a->n;

	if (!a->all)
		return json_path(a->v, path, out);
	while (i-- > 0)
		if (json_is_n(a->key[i], path, n))
			break;
	if (i == (size_t)-1)
		return false;
	if (path[n])
		return json_path(a->val[i], path + n + 1, out);
	*out = a->val[i];
	return true;
}

bool
answer_path(const char **paths, char path[ANSWER_PATH])
{
	size_t n = strcspn(*paths, "|");

	if (n == 0 || n >= ANSWER_PATH)
		return false;
	memcpy(path, *paths, n);
	path[n] = '\0';
	*paths += n + ((*paths)[n] == '|');
	return true;
}

bool
answer_whole(struct json_val v, int64_t *out)
{
	double d;

	if (json_type(v) != JSON_NUMBER)
		return false;
	d = json_double(v);
	if (!(fabs(d) <= 9007199254740992.0) || d != floor(d))
		return false;
	*out = (int64_t)d;
	return true;
}

bool
answer_number(const struct answer *a, const char *paths, int64_t *out)
{
	char path[ANSWER_PATH];
	struct json_val v;

	while (answer_path(&paths, path))
		if (answer_get(a, path, &v) && answer_whole(v, out))
			return true;
	return false;
}

bool
answer_is_word(struct json_val v)
{
	return json_type(v) == JSON_NUMBER ||
	    (json_type(v) == JSON_STRING && v.n > 2);
}

bool
answer_has_word(const struct answer *a, const char *path)
{
	struct json_val v;

	return answer_get(a, path, &v) && answer_is_word(v);
}

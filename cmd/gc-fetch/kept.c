/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kept.h"
#include "base/buf.h"

void
kept_expr_free(struct kept_expr *k)
{
	expr_close(k->e);
	free(k->text);
	k->e = NULL;
	k->text = NULL;
}

/* "entities" is short for ".entities". */
static bool
is_bare_name(const char *s)
{
	if (!isalpha((unsigned char)*s) && *s != '_')
		return false;
	while (isalnum((unsigned char)*s) || *s == '_')
		s++;
	return *s == '\0';
}

struct expr *
kept_expr_get(struct kept_expr *k, const char *text, const char *what,
    struct fail *why)
{
	struct buf path = BUF_INIT(BUF_PROG);

	if (k->e && strcmp(k->text, text) == 0)
		return k->e;
	kept_expr_free(k);
	buf_addf(&path, "%s%s", is_bare_name(text) ? "." : "", text);
	k->text = strdup(text);
	if (!k->text || path.err)
		fail(why, EXIT_MACHINE, "out of memory");
	else
		expr_open(&k->e, buf_str(&path), what, why);
	buf_free(&path);
	return k->e;
}

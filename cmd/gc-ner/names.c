/* SPDX-License-Identifier: GPL-3.0-or-later */
/* names.c -- the names that are known, and what finds them mistyped. */
#include "tool.h"
#include "base/share.h"

static int
read_words(struct names *n, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_CONF);
	int r = share_read(&b, "words/english", why);

	if (r == 0 && words_read(&n->words, buf_str(&b), b.len) < 0)
		r = fail_errno(why, "words/english");
	n->tools.words = &n->words;
	buf_free(&b);
	return r;
}

int
names_open(struct names *n, const struct opt_list *files, const char *kind,
    struct fail *why)
{
	if (gazetteer_open(&n->gazetteer, files->v, files->n, false, why) < 0)
		return -1;
	if (!kind)
		return 0;
	if (near_open(&n->near, n->gazetteer, why) < 0 ||
	    read_words(n, why) < 0)
		return -1;
	n->tools.near = &n->near;
	return 0;
}

void
names_close(struct names *n)
{
	gazetteer_close(n->gazetteer);
	near_free(&n->near);
	words_free(&n->words);
}

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
	bool speech = kind && strcmp(kind, "speech") == 0;

	if (gazetteer_open(&n->gazetteer, files->v, files->n, speech, why) < 0)
		return -1;
	if (!kind)
		return 0;
	if (read_words(n, why) < 0)
		return -1;
	if (speech) {
		n->tools.heard = &n->heard;
		return heard_open(&n->heard, n->gazetteer, why);
	}
	n->tools.near = &n->near;
	return near_open(&n->near, n->gazetteer, why);
}

void
names_close(struct names *n)
{
	gazetteer_close(n->gazetteer);
	near_free(&n->near);
	heard_free(&n->heard);
	words_free(&n->words);
}

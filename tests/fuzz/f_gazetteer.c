/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_gazetteer.c -- any bytes are a gazetteer or are refused, and any text is
 * walked with it: every mention lies in the text, between code points, and
 * the code points are counted right.
 *
 * The first byte says where the input is cut in two, a file and a text.
 */
#include "json/scan.h"
#include "ner/mention.h"
#include "ner/uni.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
check(const struct mentions *m, const char *text, size_t n)
{
	const struct mention *e;
	size_t i;

	for (i = 0; i < m->n; i++) {
		e = &m->v[i];
		if (e->alias >= m->g->naliases || e->start >= e->end ||
		    e->end > n || ((unsigned char)text[e->start] & 0xC0) ==
		    0x80 || (e->end < n && ((unsigned char)text[e->end] &
		    0xC0) == 0x80))
			abort();
		if (e->cp_start != uni_count(text, e->start) ||
		    e->cp_end != uni_count(text, e->end))
			abort();
	}
}

static void
walk(const struct gazetteer *g, const struct mention_tools *tools,
    const char *text, size_t n)
{
	struct mentions *m;
	struct fail why;

	if (mentions_open(&m, g, tools, &why) < 0)
		return;
	if (mentions_find(m, text, n, &why) == 0)
		check(m, text, n);
	mentions_close(m);
}

static void
walk_all(const char *path, const char *text, size_t n)
{
	static const char list[] = "the of connect voice clear to please";
	struct mention_tools tools = { NULL, NULL, NULL };
	struct near_index near;
	struct heard_index heard;
	struct words words = WORDS_INIT;
	struct gazetteer *g;
	struct fail why;

	if (gazetteer_open(&g, &path, 1, true, &why) < 0) {
		if (!why.code || !why.text[0])
			abort();
		return;
	}
	walk(g, &tools, text, n);
	if (words_read(&words, list, sizeof list - 1) == 0)
		tools.words = &words;
	if (near_open(&near, g, &why) == 0) {
		tools.near = &near;
		walk(g, &tools, text, n);
	}
	near_free(&near);
	tools.near = NULL;
	if (heard_open(&heard, g, &why) == 0) {
		tools.heard = &heard;
		walk(g, &tools, text, n);
	}
	heard_free(&heard);
	words_free(&words);
	gazetteer_close(g);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char path[] = "/tmp/gcpipe-fuzz.XXXXXX";
	size_t cut, text;
	FILE *f;
	int fd;

	if (n < 2)
		return 0;
	cut = 1 + (n - 1) * data[0] / 255;
	if ((fd = mkstemp(path)) < 0 || !(f = fdopen(fd, "w")))
		return 0;
	fwrite(data + 1, 1, cut - 1, f);
	fclose(f);
	text = json_utf8((const char *)data + cut, n - cut);
	walk_all(path, (const char *)data + cut, text);
	unlink(path);
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_toml.c -- any bytes are read or refused, and what was read can be written
 * and read again.
 *
 * A failure names the file and a line that is there. A success is written
 * anew, every key and string spelled with escapes, and must then give the
 * same items.
 */
#include "conf/toml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* What was read, as lines of table, key, text; and the same as TOML. */
struct copy {
	struct buf items, toml;
	unsigned last;          /* line of the last item */
};

static void
put_quoted(struct buf *b, const char *s)
{
	buf_putc(b, '"');
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == '"' || *s == '\\' ||
		    *s == 0x7f)
			buf_addf(b, "\\u%04X", (unsigned)*s);
		else
			buf_putc(b, *s);
	buf_putc(b, '"');
}

static int
on_item(void *ctx, const struct toml_item *item, struct fail *why)
{
	struct copy *c = ctx;

	(void)why;
	if (item->line < c->last)
		abort();
	c->last = item->line;
	buf_addf(&c->items, "%s\1%s\1%d%s\n", item->table, item->key,
	    item->string, item->text);
	buf_putc(&c->toml, '[');
	put_quoted(&c->toml, item->table);
	buf_str_add(&c->toml, "]\n");
	put_quoted(&c->toml, item->key);
	buf_putc(&c->toml, '=');
	if (item->string)
		put_quoted(&c->toml, item->text);
	else
		buf_str_add(&c->toml, item->text);
	buf_putc(&c->toml, '\n');
	return 0;
}

static unsigned
count_lines(const uint8_t *p, size_t n)
{
	unsigned lines = 1;

	while (n-- > 0)
		lines += *p++ == '\n';
	return lines;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct copy first = { BUF_INIT(BUF_DOC), BUF_INIT(BUF_DOC), 0 };
	struct copy second = { BUF_INIT(BUF_DOC), BUF_INIT(BUF_DOC), 0 };
	struct fail why = { 0, "" };
	unsigned line;

	if (toml_each("f", (const char *)data, n, on_item, &first, &why) < 0) {
		if (sscanf(why.text, "f:%u:", &line) != 1 || line < 1 ||
		    line > count_lines(data, n))
			abort();
	} else if (toml_each("f", buf_str(&first.toml), first.toml.len,
	    on_item, &second, &why) < 0 ||
	    strcmp(buf_str(&first.items), buf_str(&second.items)) != 0) {
		abort();
	}
	buf_free(&first.items);
	buf_free(&first.toml);
	buf_free(&second.items);
	buf_free(&second.toml);
	return 0;
}

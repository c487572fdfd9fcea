/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/help.h"

#define LEFT    24              /* columns before a row's sentence */
#define COLUMNS 78              /* of the names below */
#define LEAD    "more, with --help=all:"

struct screen {
	const struct cmd *cmd;
	const struct help_rows *rows;
	bool shown[HELP_ROWS];          /* with its sentence */
};

/* The left column of a row: "  -k, --key EXPR". */
static void
put_left(struct buf *b, const struct opt *o)
{
	if (o->letter)
		buf_addf(b, "  -%c%s", o->letter, o->name ? ", " : "");
	else
		buf_str_add(b, "      ");
	if (o->name)
		buf_addf(b, "--%s", o->name);
	if (o->arg)
		buf_addf(b, "%s%s", o->arg[0] == '[' ? "" : " ", o->arg);
}

static void
put_row(struct buf *b, const struct opt *o)
{
	size_t start = b->len;

	put_left(b, o);
	if (b->len - start > LEFT)
		buf_addf(b, "\n%*s", LEFT, "");
	else
		buf_addf(b, "%*s", (int)(LEFT - (b->len - start)), "");
	buf_addf(b, "  %s\n", o->help);
}

static void
put_usage(struct buf *b, const struct cmd *cmd)
{
	const char *s = cmd->synopsis, *lead = "usage:";

	do {
		size_t n = strcspn(s, "\n");

		buf_addf(b, "%s %s %.*s\n", lead, cmd->name, (int)n, s);
		s += n + (s[n] == '\n');
		lead = "      ";
	} while (*s);
	buf_addf(b, "%s\n\n", cmd->about);
}

/* The names of the rows that are not shown, a paragraph of its own. */
static void
put_names(struct buf *b, const struct screen *s)
{
	size_t i, at = 0, n;

	for (i = 0; i < s->rows->n; i++) {
		const struct opt *o = s->rows->row[i];

		if (s->shown[i])
			continue;
		if (at == 0) {
			buf_str_add(b, "\n" LEAD);
			at = sizeof LEAD - 1;
		}
		n = strlen(o->name ? o->name : "-") + 3;
		if (at + n > COLUMNS) {
			buf_str_add(b, "\n ");
			at = 1;
		}
		if (o->name)
			buf_addf(b, " --%s", o->name);
		else
			buf_addf(b, " -%c", o->letter);
		at += n;
	}
	if (at)
		buf_putc(b, '\n');
}

static void
put_screen(struct buf *b, const struct screen *s)
{
	size_t i;

	buf_clear(b);
	put_usage(b, s->cmd);
	for (i = 0; i < s->rows->n; i++)
		if (s->shown[i])
			put_row(b, s->rows->row[i]);
	put_names(b, s);
}

static size_t
lines(const struct buf *b)
{
	size_t i, n = 0;

	for (i = 0; i < b->len; i++)
		n += b->p[i] == '\n';
	return n;
}

/* Those with a letter, but for the last ones where they are too many; then
 * others from the first one on. */
static void
choose(struct buf *b, struct screen *s)
{
	size_t i, n = s->rows->n;

	for (i = 0; i < n; i++)
		s->shown[i] = s->rows->row[i]->letter != 0;
	put_screen(b, s);
	for (i = n; lines(b) > HELP_LINES && i-- > 0;)
		if (s->shown[i]) {
			s->shown[i] = false;
			put_screen(b, s);
		}
	for (i = 0; i < n && lines(b) <= HELP_LINES; i++) {
		if (s->shown[i])
			continue;
		s->shown[i] = true;
		put_screen(b, s);
		if (lines(b) > HELP_LINES)
			s->shown[i] = false;
	}
}

void
help_write(struct buf *b, const struct cmd *cmd, const struct help_rows *rows,
    bool all)
{
	struct screen s = { cmd, rows, { false } };
	size_t i;

	for (i = 0; i < rows->n; i++)
		s.shown[i] = true;
	put_screen(b, &s);
	if (!all && lines(b) > HELP_LINES) {
		choose(b, &s);
		put_screen(b, &s);
	}
}

void
help_table(struct buf *b, const struct help_rows *rows)
{
	size_t i;

	for (i = 0; i < rows->n; i++) {
		const struct opt *o = rows->row[i];

		if (o->letter)
			buf_putc(b, (char)o->letter);
		buf_addf(b, "\t%s\t%s\t%s\n", o->name ? o->name : "",
		    o->arg ? o->arg : "", o->help);
	}
}

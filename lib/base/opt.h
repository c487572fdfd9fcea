/* SPDX-License-Identifier: GPL-3.0-or-later */
/* opt.h -- options are a table: parsing, --help, completion and the check
 * against the manual page all come from it.
 *
 * A row binds an option to a variable of the program. Numbers are parsed
 * strictly and held to the row's bounds. -h/--help (help.h), -V/--version and
 * the hidden --options (the table, for completions and lint) are added to
 * every program. Long names are never abbreviated.
 *
 *	static struct { const char *key; int64_t top; bool loud; } o;
 *	static const struct opt table[] = {
 *		{ 'k', "key", "EXPR", OPT_STR, &o.key, 0, 0, "count by EXPR" },
 *		{ 0, "top", "N", OPT_INT, &o.top, 1, 1e9, "only the N largest" },
 *		{ 0, "loud", NULL, OPT_FLAG, &o.loud, 0, 0, "say more" },
 *		OPT_END
 *	};
 *	static const struct cmd cmd = { "gc-x", "[options] [FILE...]",
 *	    "count records", { table } };
 *	...
 *	first = opt_parse(&cmd, argc, argv, &status);
 *	if (first < 0)
 *		return status;
 */
#ifndef BASE_OPT_H
#define BASE_OPT_H

#include "base/fail.h"

enum opt_type {
	OPT_NONE,       /* ends a table */
	OPT_FLAG,       /* bool */
	OPT_STR,        /* const char *; points into argv */
	OPT_INT,        /* int64_t, in [min, max] */
	OPT_NUM,        /* double, in [min, max] */
	OPT_SIZE,       /* uint64_t bytes, with K, M, G */
	OPT_SECONDS,    /* double, with ms, s, m, h, d */
	OPT_LIST        /* struct opt_list: may be given again and again */
};

struct opt {
	int letter;             /* 0: none */
	const char *name;       /* the long name; NULL: none */
	const char *arg;        /* what it takes; NULL: nothing; "[=X]": may */
	enum opt_type type;
	void *var;
	double min, max;        /* OPT_INT, OPT_NUM: the bounds */
	const char *help;       /* one line, no full stop */
};

#define OPT_END { 0, NULL, NULL, OPT_NONE, NULL, 0, 0, NULL }
#define OPT_TABLES 6

struct opt_list {
	const char **v;         /* owned; n of them, in order given */
	size_t n;
};

struct cmd {
	const char *name;               /* gc-x */
	const char *synopsis;           /* what follows the name; lines may
	                                 * be split by \n for several forms */
	const char *about;              /* one sentence */
	const struct opt *tables[OPT_TABLES];   /* NULL after the last */
};

/* Parses argv and names the program for messages. Returns the index of the
 * first operand (argv is permuted, operands last), or -1 with the exit code
 * in *status: 0 after --help and --version, 2 after a message of two lines. */
int opt_parse(const struct cmd *cmd, int argc, char **argv, int *status);

/* The same for a program that runs another: options end at the first operand,
 * and what follows it is left alone. */
int opt_parse_ahead(const struct cmd *cmd, int argc, char **argv,
    int *status);

/* Says what is wrong with the command line, in two lines; returns 2. */
int opt_wrong(const struct cmd *cmd, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif

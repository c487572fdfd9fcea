/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/opt.h"
#include "base/help.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/out.h"

#include <getopt.h>

#define LONG_ONLY 256           /* getopt values of options without letter */
#define MAX_OPTS HELP_ROWS

static const struct opt standard[] = {
	{ 'h', "help", "[=all]", OPT_NONE, NULL, 0, 0, "say this, and end" },
	{ 'V', "version", NULL, OPT_NONE, NULL, 0, 0, "say the version" },
};

static void
gather(const struct cmd *cmd, struct help_rows *rows)
{
	const struct opt *o;
	size_t t;

	rows->n = 0;
	for (t = 0; t < OPT_TABLES && cmd->tables[t]; t++)
		for (o = cmd->tables[t]; o->type != OPT_NONE; o++)
			if (rows->n < MAX_OPTS - COUNT(standard))
				rows->row[rows->n++] = o;
	for (t = 0; t < COUNT(standard); t++)
		rows->row[rows->n++] = &standard[t];
}

int
opt_wrong(const struct cmd *cmd, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	msg("%s", text);
	msg("try '%s --help'", cmd->name);
	return EXIT_USAGE;
}

/* "NAME" takes one, "[=NAME]" may, NULL takes none. */
static int
takes(const struct opt *o)
{
	return !o->arg ? no_argument :
	    o->arg[0] == '[' ? optional_argument : required_argument;
}

/* ---- help ---- */

/* Writes what was asked for to stdout, checked. Returns an exit code. */
static int
print(struct buf *b)
{
	int r = b->err ? -1 : out_fd(STDOUT_FILENO, b->p, b->len);

	if (r < 0)
		msg("cannot write to stdout: %s", strerror(errno));
	buf_free(b);
	return r < 0 ? EXIT_MACHINE : EXIT_OK;
}

/* ---- values ---- */

static int
add_to_list(struct opt_list *list, const char *arg)
{
	const char **v = realloc(list->v, (list->n + 1) * sizeof *v);

	if (!v)
		return -1;
	v[list->n++] = arg;
	list->v = v;
	return 0;
}

/* How a row is spelled in a message: --name, or -x. */
static const char *
spelled(const struct opt *o, char out[64])
{
	if (o->name)
		snprintf(out, 64, "--%s", o->name);
	else
		snprintf(out, 64, "-%c", o->letter);
	return out;
}

/* Puts an argument into a row's variable. Returns 0, or 2 after a message. */
static int
set(const struct cmd *cmd, const struct opt *o, const char *arg)
{
	char name[64], low[NUM_MAX], high[NUM_MAX];
	int bad = 0;

	switch (o->type) {
	case OPT_FLAG:
		*(bool *)o->var = true;
		return 0;
	case OPT_STR:
		*(const char **)o->var = arg ? arg : "";
		return 0;
	case OPT_LIST:
		if (add_to_list(o->var, arg) < 0) {
			msg("out of memory");
			return EXIT_MACHINE;
		}
		return 0;
	case OPT_INT:
		bad = num_int(arg, (int64_t)o->min, (int64_t)o->max, o->var);
		break;
	case OPT_NUM:
		bad = num_double(arg, o->min, o->max, o->var);
		break;
	case OPT_SIZE:
		bad = num_size(arg, o->var);
		break;
	case OPT_SECONDS:
		bad = num_seconds(arg, o->var);
		break;
	case OPT_NONE:
		break;
	}
	if (!bad)
		return 0;
	spelled(o, name);
	if (errno == ERANGE && (o->type == OPT_INT || o->type == OPT_NUM)) {
		num_format(low, o->min);
		num_format(high, o->max);
		return opt_wrong(cmd, "%s takes %s to %s, not '%s'", name, low,
		    high, arg);
	}
	return opt_wrong(cmd, "%s takes %s, not '%s'", name,
	    o->type == OPT_INT ? "a whole number" :
	    o->type == OPT_NUM ? "a number" :
	    o->type == OPT_SIZE ? "a size such as 64M" :
	    "a time such as 5, 500ms or 1h", arg);
}

/* ---- parsing ---- */

struct getopt_tables {
	char letters[3 + 3 * MAX_OPTS];
	struct option names[MAX_OPTS + 2];
};

static void
build(const struct help_rows *rows, struct getopt_tables *t, bool ahead)
{
	size_t i, n = 0, named = 0;

	memset(t, 0, sizeof *t);
	if (ahead)
		t->letters[n++] = '+';  /* do not look behind operands */
	t->letters[n++] = ':';          /* tell a missing argument apart */
	for (i = 0; i < rows->n; i++) {
		const struct opt *o = rows->row[i];
		int how = takes(o);

		if (o->letter) {
			t->letters[n++] = (char)o->letter;
			if (how != no_argument)
				t->letters[n++] = ':';
			if (how == optional_argument)
				t->letters[n++] = ':';
		}
		if (o->name) {
			t->names[named].name = o->name;
			t->names[named].has_arg = how;
			t->names[named++].val = LONG_ONLY + (int)i;
		}
	}
	t->names[named].name = "options";
	t->names[named].val = LONG_ONLY + MAX_OPTS;
}

/* getopt_long takes "--me" for "--merge"; a script that does so breaks when
 * a new option comes. The element just parsed must spell the whole name. */
static bool
abbreviated(char **argv, const char *name)
{
	const char *given = argv[optind - 1];

	if (optarg && optarg == given)
		given = argv[optind - 2];
	return strncmp(given, "--", 2) == 0 &&
	    (strlen(name) != strcspn(given + 2, "="));
}

static const struct opt *
find(const struct help_rows *rows, int c)
{
	size_t i;

	if (c >= LONG_ONLY)
		return rows->row[c - LONG_ONLY];
	for (i = 0; i < rows->n; i++)
		if (rows->row[i]->letter == c)
			return rows->row[i];
	return NULL;
}

/* One answer of getopt_long. Returns -1 to go on, else the exit code. */
static int
one(const struct cmd *cmd, const struct help_rows *rows, int c, char **argv)
{
	struct buf b = BUF_INIT(BUF_LINE);
	const struct opt *o;
	int status;

	if (c == ':' || c == '?') {
		if (optopt && optopt < LONG_ONLY)
			return opt_wrong(cmd, c == ':' ?
			    "-%c needs an argument" : "unknown option -%c",
			    optopt);
		if (c == '?' && optopt >= LONG_ONLY)
			return opt_wrong(cmd, "'%s' takes no argument",
			    argv[optind - 1]);
		return opt_wrong(cmd, c == ':' ? "'%s' needs an argument" :
		    "unknown option '%s'", argv[optind - 1]);
	}
	if (c == LONG_ONLY + MAX_OPTS) {
		help_table(&b, rows);
		return print(&b);
	}
	o = find(rows, c);
	if (c >= LONG_ONLY && abbreviated(argv, o->name))
		return opt_wrong(cmd, "unknown option '%s': did you mean --%s?",
		    argv[optind - (optarg == argv[optind - 1] ? 2 : 1)],
		    o->name);
	if (o == &standard[0]) {
		if (optarg && strcmp(optarg, "all") != 0)
			return opt_wrong(cmd, "--help takes all or nothing, "
			    "not '%s'", optarg);
		help_write(&b, cmd, rows, optarg != NULL);
		return print(&b);
	}
	if (o == &standard[1]) {
		buf_addf(&b, "%s %s\n", cmd->name, GC_VERSION);
		return print(&b);
	}
	status = set(cmd, o, optarg);
	return status ? status : -1;
}

/* A standard stream that came closed would be the number of the next file
 * that is opened, and messages or results would go into that. Its place is
 * taken by one that can be neither read from (0) nor written to (1, 2). */
static void
keep_places(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null",
			    fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static int
parse(const struct cmd *cmd, int argc, char **argv, bool ahead, int *status)
{
	struct getopt_tables t;
	struct help_rows rows;
	int c;

	keep_places();
	msg_init(cmd->name);
	gather(cmd, &rows);
	build(&rows, &t, ahead);
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, t.letters, t.names, NULL)) != -1)
		if ((*status = one(cmd, &rows, c, argv)) >= 0)
			return -1;
	return optind;
}

int
opt_parse(const struct cmd *cmd, int argc, char **argv, int *status)
{
	return parse(cmd, argc, argv, false, status);
}

int
opt_parse_ahead(const struct cmd *cmd, int argc, char **argv, int *status)
{
	return parse(cmd, argc, argv, true, status);
}

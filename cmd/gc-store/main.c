/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-store -- the embedded store.
 *
 *	gc-store load TABLE [FILE...]           records to rows, repeatable
 *	gc-store query NAME|SQL|@FILE [name=value...]   rows to records
 *	gc-store migrate                        the tables, made or brought up
 *
 * A load is one transaction: all of its good rows and what is made from them
 * are there when it ends, or none. The same files of share/sql/ are read for
 * SQLite and for PostgreSQL.
 */
#include "ask.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/secret.h"
#include "conf/conf.h"
#include "json/ledger.h"
#include "json/write.h"
#include "spec.h"
#include "store/schema.h"

static struct filter_opts fo = FILTER_DEFAULTS;
static struct conf_opts co;
static struct {
	const char *dsn_file;
	bool list;
} o;

static const struct opt table[] = {
	{ 0, "store", "DSN", OPT_STR, &co.flag[CONF_STORE], 0, 0,
	    "a file or a DSN without password (GC_STORE, gcpipe.db)" },
	{ 0, "dsn-file", "FILE", OPT_STR, &o.dsn_file, 0, 0,
	    "take the DSN from the first line of FILE" },
	{ 'l', "list", NULL, OPT_FLAG, &o.list, 0, 0,
	    "say which queries there are, and end" },
	OPT_END
};
static const struct opt common[] = { FILTER_OPTS(fo), OPT_END };

static const struct cmd cmd = {
	"gc-store", "load TABLE [options] [FILE...]\n"
	"query NAME|SQL|@FILE [options] [name=value...]\nmigrate [options]",
	"keep records in SQLite or PostgreSQL, and ask for them",
	{ table, common }
};

/* ---- where the store is ---- */

static int
read_dsn_file(struct buf *dsn, struct fail *why)
{
	struct stat st;
	int fd = open(o.dsn_file, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return fail(why, EXIT_USAGE, "cannot open %s: %s", o.dsn_file,
		    strerror(errno));
	r = fstat(fd, &st) < 0 ? -1 : buf_read_fd(dsn, fd);
	if (r < 0)
		(void)fail_errno(why, "cannot read %s", o.dsn_file);
	close(fd);
	if (r < 0)
		return -1;
	dsn->len = strcspn(buf_str(dsn), "\r\n");
	if (dsn->len == 0)
		return fail(why, EXIT_USAGE, "%s: the first line is empty",
		    o.dsn_file);
	if (st.st_mode & S_IROTH && store_dsn_secret(buf_str(dsn)))
		msg_note("%s holds a password and everybody can read it: "
		    "chmod 600 %s", o.dsn_file, o.dsn_file);
	return 0;
}

/* The DSN: a flag's, a file's, the environment's, or gcpipe.db. */
static int
find_dsn(struct buf *dsn, struct fail *why)
{
	struct conf c;
	const char *text, *flag = co.flag[CONF_STORE];
	int r = 0;

	if (flag && o.dsn_file)
		return fail(why, EXIT_USAGE, "--store and --dsn-file are two "
		    "places; name one");
	if (flag && store_dsn_secret(flag))
		return fail(why, EXIT_USAGE, "a password has no place in an "
		    "argument, where everybody on this machine can read it: "
		    "set GC_STORE, or use --dsn-file");
	if (o.dsn_file)
		return read_dsn_file(dsn, why);
	if (conf_load(&c, &co, 0, why) < 0) {
		conf_free(&c);
		return -1;
	}
	text = conf_get(&c, CONF_STORE);
	if (!text || buf_str_add(dsn, text) < 0)
		r = fail(why, EXIT_USAGE, "the DSN is too long");
	else if (strcmp(conf_origin(&c, CONF_STORE),
	    "POSTGRES_CONNECTION_STRING") == 0 && !store_dsn_server(text))
		r = fail(why, EXIT_USAGE, "POSTGRES_CONNECTION_STRING names "
		    "no server: write postgresql://user@host:port/database");
	conf_free(&c);
	return r;
}

/* ---- load ---- */

struct load {
	struct spec spec;
	struct store *store;
	struct rows rows;
	char stamp[TIME_MAX];
	bool begun;
	uint64_t n, changed;
};

/* No row, no transaction. */
static int
begin(struct load *l, struct fail *why)
{
	if (l->begun)
		return 0;
	l->begun = true;
	return store_load_open(l->store, &l->spec.table, why);
}

static int
on_record(void *ctx, void *worker, const struct record *rec,
    struct emit *emit, struct fail *why)
{
	struct load *l = ctx;
	size_t i;

	(void)worker;
	if (json_type(rec->val) != JSON_OBJECT)
		return filter_reject(emit, rec, NULL, "not-an-object",
		    "the record is no object");
	if (spec_rows(&l->spec, rec->val, &l->rows, why) < 0)
		return why->code == EXIT_DATA ? filter_reject(emit, rec, NULL,
		    "bad-row", "%s", why->text) : -1;
	if (begin(l, why) < 0)
		return -1;
	for (i = 0; i < l->rows.n; i++)
		if (store_load_row(l->store, l->rows.cell +
		    i * l->spec.table.ncols, why) < 0)
			return -1;
	l->n += l->rows.n;
	return FILTER_USED;
}

static int
finish(struct load *l, struct fail *why)
{
	struct store_param p;

	memset(&p, 0, sizeof p);
	p.name = "loaded_at";
	p.type = STORE_TIME;
	p.typed = true;
	p.value.kind = CELL_TEXT;
	p.value.p = l->stamp;
	p.value.n = strlen(l->stamp);
	if (store_load_end(l->store, &l->changed, why) < 0 ||
	    (l->spec.after && store_script(l->store, l->spec.after, &p, 1,
	    why) < 0))
		return -1;
	return store_commit(l->store, why);
}

static int
on_end(void *ctx, struct emit *emit, struct fail *why)
{
	struct load *l = ctx;
	struct buf *b = &emit->out;

	if (l->begun && finish(l, why) < 0)
		return -1;
	buf_putc(b, '{');
	json_key(b, "kind");
	json_cstr(b, "load");
	json_key(b, "table");
	json_cstr(b, l->spec.table.name);
	json_key(b, "rows");
	json_uint(b, l->n);
	json_key(b, "changed");
	json_uint(b, l->changed);
	json_key(b, "passed_over");
	json_uint(b, l->rows.passed);
	json_key(b, "loaded_at");
	json_cstr(b, l->stamp);
	buf_putc(b, '}');
	filter_line(emit);
	return 0;
}

static int
load(const char *dsn, const char *name, char **files, int nfiles,
    struct fail *why)
{
	const struct buf text = BUF_INIT(BUF_RECORD * 2);
	struct load l;
	struct filter f;
	int64_t from;
	int code = -1, r;

	memset(&l, 0, sizeof l);
	memset(&f, 0, sizeof f);
	l.rows.text = text;
	time_format(l.stamp, clock_now());
	f.opts = &fo;
	f.ctx = &l;
	f.record = on_record;
	f.end = on_end;
	f.files = files;
	f.nfiles = nfiles;
	r = spec_read(&l.spec, name, why);
	l.spec.table.stamp = l.stamp;
	if (r == 0 && store_open(&l.store, dsn, STORE_WRITE, why) == 0 &&
	    schema_migrate(l.store, &from, why) == 0)
		code = filter_run(&f);
	store_close(l.store);
	rows_free(&l.rows);
	spec_free(&l.spec);
	return code;
}

/* ---- query, migrate ---- */

static int
put_ledger(uint64_t n, int64_t started, struct fail *why)
{
	struct ledger l;

	memset(&l, 0, sizeof l);
	l.started = started;
	l.out = n;
	return fo.ledger ? ledger_append(fo.ledger, &l, why) : 0;
}

static int
query(const char *dsn, const char *what, char **args, int nargs,
    struct fail *why)
{
	int64_t started = clock_now();
	struct store *s = NULL;
	struct out out;
	struct ask a;
	int r;

	out.fd = -1;
	r = ask_read(&a, what, args, nargs, why);
	if (r == 0 && fo.ledger)
		r = ledger_check(fo.ledger, why);
	if (r == 0)
		r = store_open(&s, dsn, STORE_READ, why);
	if (r == 0 && a.named)
		r = schema_check(s, why);
	if (r == 0)
		r = out_open(&out, fo.output, (fo.unbuffered ? OUT_LINES : 0) |
		    (fo.if_changed ? OUT_IF_CHANGED : 0), why);
	if (r == 0 && (r = ask_run(&a, s, &out, why)) < 0)
		out_abort(&out);
	else if (r == 0)
		r = out_close(&out, why);
	if (r == 0)
		r = put_ledger(a.rows, started, why);
	store_close(s);
	ask_free(&a);
	return r;
}

static int
migrate(const char *dsn, struct fail *why)
{
	struct store *s;
	int64_t from;
	int r;

	if (store_open(&s, dsn, STORE_WRITE, why) < 0)
		return -1;
	r = schema_migrate(s, &from, why);
	if (r == 0 && from < SCHEMA_VERSION)
		msg_note("from version %" PRId64 " to %d", from,
		    SCHEMA_VERSION);
	store_close(s);
	return r;
}

static int
list(struct fail *why)
{
	struct buf b = BUF_INIT(BUF_DOC);
	int r = ask_list(&b, why);

	if (r == 0)
		r = out_file(NULL, b.p, b.len, 0, why);
	buf_free(&b);
	return r;
}

/* The words of the command line, after the options. */
static int
act(char **word, int n, struct fail *why)
{
	struct buf dsn = BUF_INIT(BUF_PATH);
	int r = find_dsn(&dsn, why);

	if (r == 0 && store_dsn_server(buf_str(&dsn)))
		r = secret_no_core(why);
	if (r == 0 && strcmp(word[0], "load") == 0)
		r = load(buf_str(&dsn), word[1], word + 2, n - 2, why);
	else if (r == 0 && strcmp(word[0], "query") == 0)
		r = query(buf_str(&dsn), word[1], word + 2, n - 2, why);
	else if (r == 0)
		r = migrate(buf_str(&dsn), why);
	secret_buf_free(&dsn);
	return r;
}

int
main(int argc, char **argv)
{
	struct fail why;
	int first, n, status;
	const char *verb;

	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	n = argc - first;
	verb = n ? argv[first] : "";
	if (!o.list && strcmp(verb, "load") != 0 &&
	    strcmp(verb, "query") != 0 && strcmp(verb, "migrate") != 0)
		return opt_wrong(&cmd, "what shall be done: load, query or "
		    "migrate?");
	if (!o.list && n < 2 && *verb != 'm')
		return opt_wrong(&cmd, *verb == 'l' ? "load what? name a table"
		    : "what is asked for? name a query or write SQL");
	if (*verb == 'm' && n > 1)
		return opt_wrong(&cmd, "'%s' is too much", argv[first + 1]);
	msg_quiet(fo.quiet);
	if (fo.now ? clock_fix(fo.now, &why) < 0 : clock_init(&why) < 0)
		return msg_fail(&why);
	status = o.list ? list(&why) : act(argv + first, n, &why);
	return status < 0 ? msg_fail(&why) : status;
}

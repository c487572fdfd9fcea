/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gc-window -- checks a time range and cuts it.
 *
 * A range that a service would refuse, or answer with an empty page, is
 * refused here, before the first request. What is left becomes a record an
 * interval; intervals are half open, so that no moment is in two of them.
 */
#include "base/clock.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/opt.h"
#include "base/out.h"
#include "json/ledger.h"
#include "json/write.h"

#define DAY INT64_C(86400000)

/* What four digits of a year can spell. */
#define TIME_FIRST INT64_C(-62167219200000)
#define TIME_LAST INT64_C(253402300799999)

static struct {
	const char *from, *to, *max, *step, *output, *ledger, *now;
	bool if_changed;
} o = { NULL, "now", "730d", NULL, NULL, NULL, NULL, false };

static const struct opt table[] = {
	{ 'f', "from", "TIME", OPT_STR, &o.from, 0, 0,
	    "where the range begins; -30d is 30 days ago" },
	{ 't', "to", "TIME", OPT_STR, &o.to, 0, 0,
	    "where it ends, not in it any more (now)" },
	{ 0, "max", "TIME", OPT_STR, &o.max, 0, 0,
	    "refuse a range that is longer (730d)" },
	{ 0, "step", "TIME", OPT_STR, &o.step, 0, 0,
	    "cut it into intervals of that length, and the rest" },
	{ 'o', "output", "FILE", OPT_STR, &o.output, 0, 0,
	    "write to FILE, which appears only when complete" },
	{ 0, "if-changed", NULL, OPT_FLAG, &o.if_changed, 0, 0,
	    "with -o: leave a file with the same bytes untouched" },
	{ 0, "ledger", "FILE", OPT_STR, &o.ledger, 0, 0,
	    "append a line of counts to FILE at the end" },
	{ 0, "now", "TIME", OPT_STR, &o.now, 0, 0,
	    "take TIME for the present" },
	OPT_END
};

static const struct cmd cmd = {
	"gc-window", "--from TIME [--to TIME] [--max TIME] [--step TIME]",
	"check a time range and cut it into intervals", { table }
};

/* ---- what is typed ---- */

/* A length of time in whole milliseconds, above zero. */
static int
parse_length(const char *what, const char *text, int64_t *ms)
{
	double s;

	if (num_seconds(text, &s) < 0 || s > 1e12 || s < 0.001)
		return opt_wrong(&cmd, "--%s: '%s' is no length of time: "
		    "write 730d, 12h, 30m or 90s", what, text);
	*ms = (int64_t)(s * 1000 + 0.5);
	return 0;
}

/* "now" or "today" (its midnight, UTC), with or without -30d behind; -30d
 * alone counts from now; else an ISO time. */
static int
parse_time(const char *what, const char *text, int64_t *ms)
{
	const char *rest = text;
	double s = 0;

	*ms = clock_now();
	if (strncmp(text, "now", 3) == 0) {
		rest += 3;
	} else if (strncmp(text, "today", 5) == 0) {
		rest += 5;
		*ms -= (*ms % DAY + DAY) % DAY;
	}
	if (*rest == '-' && num_seconds(rest + 1, &s) == 0 && s <= 1e12)
		*ms -= (int64_t)(s * 1000 + 0.5);
	else if (*rest && (rest != text ||
	    time_parse(text, strlen(text), ms) < 0))
		return opt_wrong(&cmd, "--%s: '%s' is no time: write "
		    "2026-01-31, 2026-01-31T09:00:00Z, now, today, -30d or "
		    "today-30d", what, text);
	else if (!*text)
		return opt_wrong(&cmd, "--%s: no time is given", what);
	if (*ms < TIME_FIRST || *ms > TIME_LAST)
		return opt_wrong(&cmd, "--%s: '%s' is out of the calendar",
		    what, text);
	return 0;
}

struct window {
	int64_t from, to, step;
};

static int
parse_window(struct window *w)
{
	char from[TIME_MAX], to[TIME_MAX];
	int64_t max;
	int status;

	if (!o.from)
		return opt_wrong(&cmd, "--from is missing");
	if ((status = parse_time("from", o.from, &w->from)) != 0 ||
	    (status = parse_time("to", o.to, &w->to)) != 0 ||
	    (status = parse_length("max", o.max, &max)) != 0 ||
	    (o.step && (status = parse_length("step", o.step, &w->step)) != 0))
		return status;
	time_format(from, w->from);
	time_format(to, w->to);
	if (w->from >= w->to)
		return opt_wrong(&cmd, "the range ends before it begins: "
		    "--from %s is not before --to %s", from, to);
	if (w->to - w->from > max)
		return opt_wrong(&cmd, "from %s to %s is longer than %s; "
		    "ask for less, or see --max", from, to, o.max);
	if (!o.step)
		w->step = w->to - w->from;
	return 0;
}

/* ---- what is written ---- */

/* {"from":"...","to":"...","interval":"FROM/TO"} */
static void
put_interval(struct buf *b, int64_t from, int64_t to)
{
	char p[TIME_MAX], q[TIME_MAX];

	time_format(p, from);
	time_format(q, to);
	buf_addf(b, "{\"from\":\"%s\",\"to\":\"%s\",\"interval\":\"%s/%s\"}\n",
	    p, q, p, q);
}

static int
write_window(const struct window *w, uint64_t *n, struct fail *why)
{
	struct buf b = BUF_INIT(BUF_LINE);
	struct out out;
	int64_t at, end;
	int r;

	if (out_open(&out, o.output, o.if_changed ? OUT_IF_CHANGED : 0,
	    why) < 0)
		return -1;
	r = 0;
	for (at = w->from; r == 0 && at < w->to; at = end) {
		end = w->to - at > w->step ? at + w->step : w->to;
		buf_clear(&b);
		put_interval(&b, at, end);
		r = b.err ? fail(why, EXIT_MACHINE, "out of memory") :
		    out_write(&out, b.p, b.len, why);
		(*n)++;
	}
	buf_free(&b);
	if (r == 0)
		return out_close(&out, why);
	out_abort(&out);
	return -1;
}

int
main(int argc, char **argv)
{
	struct window w = { 0, 0, 0 };
	struct ledger l;
	struct fail why;
	int first, status;

	first = opt_parse(&cmd, argc, argv, &status);
	if (first < 0)
		return status;
	if (first < argc)
		return opt_wrong(&cmd, "'%s' is no option", argv[first]);
	if (o.now ? clock_fix(o.now, &why) < 0 : clock_init(&why) < 0)
		return msg_fail(&why);
	memset(&l, 0, sizeof l);
	l.started = clock_now();
	if ((status = parse_window(&w)) != 0)
		return status;
	if ((o.ledger && ledger_check(o.ledger, &why) < 0) ||
	    write_window(&w, &l.out, &why) < 0)
		return msg_fail(&why);
	if (o.ledger && ledger_append(o.ledger, &l, &why) < 0)
		return msg_fail(&why);
	return 0;
}

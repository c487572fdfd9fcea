/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/progress.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/out.h"
#include "json/write.h"

#define OFTEN ((int64_t)200000000)      /* nanoseconds, on a terminal */
#define SELDOM ((int64_t)5000000000)    /* elsewhere */

int
progress_begin(struct progress *p, const char *asked, bool quiet,
    const char *output, const char *noun, struct fail *why)
{
	bool here = (!output || strcmp(output, "-") == 0) &&
	    isatty(STDOUT_FILENO);

	p->noun = noun;
	p->json = asked && strcmp(asked, "json") == 0;
	p->terminal = isatty(STDERR_FILENO) && !p->json;
	p->on = asked || (p->terminal && !quiet && !here);
	p->started = p->shown = clock_mono();
	if (!asked || !*asked || p->json)
		return 0;
	return fail(why, EXIT_USAGE, "--progress takes json or nothing, not "
	    "'%s'", asked);
}

bool
progress_due(const struct progress *p, bool last)
{
	return p->on && (last ||
	    clock_mono() - p->shown >= (p->terminal ? OFTEN : SELDOM));
}

/* left below 0: unknown. */
static void
put_record(struct buf *b, bool last, uint64_t n, uint64_t bytes,
    double seconds, double left)
{
	buf_putc(b, '{');
	json_key(b, "tool");
	json_cstr(b, msg_program());
	buf_addf(b, ",\"records\":%" PRIu64 ",\"bytes\":%" PRIu64
	    ",\"seconds\":%.3f,\"left\":", n, bytes, seconds);
	if (left < 0)
		buf_str_add(b, "null");
	else
		buf_addf(b, "%.1f", left);
	buf_addf(b, ",\"ended\":%s}\n", last ? "true" : "false");
}

static void
put_line(struct buf *b, const struct progress *p, bool last, uint64_t n,
    uint64_t bytes, double seconds, double left)
{
	if (p->terminal)
		buf_str_add(b, "\r\033[K");
	buf_addf(b, "%s: %" PRIu64 " %s, %.1f MB, %.0f %s/s", msg_program(), n,
	    p->noun, (double)bytes / 1e6, seconds > 0 ? (double)n / seconds :
	    0.0, p->noun);
	if (left >= 0 && !last)
		buf_addf(b, ", %.0f s left", left);
	if (!p->terminal || last)
		buf_putc(b, '\n');
}

void
progress_say(struct progress *p, bool last, uint64_t n, uint64_t bytes,
    double share)
{
	struct buf b = BUF_INIT(BUF_LINE);
	double seconds, left;

	p->shown = clock_mono();
	seconds = (double)(p->shown - p->started) / 1e9;
	left = share > 0 && share <= 1 ? seconds / share - seconds : -1;
	if (p->json)
		put_record(&b, last, n, bytes, seconds, left);
	else
		put_line(&b, p, last, n, bytes, seconds, left);
	(void)out_fd(STDERR_FILENO, b.p, b.len);
	buf_free(&b);
}

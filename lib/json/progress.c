/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "json/progress.h"
#include "base/clock.h"
#include "base/msg.h"
#include "base/out.h"

#define OFTEN ((int64_t)200000000)      /* nanoseconds, on a terminal */
#define SELDOM ((int64_t)5000000000)    /* elsewhere */

void
progress_begin(struct progress *p, bool asked, bool quiet)
{
	p->terminal = isatty(STDERR_FILENO);
	p->on = asked || (p->terminal && !quiet && !isatty(STDOUT_FILENO));
	p->started = p->shown = clock_mono();
}

bool
progress_due(const struct progress *p, bool last)
{
	return p->on && (last ||
	    clock_mono() - p->shown >= (p->terminal ? OFTEN : SELDOM));
}

void
progress_say(struct progress *p, bool last, const char *noun, uint64_t n,
    int64_t total, const char *fmt, ...)
{
	double seconds, each;
	char more[80], left[48] = "", line[320];
	va_list ap;
	int len;

	p->shown = clock_mono();
	seconds = (double)(p->shown - p->started) / 1e9;
	each = seconds > 0 ? (double)n / seconds : 0;
	va_start(ap, fmt);
	vsnprintf(more, sizeof more, fmt, ap);
	va_end(ap);
	if (!last && n && total > (int64_t)n && each > 0)
		snprintf(left, sizeof left, ", %.0f s left",
		    ((double)total - (double)n) / each);
	len = snprintf(line, sizeof line, "%s%s: %" PRIu64 " %s%s, %.0f %s/s"
	    "%s%s", p->terminal ? "\r\033[K" : "", msg_program(), n, noun,
	    more, each, noun, left, p->terminal && !last ? "" : "\n");
	(void)out_fd(STDERR_FILENO, line, (size_t)len);
}

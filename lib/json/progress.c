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

void
progress_show(struct progress *p, uint64_t records, uint64_t bytes, bool last)
{
	int64_t now = clock_mono();
	double seconds = (double)(now - p->started) / 1e9;
	char line[160];
	int n;

	if (!p->on || (!last &&
	    now - p->shown < (p->terminal ? OFTEN : SELDOM)))
		return;
	p->shown = now;
	n = snprintf(line, sizeof line, "%s%s: %" PRIu64 " records, %.1f MB, "
	    "%.0f records/s%s", p->terminal ? "\r\033[K" : "", msg_program(),
	    records, (double)bytes / 1e6,
	    seconds > 0 ? (double)records / seconds : 0.0,
	    p->terminal && !last ? "" : "\n");
	(void)out_fd(STDERR_FILENO, line, (size_t)n);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h -- how far a run has come, on stderr.
 *
 *	gc-ner: 120000 records, 31.4 MB, 48210 records/s
 *
 * On a terminal one line that is written over, five times a second; elsewhere,
 * where --progress asks for it, a line each five seconds. No counts of its
 * own: it is told what there is to say.
 *
 *	progress_begin(&p, opts->progress, opts->quiet);
 *	...
 *	if (progress_due(&p, last))             as often as one likes
 *		progress_say(&p, last, "records", n, -1, ", %.1f MB", mb);
 */
#ifndef JSON_PROGRESS_H
#define JSON_PROGRESS_H

#include "base/compat.h"

struct progress {
	bool on;                /* is there anything to show? */
	bool terminal;          /* stderr is one */
	int64_t started, shown; /* clock_mono() */
};

/* asked: whatever stderr is; quiet: not on a terminal, either. A terminal
 * that takes the records, too, is spared. */
void progress_begin(struct progress *p, bool asked, bool quiet);

/* Is it time to say something? The last word always is. */
bool progress_due(const struct progress *p, bool last);

/* Says how many there are of the noun, what fmt adds to that, how many a
 * second; and, of a total that is known (not below 0), the time left. */
void progress_say(struct progress *p, bool last, const char *noun, uint64_t n,
    int64_t total, const char *fmt, ...) PRINTF_LIKE(6, 7);

#endif

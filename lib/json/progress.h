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
 *	progress_show(&p, records, bytes, false);       as often as one likes
 *	...
 *	progress_show(&p, records, bytes, true);        the last word
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

void progress_show(struct progress *p, uint64_t records, uint64_t bytes,
    bool last);

#endif

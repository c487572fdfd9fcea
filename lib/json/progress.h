/* SPDX-License-Identifier: GPL-3.0-or-later */
/* progress.h -- how far a run has come, on stderr.
 *
 *	gc-ner: 120000 records, 31.4 MB, 48210 records/s, 12 s left
 *	{"tool":"gc-ner","records":120000,"bytes":31400000,"seconds":2.49,
 *	 "left":12.1,"ended":false}
 *
 * On a terminal one line that is written over, five times a second; elsewhere,
 * where --progress asks for it, a line each five seconds; by --progress=json
 * a record in its place, for programs. No counts of its own: it is told what
 * there is to say.
 *
 *	if (progress_begin(&p, o->progress, o->quiet, o->output, "records",
 *	    why) < 0)
 *		return -1;
 *	...
 *	if (progress_due(&p, last))             as often as one likes
 *		progress_say(&p, last, n, bytes, share);
 */
#ifndef JSON_PROGRESS_H
#define JSON_PROGRESS_H

#include "base/fail.h"

struct progress {
	const char *noun;       /* what is counted */
	bool on;                /* is there anything to show? */
	bool terminal;          /* stderr is one */
	bool json;
	int64_t started, shown; /* clock_mono() */
};

/* asked: NULL, or what stands behind --progress=, "" where nothing does: shown
 * whatever stderr is; quiet: not on a terminal, either. A terminal that takes
 * the records, too, is spared: output is the file for them, NULL or "-" where
 * they go to stdout. Returns 0, or -1 with EXIT_USAGE. */
int progress_begin(struct progress *p, const char *asked, bool quiet,
    const char *output, const char *noun, struct fail *why);

/* Is it time to say something? The last word always is. */
bool progress_due(const struct progress *p, bool last);

/* Says how many there are, of how many bytes, how many a second; and where it
 * is known which share of all that is (above 0), the time left. */
void progress_say(struct progress *p, bool last, uint64_t n, uint64_t bytes,
    double share);

#endif

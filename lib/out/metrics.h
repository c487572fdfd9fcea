/* SPDX-License-Identifier: GPL-3.0-or-later */
/* metrics.h -- OpenMetrics text (openmetrics.io, 1.0), as Prometheus reads.
 *
 * A family is announced once, its samples follow at once, the text ends in
 * "# EOF". Names and units are the caller's and must be valid; help texts and
 * values of labels may be anything. No sample has a time of its own: the
 * collector knows when it looked, and a gauge of seconds says how old the
 * figures are. A value that is not known (NaN) is left out, which is not 0.
 *
 *	metrics_family(b, "gcpipe_bot_accuracy_ratio", "ratio", "Share ...");
 *	metrics_sample(b, "gcpipe_bot_accuracy_ratio", NULL, 0, 0.89);
 *	metrics_end(b);
 */
#ifndef OUT_METRICS_H
#define OUT_METRICS_H

#include "base/buf.h"

struct metrics_label {
	const char *name;       /* valid: [a-zA-Z_][a-zA-Z0-9_]* */
	const char *p;
	size_t n;
};

/* Announces a gauge; unit, which ends the name, may be NULL. */
void metrics_family(struct buf *b, const char *name, const char *unit,
    const char *help);

void metrics_sample(struct buf *b, const char *name,
    const struct metrics_label *labels, size_t n, double v);

void metrics_end(struct buf *b);

#endif

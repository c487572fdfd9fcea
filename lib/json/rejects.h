/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rejects.h -- the file that --reject names.
 *
 * It is neither the output nor an input: a run that fails writes the rejects
 * it has, and over its own input that would lose the ones it has not come to.
 */
#ifndef JSON_REJECTS_H
#define JSON_REJECTS_H

#include "base/out.h"

/* Opens it as out_open() does. out is the output, open already; files are the
 * inputs, nfiles 0: stdin. Returns 0, or -1, with EXIT_USAGE where the file is
 * one of them. */
int rejects_open(struct out *rejects, const char *name, unsigned flags,
    const struct out *out, char **files, int nfiles, struct fail *why);

#endif

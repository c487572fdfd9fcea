/* SPDX-License-Identifier: GPL-3.0-or-later */
/* share.h -- where the files lie that a user may read and change.
 *
 * Looked for in this order: GC_SHARE, where that is set (and nowhere else
 * then); share/ beside the folder of the running program (../share, which
 * serves a fresh build and an installation at another place); the folder
 * named when the suite was built (PREFIX/share/gcpipe).
 *
 *	struct buf path = BUF_INIT(BUF_PATH);
 *	if (share_find(&path, "mock/routes.ndjson", &why) < 0) ...
 *	fd = open(buf_str(&path), O_RDONLY | O_CLOEXEC);
 */
#ifndef BASE_SHARE_H
#define BASE_SHARE_H

#include "base/buf.h"
#include "base/fail.h"

/* Puts the path of a file or folder below share/ into path (cleared first).
 * Returns 0, or -1 with EXIT_USAGE and the places that were looked at. */
int share_find(struct buf *path, const char *name, struct fail *why);

/* share_find(), and the file's whole content into b (cleared first).
 * Returns 0 or -1. */
int share_read(struct buf *b, const char *name, struct fail *why);

/* The folder that the running program lies in, without a slash at its end;
 * -1 where the system does not tell. */
int share_program_dir(struct buf *path);

#endif

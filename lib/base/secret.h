/* SPDX-License-Identifier: GPL-3.0-or-later */
/* secret.h -- bytes that must not outlive their use.
 *
 * A buffer that grows is copied by realloc(), and the old copy stays in the
 * heap: reserve a secret's buffer whole (buf_reserve(&b, b.max)) before the
 * first byte goes in.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/buf.h"
#include "base/fail.h"

/* This process leaves no core and cannot be looked into by its owner's other
 * processes (RLIMIT_CORE 0; PR_SET_DUMPABLE 0 where there is such a thing).
 * Returns 0 or -1. */
int secret_no_core(struct fail *why);

/* Zeroes memory; the compiler cannot leave it out. */
void secret_wipe(void *p, size_t n);

/* Wipes a string and frees it; NULL is fine. */
void secret_free(char *s);

/* Wipes all that a buffer ever held in its present memory, and frees it. */
void secret_buf_free(struct buf *b);

/* Takes a variable out of the environment, and its bytes out of memory. */
void secret_unset(const char *name);

/* Are two strings the same? Takes as long however they differ. */
bool secret_same(const char *a, const char *b);

#endif

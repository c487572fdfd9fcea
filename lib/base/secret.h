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

/* An allocator that leaves nothing behind, for a library that is handed
 * secrets and copies them: what is freed or moved is wiped first. The five
 * belong together and go with nobody else's. */
void *secret_alloc(size_t n);
void *secret_calloc(size_t n, size_t size);
void *secret_realloc(void *p, size_t n);
char *secret_strdup(const char *s);
void secret_dealloc(void *p);

/* Takes a variable out of the environment, and its bytes out of memory. */
void secret_unset(const char *name);

/* Takes a variable out of the environment, so that nothing which hands that
 * out (jq's $ENV) knows it, but keeps it for those who ask here. Before the
 * first thread; of at most SECRET_HIDDEN, one that is not set counts for none.
 */
#define SECRET_HIDDEN 16
void secret_hide(const char *name);

/* A variable, hidden or not; NULL where it is not set. */
const char *secret_getenv(const char *name);

/* The hidden ones as "NAME=value", for a child's environment; NULL at the
 * end. */
char *secret_hidden(size_t i);

/* Overwrites each occurrence of a secret in n bytes with asterisks: for what
 * others say that may repeat it. */
void secret_mask(char *p, size_t n, const char *secret);

/* Are two strings the same? Takes as long however they differ. */
bool secret_same(const char *a, const char *b);

#endif

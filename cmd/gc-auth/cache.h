/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cache.h -- a token on disk, for every process of this user.
 *
 * ${XDG_CACHE_HOME:-~/.cache}/gcpipe/, mode 0700, holds for each token
 *
 *	KEY.token       mode 0600: JSON, one line
 *	KEY.lock        a lock on it is the right to change KEY.token
 *	KEY.tmp         what a writer killed half-way left behind
 *
 * where KEY is the SHA-256 of what the token was asked for with: token URL,
 * client id, scopes in order. Files are opened below the folder's own
 * descriptor, never through a symbolic link; a folder or file that belongs to
 * somebody else or that others can read is refused, not mended: who could
 * read a token may have done so.
 *
 * The lock is fcntl's: the system takes it back from a process that dies,
 * however it dies. It is waited for by asking again and again, so that the
 * wait has an end, and so that the one who waits can look at the token in
 * between.
 */
#ifndef GC_AUTH_CACHE_H
#define GC_AUTH_CACHE_H

#include "base/buf.h"
#include "base/fail.h"

/* A moment on both clocks: the wall's, which may be set, and the machine's,
 * which only goes forward but means nothing after its next start. */
struct moment {
	int64_t wall;           /* ms since 1970 */
	int64_t boot;           /* ms since the machine started */
	char machine[40];       /* which start of which machine; "" unknown */
};

#define LIFETIME_MAX ((int64_t)10 * 365 * 86400)        /* seconds */

struct cached {
	char *token;            /* owned */
	char *granted;          /* owned: scopes by the service's own word;
	                         * NULL where it said nothing */
	int64_t lifetime;       /* seconds, counted from taken */
	struct moment taken;    /* when it was asked for */
	int64_t took;           /* ms from there until it came */
};

struct cache {
	int dir;                /* -1: the folder is not there yet */
	int lock;               /* -1: not held */
	char path[BUF_PATH];    /* of KEY.token, for messages */
	char token[80], lockname[80], temp[80];
};

void moment_now(struct moment *m);

/* Is m the same moment as start, or a later one? By the machine's clock where
 * both are of one start of it. */
bool moment_since(const struct moment *m, const struct moment *start);

/* Milliseconds that a token is good for yet, by the stricter clock; negative
 * where it has ended. Where the wall clock was set back behind the moment of
 * taking and the machine has been started again since, nothing can be known:
 * that is 0. */
int64_t cached_left(const struct cached *t, const struct moment *now);

/* Did it come at that moment or after? */
bool cached_since(const struct cached *t, const struct moment *start);

void cached_free(struct cached *t);

/* Finds the folder; make says to make it where it is not there. Returns 0, or
 * -1 with EXIT_USAGE (others can look into it) or EXIT_MACHINE. */
int cache_open(struct cache *c, const char *key, bool make,
    struct fail *why);

/* Reads the token. Returns 1 where there is one, 0 where there is none (or a
 * file that makes no sense), -1 with EXIT_USAGE where it is refused. t is
 * filled only at 1. */
int cache_read(struct cache *c, struct cached *t, struct fail *why);

/* Keeps a token: written beside, synced, renamed. The lock must be held.
 * Returns 0 or -1. */
int cache_write(struct cache *c, const struct cached *t, struct fail *why);

/* Forgets the token; none there is fine. Returns 0 or -1. */
int cache_forget(struct cache *c, struct fail *why);

/* Tries once to take the lock. Returns 1 with it, 0 where *holder has it
 * (0: not known), -1 on failure. */
int cache_try_lock(struct cache *c, pid_t *holder, struct fail *why);
void cache_unlock(struct cache *c);

/* Gives lock and folder back. */
void cache_close(struct cache *c);

#endif

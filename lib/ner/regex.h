/* SPDX-License-Identifier: GPL-3.0-or-later */
/* regex.h -- Python's regular expressions, by PCRE2.
 *
 * The tokenizer's patterns are written for Python's re. PCRE2 with UTF and
 * UCP means the same by them, once \s \S \w \d are spelled out as Python
 * takes them (PCRE2's own differ by code points such as U+180E, and between
 * its versions) and \uHHHH is \x{HHHH}. A subject is matched as a text of its
 * own: nothing looks behind its beginning. A pattern that is too large for
 * PCRE2 (French has one of 1.4 MB) is kept as several, its alternatives.
 *
 * A compiled regex may be shared between threads; what a match needs to work
 * with (struct regex_room) may not.
 */
#ifndef NER_REGEX_H
#define NER_REGEX_H

#include "base/buf.h"
#include "base/fail.h"

struct regex;
struct regex_room;

enum { REGEX_NOCASE = 1 };

#define REGEX_ANYWHERE SIZE_MAX

/* Compiles a Python pattern. Returns 0, or -1 with EXIT_USAGE. */
int regex_open(struct regex **r, const char *p, size_t n, unsigned flags,
    struct fail *why);
void regex_close(struct regex *r);

int regex_room_open(struct regex_room **room, struct fail *why);
void regex_room_close(struct regex_room *room);

/* The leftmost match in p[0..n) that begins at from or later, at last or
 * before (REGEX_ANYWHERE): its place in start and end. A match that would
 * take too long counts as none. */
bool regex_search(const struct regex *r, struct regex_room *room,
    const char *p, size_t n, size_t from, size_t last, size_t *start,
    size_t *end);

/* The most code points that it looks back from where it stands. */
size_t regex_reach(const struct regex *r);

/* A match at the very beginning: its length in *end. */
bool regex_match(const struct regex *r, struct regex_room *room,
    const char *p, size_t n, size_t *end);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* clock.h -- the time of day, which tests may fix; and times as text.
 *
 * A moment is milliseconds since 1970-01-01T00:00:00Z, int64_t. Text is ISO
 * 8601 (RFC 3339 profile), written in UTC with Z and milliseconds where they
 * are not zero. Days are computed in the proleptic Gregorian calendar
 * (H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil
 * and civil_from_days), so no time zone of this machine is ever asked.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/fail.h"

#define TIME_MAX 32     /* room for any time time_format() writes */

/* Fixes clock_now() at a moment (--now, GC_NOW). Returns 0 or -1. */
int clock_fix(const char *iso, struct fail *why);

/* Calls clock_fix() with GC_NOW, where that is set. Returns 0 or -1. */
int clock_init(struct fail *why);

/* The moment: the fixed one, else the system's. */
int64_t clock_now(void);
bool clock_is_fixed(void);

/* A clock that only goes forward, in nanoseconds, for waits and latency. */
int64_t clock_mono(void);

/* Sleeps; returns early, -1 with EINTR, where a signal came. */
int clock_sleep(double seconds);

/* Reads YYYY-MM-DD or YYYY-MM-DDTHH:MM[:SS[.fff]](Z|+HH:MM|-HH:MM); a date
 * alone is its midnight in UTC. Returns 0 or -1. */
int time_parse(const char *p, size_t n, int64_t *ms);

/* Writes a moment; returns out. */
char *time_format(char out[TIME_MAX], int64_t ms);

/* The day of a moment as YYYY-MM-DD; returns out. */
char *time_format_day(char out[TIME_MAX], int64_t ms);

/* An HTTP date (RFC 9110 5.6.7, all three forms). Returns 0 or -1. */
int time_parse_http(const char *s, int64_t *ms);

#endif

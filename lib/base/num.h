/* SPDX-License-Identifier: GPL-3.0-or-later */
/* num.h -- text to number, strictly; number to text, shortest.
 *
 * Parsing takes the whole text or nothing: no blanks, no sign where none is
 * meant, no overflow. Writing gives the shortest decimal that reads back to
 * the same double, in the C locale whatever LC_ALL says.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/compat.h"

#define NUM_MAX 32      /* room for any number num_format() writes */

/* A decimal integer in [min, max]. Returns 0, or -1 (errno ERANGE or
 * EINVAL). */
int num_int(const char *s, int64_t min, int64_t max, int64_t *value);

/* A finite decimal number in [min, max]. Returns 0 or -1 likewise. */
int num_double(const char *s, double min, double max, double *value);

/* Bytes: an integer with an optional K, M, G (1024s). */
int num_size(const char *s, uint64_t *bytes);

/* Seconds: a number with an optional ms, s, m, h, d; at most SECONDS_MAX, so
 * that a moment from now on still fits into nanoseconds. */
#define SECONDS_MAX 1e9
int num_seconds(const char *s, double *seconds);

/* A JSON number's spelling (already checked) to the nearest double; past
 * the largest double it is HUGE_VAL with its sign, as in jq. */
double num_json(const char *p, size_t n);

/* Writes v, finite, as JSON spells numbers; integers below 1e17 without
 * exponent. Returns the length; out has NUM_MAX bytes, NUL included. */
size_t num_format(char *out, double v);

/* Writes v with so many decimals (at most 9), as a person rounds the decimal
 * that num_format() writes: a half goes away from zero, so that whoever
 * rounds what a CSV says gets what a page says. What is rounded to nothing
 * has no sign. From 1e15 on it is num_format()'s. Returns the length. */
size_t num_fixed(char *out, double v, int decimals);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* compat.h -- the system headers, once, and the functions nobody may call.
 *
 * Every source file of the suite includes this first, through its own header.
 * What differs between systems belongs here and nowhere else.
 */
#ifndef BASE_COMPAT_H
#define BASE_COMPAT_H

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L
#endif

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* Closes this process to debuggers and core dumps of the same user. */
#if defined(__linux__)
#include <sys/prctl.h>
#define NO_DUMP() prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
#else
#define NO_DUMP() 0
#endif

/* A clock that no one sets and that runs while the machine sleeps. */
#if defined(CLOCK_BOOTTIME)
#define CLOCK_SINCE_BOOT CLOCK_BOOTTIME
#else
#define CLOCK_SINCE_BOOT CLOCK_MONOTONIC
#endif

#if defined(__GNUC__)
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_USE __attribute__((warn_unused_result))
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define PREFETCH(p) __builtin_prefetch(p)
#else
#define PRINTF_LIKE(fmt, args)
#define MUST_USE
#define UNLIKELY(x) (x)
#define LIKELY(x) (x)
#define PREFETCH(p) ((void)(p))
#endif

#define COUNT(array) (sizeof (array) / sizeof (array)[0])

/* Banned: no bound on what they write, hidden state, a race, or no way to
 * report a number out of range. Using one is a compile error that names it. */
#define BANNED(name) sorry_##name##_is_a_banned_function
#undef strcpy
#define strcpy(a, b) BANNED(strcpy)
#undef strcat
#define strcat(a, b) BANNED(strcat)
#undef strncpy
#define strncpy(a, b, n) BANNED(strncpy)
#undef strncat
#define strncat(a, b, n) BANNED(strncat)
#undef strtok
#define strtok(a, b) BANNED(strtok)
#undef sprintf
#define sprintf(...) BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf)
#undef gets
#define gets(a) BANNED(gets)
#undef atoi
#define atoi(a) BANNED(atoi)
#undef atol
#define atol(a) BANNED(atol)
#undef atof
#define atof(a) BANNED(atof)
#undef gmtime
#define gmtime(t) BANNED(gmtime)
#undef localtime
#define localtime(t) BANNED(localtime)
#undef ctime
#define ctime(t) BANNED(ctime)
#undef asctime
#define asctime(t) BANNED(asctime)
#undef mktemp
#define mktemp(t) BANNED(mktemp)
#undef tmpnam
#define tmpnam(t) BANNED(tmpnam)
#undef rand
#define rand() BANNED(rand)
#undef srand
#define srand(s) BANNED(srand)

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* msg.h -- what a program says on stderr, and how.
 *
 * One line a message: "gc-ner: calls.ndjson:17:42: invalid JSON: expected
 * ':'". Program, place, what failed, reason or advice; lower case, no full
 * stop. A control character in a message is written as \xNN, so that data
 * never drives the terminal. Only programs call these; library code fills a
 * struct fail instead.
 */
#ifndef BASE_MSG_H
#define BASE_MSG_H

#include "base/fail.h"

/* Names the program; the string must outlive the process. Call it first. */
void msg_init(const char *program);
const char *msg_program(void);

/* --quiet: msg_note() is silent from here on. */
void msg_quiet(bool quiet);

/* A message about something that went wrong. One write(2) a line. */
void msg(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* A message about something worth knowing; silent under --quiet. */
void msg_note(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Says why->text and returns why->code, for "return msg_fail(&why)". */
int msg_fail(const struct fail *why);

#endif

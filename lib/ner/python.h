/* SPDX-License-Identifier: GPL-3.0-or-later */
/* python.h -- a regular expression of Python's re, spelled for PCRE2.
 *
 * With UTF and UCP the two mean the same by most. What is spelled out or
 * refused (the Python manual, "Regular Expression Syntax", 3.11; pcre2pattern
 * and pcre2syntax, 10.42):
 *
 *	\s \S \w \W \d \D	as Python takes them, inside classes too; PCRE2's
 *			differ by code points such as U+180E and U+001C, and
 *			between its versions
 *	\uHHHH \UHHHHHHHH \v \Z	\x{...}, \x0b, \z
 *	\1 \12 \012 \123	a group, or an octal number, as Python decides
 *	{,n} {,}	{0,n} {0,}
 *	[[:alpha:]]	the brackets are characters
 *	(?u)		dropped
 *	(?a) (?L)	refused, and so is what Python does not have: recursion,
 *			verbs, callouts, \K, \R, \X, \p{...} and the like
 */
#ifndef NER_PYTHON_H
#define NER_PYTHON_H

#include "base/buf.h"
#include "base/fail.h"

/* Adds the pattern for PCRE2 to b. Returns 0, or -1 with EXIT_USAGE. */
int python_regex(struct buf *b, const char *p, size_t n, struct fail *why);

#endif

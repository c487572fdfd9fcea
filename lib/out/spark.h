/* SPDX-License-Identifier: GPL-3.0-or-later */
/* spark.h -- numbers as a line of bars, a column of text each.
 *
 * The line says how something went, in the space of a word (E. Tufte,
 * "Beautiful Evidence", 2006). It begins at 0, so that half as high is half
 * as much; what is there at all is never drawn as nothing. More numbers than
 * columns are put together, each column being the mean of its numbers.
 */
#ifndef OUT_SPARK_H
#define OUT_SPARK_H

#include "base/buf.h"

#define SPARK_MOST 40           /* columns */

/* Adds the line of the numbers in a text, with blanks between them: of blocks
 * (U+2581 to U+2588), or in ASCII. What is no number counts as 0. Returns the
 * columns taken. */
size_t spark_line(struct buf *b, const char *p, size_t n, bool blocks);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multipart.h -- cuts a multipart body into its parts while it streams by.
 *
 * RFC 2046 5.1.1, by its grammar: a delimiter is a whole line of "--", the
 * boundary, "--" where it is the last one, and blanks. The line end before it
 * (CRLF or LF, mixed as they come) belongs to it, not to the part. A line
 * that goes on after the boundary is payload; so is a bare CR.
 *
 *	preamble            counted
 *	--b                 delimiter
 *	Name: value         header block, may be absent; ends at an empty line,
 *	                    or before a line that is no header
 *	(empty line)
 *	bytes               handed on as they are, no transfer decoding
 *	--b--               close-delimiter
 *	epilogue            counted
 *
 * Bytes are fed in pieces of any size; the events are the same whatever the
 * pieces. Memory is constant: data() gets slices of what was fed, without a
 * copy but for the few bytes at a piece's end that may turn out to be a
 * delimiter; only a header block is collected, up to BUF_HEAD. A part that is
 * multipart itself is one part; a second splitter takes it apart.
 *
 *	struct multipart m;
 *	char boundary[MULTIPART_BOUNDARY + 1];
 *
 *	if (multipart_boundary(type, strlen(type), boundary) < 0) ...
 *	multipart_init(&m, boundary, &sink);
 *	while ((n = read(fd, buf, sizeof buf)) > 0)
 *		if (multipart_feed(&m, buf, n, &why) < 0) ...
 *	if (multipart_end(&m, &why) < 0) ...
 *	multipart_free(&m);
 */
#ifndef NET_MULTIPART_H
#define NET_MULTIPART_H

#include "base/buf.h"
#include "base/fail.h"

#define MULTIPART_BOUNDARY 250  /* longest boundary; RFC 2046 allows 70 */
#define MULTIPART_PADDING 250   /* most blanks after it; more is payload */
#define MULTIPART_HEADERS 100   /* most headers of one part */

struct multipart_header {
	const char *name, *value;       /* NUL-ended; unfolded, blanks cut */
	size_t name_len, value_len;
};

/* What begin() and end() are told. */
struct multipart_part {
	uint64_t number;        /* from 1 */
	uint64_t offset;        /* of its header block in the body */
	const struct multipart_header *headers; /* in order; during begin() */
	size_t nheaders;
};

/* Who takes the events. Each returns 0, or -1 with why filled, which ends
 * the splitting. Slices and headers die when the call returns. */
struct multipart_sink {
	int (*begin)(void *ctx, const struct multipart_part *part,
	    struct fail *why);
	int (*data)(void *ctx, const char *p, size_t n, struct fail *why);
	/* complete: false where the end of the body cut the part off. */
	int (*end)(void *ctx, bool complete, struct fail *why);
	void *ctx;
};

enum multipart_state {
	MULTIPART_PREAMBLE, MULTIPART_HEAD, MULTIPART_DATA, MULTIPART_EPILOGUE
};

/* The longest header block that is known again in the next part. */
#define MULTIPART_AGAIN 256

/* Room for a delimiter line with the line ends around it. */
#define MULTIPART_HOLD (MULTIPART_BOUNDARY + MULTIPART_PADDING + 8)

/* Callers read the first five; the rest is the machine's. Put it on a stack or
 * a heap: it takes about 5 KB. */
struct multipart {
	uint64_t parts;         /* begun so far */
	uint64_t at;            /* in callbacks: the offset in the body of the
	                         * event: of data's first byte, of the end */
	uint64_t preamble;      /* bytes before the first delimiter */
	uint64_t epilogue;      /* bytes after the close-delimiter */
	enum multipart_state state;     /* MULTIPART_EPILOGUE: it was closed */

	const struct multipart_sink *sink;
	char delimiter[MULTIPART_BOUNDARY + 3]; /* "--boundary" */
	size_t delimiter_len;
	size_t pick;            /* which byte of it the search looks for */
	uint64_t offset;        /* bytes taken */
	bool bol;               /* at the start of a line whose line end before
	                         * it is no part of the data */
	uint64_t bol_end;       /* where data ends if a delimiter is there */
	size_t held;            /* bytes in hold: maybe a delimiter */
	char hold[MULTIPART_HOLD];
	struct multipart_part part;
	struct buf head;        /* the header block so far */
	size_t line;            /* where in it its last line begins */
	struct multipart_header headers[MULTIPART_HEADERS];
	size_t again_len;       /* the last header block as it came, or 0 */
	size_t again_headers;
	char again[MULTIPART_AGAIN];
};

/* The boundary that a Content-Type value of n bytes names, NUL-ended. Returns
 * 0; -1 where the type is not multipart or has no boundary that can be used:
 * empty, longer than MULTIPART_BOUNDARY, with a control character. */
int multipart_boundary(const char *type, size_t n,
    char boundary[MULTIPART_BOUNDARY + 1]);

/* The boundary that a body's first delimiter line names, found in its first n
 * bytes; whole says that these are all of it. Lines before it that do not
 * begin with "--" are preamble. Returns 0; -1 where no such line is there. */
int multipart_guess(const char *p, size_t n, bool whole,
    char boundary[MULTIPART_BOUNDARY + 1]);

/* Begins with a boundary that one of the two above gave, or that a user
 * named; the sink must outlive the splitting. Returns 0, or -1 with
 * EXIT_USAGE where the boundary cannot be used. */
int multipart_init(struct multipart *m, const char *boundary,
    const struct multipart_sink *sink, struct fail *why);

/* Takes bytes. Returns 0; -1 with the sink's failure, or EXIT_DATA for a
 * header block past its ceilings. After -1 only multipart_free() is left. */
int multipart_feed(struct multipart *m, const char *p, size_t n,
    struct fail *why);

/* Says that the body is over. Returns 0 where it was closed; else ends the
 * part that is cut off and returns -1 with EXIT_DATA and which part that is,
 * or that the boundary never came. */
int multipart_end(struct multipart *m, struct fail *why);

void multipart_free(struct multipart *m);

/* A header's value by its name in any case, or NULL. The first one counts. */
const struct multipart_header *multipart_header(
    const struct multipart_part *part, const char *name);

#endif

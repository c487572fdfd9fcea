/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_multipart.c -- any bytes, split whole and in pieces, give the same events.
 *
 * Input: a byte that chooses the boundary, a byte that seeds the pieces, and
 * the body. Also handed to the readers of Content-Type and of a body's first
 * delimiter line.
 */
#include "base/rng.h"
#include "net/media.h"
#include "net/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* All that happened, as one number. */
struct sum {
	uint64_t hash;
	uint64_t bytes, ends;
};

static void
mix(struct sum *s, const void *p, size_t n)
{
	const unsigned char *c = p;

	while (n-- > 0)
		s->hash = rng_mix(s->hash ^ *c++);
}

static int
on_begin(void *ctx, const struct multipart_part *part, struct fail *why)
{
	struct sum *s = ctx;
	size_t i;

	(void)why;
	mix(s, &part->number, sizeof part->number);
	mix(s, &part->offset, sizeof part->offset);
	for (i = 0; i < part->nheaders; i++) {
		mix(s, part->headers[i].name, part->headers[i].name_len + 1);
		mix(s, part->headers[i].value, part->headers[i].value_len + 1);
		media_kind(part->headers[i].value, part->headers[i].value_len);
	}
	return 0;
}

static int
on_data(void *ctx, const char *p, size_t n, struct fail *why)
{
	struct sum *s = ctx;

	(void)why;
	mix(s, p, n);
	s->bytes += n;
	return 0;
}

static int
on_end(void *ctx, bool complete, struct fail *why)
{
	struct sum *s = ctx;

	(void)why;
	s->ends++;
	mix(s, &complete, sizeof complete);
	mix(s, &s->bytes, sizeof s->bytes);
	return 0;
}

/* Splits; step 0 is whole. The pieces are copies, so that a read past their
 * end is seen. */
static struct sum
split(const char *boundary, const char *p, size_t n, size_t step, uint64_t seed)
{
	struct sum s = { 0, 0, 0 };
	const struct multipart_sink sink = { on_begin, on_data, on_end, &s };
	struct multipart m;
	struct rng rng;
	size_t at, k;
	int r = 0;

	rng_seed(&rng, seed);
	if (multipart_init(&m, boundary, &sink, NULL) < 0)
		return s;
	for (at = 0; at < n && r == 0; at += k) {
		char *piece;

		k = step ? 1 + (size_t)rng_below(&rng, step) : n;
		if (k > n - at)
			k = n - at;
		piece = malloc(k);
		if (!piece)
			abort();
		memcpy(piece, p + at, k);
		r = multipart_feed(&m, piece, k, NULL);
		free(piece);
	}
	if (r == 0) {
		r = multipart_end(&m, NULL);
		if (s.ends != m.parts)
			abort();
		mix(&s, &m.preamble, sizeof m.preamble);
		mix(&s, &m.epilogue, sizeof m.epilogue);
	}
	mix(&s, &r, sizeof r);
	multipart_free(&m);
	return s;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const boundaries[] = {
		"b", "--", "b--", "a b", "----WebKitFormBoundary7MA4YWxkTr",
		NULL
	};
	static const size_t steps[] = { 1, 3, 50, 1000 };
	const char *boundary, *p = (const char *)data + 2;
	char guess[MULTIPART_BOUNDARY + 1];
	struct sum whole;
	size_t i;

	if (n < 2)
		return 0;
	n -= 2;
	multipart_boundary(p, n, guess);
	boundary = boundaries[data[0] % COUNT(boundaries)];
	if (multipart_guess(p, n, true, guess) == 0 && !boundary)
		boundary = guess;
	if (!boundary)
		return 0;
	whole = split(boundary, p, n, 0, 0);
	for (i = 0; i < COUNT(steps); i++)
		if (split(boundary, p, n, steps[i], data[1]).hash != whole.hash)
			abort();
	return 0;
}

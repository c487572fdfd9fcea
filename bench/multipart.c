/* SPDX-License-Identifier: GPL-3.0-or-later */
/* multipart -- how fast the splitter goes through a body.
 *
 *	multipart [-n SIZE] [-p PIECE] [KIND...]   makes bodies, prints MB/s
 *	multipart -w [-n SIZE] KIND > FILE         writes one, for the peers
 *	multipart FILE                             splits a file's bytes
 *
 * Kinds: ndjson (lines of about 250 bytes), pretty (indented JSON, many short
 * lines), yaml (each line begins with a dash), binary (random bytes),
 * newlines (nothing but), false (false starts of a delimiter), records (a
 * JSON part of about 90 bytes each: the bot's export).
 */
#include "base/buf.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/rng.h"
#include "net/media.h"
#include "net/multipart.h"

#define BOUNDARY "gc-7f3a9c52e81b4d06"

static struct {
	uint64_t bytes, parts, slices;
} seen;

static int
on_begin(void *ctx, const struct multipart_part *part, struct fail *why)
{
	const struct multipart_header *type;

	(void)ctx;
	(void)why;
	type = multipart_header(part, "content-type");
	if (type && media_kind(type->value, type->value_len) == MEDIA_JSON)
		seen.parts++;
	return 0;
}

static int
on_data(void *ctx, const char *p, size_t n, struct fail *why)
{
	(void)ctx;
	(void)p;
	(void)why;
	seen.bytes += n;
	seen.slices++;
	return 0;
}

static int
on_end(void *ctx, bool complete, struct fail *why)
{
	(void)ctx;
	(void)complete;
	(void)why;
	return 0;
}

static void
head(struct buf *b)
{
	buf_str_add(b, "\r\n--" BOUNDARY
	    "\r\nContent-Type: application/json\r\n\r\n");
}

/* Adds a little of a kind's text. */
static int
grow(struct buf *b, const char *kind, struct rng *rng, uint64_t i)
{
	int j;

	if (strcmp(kind, "ndjson") == 0)
		buf_addf(b, "{\"id\":\"%016" PRIx64 "\",\"text\":\"I would "
		    "like to know where my order %" PRIu64 " is, it should "
		    "have been here last week and nobody called me back\","
		    "\"intent\":{\"name\":\"order_status\",\"confidence\":"
		    "0.%u},\"channel\":\"webchat\"}\n", rng_next(rng), i,
		    (unsigned)rng_below(rng, 1000));
	else if (strcmp(kind, "pretty") == 0)
		buf_addf(b, "  {\n    \"id\": %" PRIu64 ",\n    \"a\": {\n"
		    "      \"b\": [\n        1,\n        2\n      ]\n    }\n"
		    "  },\n", i);
	else if (strcmp(kind, "yaml") == 0)
		buf_addf(b, "- item %" PRIu64 "\n-- gc-7f\n", i);
	else if (strcmp(kind, "newlines") == 0)
		buf_str_add(b, "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n");
	else if (strcmp(kind, "false") == 0)
		buf_str_add(b, "\r\n--" BOUNDARY "x");
	else if (strcmp(kind, "binary") == 0)
		for (j = 0; j < 512; j++) {
			uint64_t r = rng_next(rng);

			buf_add(b, &r, sizeof r);
		}
	else if (strcmp(kind, "records") == 0) {
		head(b);
		buf_addf(b, "{\"actual_intent\":\"a%u\",\"predicted_intent\":"
		    "\"a%u\",\"confidence\":0.%u}",
		    (unsigned)rng_below(rng, 77), (unsigned)rng_below(rng, 77),
		    (unsigned)rng_below(rng, 10000));
	} else
		return -1;
	return 0;
}

static int
make(struct buf *b, const char *kind, size_t size)
{
	struct rng rng;
	uint64_t i = 0;

	rng_seed(&rng, 1);
	head(b);
	while (b->len < size && !b->err)
		if (grow(b, kind, &rng, i++) < 0)
			return -1;
	buf_str_add(b, "\r\n--" BOUNDARY "--\r\n");
	return b->err ? -1 : 0;
}

static int
run(const char *name, const struct buf *b, size_t piece)
{
	const struct multipart_sink sink = { on_begin, on_data, on_end, NULL };
	double best = 0;
	int round;

	for (round = 0; round < 5; round++) {
		struct multipart m;
		struct fail why;
		int64_t t;
		size_t at;
		double rate;

		memset(&seen, 0, sizeof seen);
		if (multipart_init(&m, BOUNDARY, &sink, &why) < 0)
			return -1;
		t = clock_mono();
		for (at = 0; at < b->len; at += piece)
			if (multipart_feed(&m, b->p + at, b->len - at < piece ?
			    b->len - at : piece, &why) < 0)
				break;
		if (multipart_end(&m, &why) < 0) {
			fprintf(stderr, "%s: %s\n", name, why.text);
			return -1;
		}
		rate = (double)b->len / (double)(clock_mono() - t) * 1e3;
		if (rate > best)
			best = rate;
		multipart_free(&m);
	}
	printf("%-10s %7.0f MB/s   %zu bytes, %" PRIu64 " JSON parts, %" PRIu64
	    " slices\n", name, best, b->len, seen.parts, seen.slices);
	return 0;
}

/* A kind's body, or else a file's bytes. */
static int
load(struct buf *b, const char *kind, size_t size)
{
	int fd;

	if (make(b, kind, size) == 0)
		return 0;
	buf_clear(b);
	fd = open(kind, O_RDONLY);
	if (fd < 0 || buf_read_fd(b, fd) < 0) {
		fprintf(stderr, "%s: %s\n", kind, strerror(errno));
		return -1;
	}
	close(fd);
	return 0;
}

int
main(int argc, char **argv)
{
	static char *all[] = {
		"ndjson", "pretty", "yaml", "binary", "newlines", "false",
		"records", NULL
	};
	uint64_t size = 64 << 20, piece = 64 << 10;
	struct buf b = BUF_INIT((size_t)1 << 32);
	bool writing = false;
	int c;

	while ((c = getopt(argc, argv, "n:p:w")) != -1) {
		if (c == 'w')
			writing = true;
		else if (c == '?' || num_size(optarg, c == 'n' ? &size :
		    &piece) < 0 || piece == 0)
			return 2;
	}
	argv = argv[optind] ? argv + optind : all;
	for (; *argv; argv++) {
		buf_clear(&b);
		if (load(&b, *argv, (size_t)size) < 0)
			return 1;
		if (writing)
			fwrite(b.p, 1, b.len, stdout);
		else if (run(*argv, &b, (size_t)piece) < 0)
			return 1;
	}
	buf_free(&b);
	return fflush(stdout) != 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* drive.c -- runs a fuzz target without a fuzzer: the corpus as it is, then
 * mutations of it from a fixed seed. One TAP test. A target that finds a
 * fault aborts. FUZZ_RUNS says how many inputs (20000), FUZZ_SEED from which
 * seed; `make fuzz` runs the same targets under libFuzzer. */
#include "base/buf.h"
#include "base/rng.h"

#include <dirent.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

#define SEEDS 256
#define LARGEST 8192

static struct buf seeds[SEEDS];
static size_t nseeds;

/* tests/fuzz/f_NAME.bin reads tests/fuzz/corpus/NAME/. */
static void
load(const char *program)
{
	const char *name = strrchr(program, '/');
	char dir[4096], path[8192];
	struct dirent *e;
	DIR *d;
	int fd;

	name = name ? name + 1 : program;      /* past the slash */
	snprintf(dir, sizeof dir, "%.*scorpus/%.*s", (int)(name - program),
	    program, (int)strcspn(name + 2, "."), name + 2);
	if (!(d = opendir(dir)))
		return;
	while ((e = readdir(d)) && nseeds < SEEDS) {
		snprintf(path, sizeof path, "%s/%s", dir, e->d_name);
		if (e->d_name[0] == '.' || (fd = open(path, O_RDONLY)) < 0)
			continue;
		seeds[nseeds].max = BUF_LINE;
		if (buf_read_fd(&seeds[nseeds], fd) == 0)
			nseeds++;
		close(fd);
	}
	closedir(d);
}

/* Part of one seed, then part of another, then some bytes changed. */
static void
mutate(struct buf *b, struct rng *r)
{
	static const char likely[] = "{}[]:,\"\\\r\n-0u\xff\xed\x80 =;";
	uint64_t i, changes = rng_below(r, 8);
	int k;

	buf_clear(b);
	for (k = 0; k < 2 && nseeds; k++) {
		const struct buf *s = &seeds[rng_below(r, nseeds)];
		size_t from = s->len ? rng_below(r, s->len) : 0;
		size_t n = s->len - from;

		if (k == 0) {
			n = rng_below(r, 2) ? s->len :
			    rng_below(r, s->len + 1);
			from = 0;
		} else if (rng_below(r, 2)) {
			break;
		}
		if (b->len + n > LARGEST)
			n = LARGEST - b->len;
		buf_add(b, s->p + from, n);
	}
	for (i = 0; i < changes; i++) {
		char c = rng_below(r, 3) ? likely[rng_below(r,
		    sizeof likely - 1)] : (char)rng_below(r, 256);

		if (b->len && rng_below(r, 2))
			b->p[rng_below(r, b->len)] = c;
		else
			buf_putc(b, c);
	}
}

int
main(int argc, char **argv)
{
	const char *runs = getenv("FUZZ_RUNS"), *seed = getenv("FUZZ_SEED");
	long i, n = runs ? strtol(runs, NULL, 10) : 20000;
	struct buf b = BUF_INIT(BUF_LINE);
	struct rng r;
	size_t k;

	(void)argc;
	load(argv[0]);
	rng_seed(&r, seed ? strtoull(seed, NULL, 10) : 1);
	for (k = 0; k < nseeds; k++)
		LLVMFuzzerTestOneInput((const uint8_t *)buf_str(&seeds[k]),
		    seeds[k].len);
	for (i = 0; i < n; i++) {
		uint8_t *exact;

		mutate(&b, &r);
		exact = malloc(b.len ? b.len : 1);      /* for ASan's eyes */
		if (!exact)
			return 1;
		if (b.len)
			memcpy(exact, b.p, b.len);
		LLVMFuzzerTestOneInput(exact, b.len);
		free(exact);
	}
	printf("ok 1 - %ld inputs from %zu seeds\n1..1\n", n, nseeds);
	buf_free(&b);
	for (k = 0; k < nseeds; k++)
		buf_free(&seeds[k]);
	return 0;
}

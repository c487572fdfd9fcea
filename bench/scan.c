/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scan FILE NAME [careful|avx2|avx512] -- validate every line of an NDJSON
 * file in memory, take one member, and say MB/s: median of the passes. */
#include "base/clock.h"
#include "base/num.h"
#include "json/block.h"
#include "json/index.h"

#define PASSES 9

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	struct buf text = BUF_INIT((size_t)1 << 31);
	const struct json_kernel *k = json_kernel();
	struct json_block *b;
	struct json_line line;
	struct json_val v;
	enum json_block_kind kind;
	double speed[PASSES];
	uint64_t records = 0, bytes = 0, bad = 0;
	int64_t start;
	int i, fd;

	if (argc < 3 || (fd = open(argv[1], O_RDONLY)) < 0 ||
	    buf_read_fd(&text, fd) < 0 || json_block_open(&b, NULL) < 0) {
		fprintf(stderr, "usage: scan FILE NAME [KERNEL]\n");
		return 2;
	}
	if (argc > 3) {
		for (k = json_kernels; k->name && strcmp(k->name, argv[3]); k++)
			;
		if (!k->name)
			k = NULL;
		json_block_use(b, k);
	}
	for (i = 0; i < PASSES; i++) {
		records = bytes = bad = 0;
		start = clock_mono();
		json_block_set(b, text.p, text.len);
		while ((kind = json_block_next(b, &line)) != BLOCK_END) {
			if (kind != BLOCK_VALUE) {
				bad++;
				continue;
			}
			records++;
			if (line.members.v ? json_member(&line.members,
			    argv[2], strlen(argv[2]), &v) :
			    json_get(line.val, argv[2], &v))
				bytes += v.n;
		}
		speed[i] = (double)text.len / (double)(clock_mono() - start) *
		    1e3;
	}
	qsort(speed, PASSES, sizeof speed[0], by_value);
	printf("gcpipe %s\t%.0f MB/s\t%" PRIu64 " records\t%" PRIu64
	    " bytes taken\t%" PRIu64 " bad\n", k ? k->name : "careful",
	    speed[PASSES / 2], records, bytes, bad);
	json_block_close(b);
	buf_free(&text);
	return 0;
}

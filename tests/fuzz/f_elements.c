/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f_elements.c -- the elements of an array, cut while it streams by, are those
 * the scanner finds when it has it all, whatever the pieces. The first byte is
 * the size of the pieces, the rest the text.
 */
#include "json/elements.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int
keep(void *ctx, struct json_val v, struct fail *why)
{
	(void)why;
	buf_add(ctx, v.p, v.n);
	return buf_putc(ctx, '\n');
}

static int
in_pieces(const char *p, size_t n, size_t piece, struct buf *values)
{
	struct json_elements e;
	struct fail why;
	size_t i, k;
	int r = 0;

	json_elements_init(&e, BUF_RECORD, keep, values);
	for (i = 0; r == 0 && i < n; i += k) {
		k = n - i < piece ? n - i : piece;
		r = json_elements_feed(&e, p + i, k, &why);
	}
	if (r == 0)
		r = json_elements_end(&e, &why);
	json_elements_free(&e);
	return r;
}

/* The same by the scanner. An array may be one level deeper there. */
static int
at_once(const char *p, size_t n, struct buf *values)
{
	struct json_val v;
	struct json_iter it;

	if (json_check(p, n, &v, NULL) < 0)
		return -1;
	if (json_type(v) != JSON_ARRAY)
		return keep(values, v, NULL);
	it = json_iter(v);
	while (json_next(&it))
		keep(values, it.val, NULL);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf a = BUF_INIT(BUF_DOC), b = BUF_INIT(BUF_DOC);
	const char *p = (const char *)data + 1;
	size_t mark = 0;
	int r;

	if (n == 0)
		return 0;
	n--;
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		mark = 3;               /* which only the stream drops */
	r = in_pieces(p, n, data[0] ? data[0] : 1, &a);
	if (at_once(p + mark, n - mark, &b) == 0) {
		if (r < 0 || a.len != b.len ||
		    (a.len && memcmp(a.p, b.p, a.len) != 0))
			abort();
	} else if (r == 0 && n < JSON_DEPTH) {
		abort();
	}
	buf_free(&a);
	buf_free(&b);
	return 0;
}

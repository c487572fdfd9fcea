/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of JSON: every kernel gives the careful scanner's verdicts; on what
 * is taken, adding a field keeps it JSON and twice is the same as once. */
#include "json/block.h"
#include "json/index.h"
#include "json/write.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_value(struct json_val v)
{
	struct buf once = BUF_INIT(BUF_DOC), twice = BUF_INIT(BUF_DOC);
	struct json_iter it = json_iter(v);
	struct json_val x;

	must(json_skip(v.p, v.p + v.n) == v.p + v.n);
	while (json_next(&it)) {
		must(json_check(it.val.p, it.val.n, &x, NULL) == 0);
		must(x.p == it.val.p && x.n == it.val.n);
	}
	if (json_type(v) != JSON_OBJECT)
		return;
	json_set(&once, v, "a", "[0]", 3);
	must(json_check(once.p, once.len, &x, NULL) == 0);
	json_set(&twice, x, "a", "[0]", 3);
	must(once.len == twice.len && !memcmp(once.p, twice.p, once.len));
	must(json_get(x, "a", &x) && x.n == 3);
	buf_free(&once);
	buf_free(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct json_block *fast, *slow;
	const struct json_kernel *k;
	struct json_line a, b;
	enum json_block_kind ka, kb;

	if (!fast && (json_block_open(&fast, NULL) < 0 ||
	    json_block_open(&slow, NULL) < 0))
		return 0;
	json_block_use(slow, NULL);
	for (k = json_kernels; k->name; k++) {
		if (!k->here())
			continue;
		json_block_use(fast, k);
		json_block_set(fast, (const char *)p, n);
		json_block_set(slow, (const char *)p, n);
		do {
			ka = json_block_next(fast, &a);
			kb = json_block_next(slow, &b);
			must(ka == kb);
			if (ka == BLOCK_END)
				break;
			must(a.p == b.p && a.n == b.n);
			if (ka == BLOCK_BAD)
				must(a.err.offset == b.err.offset);
			if (ka == BLOCK_VALUE) {
				must(a.val.p == b.val.p && a.val.n == b.val.n);
				check_value(a.val);
			}
		} while (1);
	}
	return 0;
}

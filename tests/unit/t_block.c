/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fast road against the careful one: every kernel, millions of bytes of
 * mutated lines, the same verdict, value and members for each. */
#include "base/rng.h"
#include "json/block.h"
#include "json/index.h"
#include "unit.h"

static const char *const seeds[] = {
	"{\"id\":\"a1\",\"n\":-12.5e+3,\"t\":true,\"f\":false,\"z\":null}",
	"{ \"a\" : [ 1 , 2.0 , {\"b\":[]} ] , \"a\":{} }\r",
	"{\"text\":\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80 ok\"}",
	"{\"esc\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\\\\\"}",
	"[[[[{\"x\":[[]]}]]],\"{\\\"}[]:,\"]", "   \t ", "", "42", "\"alone\"",
	"{}", "[]", "{\"\":0}", "{\"k\\u0065y\":1,\"key\":2,\"\\\\\":3}",
	"{\"long\":\"0123456789012345678901234567890123456789012345678901234"
	"56789\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\",\"n\":[0,-0,0.1,1E9]}",
	"\x0c", "{\"a\"\x1a" "1}", "{\"a\":1\x0c\"b\":2}", "nul", "tru", "-",
	"{\"a\":\"\\ud800\"}", "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"\\\"}",
};

static const char alphabet[] =
    "{}[]:,\"\\ \t\r\n\x01tfn0123456789.eE+-ud8c\xc3\xa9\xe2\x82\xf0\x9f\xff\x0c";

/* A text of lines: seeds, some with a byte changed, added or taken out. */
static void
make_text(struct buf *b, struct rng *r, size_t size, int per_mille)
{
	while (b->len < size) {
		const char *s = seeds[rng_below(r, COUNT(seeds))];
		size_t i, n = strlen(s);

		for (i = 0; i < n; i++) {
			char c = alphabet[rng_below(r, sizeof alphabet - 1)];
			uint64_t what = rng_below(r, 1000);

			if (what >= (uint64_t)per_mille) {
				buf_putc(b, s[i]);
				continue;
			}
			if (what % 3 == 0)
				buf_putc(b, c);
			else if (what % 3 == 1) {
				buf_putc(b, s[i]);
				buf_putc(b, c);
			}
		}
		buf_putc(b, '\n');
	}
	if (rng_below(r, 2))
		buf_str_add(b, "{\"last\":\"line without end\"}");
}

static void
same_members(const struct json_line *line)
{
	struct json_iter it = json_iter(line->val);
	struct buf name = BUF_INIT(1000);
	struct json_val a, b;
	uint32_t n = 0;

	while (json_next(&it)) {
		n++;
		buf_clear(&name);
		assert_int_equal(json_decode(it.key, &name), 0);
		assert_true(json_get_n(line->val, buf_str(&name), name.len,
		    &a));
		assert_true(json_member(&line->members, buf_str(&name),
		    name.len, &b));
		assert_ptr_equal(a.p, b.p);
		assert_int_equal(a.n, b.n);
	}
	assert_int_equal(n, line->members.n);
	assert_false(json_member(&line->members, "absent", 6, &a));
	buf_free(&name);
}

static void
compare(const struct json_kernel *k, const char *p, size_t n, uint64_t *fast)
{
	struct json_block *a, *b;
	struct json_line x, y;
	enum json_block_kind kx, ky;

	assert_int_equal(json_block_open(&a, NULL), 0);
	assert_int_equal(json_block_open(&b, NULL), 0);
	json_block_use(a, k);
	json_block_use(b, NULL);
	json_block_set(a, p, n);
	json_block_set(b, p, n);
	do {
		kx = json_block_next(a, &x);
		ky = json_block_next(b, &y);
		assert_int_equal(kx, ky);
		if (kx == BLOCK_END)
			break;
		assert_ptr_equal(x.p, y.p);
		assert_int_equal(x.n, y.n);
		if (kx == BLOCK_BAD) {
			assert_int_equal(x.err.offset, y.err.offset);
			assert_string_equal(x.err.text, y.err.text);
		} else if (kx == BLOCK_VALUE) {
			assert_ptr_equal(x.val.p, y.val.p);
			assert_int_equal(x.val.n, y.val.n);
			if (x.members.v) {
				same_members(&x);
				++*fast;
			}
		}
	} while (1);
	json_block_close(a);
	json_block_close(b);
}

static void
the_roads_agree(void **state)
{
	const struct json_kernel *k;
	struct buf b = BUF_INIT(BUF_DOC);
	struct rng r;
	char *exact;
	int round;

	(void)state;
	for (k = json_kernels; k->name; k++) {
		uint64_t fast = 0;

		if (!k->here()) {
			print_message("this processor lacks %s\n", k->name);
			continue;
		}
		rng_seed(&r, 7);
		for (round = 0; round < 300; round++) {
			buf_clear(&b);
			make_text(&b, &r, rng_below(&r, 9000),
			    round % 3 == 0 ? 0 : round % 3 == 1 ? 2 : 40);
			exact = malloc(b.len + 1);      /* for ASan's eyes */
			assert_non_null(exact);
			memcpy(exact, b.p, b.len);
			compare(k, exact, b.len, &fast);
			free(exact);
		}
		assert_true(fast > 5000);       /* it does take the fast one */
	}
	buf_free(&b);
}

static void
lines_longer_than_a_span(void **state)
{
	struct buf b = BUF_INIT(BUF_DOC);
	uint64_t fast = 0;
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		buf_str_add(&b, "{\"a\":1}\n{\"b\":\"");
		while (b.len % 100000 != 99999)
			buf_putc(&b, 'x');
		buf_str_add(&b, "\"}\n[1]\n");
	}
	compare(json_kernel(), b.p, b.len, &fast);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_roads_agree),
		cmocka_unit_test(lines_longer_than_a_span),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

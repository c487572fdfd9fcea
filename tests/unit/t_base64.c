/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/base64.h"
#include "base/rng.h"
#include "unit.h"

/* The vectors of RFC 4648 section 10. */
static void
published_vectors(void **state)
{
	static const char *const pair[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" },
		{ "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" }
	};
	struct buf b = BUF_INIT(BUF_LINE);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pair); i++) {
		buf_clear(&b);
		base64_add(&b, pair[i][0], strlen(pair[i][0]));
		assert_string_equal(buf_str(&b), pair[i][1]);
		buf_clear(&b);
		assert_int_equal(base64_decode(&b, pair[i][1],
		    strlen(pair[i][1])), 0);
		assert_string_equal(buf_str(&b), pair[i][0]);
	}
	buf_free(&b);
}

static void
all_bytes_come_back(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE), back = BUF_INIT(BUF_LINE);
	struct rng r;
	char bytes[300];
	size_t n, i;

	(void)state;
	rng_seed(&r, 1);
	for (n = 0; n < sizeof bytes; n++) {
		for (i = 0; i < n; i++)
			bytes[i] = (char)rng_next(&r);
		buf_clear(&b);
		buf_clear(&back);
		base64_add(&b, bytes, n);
		assert_int_equal(b.len, (n + 2) / 3 * 4);
		assert_int_equal(base64_decode(&back, b.p, b.len), 0);
		assert_int_equal(back.len, n);
		if (n)
			assert_memory_equal(back.p, bytes, n);
	}
	buf_free(&b);
	buf_free(&back);
}

static void
other_characters_are_refused(void **state)
{
	struct buf b = BUF_INIT(BUF_LINE), small = BUF_INIT(2);

	(void)state;
	assert_int_equal(base64_decode(&b, "Zm9\n", 4), -1);
	assert_int_equal(base64_decode(&b, "Zm-v", 4), -1);
	assert_int_equal(base64_decode(&b, "Z\0", 2), -1);
	assert_int_equal(base64_decode(&small, "Zm9v", 4), -1);
	assert_int_equal(base64_add(&small, "foo", 3), -1);
	buf_free(&b);
	buf_free(&small);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_vectors),
		cmocka_unit_test(all_bytes_come_back),
		cmocka_unit_test(other_characters_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/secret.h"
#include "unit.h"

#include <sys/resource.h>

extern char **environ;

static void
wipes(void **state)
{
	char text[] = "hunter2";

	(void)state;
	secret_wipe(text, 0);
	assert_string_equal(text, "hunter2");
	secret_wipe(text + 1, 3);
	assert_memory_equal(text, "h\0\0\0er2", 8);
	secret_wipe(NULL, 0);
	secret_free(NULL);
}

static void
compares(void **state)
{
	(void)state;
	assert_true(secret_same("", ""));
	assert_true(secret_same("abc", "abc"));
	assert_false(secret_same("abc", "abd"));
	assert_false(secret_same("abc", "ab"));
	assert_false(secret_same("", "a"));
}

/* The bytes of the environment themselves are gone, not only their name. */
static void
unsets(void **state)
{
	static char pair[] = "T_SECRET=hunter2";
	char *mine[] = { pair, NULL };
	char **before = environ;

	(void)state;
	environ = mine;
	secret_unset("T_SEC");
	assert_string_equal(pair, "T_SECRET=hunter2");
	secret_unset("T_SECRET");
	assert_null(getenv("T_SECRET"));
	assert_memory_equal(pair, "T_SECRET=\0\0\0\0\0\0\0", 17);
	environ = before;
	secret_unset("T_SECRET");       /* none there is fine */
}

static void
a_buffer_goes_whole(void **state)
{
	struct buf b = BUF_INIT(100);

	(void)state;
	buf_str_add(&b, "hunter2");
	secret_buf_free(&b);
	assert_null(b.p);
	secret_buf_free(&b);
}

static void
allocates(void **state)
{
	static const char zero[64];
	char *p = secret_alloc(5), *s;
	size_t i;

	(void)state;
	memcpy(p, "12345", 5);
	p = secret_realloc(p, 2000);
	assert_memory_equal(p, "12345", 5);
	p = secret_realloc(p, 3);
	assert_memory_equal(p, "123", 3);
	secret_dealloc(p);
	p = secret_realloc(NULL, 10);
	assert_non_null(p);
	secret_dealloc(p);
	p = secret_calloc(8, 8);
	assert_memory_equal(p, zero, 64);
	secret_dealloc(p);
	s = secret_strdup("hunter2");
	assert_string_equal(s, "hunter2");
	secret_dealloc(s);
	secret_dealloc(NULL);
	for (i = 0; i < 40; i++) {
		p = secret_alloc(i);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		memset(p, 1, i);
		secret_dealloc(p);
	}
}

static void
too_much_is_refused(void **state)
{
	void *p = secret_alloc(8);

	(void)state;
	assert_null(secret_alloc(SIZE_MAX));
	assert_null(secret_alloc(SIZE_MAX - 8));
	assert_null(secret_calloc(SIZE_MAX / 2, 3));
	assert_null(secret_realloc(p, SIZE_MAX));       /* p stays */
	secret_dealloc(p);
}

static void
leaves_no_core(void **state)
{
	struct rlimit limit;
	struct fail why;

	(void)state;
	assert_int_equal(secret_no_core(&why), 0);
	assert_int_equal(getrlimit(RLIMIT_CORE, &limit), 0);
	assert_int_equal(limit.rlim_cur, 0);
	assert_int_equal(limit.rlim_max, 0);
}

static void
masks_every_occurrence(void **state)
{
	char text[] = "abc abcabc ab\0abc";
	char none[] = "x";

	(void)state;
	secret_mask(text, sizeof text - 1, "abc");
	assert_memory_equal(text, "*** ****** ab\0***", sizeof text);
	secret_mask(none, 1, "abc");
	secret_mask(none, 1, "");
	secret_mask(NULL, 0, "abc");
	assert_string_equal(none, "x");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_every_occurrence),
		cmocka_unit_test(wipes),
		cmocka_unit_test(compares),
		cmocka_unit_test(unsets),
		cmocka_unit_test(a_buffer_goes_whole),
		cmocka_unit_test(allocates),
		cmocka_unit_test(too_much_is_refused),
		cmocka_unit_test(leaves_no_core),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

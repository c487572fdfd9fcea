/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unit.h -- what every unit test includes: cmocka, and where data lies. */
#ifndef TESTS_UNIT_H
#define TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* base/fail.h has the name fail; fail_msg() stays. */
#undef fail
#undef fail_msg
#define fail_msg(...) \
	(print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

/* A path below the folder of test data (GC_TEST_DATA, by default
 * ../shared/data), or NULL where that folder is absent: skip() then. */
static inline const char *
test_data(const char *name)
{
	static char path[4096];
	const char *dir = getenv("GC_TEST_DATA");
	FILE *f;

	snprintf(path, sizeof path, "%s/%s",
	    dir && *dir ? dir : "../shared/data", name);
	if (!(f = fopen(path, "r")))
		return NULL;
	fclose(f);
	return path;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/fail.h"

int
fail(struct fail *why, int code, const char *fmt, ...)
{
	va_list ap;

	if (!why)
		return -1;
	why->code = code;
	va_start(ap, fmt);
	vsnprintf(why->text, sizeof why->text, fmt, ap);
	va_end(ap);
	return -1;
}

int
fail_errno(struct fail *why, const char *fmt, ...)
{
	int e = errno;
	va_list ap;
	size_t n;
	char reason[128];

	if (!why)
		return -1;
	why->code = EXIT_MACHINE;
	va_start(ap, fmt);
	vsnprintf(why->text, sizeof why->text, fmt, ap);
	va_end(ap);
	if (strerror_r(e, reason, sizeof reason) != 0)
		snprintf(reason, sizeof reason, "error %d", e);
	n = strlen(why->text);
	snprintf(why->text + n, sizeof why->text - n, ": %s", reason);
	return -1;
}

int
fail_prefix(struct fail *why, const char *fmt, ...)
{
	char old[sizeof why->text];
	va_list ap;
	size_t n;

	if (!why)
		return -1;
	memcpy(old, why->text, sizeof old);
	va_start(ap, fmt);
	vsnprintf(why->text, sizeof why->text, fmt, ap);
	va_end(ap);
	n = strlen(why->text);
	snprintf(why->text + n, sizeof why->text - n, ": %.*s",
	    (int)(sizeof old - 1), old);
	return -1;
}

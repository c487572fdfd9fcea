/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "range.h"

#include "base/clock.h"
#include "base/num.h"
#include "gen.h"

/* lastNDays, previousNDays; today's anchor ends the last. */
static int
of_words(const char *s, int64_t anchor, int64_t *from, int64_t *to)
{
	bool last = strncmp(s, "last", 4) == 0;
	size_t n = last ? 4 : strncmp(s, "previous", 8) == 0 ? 8 : 0;
	char digits[8];
	int64_t days;
	size_t k = strspn(s + n, "0123456789");

	snprintf(digits, sizeof digits, "%.*s", (int)k, s + n);
	if (n == 0 || strcmp(s + n + k, "Days") != 0 ||
	    num_int(digits, 1, 3650, &days) < 0)
		return -1;
	*to = last ? anchor : anchor - days * DAY_MS;
	*from = *to - days * DAY_MS;
	return 0;
}

static int
of_interval(const char *s, int64_t *from, int64_t *to)
{
	size_t n = strcspn(s, "/");

	return s[n] && time_parse(s, n, from) == 0 &&
	    time_parse(s + n + 1, strlen(s + n + 1), to) == 0 &&
	    *from < *to ? 0 : -1;
}

/* A string's text in a small buffer; -1 where it is none or too long. */
static int
short_text(struct json_val v, char *out, size_t size)
{
	struct buf b = BUF_INIT(size - 1);
	int status = json_decode(v, &b);

	if (status == 0)
		snprintf(out, size, "%s", buf_str(&b));
	buf_free(&b);
	return status;
}

int
range_parse(struct json_val v, int64_t anchor, int64_t *from, int64_t *to)
{
	struct json_val start, end;
	char text[80];

	if ((json_get(v, "start", &start) && json_get(v, "end", &end)) ||
	    (json_get(v, "dateFrom", &start) && json_get(v, "dateTo", &end))) {
		if (short_text(start, text, sizeof text) < 0 ||
		    time_parse(text, strlen(text), from) < 0 ||
		    short_text(end, text, sizeof text) < 0 ||
		    time_parse(text, strlen(text), to) < 0)
			return -1;
		return *from < *to ? 0 : -1;
	}
	if (short_text(v, text, sizeof text) < 0)
		return -1;
	return of_words(text, anchor, from, to) == 0 ||
	    of_interval(text, from, to) == 0 ? 0 : -1;
}

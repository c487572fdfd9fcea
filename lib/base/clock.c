/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

static bool fixed;
static int64_t fixed_at;

int
clock_fix(const char *iso, struct fail *why)
{
	if (time_parse(iso, strlen(iso), &fixed_at) < 0)
		return fail(why, EXIT_USAGE,
		    "'%s' is no time: expected YYYY-MM-DDTHH:MM:SSZ", iso);
	fixed = true;
	return 0;
}

int
clock_init(struct fail *why)
{
	const char *now = getenv("GC_NOW");

	if (!now || !*now || fixed)
		return 0;
	if (clock_fix(now, why) < 0)
		return fail_prefix(why, "GC_NOW");
	return 0;
}

bool
clock_is_fixed(void)
{
	return fixed;
}

int64_t
clock_now(void)
{
	struct timespec t;

	if (fixed)
		return fixed_at;
	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
clock_mono(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int
clock_sleep(double seconds)
{
	struct timespec t;

	if (seconds <= 0)
		return 0;
	t.tv_sec = (time_t)seconds;
	t.tv_nsec = (long)((seconds - (double)t.tv_sec) * 1e9);
	return nanosleep(&t, NULL);
}

/* Days from 1970-01-01 to a civil date: years begin in March, so that the
 * leap day is the last of a year, and 400 years are one era. */
static int64_t
days_from_civil(int64_t y, int m, int d)
{
	int64_t era, yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

static void
civil_from_days(int64_t z, int64_t *y, int *m, int *d)
{
	int64_t era, doe, yoe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = yoe + era * 400 + (*m <= 2);
}

static int
month_days(int64_t y, int m)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};

	if (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))
		return 29;
	return days[m - 1];
}

/* Reads exactly width digits at *c; -1 where there are fewer. */
static int
digits(const char **c, const char *end, int width)
{
	int v = 0;

	for (; width > 0; width--, (*c)++) {
		if (*c >= end || **c < '0' || **c > '9')
			return -1;
		v = v * 10 + (**c - '0');
	}
	return v;
}

static bool
take(const char **c, const char *end, char want)
{
	if (*c >= end || **c != want)
		return false;
	(*c)++;
	return true;
}

/* Z or +HH:MM or -HH:MM; minutes east of UTC. */
static int
zone(const char **c, const char *end, int *minutes)
{
	int sign, h, m;

	if (take(c, end, 'Z') || take(c, end, 'z')) {
		*minutes = 0;
		return 0;
	}
	if (take(c, end, '+'))
		sign = 1;
	else if (take(c, end, '-'))
		sign = -1;
	else
		return -1;
	h = digits(c, end, 2);
	take(c, end, ':');
	m = digits(c, end, 2);
	if (h < 0 || h > 23 || m < 0 || m > 59)
		return -1;
	*minutes = sign * (h * 60 + m);
	return 0;
}

int
time_parse(const char *p, size_t n, int64_t *ms)
{
	const char *c = p, *end = p + n;
	int y, mo, d, h = 0, mi = 0, s = 0, milli = 0, off = 0, scale = 100;

	y = digits(&c, end, 4);
	if (y < 0 || !take(&c, end, '-'))
		return -1;
	mo = digits(&c, end, 2);
	if (mo < 1 || mo > 12 || !take(&c, end, '-'))
		return -1;
	d = digits(&c, end, 2);
	if (d < 1 || d > month_days(y, mo))
		return -1;
	if (c < end) {
		if (!take(&c, end, 'T') && !take(&c, end, 't') &&
		    !take(&c, end, ' '))
			return -1;
		h = digits(&c, end, 2);
		if (h < 0 || h > 23 || !take(&c, end, ':'))
			return -1;
		mi = digits(&c, end, 2);
		if (mi < 0 || mi > 59)
			return -1;
		if (take(&c, end, ':')) {
			s = digits(&c, end, 2);
			if (s < 0 || s > 60)
				return -1;
			if (take(&c, end, '.')) {
				if (c >= end || *c < '0' || *c > '9')
					return -1;
				for (; c < end && *c >= '0' && *c <= '9'; c++) {
					milli += (*c - '0') * scale;
					scale /= 10;
				}
			}
		}
		if (zone(&c, end, &off) < 0)
			return -1;
	}
	if (c != end)
		return -1;
	*ms = (days_from_civil(y, mo, d) * 86400 + h * 3600 + mi * 60 + s -
	    off * 60) * 1000 + milli;
	return 0;
}

char *
time_format(char out[TIME_MAX], int64_t ms)
{
	int64_t day = ms >= 0 ? ms / 86400000 : -((86399999 - ms) / 86400000);
	int64_t in = ms - day * 86400000, y;
	int m, d, n;

	civil_from_days(day, &y, &m, &d);
	n = snprintf(out, TIME_MAX, "%04d-%02d-%02dT%02d:%02d:%02d",
	    (int)y, m, d, (int)(in / 3600000), (int)(in / 60000 % 60),
	    (int)(in / 1000 % 60));
	if (in % 1000)
		n += snprintf(out + n, TIME_MAX - (size_t)n, ".%03d",
		    (int)(in % 1000));
	snprintf(out + n, TIME_MAX - (size_t)n, "Z");
	return out;
}

char *
time_format_day(char out[TIME_MAX], int64_t ms)
{
	time_format(out, ms);
	*strchr(out, 'T') = '\0';
	return out;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
 * "Sun Nov  6 08:49:37 1994". The day's name is not checked against the
 * date. A two-digit year above 69 is of the last century (RFC 850). */
int
time_parse_http(const char *s, int64_t *ms)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char mon[4];
	const char *at;
	int d, y, h, mi, sec, end = -1, m;

	if (sscanf(s, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n",
	    &d, mon, &y, &h, &mi, &sec, &end) == 6 && end > 0)
		;
	else if (sscanf(s, "%*[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n",
	    &d, mon, &y, &h, &mi, &sec, &end) == 6 && end > 0)
		y += y > 69 ? 1900 : 2000;
	else if (sscanf(s, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n",
	    mon, &d, &h, &mi, &sec, &y, &end) == 6 && end > 0)
		;
	else
		return -1;
	if (s[end] || strlen(mon) != 3 || !(at = strstr(names, mon)) ||
	    (at - names) % 3)
		return -1;
	m = (int)(at - names) / 3 + 1;
	if (y < 1601 || d < 1 || d > month_days(y, m) || h < 0 || h > 23 ||
	    mi < 0 || mi > 59 || sec < 0 || sec > 60)
		return -1;
	*ms = (days_from_civil(y, m, d) * 86400 + h * 3600 + mi * 60 + sec) *
	    1000;
	return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/num.h"

static int
no(int e)
{
	errno = e;
	return -1;
}

int
num_int(const char *s, int64_t min, int64_t max, int64_t *value)
{
	char *end;
	long long v;

	if (!(isdigit((unsigned char)s[0]) ||
	    (s[0] == '-' && isdigit((unsigned char)s[1]))))
		return no(EINVAL);
	errno = 0;
	v = strtoll(s, &end, 10);
	if (*end)
		return no(EINVAL);
	if (errno || v < min || v > max)
		return no(ERANGE);
	*value = v;
	return 0;
}

int
num_double(const char *s, double min, double max, double *value)
{
	const char *c = s[0] == '-' ? s + 1 : s;
	char *end;
	double v;

	if (!isdigit((unsigned char)c[0]) &&
	    !(c[0] == '.' && isdigit((unsigned char)c[1])))
		return no(EINVAL);
	if (c[0] == '0' && (c[1] == 'x' || c[1] == 'X'))
		return no(EINVAL);
	v = strtod(s, &end);
	if (*end)
		return no(EINVAL);
	if (!isfinite(v) || v < min || v > max)
		return no(ERANGE);
	*value = v;
	return 0;
}

int
num_size(const char *s, uint64_t *bytes)
{
	char *end;
	unsigned long long v;
	int shift = 0;

	if (!isdigit((unsigned char)s[0]))
		return no(EINVAL);
	errno = 0;
	v = strtoull(s, &end, 10);
	if (errno)
		return no(ERANGE);
	if (*end == 'K' || *end == 'k')
		shift = 10;
	else if (*end == 'M' || *end == 'm')
		shift = 20;
	else if (*end == 'G' || *end == 'g')
		shift = 30;
	if (shift)
		end++;
	if (*end)
		return no(EINVAL);
	if (v > UINT64_MAX >> shift)
		return no(ERANGE);
	*bytes = (uint64_t)v << shift;
	return 0;
}

int
num_seconds(const char *s, double *seconds)
{
	static const struct { const char *unit; double seconds; } units[] = {
		{ "", 1 }, { "ms", 0.001 }, { "s", 1 }, { "m", 60 },
		{ "h", 3600 }, { "d", 86400 },
	};
	char digits[64];
	size_t n = strspn(s, "0123456789."), i;
	double v;

	if (n == 0 || n >= sizeof digits)
		return no(EINVAL);
	memcpy(digits, s, n);
	digits[n] = '\0';
	if (num_double(digits, 0, 1e12, &v) < 0)
		return -1;
	for (i = 0; i < COUNT(units); i++) {
		if (strcmp(s + n, units[i].unit) == 0) {
			v *= units[i].seconds;
			if (v > SECONDS_MAX)
				return no(ERANGE);
			*seconds = v;
			return 0;
		}
	}
	return no(EINVAL);
}

/* Up to 15 digits and a power of ten up to 22: both are exact doubles, and
 * one correctly rounded operation gives the nearest double (Clinger 1990,
 * the fast case). Everything else is strtod's. */
double
num_json(const char *p, size_t n)
{
	static const double power[] = {
		1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
		1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
		1e22,
	};
	char small[64], *text = small;
	const char *c = p, *end = p + n;
	uint64_t digits = 0;
	int seen = 0, after = 0;
	bool negative = false;
	double v;

	if (c < end && *c == '-') {
		negative = true;
		c++;
	}
	for (; c < end && *c >= '0' && *c <= '9'; c++, seen++)
		digits = digits * 10 + (uint64_t)(*c - '0');
	if (c < end && *c == '.')
		for (c++; c < end && *c >= '0' && *c <= '9'; c++, after++)
			digits = digits * 10 + (uint64_t)(*c - '0');
	if (c == end && seen + after <= 15) {
		v = (double)digits / power[after];
		return negative ? -v : v;
	}
	if (n >= sizeof small && !(text = malloc(n + 1)))
		text = small;           /* no memory: the first 63 digits */
	if (text == small && n >= sizeof small)
		n = sizeof small - 1;
	memcpy(text, p, n);
	text[n] = '\0';
	v = strtod(text, NULL);
	if (text != small)
		free(text);
	return v;
}

/* The next decimal of 16 digits above the one in out ("d.ddde-xx"): above a
 * power of two doubles lie twice as far apart as below it, so the nearest
 * decimal may read back as another double where the next one does not. */
static void
next_decimal(char *out)
{
	char *p = strchr(out, 'e');

	while (p-- > out) {
		if (*p == '.')
			continue;
		if (*p < '9') {
			++*p;
			return;
		}
		*p = '0';
	}
	out[0] = '1';   /* 9.99...9 became 0.00...0: never for a power of two */
}

size_t
num_format(char *out, double v)
{
	int digits, exponent;

	if (v == floor(v) && fabs(v) < 1e17) {
		/* -0 keeps its sign: it reads back to the same double */
		return (size_t)snprintf(out, NUM_MAX, "%.0f", v);
	}
	/* a decimal of 15 digits that reads back is the shortest, but for
	 * subnormals, which have fewer digits to tell apart */
	for (digits = fabs(v) < DBL_MIN ? 1 : 15; digits <= 17; digits++) {
		snprintf(out, NUM_MAX, "%.*g", digits, v);
		if (strtod(out, NULL) == v)
			break;
		if (digits == 16 && fabs(frexp(v, &exponent)) == 0.5) {
			snprintf(out, NUM_MAX, "%.15e", v);
			next_decimal(out + (v < 0));
			if (strtod(out, NULL) == v)
				break;
		}
	}
	return strlen(out);
}

/* The digits of a shortest decimal, and how many stand before the point. */
static int
take_apart(const char *text, char digit[24], int *point)
{
	bool after = false;
	int n = 0, leading = 0;

	for (*point = 0; *text && *text != 'e'; text++) {
		if (*text == '.') {
			after = true;
		} else if (isdigit((unsigned char)*text)) {
			if (!after)
				++*point;
			if (n == 0 && *text == '0')
				leading++;
			else if (n < 20)
				digit[n++] = *text;
		}
	}
	*point -= leading;
	if (*text == 'e')
		*point += (int)strtol(text + 1, NULL, 10);
	return n;
}

/* Rounds digits to the first `keep` of them; 1 where a digit came in front. */
static int
round_digits(char digit[24], int *n, int keep)
{
	bool up = keep >= 0 && keep < *n && digit[keep] >= '5';
	int i;

	if (keep >= *n)
		return 0;
	*n = keep > 0 ? keep : 0;
	for (i = *n - 1; up && i >= 0; i--) {
		up = digit[i] == '9';
		digit[i] = up ? '0' : (char)(digit[i] + 1);
	}
	if (!up)
		return 0;
	memmove(digit + 1, digit, (size_t)*n);
	digit[0] = '1';
	++*n;
	return 1;
}

size_t
num_fixed(char *out, double v, int decimals)
{
	char text[NUM_MAX], digit[24];
	int n, point, i;
	size_t at = 0;

	if (!isfinite(v) || fabs(v) >= 1e15)
		return num_format(out, v);
	num_format(text, v);
	n = take_apart(text, digit, &point);
	point += round_digits(digit, &n, point + decimals);
	if (v < 0 && n > 0)
		out[at++] = '-';
	if (point <= 0)
		out[at++] = '0';
	for (i = 0; i < point; i++)
		out[at++] = i < n ? digit[i] : '0';
	if (decimals > 0)
		out[at++] = '.';
	for (i = point; i < point + decimals; i++)
		out[at++] = i >= 0 && i < n ? digit[i] : '0';
	out[at] = '\0';
	return at;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/uni.h"
#include "ner/uni_table.h"

#define SIGMA 0x3A3
#define FINAL_SIGMA 0x3C2

static bool
within(const struct uni_range *r, size_t n, uint32_t c)
{
	size_t low = 0, high = n, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (c > r[mid].high)
			low = mid + 1;
		else if (c < r[mid].low)
			high = mid;
		else
			return true;
	}
	return false;
}

bool
uni_is_alpha(uint32_t c)
{
	if (c < 0x80)
		return (c | 32) - 'a' < 26;
	return within(uni_alpha, uni_alpha_n, c);
}

bool
uni_is_upper(uint32_t c)
{
	if (c < 0x80)
		return c - 'A' < 26;
	return within(uni_upper, uni_upper_n, c);
}

bool
uni_is_digit(uint32_t c)
{
	if (c < 0x80)
		return c - '0' < 10;
	return within(uni_digit, uni_digit_n, c);
}

bool
uni_is_space(uint32_t c)
{
	if (c < 0x80)
		return c == ' ' || c - 9 < 5 || c - 28 < 4;
	return within(uni_space, uni_space_n, c);
}

bool
uni_is_lower(uint32_t c)
{
	if (c < 0x80)
		return c - 'a' < 26;
	return within(uni_small, uni_small_n, c);
}

bool
uni_is_title(uint32_t c)
{
	return c >= 0x80 && within(uni_title, uni_title_n, c);
}

bool
uni_is_punct(uint32_t c)
{
	return within(uni_punct, uni_punct_n, c);
}

bool
uni_is_currency(uint32_t c)
{
	return within(uni_currency, uni_currency_n, c);
}

size_t
uni_put(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

static uint32_t
lower(uint32_t c)
{
	size_t low = 0, high = uni_lowers_n, mid;
	const struct uni_lower *r;

	if (c < 0x80)
		return c - 'A' < 26 ? c + 32 : c;
	while (low < high) {
		mid = (low + high) / 2;
		r = &uni_lowers[mid];
		if (c > r->high)
			low = mid + 1;
		else if (c < r->low)
			high = mid;
		else if ((c - r->low) % r->step)
			return c;
		else
			return (uint32_t)((int32_t)c + r->delta);
	}
	return c;
}

/* The code point before p. */
static uint32_t
before(const char **p)
{
	const char *s;

	do
		--*p;
	while (((unsigned char)**p & 0xC0) == 0x80);
	s = *p;
	return uni_next(&s);
}

static bool
ignorable(uint32_t c)
{
	return within(uni_ignorable, uni_ignorable_n, c);
}

static bool
cased(uint32_t c)
{
	return within(uni_cased, uni_cased_n, c);
}

/* Is the sigma before at, in text..end, the last letter of a word? The
 * nearest neighbours that are not ignorable decide. */
static bool
is_final(const char *text, const char *sigma, const char *at, const char *end)
{
	uint32_t c = 0;

	do {
		if (sigma == text)
			return false;
		c = before(&sigma);
	} while (ignorable(c));
	if (!cased(c))
		return false;
	while (at < end) {
		c = uni_next(&at);
		if (!ignorable(c))
			return !cased(c);
	}
	return true;
}

void
uni_lower(struct buf *b, const char *p, size_t n)
{
	const char *at = p, *end = p + n, *from;
	char out[4];
	uint32_t c;

	while (at < end) {
		from = at;
		c = uni_next(&at);
		if (c == 0x130) {
			buf_str_add(b, "i\314\207");
			continue;
		}
		if (c == SIGMA && is_final(p, from, at, end))
			c = FINAL_SIGMA;
		else
			c = lower(c);
		buf_add(b, out, uni_put(out, c));
	}
}

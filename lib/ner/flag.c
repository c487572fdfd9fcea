/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ner/flag.h"
#include "ner/english_table.h"
#include "ner/lex.h"
#include "ner/uni.h"

/* Words of a kind, each after a blank. */
static const char brackets[] = " ( ) [ ] { } < > ";
static const char quotes[] = " \" ' ` \302\253 \302\273 \342\200\230 "
    "\342\200\231 \342\200\232 \342\200\233 \342\200\234 \342\200\235 "
    "\342\200\236 \342\200\237 \342\200\271 \342\200\272 \342\235\256 "
    "\342\235\257 '' `` ";
static const char left_puncts[] = " ( [ { < \" ' \302\253 \342\200\230 "
    "\342\200\232 \342\200\233 \342\200\234 \342\200\236 \342\200\237 "
    "\342\200\271 \342\235\256 `` ";
static const char right_puncts[] = " ) ] } > \" ' \302\273 \342\200\231 "
    "\342\200\235 \342\200\272 \342\235\257 '' ";

static bool
is_one_of(const char *list, const char *p, size_t n)
{
	const char *at;

	if (n > 4 || memchr(p, ' ', n))
		return false;
	for (at = list; (at = strchr(at, ' ')) && at[1]; at++)
		if (strncmp(at + 1, p, n) == 0 && at[1 + n] == ' ')
			return true;
	return false;
}

/* Is it in a list that is sorted by bytes? */
static bool
is_in(const char *const *list, size_t count, const char *p, size_t n)
{
	size_t low = 0, high = count, mid, len;
	int c;

	while (low < high) {
		mid = (low + high) / 2;
		len = strlen(list[mid]);
		c = memcmp(list[mid], p, len < n ? len : n);
		if (c == 0)
			c = (len > n) - (len < n);
		if (c == 0)
			return true;
		if (c < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* Does something hold of every code point? */
static bool
all(const char *p, size_t n, bool (*holds)(uint32_t c))
{
	const char *end = p + n;

	while (p < end)
		if (!holds(uni_next(&p)))
			return false;
	return n > 0;
}

static bool
is_ascii(uint32_t c)
{
	return c < 0x80;
}

/* str.islower() and isupper(): of the letters with a case, all have it, and
 * there is one. */
static bool
has_case(const char *p, size_t n, bool upper)
{
	const char *end = p + n;
	bool found = false;
	uint32_t c;

	while (p < end) {
		c = uni_next(&p);
		if (uni_is_title(c) ||
		    (upper ? uni_is_lower(c) : uni_is_upper(c)))
			return false;
		found |= upper ? uni_is_upper(c) : uni_is_lower(c);
	}
	return found;
}

/* str.istitle(): capitals stand where a word begins, others where not. */
static bool
has_title(const char *p, size_t n)
{
	const char *end = p + n;
	bool inside = false, found = false;
	uint32_t c;

	while (p < end) {
		c = uni_next(&p);
		if (uni_is_upper(c) || uni_is_title(c)) {
			if (inside)
				return false;
			inside = found = true;
		} else if (uni_is_lower(c)) {
			if (!inside)
				return false;
		} else {
			inside = false;
		}
	}
	return found;
}

/* ---- what looks like something ---- */

static bool
is_english_number(const char *p, size_t n)
{
	static const char ends[] = " st nd rd th ";
	struct buf low = BUF_INIT(BUF_LINE);
	bool yes;

	uni_lower(&low, p, n);
	p = buf_str(&low);
	n = low.len;
	yes = is_in(english_numbers, english_numbers_n, p, n) || (n > 2 &&
	    is_one_of(ends, p + n - 2, 2) && all(p, n - 2, uni_is_digit));
	buf_free(&low);
	return yes;
}

static bool
like_num(const char *p, size_t n, const struct flag_rules *r)
{
	struct buf *b = r->work;
	const char *slash;
	size_t i;

	if (p[0] == '+' || p[0] == '-' || p[0] == '~') {
		p++;
		n--;
	} else if (n >= 2 && memcmp(p, "\302\261", 2) == 0) {
		p += 2;
		n -= 2;
	}
	buf_clear(b);
	for (i = 0; i < n; i++)
		if (p[i] != ',' && p[i] != '.')
			buf_putc(b, p[i]);
	p = buf_str(b);
	n = b->len;
	if (all(p, n, uni_is_digit))
		return true;
	slash = memchr(p, '/', n);
	if (slash && !memchr(slash + 1, '/', n - (size_t)(slash + 1 - p)) &&
	    all(p, (size_t)(slash - p), uni_is_digit) &&
	    all(slash + 1, n - (size_t)(slash + 1 - p), uni_is_digit))
		return true;
	return r->english && is_english_number(p, n);
}

/* The length of the run of letters, digits and more at p. */
static size_t
run_of(const char *p, size_t n, const char *more)
{
	size_t i;

	for (i = 0; i < n && ((unsigned char)((p[i] | 32) - 'a') < 26 ||
	    (unsigned char)(p[i] - '0') < 10 || (p[i] &&
	    strchr(more, p[i]))); i++)
		continue;
	return i;
}

/* It begins with an address; what comes behind does not matter. */
static bool
like_email(const char *p, size_t n)
{
	size_t i = run_of(p, n, "_.+-"), k;

	if (i == 0 || i == n || p[i++] != '@')
		return false;
	k = run_of(p + i, n - i, "-");
	i += k;
	return k > 0 && i < n && p[i] == '.' &&
	    run_of(p + i + 1, n - i - 1, "-.") > 0;
}

static bool
like_url(const char *p, size_t n, const struct flag_rules *r)
{
	const char *domain, *end = p + n, *colon;
	size_t len;

	if ((n >= 7 && memcmp(p, "http://", 7) == 0) ||
	    (n >= 8 && memcmp(p, "https://", 8) == 0) ||
	    (uni_count(p, n) >= 5 && memcmp(p, "www.", 4) == 0))
		return true;
	if (p[0] == '.' || end[-1] == '.' || memchr(p, '@', n) ||
	    !memchr(p, '.', n))
		return false;
	for (domain = end; domain[-1] != '.'; domain--)
		continue;
	colon = memchr(domain, ':', (size_t)(end - domain));
	len = (size_t)((colon ? colon : end) - domain);
	if (len > 0 && domain[len - 1] == '/')
		return true;
	if (is_in(english_domains, english_domains_n, domain, len))
		return true;
	return r->url && regex_match(r->url, r->room, p, n, &len);
}

static bool
is_stop(const char *p, size_t n, const struct flag_rules *r)
{
	buf_clear(r->work);
	uni_lower(r->work, p, n);
	return is_in(english_stops, english_stops_n, buf_str(r->work),
	    r->work->len);
}

bool
flag_holds(enum flag flag, const char *p, size_t n,
    const struct flag_rules *r)
{
	switch (flag) {
	case FLAG_ALPHA:
		return all(p, n, uni_is_alpha);
	case FLAG_ASCII:
		return all(p, n, is_ascii);
	case FLAG_DIGIT:
		return all(p, n, uni_is_digit);
	case FLAG_LOWER:
		return has_case(p, n, false);
	case FLAG_UPPER:
		return has_case(p, n, true);
	case FLAG_TITLE:
		return has_title(p, n);
	case FLAG_PUNCT:
		return all(p, n, uni_is_punct);
	case FLAG_SPACE:
		return lex_is_space(p, n);
	case FLAG_BRACKET:
		return is_one_of(brackets, p, n);
	case FLAG_QUOTE:
		return is_one_of(quotes, p, n);
	case FLAG_LEFT_PUNCT:
		return is_one_of(left_puncts, p, n);
	case FLAG_RIGHT_PUNCT:
		return is_one_of(right_puncts, p, n);
	case FLAG_CURRENCY:
		return all(p, n, uni_is_currency);
	case FLAG_STOP:
		return r->english && is_stop(p, n, r);
	case FLAG_LIKE_NUM:
		return like_num(p, n, r);
	case FLAG_LIKE_URL:
		return like_url(p, n, r);
	case FLAG_LIKE_EMAIL:
		return like_email(p, n);
	case FLAGS:
		break;
	}
	return false;
}

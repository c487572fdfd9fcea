/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/region.h"

static const struct region table[] = {
	{ "us-east-1", "mypurecloud.com" },
	{ "eu-west-1", "mypurecloud.ie" },
	{ "ap-southeast-2", "mypurecloud.com.au" },
	{ "ap-northeast-1", "mypurecloud.jp" },
	{ "eu-central-1", "mypurecloud.de" },
	{ "us-west-2", "usw2.pure.cloud" },
	{ "ca-central-1", "cac1.pure.cloud" },
	{ "ap-northeast-2", "apne2.pure.cloud" },
	{ "eu-west-2", "euw2.pure.cloud" },
	{ "ap-south-1", "aps1.pure.cloud" },
	{ "us-east-2", "use2.us-gov-pure.cloud" },
	{ "sa-east-1", "sae1.pure.cloud" },
	{ "me-central-1", "mec1.pure.cloud" },
	{ "ap-northeast-3", "apne3.pure.cloud" },
	{ "eu-central-2", "euc2.pure.cloud" },
	{ "mx-central-1", "mxc1.pure.cloud" },
	{ "ap-southeast-1", "apse1.pure.cloud" },
	{ "eusc-de-east-1", "edee1.eusc-pure.cloud" },
	{ NULL, NULL }
};

const struct region *
region_table(void)
{
	return table;
}

/* A copy without scheme, trailing slash and service name, in lower case.
 * Returns 0, or -1 where it is too long or something follows the host. */
static int
bare(const char *text, char out[REGION_MAX])
{
	static const char *const service[] = { "api.", "login.", "apps." };
	size_t i, n;

	if (strncasecmp(text, "https://", 8) == 0)
		text += 8;
	for (i = 0; i < COUNT(service); i++) {
		n = strlen(service[i]);
		if (strncasecmp(text, service[i], n) == 0) {
			text += n;
			break;
		}
	}
	n = strcspn(text, "/");
	if (n == 0 || n >= REGION_MAX || (text[n] && text[n + 1]))
		return -1;
	for (i = 0; i < n; i++)
		out[i] = (char)tolower((unsigned char)text[i]);
	out[n] = '\0';
	return 0;
}

/* Labels of letters, digits and inner hyphens, at least two (RFC 1123 2.1). */
static bool
is_domain(const char *s)
{
	size_t label = 0, dots = 0;
	char before = '.';

	for (; *s; before = *s++) {
		if (*s == '.') {
			if (label == 0 || before == '-')
				return false;
			label = 0;
			dots++;
			continue;
		}
		if (!(*s >= 'a' && *s <= 'z') && !(*s >= '0' && *s <= '9') &&
		    (*s != '-' || label == 0))
			return false;
		if (++label > 63)
			return false;
	}
	return dots > 0 && label > 0 && before != '-';
}

/* Is b one letter more, less, other or swapped away from a? */
static bool
one_slip(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] && a[i] == b[i])
		i++;
	a += i;
	b += i;
	if (!*a && !*b)
		return false;
	return (*a && strcmp(a + 1, b) == 0) ||
	    (*b && strcmp(a, b + 1) == 0) ||
	    (*a && *b && strcmp(a + 1, b + 1) == 0) ||
	    (*a && *b && a[0] == b[1] && a[1] == b[0] &&
	    strcmp(a + 2, b + 2) == 0);
}

/* One of the platform's own subdomains, where regions come to be? */
static bool
is_platform(const char *s)
{
	static const char *const parent[] = {
		".pure.cloud", ".us-gov-pure.cloud", ".eusc-pure.cloud"
	};
	size_t i, n = strlen(s);

	for (i = 0; i < COUNT(parent); i++)
		if (n > strlen(parent[i]) &&
		    strcmp(s + n - strlen(parent[i]), parent[i]) == 0)
			return true;
	return false;
}

static const struct region *
find(const char *s)
{
	const struct region *r;
	char id[REGION_MAX];
	size_t i;

	for (i = 0; s[i]; i++)
		id[i] = s[i] == '_' ? '-' : s[i];
	id[i] = '\0';
	for (r = table; r->id; r++)
		if (strcmp(r->id, id) == 0 || strcmp(r->domain, s) == 0)
			return r;
	return NULL;
}

int
region_domain(const char *text, char out[REGION_MAX], struct fail *why)
{
	const struct region *r;

	if (bare(text, out) < 0)
		return fail(why, EXIT_USAGE, "'%.100s' is no region: expected "
		    "a region id, a domain or a host", text);
	if ((r = find(out))) {
		snprintf(out, REGION_MAX, "%s", r->domain);
		return 0;
	}
	for (r = table; r->id && !is_platform(out); r++)
		if (one_slip(r->domain, out) || one_slip(r->id, out))
			return fail(why, EXIT_USAGE, "unknown region "
			    "'%.100s': did you mean %s?", text,
			    one_slip(r->id, out) ? r->id : r->domain);
	if (!is_domain(out))
		return fail(why, EXIT_USAGE, "unknown region '%.100s': "
		    "expected an id such as eu-west-1, a domain such as "
		    "mypurecloud.ie, or a host", text);
	return 0;
}

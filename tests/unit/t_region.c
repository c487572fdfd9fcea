/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/region.h"
#include "unit.h"

static void
means(const char *text, const char *domain)
{
	char out[REGION_MAX];
	struct fail why = { 0, "" };

	if (region_domain(text, out, &why) < 0)
		fail_msg("%s", why.text);
	assert_string_equal(out, domain);
}

static void
fails(const char *text, const char *expect)
{
	char out[REGION_MAX];
	struct fail why = { 0, "" };

	assert_int_equal(region_domain(text, out, &why), -1);
	assert_string_equal(why.text, expect);
	assert_int_equal(why.code, EXIT_USAGE);
}

static void
every_region_in_every_spelling(void **state)
{
	const struct region *r;
	char text[300], *c;
	int n = 0;

	(void)state;
	for (r = region_table(); r->id; r++, n++) {
		means(r->id, r->domain);
		means(r->domain, r->domain);
		snprintf(text, sizeof text, "%s", r->id);
		for (c = text; *c; c++)
			if (*c == '-')
				*c = '_';
		means(text, r->domain);
		snprintf(text, sizeof text, "api.%s", r->domain);
		means(text, r->domain);
		snprintf(text, sizeof text, "login.%s", r->domain);
		means(text, r->domain);
		snprintf(text, sizeof text, "https://api.%s/", r->domain);
		means(text, r->domain);
	}
	assert_int_equal(n, 18);
}

static void
no_two_regions_are_alike(void **state)
{
	const struct region *a, *b;

	(void)state;
	for (a = region_table(); a->id; a++)
		for (b = a + 1; b->id; b++) {
			assert_string_not_equal(a->id, b->id);
			assert_string_not_equal(a->domain, b->domain);
		}
}

static void
letters_fold(void **state)
{
	(void)state;
	means("EU-West-1", "mypurecloud.ie");
	means("API.MyPureCloud.IE", "mypurecloud.ie");
}

static void
new_regions_are_taken_as_they_are(void **state)
{
	(void)state;
	means("afs1.pure.cloud", "afs1.pure.cloud");
	means("usw3.pure.cloud", "usw3.pure.cloud");    /* a slip from usw2 */
	means("my.genesys.cloud", "my.genesys.cloud");
	means("api.example.org", "example.org");
}

static void
a_slip_is_no_region(void **state)
{
	(void)state;
	fails("mypurecloud.co",
	    "unknown region 'mypurecloud.co': did you mean mypurecloud.com?");
	fails("mypurecluod.ie",
	    "unknown region 'mypurecluod.ie': did you mean mypurecloud.ie?");
	fails("mypurecloud.dee",
	    "unknown region 'mypurecloud.dee': did you mean mypurecloud.de?");
	fails("api.usw2.pure.clod",
	    "unknown region 'api.usw2.pure.clod': did you mean "
	    "usw2.pure.cloud?");
	fails("eu-wst-1",
	    "unknown region 'eu-wst-1': did you mean eu-west-1?");
}

static void
what_is_no_domain_is_refused(void **state)
{
	static const char *const bad[] = {
		"mars", "a..b", ".a.b", "a.b.", "-a.b", "a-.b", "a b.c",
		"a.b:80", "user@a.b", "a_b.c", "x.y\n", "\xc3\xa9.fr"
	};
	char out[REGION_MAX], big[400];
	struct fail why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		if (region_domain(bad[i], out, &why) == 0)
			fail_msg("'%s' was taken", bad[i]);
	fails("", "'' is no region: expected a region id, a domain or a host");
	fails("https://api.mypurecloud.com/path",
	    "'https://api.mypurecloud.com/path' is no region: expected a "
	    "region id, a domain or a host");
	fails("http://mypurecloud.com",
	    "'http://mypurecloud.com' is no region: expected a region id, a "
	    "domain or a host");
	memset(big, 'a', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	assert_int_equal(region_domain(big, out, &why), -1);
	big[100] = '.';
	big[200] = '\0';
	assert_int_equal(region_domain(big, out, &why), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_region_in_every_spelling),
		cmocka_unit_test(no_two_regions_are_alike),
		cmocka_unit_test(letters_fold),
		cmocka_unit_test(new_regions_are_taken_as_they_are),
		cmocka_unit_test(a_slip_is_no_region),
		cmocka_unit_test(what_is_no_domain_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

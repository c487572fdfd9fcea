/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conf/conf.h"
#include "unit.h"

static char home[] = "/tmp/t_conf.XXXXXX";
static char file[96];

/* Every variable that the room reads. */
static const char *const names[] = {
	"GC_PROFILE", "GENESYS_REGION", "GENESYS_REGION_HOST",
	"GENESYSCLOUD_REGION", "GC_API", "GC_API_URL", "GC_LOGIN_URL",
	"GENESYS_CLIENT_ID", "GENESYSCLOUD_OAUTHCLIENT_ID",
	"GENESYS_CLIENT_SECRET", "GENESYSCLOUD_OAUTHCLIENT_SECRET",
	"GENESYS_CLIENT_SECRET_FILE", "GENESYSCLOUD_ACCESS_TOKEN",
	"GC_SCOPES", "GC_AUTH", "GENESYS_BOT_ID", "GENESYS_MODEL_ID",
	"DASHBOARD_API_URL", "CAMPAIGN_API_URL", "COACHING_WEBHOOK_URL",
	"GC_STORE", "POSTGRES_CONNECTION_STRING", "SSL_CERT_FILE",
	"CURL_CA_BUNDLE"
};

static int
make_home(void **state)
{
	char dir[64];

	(void)state;
	if (!mkdtemp(home))
		return -1;
	snprintf(dir, sizeof dir, "%s/.gc", home);
	snprintf(file, sizeof file, "%s/config.toml", dir);
	return mkdir(dir, 0700);
}

static int
drop_home(void **state)
{
	char dir[64];

	(void)state;
	snprintf(dir, sizeof dir, "%s/.gc", home);
	return rmdir(dir) | rmdir(home);
}

/* Before each test: nothing is set, no file is there. */
static int
clean(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(names); i++)
		unsetenv(names[i]);
	setenv("HOME", home, 1);
	unlink(file);
	return 0;
}

static void
profile(mode_t mode, const char *text)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	assert_int_equal(chmod(file, mode), 0);
}

static void
load(struct conf *c, const struct conf_opts *o, unsigned what)
{
	struct fail why = { 0, "" };

	if (conf_load(c, o, what, &why) < 0)
		fail_msg("%s", why.text);
}

static void
load_fails(const struct conf_opts *o, const char *expect)
{
	struct conf c;
	struct fail why = { 0, "" };

	assert_int_equal(conf_load(&c, o, CONF_SECRETS, &why), -1);
	assert_non_null(strstr(why.text, expect));
	assert_int_equal(why.code, EXIT_USAGE);
	conf_free(&c);
}

static void
is(const struct conf *c, enum conf_key key, const char *text,
    const char *origin)
{
	if (text)
		assert_string_equal(conf_get(c, key), text);
	else
		assert_null(conf_get(c, key));
	assert_string_equal(conf_origin(c, key), origin);
}

static void
defaults(void **state)
{
	struct conf c;

	(void)state;
	load(&c, NULL, CONF_SECRETS);
	is(&c, CONF_REGION, "mypurecloud.com", "default");
	is(&c, CONF_API, "tutorial", "default");
	is(&c, CONF_API_URL, "https://api.mypurecloud.com", "region");
	is(&c, CONF_LOGIN_URL, "https://login.mypurecloud.com", "region");
	is(&c, CONF_STORE, "gcpipe.db", "default");
	is(&c, CONF_CLIENT_ID, NULL, "not set");
	is(&c, CONF_ACCESS_TOKEN, NULL, "not set");
	assert_false(conf_platform(&c));
	conf_free(&c);
}

static void
flag_then_environment_then_profile(void **state)
{
	struct conf_opts o = { { NULL }, false };
	struct conf c;
	char place[128];

	(void)state;
	profile(0600, "[DEFAULT]\nenvironment='mypurecloud.de'\n");
	snprintf(place, sizeof place, "%s [DEFAULT]", file);
	load(&c, &o, 0);
	is(&c, CONF_REGION, "mypurecloud.de", place);
	conf_free(&c);
	setenv("GENESYSCLOUD_REGION", "eu-west-2", 1);
	load(&c, &o, 0);
	is(&c, CONF_REGION, "euw2.pure.cloud", "GENESYSCLOUD_REGION");
	conf_free(&c);
	setenv("GENESYS_REGION_HOST", "api.mypurecloud.jp", 1);
	load(&c, &o, 0);
	is(&c, CONF_REGION, "mypurecloud.jp", "GENESYS_REGION_HOST");
	conf_free(&c);
	setenv("GENESYS_REGION", "", 1);        /* empty is not set */
	load(&c, &o, 0);
	is(&c, CONF_REGION, "mypurecloud.jp", "GENESYS_REGION_HOST");
	conf_free(&c);
	setenv("GENESYS_REGION", "me_central_1", 1);
	load(&c, &o, 0);
	is(&c, CONF_REGION, "mec1.pure.cloud", "GENESYS_REGION");
	conf_free(&c);
	o.flag[CONF_REGION] = "mypurecloud.ie";
	load(&c, &o, 0);
	is(&c, CONF_REGION, "mypurecloud.ie", "--region");
	is(&c, CONF_API_URL, "https://api.mypurecloud.ie", "region");
	assert_string_equal(conf_export(&c, CONF_REGION), "GENESYS_REGION");
	assert_null(conf_export(&c, CONF_API));
	conf_free(&c);
}

static void
urls_stand_in_for_each_other(void **state)
{
	struct conf c;

	(void)state;
	setenv("GC_API_URL", "http://127.0.0.1:8080/prefix//", 1);
	load(&c, NULL, 0);
	is(&c, CONF_API_URL, "http://127.0.0.1:8080/prefix", "GC_API_URL");
	is(&c, CONF_LOGIN_URL, "http://127.0.0.1:8080/prefix", "GC_API_URL");
	conf_free(&c);
	setenv("GC_LOGIN_URL", "http://127.0.0.1:9090/login", 1);
	load(&c, NULL, 0);
	is(&c, CONF_API_URL, "http://127.0.0.1:8080/prefix", "GC_API_URL");
	is(&c, CONF_LOGIN_URL, "http://127.0.0.1:9090/login", "GC_LOGIN_URL");
	conf_free(&c);
	unsetenv("GC_API_URL");
	load(&c, NULL, 0);
	is(&c, CONF_API_URL, "https://api.mypurecloud.com", "region");
	is(&c, CONF_LOGIN_URL, "http://127.0.0.1:9090/login", "GC_LOGIN_URL");
	conf_free(&c);
}

static void
gateway_of_the_profile(void **state)
{
	struct conf c;

	(void)state;
	profile(0600, "[DEFAULT]\nenvironment=\"mypurecloud.com\"\n"
	    "gateway_protocol=\"http\"\ngateway_host=\"127.0.0.1\"\n"
	    "gateway_port=\"18100\"\n"
	    "gateway_pathparams='{api: apipath, login: /log/in}'\n");
	load(&c, NULL, 0);
	assert_string_equal(conf_get(&c, CONF_API_URL),
	    "http://127.0.0.1:18100/apipath");
	assert_string_equal(conf_get(&c, CONF_LOGIN_URL),
	    "http://127.0.0.1:18100/log/in");
	conf_free(&c);
	setenv("GC_API_URL", "http://127.0.0.1:1", 1);
	load(&c, NULL, 0);
	is(&c, CONF_API_URL, "http://127.0.0.1:1", "GC_API_URL");
	is(&c, CONF_LOGIN_URL, "http://127.0.0.1:1", "GC_API_URL");
	conf_free(&c);
	unsetenv("GC_API_URL");
	profile(0600, "[DEFAULT]\ngateway_host='gw.example.org'\n"
	    "gateway_pathparams='{\"login\": \"l\"}'\n");
	load(&c, NULL, 0);
	assert_string_equal(conf_get(&c, CONF_API_URL),
	    "https://gw.example.org");
	assert_string_equal(conf_get(&c, CONF_LOGIN_URL),
	    "https://gw.example.org/l");
	conf_free(&c);
}

static void
bad_urls(void **state)
{
	static const char *const bad[] = {
		"127.0.0.1:80", "ftp://h", "http://", "http:///p",
		"https://user:pw@h", "http://h?x=1", "http://h#f", "http://h h",
		"http://h\n", "http://:80"
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		setenv("GC_API_URL", bad[i], 1);
		load_fails(NULL, "GC_API_URL: ");
	}
	unsetenv("GC_API_URL");
	setenv("GC_LOGIN_URL", "nonsense", 1);
	load_fails(NULL, "GC_LOGIN_URL: expected http://HOST or https://HOST");
	setenv("GC_LOGIN_URL", "https://u:hunter2@h", 1);
	load_fails(NULL, "GC_LOGIN_URL: a URL must not hold a user or "
	    "password");
}

static void
profiles_are_named_in_any_case(void **state)
{
	struct conf_opts o = { { NULL }, false };
	struct conf c;
	char place[128];

	(void)state;
	profile(0600, "[default]\nclient_credentials='one'\n"
	    "[Prod]\nClient_Credentials=\"two\"\nlogging_enabled=true\n");
	load(&c, &o, 0);
	assert_string_equal(conf_get(&c, CONF_CLIENT_ID), "one");
	conf_free(&c);
	o.flag[CONF_PROFILE] = "PROD";
	load(&c, &o, 0);
	snprintf(place, sizeof place, "%s [PROD]", file);
	is(&c, CONF_CLIENT_ID, "two", place);
	assert_string_equal(conf_export(&c, CONF_PROFILE), "GC_PROFILE");
	conf_free(&c);
	o.flag[CONF_PROFILE] = NULL;
	setenv("GC_PROFILE", "prod", 1);
	load(&c, &o, 0);
	assert_string_equal(conf_get(&c, CONF_CLIENT_ID), "two");
	conf_free(&c);
	setenv("GC_PROFILE", "none", 1);
	load_fails(&o, "no profile 'none' in ");
	unlink(file);
	load_fails(&o, "no profile 'none' in ");
	unsetenv("HOME");
	load_fails(&o, "HOME is not set");
}

static void
secrets_only_for_those_who_ask(void **state)
{
	struct conf c;

	(void)state;
	profile(0600, "[DEFAULT]\nclient_secret='hunter2'\n"
	    "access_token='tok'\n");
	load(&c, NULL, 0);
	assert_null(conf_get(&c, CONF_CLIENT_SECRET));
	assert_null(conf_get(&c, CONF_ACCESS_TOKEN));
	conf_free(&c);
	setenv("GENESYS_CLIENT_SECRET", "x", 1);
	load(&c, NULL, 0);
	assert_null(conf_get(&c, CONF_CLIENT_SECRET));
	conf_free(&c);
	unsetenv("GENESYS_CLIENT_SECRET");
	load(&c, NULL, CONF_SECRETS);
	assert_string_equal(conf_get(&c, CONF_CLIENT_SECRET), "hunter2");
	assert_string_equal(conf_get(&c, CONF_ACCESS_TOKEN), "tok");
	conf_free(&c);
}

static void
a_file_others_can_read_gives_no_secret(void **state)
{
	struct fail why = { 0, "" };
	struct conf c;

	(void)state;
	profile(0640, "[DEFAULT]\nclient_credentials='id'\n"
	    "client_secret='hunter2'\n");
	load(&c, NULL, CONF_SECRETS);
	assert_string_equal(conf_get(&c, CONF_CLIENT_ID), "id");
	assert_null(conf_get(&c, CONF_CLIENT_SECRET));
	assert_int_equal(conf_need(&c, CONF_CLIENT_SECRET, &why), -1);
	assert_non_null(strstr(why.text, "others can read it: chmod 600 "));
	assert_null(strstr(why.text, "hunter2"));
	assert_int_equal(why.code, EXIT_USAGE);
	conf_free(&c);
	setenv("GENESYSCLOUD_OAUTHCLIENT_SECRET", "fromenv", 1);
	load(&c, NULL, CONF_SECRETS);
	assert_int_equal(conf_need(&c, CONF_CLIENT_SECRET, &why), 0);
	is(&c, CONF_CLIENT_SECRET, "fromenv",
	    "GENESYSCLOUD_OAUTHCLIENT_SECRET");
	conf_free(&c);
}

static void
files_that_cannot_be_read(void **state)
{
	struct buf b = BUF_INIT(BUF_CONF * 2);

	(void)state;
	profile(0600, "[DEFAULT]\nclient_secret='hunter2\n");
	load_fails(NULL, "config.toml:2:15: unterminated string");
	while (b.len <= BUF_CONF)
		buf_str_add(&b, "# a long comment in a file of nothing else\n");
	profile(0600, buf_str(&b));
	load_fails(NULL, "config.toml: longer than 1048576 bytes");
	buf_free(&b);
	unlink(file);
	assert_int_equal(mkdir(file, 0700), 0);
	load_fails(NULL, "config.toml: not a regular file");
	assert_int_equal(rmdir(file), 0);
	assert_int_equal(mkfifo(file, 0600), 0);        /* must not hang */
	load_fails(NULL, "config.toml: not a regular file");
}

static void
missing_settings_say_how(void **state)
{
	struct fail why = { 0, "" };
	struct conf c;

	(void)state;
	load(&c, NULL, CONF_SECRETS);
	assert_int_equal(conf_need(&c, CONF_BOT_ID, &why), -1);
	assert_string_equal(why.text, "no bot id: set GENESYS_BOT_ID");
	assert_int_equal(conf_need(&c, CONF_CLIENT_ID, &why), -1);
	assert_string_equal(why.text, "no client id: set GENESYS_CLIENT_ID, "
	    "or client_credentials in ~/.gc/config.toml");
	conf_free(&c);
	setenv("GC_API", "public", 1);
	load_fails(NULL, "GC_API takes tutorial or platform, not 'public'");
	unsetenv("GC_API");
	setenv("GENESYS_REGION", "mypurecloud.con", 1);
	load_fails(NULL, "GENESYS_REGION: unknown region");
}

static void
shows_everything_but_secrets(void **state)
{
	static const enum conf_key keys[] = {
		CONF_REGION, CONF_CLIENT_ID, CONF_CLIENT_SECRET,
		CONF_ACCESS_TOKEN, CONF_STORE, CONF_KEYS
	};
	struct buf b = BUF_INIT(BUF_LINE);
	struct conf c;

	(void)state;
	setenv("GENESYS_CLIENT_SECRET", "hunter2", 1);
	setenv("GC_STORE", "postgresql://u:hunter2@h/d", 1);
	load(&c, NULL, CONF_SECRETS);
	conf_show(&c, keys, &b);
	assert_string_equal(buf_str(&b),
	    "region\tmypurecloud.com\tdefault\n"
	    "client_id\t\tnot set\n"
	    "client_secret\t(hidden)\tGENESYS_CLIENT_SECRET\n"
	    "access_token\t\tnot set\n"
	    "store\t(hidden)\tGC_STORE\n");
	buf_free(&b);
	conf_free(&c);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup(f, clean)
	const struct CMUnitTest tests[] = {
		T(defaults),
		T(flag_then_environment_then_profile),
		T(urls_stand_in_for_each_other),
		T(gateway_of_the_profile),
		T(bad_urls),
		T(profiles_are_named_in_any_case),
		T(secrets_only_for_those_who_ask),
		T(a_file_others_can_read_gives_no_secret),
		T(files_that_cannot_be_read),
		T(missing_settings_say_how),
		T(shows_everything_but_secrets),
		T(defaults),            /* also: the last file goes */
	};

	return cmocka_run_group_tests(tests, make_home, drop_home);
}

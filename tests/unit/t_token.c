/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/token.h"
#include "unit.h"

/* GC_AUTH is a script of the test's own; it keeps a log of what it was run
 * with, and does what the file "do" beside it says. */
static char dir[] = "/tmp/t_token.XXXXXX";
static struct token *t;
static struct conf conf;
static struct buf got = BUF_INIT(BUF_TOKEN);
static struct fail why;

static const char script[] =
    "cd \"${0%/*}\" || exit 99\n"
    "in=$(cat)\n"
    "echo \"$1|$in|${GC_SCOPES-}|${GENESYS_REGION-}|${GC_PROFILE-}|"
    "${GC_API-}\" >>log\n"
    "if [ \"$1\" = token ] && [ ! -e do ]; then\n"
    "	echo \"token-$(wc -l <log | tr -d ' ')\"\n"
    "fi\n"
    "[ ! -e do ] || . ./do\n";

static void
write_file(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	chmod(path, 0700);
}

static void
remove_file(const char *name)
{
	char path[128];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	unlink(path);
}

/* The log so far, emptied. */
static const char *
taken_log(void)
{
	static char text[4096];
	char path[128];
	size_t n = 0;
	FILE *f;

	snprintf(path, sizeof path, "%s/log", dir);
	f = fopen(path, "r");
	if (f) {
		n = fread(text, 1, sizeof text - 1, f);
		fclose(f);
	}
	text[n] = '\0';
	unlink(path);
	return text;
}

static int
setup(void **state)
{
	char line[128];

	(void)state;
	unsetenv("GC_SCOPES");
	unsetenv("GENESYS_REGION");
	unsetenv("GC_PROFILE");
	unsetenv("GC_API");
	setenv("HOME", dir, 1);
	snprintf(line, sizeof line, "sh %s/auth", dir);
	setenv("GC_AUTH", line, 1);
	write_file("auth", script);
	remove_file("do");
	taken_log();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	token_close(t);
	t = NULL;
	conf_free(&conf);
	buf_free(&got);
	return 0;
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int
drop_dir(void **state)
{
	(void)state;
	remove_file("auth");
	remove_file("gc-auth");
	remove_file("do");
	taken_log();
	return rmdir(dir);
}

static int
open_with(const struct token_opts *o, const struct conf_opts *co,
    const char *scopes)
{
	struct token_opts none = { NULL, false, NULL };

	if (conf_load(&conf, co, 0, &why) < 0)
		fail_msg("%s", why.text);
	return token_open(&t, o ? o : &none, &conf, scopes, &why);
}

static void
opened(void)
{
	assert_int_equal(open_with(NULL, NULL, NULL), 0);
}

static void
gives(const char *token)
{
	if (token_get(t, &got, &why) < 0)
		fail_msg("%s", why.text);
	assert_string_equal(buf_str(&got), token);
}

static void
asks_once_until_refused(void **state)
{
	(void)state;
	opened();
	assert_true(token_wanted(t));
	gives("token-1");
	gives("token-1");
	assert_string_equal(taken_log(), "token|||||\n");
	assert_int_equal(token_refuse(t, "token-1", &why), 0);
	assert_string_equal(taken_log(), "refuse|token-1||||\n");
	write_file("do", "[ \"$1\" = refuse ] || echo token-9\n");
	gives("token-9");
	/* a late 401, for the token before: somebody renewed already */
	taken_log();
	assert_int_equal(token_refuse(t, "token-1", &why), 0);
	assert_string_equal(taken_log(), "");
	gives("token-9");
}

static void
hands_on_what_flags_say(void **state)
{
	struct conf_opts co = { { NULL }, false };

	(void)state;
	setenv("GC_SCOPES", "old", 1);
	setenv("GENESYS_REGION", "mypurecloud.de", 1);
	co.flag[CONF_REGION] = "eu-west-1";
	co.flag[CONF_API] = "platform";
	assert_int_equal(open_with(NULL, &co, "a b"), 0);
	gives("token-1");
	assert_string_equal(taken_log(), "token||a b|mypurecloud.ie||"
	    "platform\n");
}

static void
hands_on_the_environment(void **state)
{
	(void)state;
	setenv("GC_SCOPES", "old", 1);
	setenv("GENESYS_REGION", "mypurecloud.de", 1);
	opened();
	gives("token-1");
	assert_string_equal(taken_log(), "token||old|mypurecloud.de||\n");
}

static void
hands_on_the_origins(void **state)
{
	const char *names[] = { "http://a:1", "http://b" };
	struct opt_list list = { names, 2 };
	struct token_opts o = { NULL, false, &list };

	(void)state;
	write_file("do", "[ \"$GC_ALLOW_ORIGIN\" = 'http://a:1 http://b' ] && "
	    "echo token-3\n");
	assert_int_equal(open_with(&o, NULL, NULL), 0);
	gives("token-3");
}

static void
codes_are_handed_on(void **state)
{
	static const struct { const char *act; int code; } end[] = {
		{ "exit 2", 2 }, { "exit 4", 4 }, { "exit 5", 5 },
		{ "exit 6", 6 }, { "exit 7", 7 }, { "exit 1", 5 },
		{ "exit 3", 5 }, { "exit 77", 5 }, { "exit 127", 2 },
		{ "exit 126", 2 }, { "kill -9 $$", 6 }
	};
	size_t i;

	(void)state;
	opened();
	for (i = 0; i < COUNT(end); i++) {
		write_file("do", end[i].act);
		why.text[0] = '\0';
		assert_int_equal(token_get(t, &got, &why), -1);
		assert_int_equal(why.code, end[i].code);
		assert_memory_equal(why.text, "no token: ", 10);
		assert_int_equal(got.len, 0);
	}
	write_file("do", "exit 4");
	token_get(t, &got, &why);
	assert_non_null(strstr(why.text, "token' ended with exit code 4"));
	remove_file("do");
	assert_int_equal(token_get(t, &got, &why), 0);
	write_file("do", "exit 5");
	assert_int_equal(token_refuse(t, buf_str(&got), &why), -1);
	assert_int_equal(why.code, EXIT_DENIED);
}

static void
only_one_line_is_a_token(void **state)
{
	static const char *const bad[] = {
		"", "echo", "echo 'a b'", "printf 'a\\nb\\n'",
		"printf 'a\\tb'", "printf 'a\\000b'", "printf '\\303\\251'"
	};
	size_t i;

	(void)state;
	opened();
	for (i = 0; i < COUNT(bad); i++) {
		write_file("do", bad[i]);
		assert_int_equal(token_get(t, &got, &why), -1);
		assert_int_equal(why.code, EXIT_USAGE);
		assert_non_null(strstr(why.text, "did not print a token"));
	}
	write_file("do", "head -c 70000 /dev/zero | tr '\\000' x");
	assert_int_equal(token_get(t, &got, &why), -1);
	write_file("do", "printf 'crlf\\r\\n'");
	gives("crlf");
	assert_int_equal(token_refuse(t, "crlf", &why), 0);
	write_file("do", "printf bare");
	gives("bare");
}

static void
a_command_that_cannot_run(void **state)
{
	(void)state;
	setenv("GC_AUTH", "/nonexistent/gc-auth", 1);
	opened();
	assert_int_equal(token_get(t, &got, &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	assert_string_equal(why.text,
	    "no token: cannot run /nonexistent/gc-auth");
}

/* Without GC_AUTH: nothing lies beside this program, so PATH is asked. */
static void
the_default_is_in_path(void **state)
{
	char *path = strdup(getenv("PATH"));
	char longer[8192];

	(void)state;
	write_file("gc-auth", "#!/bin/sh\necho \"from-path-$1\"\n");
	unsetenv("GC_AUTH");
	snprintf(longer, sizeof longer, "%s:%s", dir, path);
	setenv("PATH", longer, 1);
	opened();
	gives("from-path-token");
	token_close(t);
	t = NULL;
	conf_free(&conf);
	setenv("PATH", "/nonexistent", 1);
	opened();
	assert_int_equal(token_get(t, &got, &why), -1);
	assert_int_equal(why.code, EXIT_USAGE);
	assert_non_null(strstr(why.text, "no token: cannot run gc-auth"));
	setenv("PATH", path, 1);
	free(path);
}

static void
one_that_reads_nothing(void **state)
{
	struct buf big = BUF_INIT(BUF_TOKEN);
	int i;

	(void)state;
	write_file("auth", "[ $1 = refuse ] || { head -c 60000 /dev/zero | "
	    "tr '\\000' x; }\n");
	opened();
	for (i = 0; i < 5; i++) {
		assert_int_equal(token_get(t, &big, &why), 0);
		assert_int_equal(big.len, 60000);
		assert_int_equal(token_refuse(t, buf_str(&big), &why), 0);
	}
	buf_free(&big);
}

static void
a_variable_in_place_of_it(void **state)
{
	struct token_opts o = { "T_TOKEN", false, NULL };

	(void)state;
	unsetenv("T_TOKEN");
	assert_int_equal(open_with(&o, NULL, NULL), -1);
	assert_string_equal(why.text, "--auth-env: T_TOKEN is not set");
	conf_free(&conf);
	setenv("T_TOKEN", "two words", 1);
	assert_int_equal(open_with(&o, NULL, NULL), -1);
	assert_string_equal(why.text,
	    "--auth-env: T_TOKEN does not hold a token");
	conf_free(&conf);
	setenv("T_TOKEN", "mine", 1);
	assert_int_equal(open_with(&o, NULL, NULL), 0);
	gives("mine");
	assert_int_equal(token_refuse(t, "mine", &why), -1);
	assert_int_equal(why.code, EXIT_DENIED);
	assert_string_equal(why.text, "the token in T_TOKEN was refused");
	assert_string_equal(taken_log(), "");
	token_close(t);
	t = NULL;
	conf_free(&conf);
	o.no_auth = true;
	assert_int_equal(open_with(&o, NULL, NULL), -1);
	assert_string_equal(why.text,
	    "--auth-env and --no-auth exclude each other");
}

static void
none_at_all(void **state)
{
	struct token_opts o = { NULL, true, NULL };

	(void)state;
	assert_int_equal(open_with(&o, NULL, NULL), 0);
	assert_false(token_wanted(t));
	gives("");
	assert_int_equal(token_refuse(t, "", &why), -1);
	assert_int_equal(why.code, EXIT_DENIED);
	assert_string_equal(taken_log(), "");
}

static void *
refuse_and_get(void *ctx)
{
	struct buf b = BUF_INIT(BUF_TOKEN);
	struct fail f;
	bool good;

	good = token_refuse(t, "token-1", &f) == 0 &&
	    token_get(t, &b, &f) == 0 && strcmp(buf_str(&b), "token-3") == 0;
	buf_free(&b);
	return good ? ctx : NULL;
}

static void
many_threads_one_renewal(void **state)
{
	pthread_t thread[16];
	void *result;
	size_t i;

	(void)state;
	opened();
	gives("token-1");
	for (i = 0; i < COUNT(thread); i++)
		assert_int_equal(pthread_create(&thread[i], NULL,
		    refuse_and_get, thread), 0);
	for (i = 0; i < COUNT(thread); i++) {
		pthread_join(thread[i], &result);
		assert_non_null(result);
	}
	assert_string_equal(taken_log(),
	    "token|||||\nrefuse|token-1||||\ntoken|||||\n");
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(asks_once_until_refused),
		T(hands_on_what_flags_say),
		T(hands_on_the_environment),
		T(hands_on_the_origins),
		T(codes_are_handed_on),
		T(only_one_line_is_a_token),
		T(a_command_that_cannot_run),
		T(the_default_is_in_path),
		T(one_that_reads_nothing),
		T(a_variable_in_place_of_it),
		T(none_at_all),
		T(many_threads_one_renewal),
	};

	return cmocka_run_group_tests(tests, make_dir, drop_dir);
}

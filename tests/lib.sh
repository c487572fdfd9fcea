# lib.sh -- TAP for shell tests; sourced, from the project's root.
#
#	. tests/lib.sh
#	run gc-count -k .a <"$T/in"	stdout in $T/out, stderr in $T/err, $code
#	is "$code" 0 'counts'
#	same "$T/out" "$T/want" 'what comes out'
#	done_testing
#
# $T is a scratch folder that goes away; $DATA the folder of test data, empty
# where that is absent. Programs are found in ./bin.

# shellcheck shell=sh
# shellcheck disable=SC2034 # the tests use what is set here

LC_ALL=C
TZ=UTC
export LC_ALL TZ
unset GC_NOW GC_SEED GC_API GC_API_URL GC_LOGIN_URL GC_AUTH GC_SCOPES \
	GENESYS_REGION GENESYS_REGION_HOST GENESYSCLOUD_REGION \
	GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET GENESYSCLOUD_ACCESS_TOKEN \
	GENESYSCLOUD_OAUTHCLIENT_ID GENESYSCLOUD_OAUTHCLIENT_SECRET \
	GENESYS_CLIENT_SECRET_FILE GC_PROFILE SSL_CERT_FILE CURL_CA_BUNDLE \
	http_proxy https_proxy HTTP_PROXY \
	HTTPS_PROXY ALL_PROXY all_proxy
PATH=$PWD/bin:$PATH
T=$(mktemp -d "${TMPDIR:-/tmp}/gcpipe-test.XXXXXX") || exit 1
HOME=$T/home
XDG_CACHE_HOME=$T/cache
mkdir -p "$HOME"
export PATH HOME XDG_CACHE_HOME
trap 'rm -rf "$T"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

DATA=${GC_TEST_DATA:-$PWD/../shared/data}
[ -d "$DATA" ] || DATA=

tap_n=0
tap_failed=0

# ok STATUS TITLE: a test that passed where STATUS is 0.
ok() {
	tap_n=$((tap_n + 1))
	if [ "$1" = 0 ]; then
		printf 'ok %d - %s\n' "$tap_n" "$2"
	else
		tap_failed=$((tap_failed + 1))
		printf 'not ok %d - %s\n' "$tap_n" "$2"
	fi
}

note() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# is GOT WANTED TITLE: two strings are the same.
is() {
	if [ "$1" = "$2" ]; then
		ok 0 "$3"
	else
		ok 1 "$3"
		note "got:    $1"
		note "wanted: $2"
	fi
}

# like GOT PATTERN TITLE: a string matches a shell pattern.
like() {
	# shellcheck disable=SC2254 # a pattern is meant
	case $1 in
	$2)
		ok 0 "$3"
		;;
	*)
		ok 1 "$3"
		note "got:    $1"
		note "wanted: $2"
		;;
	esac
}

# same FILE FILE TITLE: two files hold the same bytes (got, wanted).
same() {
	if cmp -s "$1" "$2"; then
		ok 0 "$3"
	else
		ok 1 "$3"
		diff "$2" "$1" | head -20 | sed 's/^/# /'
	fi
}

# run COMMAND...: stdout to $T/out, stderr to $T/err, exit status in $code.
run() {
	code=0
	"$@" >"$T/out" 2>"$T/err" || code=$?
}

# exits CODE TITLE: what the last run ended with; shows stderr where not.
exits() {
	if [ "$code" = "$1" ]; then
		ok 0 "$2"
	else
		ok 1 "$2"
		note "exit $code, wanted $1; stderr:"
		head -5 "$T/err" | sed 's/^/# /'
	fi
}

# out, err: what the last run wrote.
out() {
	cat "$T/out"
}

err() {
	cat "$T/err"
}

# skip N REASON: N tests that cannot run here.
skip() {
	skip_i=0
	while [ "$skip_i" -lt "$1" ]; do
		tap_n=$((tap_n + 1))
		skip_i=$((skip_i + 1))
		printf 'ok %d # SKIP %s\n' "$tap_n" "$2"
	done
}

# skip_all REASON: this file cannot run here.
skip_all() {
	printf '1..0 # SKIP %s\n' "$1"
	exit 0
}

done_testing() {
	printf '1..%d\n' "$tap_n"
	[ "$tap_failed" = 0 ]
}

# shellcheck shell=bash
# shellcheck disable=SC2034 # the pipelines use what is set here
# frame.bash -- what every pipeline shares; sourced by them.
#
#	. "$(dirname "$0")/frame.bash"
#	frame_options bot-performance "$usage" 'accuracy=0.85 p=0.05' "$@"
#
# gives $out (the folder of results, made where absent), a shell variable for
# each name=value, $refresh (--refresh or nothing), $ledger; and
#
#	gc-a | gc-b >"$out/x"; frame_pipe	ends with the code of the first
#						program that failed by itself

set -u
export LC_ALL=C

frame_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
frame_me=$(basename "$0")
[ -d "$frame_here/../bin" ] && PATH=$frame_here/../bin:$PATH
export PATH
if [ -z "${GC_SHARE:-}" ]; then
	GC_SHARE=$frame_here/../share
	[ -d "$GC_SHARE/policies" ] || GC_SHARE=$frame_here/..
	export GC_SHARE
fi

# frame_say MESSAGE: one line on stderr, as the programs do.
frame_say() {
	printf '%s: %s\n' "$frame_me" "$*" >&2
}

# frame_wrong MESSAGE: wrong usage.
frame_wrong() {
	frame_say "$1"
	frame_say "try '$frame_me --help'"
	exit 2
}

# frame_set NAME=VALUE KNOWN: a variable of the pipeline, if it is one.
frame_set() {
	local name=${1%%=*} known
	for known in $2; do
		if [ "$name" = "${known%%=*}" ]; then
			printf -v "$name" '%s' "${1#*=}"
			return 0
		fi
	done
	frame_wrong "unknown variable '$name': $(printf '%s ' "$2")"
}

# frame_options NAME HELP 'var=default ...' ARGUMENTS
frame_options() {
	local name=$1 help=$2 known=$3 word
	shift 3
	out=out/$name
	refresh=
	for word in $known; do
		printf -v "${word%%=*}" '%s' "${word#*=}"
	done
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help)
			printf '%s\n' "$help"
			exit 0
			;;
		-o | --output)
			[ $# -gt 1 ] || frame_wrong "$1 needs an argument"
			out=$2
			shift
			;;
		--output=*)
			out=${1#*=}
			;;
		-o?*)
			out=${1#-o}
			;;
		--refresh)
			refresh=--refresh
			;;
		-*)
			frame_wrong "unknown option '$1'"
			;;
		*=*)
			frame_set "$1" "$known"
			;;
		*)
			frame_wrong "'$1' is no name=value"
			;;
		esac
		shift
	done
	mkdir -p "$out" 2>/dev/null || {
		frame_say "cannot make the folder $out"
		exit 2
	}
	ledger=$out/ledger.ndjson
	rm -f "$ledger"
}

# frame_code STATUS...: the code of the first program that failed by itself;
# death by SIGPIPE counts only where nothing else failed.
frame_code() {
	local status pipe=0
	for status in "$@"; do
		case $status in
		0)	;;
		141)	pipe=141 ;;
		*)	echo "$status"; return ;;
		esac
	done
	echo "$pipe"
}

# frame_pipe: after a pipe (or one command): goes on, or ends the pipeline.
frame_pipe() {
	local statuses=("${PIPESTATUS[@]}") code
	code=$(frame_code "${statuses[@]}")
	[ "$code" = 0 ] || exit "$code"
}

# frame_time TEXT: a moment in ISO 8601 with Z, or one from now on.
frame_time() {
	case $1 in
	*T*Z | -* | now* | today*) ;;
	*) frame_wrong "'$1' is no time in ISO 8601 with Z" ;;
	esac
}

# frame_number NAME: a variable that must be a number.
frame_number() {
	case ${!1} in
	'' | *[!0-9.]* | *.*.* | .)
		frame_wrong "$1 takes a number, not '${!1}'"
		;;
	esac
}

# frame_yes NAME: a variable that must be yes or no.
frame_yes() {
	case ${!1} in
	yes | no) ;;
	*) frame_wrong "$1 takes yes or no, not '${!1}'" ;;
	esac
}

# frame_pace SECONDS: sets rate, the option that leaves so much between two
# requests; 0: none.
frame_pace() {
	rate=()
	case $1 in
	*[1-9]*) rate=(--rate "1/${1}s") ;;
	esac
}

# frame_share NAME: a variable that must be a number from 0 to 1.
frame_share() {
	frame_number "$1"
	[[ ${!1} =~ ^(0*(\.[0-9]*)?|0*1(\.0*)?)$ ]] ||
	    frame_wrong "$1 takes a number from 0 to 1, not '${!1}'"
}

# frame_token SCOPES: a token first, since without one nothing below can
# succeed; asked for as the programs do, and with the scopes of the requests,
# so that it is the one that they use.
frame_token() {
	local code=0
	GC_SCOPES=$1 sh -c "${GC_AUTH:-gc-auth} token" >/dev/null || code=$?
	case $code in
	0)	return ;;
	126 | 127)	code=2 ;;       # there is no such command
	esac
	exit "$code"
}

# frame_make FILE COMMAND...: what the command prints becomes FILE, when it is
# whole; else the pipeline ends.
frame_make() {
	local file=$1 statuses code
	shift
	"$@" | cat >"$file.tmp"
	statuses=("${PIPESTATUS[@]}")
	code=${statuses[0]}
	case $code in
	0 | 141) [ "${statuses[1]}" = 0 ] || code=6 ;;
	esac
	[ "$code" = 0 ] && mv "$file.tmp" "$file" && return
	rm -f "$file.tmp"
	[ "$code" != 0 ] || code=6
	exit "$code"
}

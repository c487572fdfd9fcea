# serve.sh -- tests of gc-serve; sourced after lib.sh.
#
#	serve "$T/runs"			starts it; $U is its address, $pid its
#					process, $T/serve.err what it says
#	serve_as NAME "$T/runs"		the same, beside others; $T/NAME.err
#	stop				ends $pid
#
# What $pid is at the end goes away with $T.

# shellcheck shell=sh
# shellcheck disable=SC2154 # $T is lib.sh's

command -v curl >/dev/null || skip_all 'curl is not there'
pid=
trap 'kill $pid 2>/dev/null; rm -rf "$T"' EXIT

serve_as() {
	serve_name=$1
	shift
	rm -f "$T/$serve_name"
	bin/gc-serve --port 0 "$@" >"$T/$serve_name" 2>"$T/$serve_name.err" &
	pid=$!
	serve_i=0
	while [ ! -s "$T/$serve_name" ] && [ "$serve_i" -lt 100 ]; do
		sleep 0.1
		serve_i=$((serve_i + 1))
	done
	read -r U <"$T/$serve_name"
	U=${U%/}
}

serve() {
	serve_as serve "$@"
}

stop() {
	kill "$pid"
	wait "$pid" 2>/dev/null
}

#!/bin/sh
# One pace for all: --rate, the service's own headers, siblings.
. tests/lib.sh
. tests/mock.sh

# N commands at once, each with the arguments given: the seconds it took.
cat >"$T/at-once" <<'END'
import subprocess, sys, time
subprocess.run(['gc-auth'], stdout=subprocess.DEVNULL)
start = time.monotonic()
all = [subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL)
       for i in range(int(sys.argv[1]))]
codes = [p.wait() for p in all]
print(time.monotonic() - start if not any(codes) else codes)
END
at_once() {
	mocked python3 "$T/at-once" "$@"
}

# between LOW HIGH TITLE: did it take so long?
between() {
	awk -v t="$(out)" -v low="$1" -v high="$2" \
	    'BEGIN { exit !(t > low && t < high) }'
	ok $? "$3 ($(out) s)"
}

answers /x '' '[{"id":1}]' | rules
at_once 1 gc-fetch --rate 4 /x /x /x /x /x /x /x /x
between 0.8 3 "--rate 4: a second's worth at once, then one each 250 ms"
at_once 3 gc-fetch --rate 4 /x /x /x /x
between 1.7 6 'three siblings keep to it together'
at_once 1 gc-fetch --rate 1/300ms /x /x /x /x
between 0.9 3 "--rate 1/300ms: one each 300 ms, from the second on"
at_once 1 gc-fetch --rate 0.5/s /x
between 0 1 'the first one does not wait'

rules <<'END'
{"match":{"path":"/x"},"do":{"status":200,"headers":{"inin-ratelimit-count":"100","inin-ratelimit-allowed":"100","inin-ratelimit-reset":"1"},"body":[{"id":1}]}}
END
at_once 1 gc-fetch /x /x
between 0.8 4 'nothing is left in the window: its end is waited for'

# Eight siblings of a make -j8, a window of 40 requests: none is one too many,
# though each answer comes when seven others are on their way. One that this
# machine holds up between its turn and its sending may fall into the next
# window, so two may be.
python3 tests/cmd/rate_server.py "$T/port" 40 2 &
server=$!
trap 'kill "$server"; rm -rf "$T"' EXIT
n=0
until [ -s "$T/port" ] || [ "$n" -gt 200 ]; do
	n=$((n + 1))
	sleep 0.05
done
GC_API_URL=http://127.0.0.1:$(cat "$T/port")
GENESYS_CLIENT_ID=a
GENESYS_CLIENT_SECRET=b
export GC_API_URL GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET
{
	echo 'all: a b c d e f g h'
	for k in a b c d e f g h; do
		printf '%s:\n\t@gc-fetch -q' "$k"
		for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
			printf ' /%s%s' "$k" "$i"
		done
		echo
	done
} >"$T/makefile"
unset MAKEFLAGS MAKELEVEL MFLAGS        # those of who runs the tests
run "${MAKE_COMMAND:-make}" -j8 -f "$T/makefile" all
exits 0 'make -j8'
is "$(sort -u "$T/out" | wc -l | tr -d ' ')" 96 'brings every record'
curl -s "$GC_API_URL/stats" >"$T/stats"
is "$(jq '."200"' "$T/stats")" 96 'each is answered'
is "$(jq '."429" <= 2' "$T/stats")" true \
    "and hardly one is refused ($(jq '."429"' "$T/stats"))"

done_testing

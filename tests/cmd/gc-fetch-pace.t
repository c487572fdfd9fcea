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
at_once 1 gc-fetch --rate 0.5/s /x
between 0 1 'the first one does not wait'

rules <<'END'
{"match":{"path":"/x"},"do":{"status":200,"headers":{"inin-ratelimit-count":"100","inin-ratelimit-allowed":"100","inin-ratelimit-reset":"1"},"body":[{"id":1}]}}
END
at_once 1 gc-fetch /x /x
between 0.8 4 'nothing is left in the window: its end is waited for'

done_testing

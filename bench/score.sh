#!/bin/sh
# score.sh -- the client's own work of scoring, gc-score beside pydantic; and
# the memory of 1,000,000 contacts.
#
# Own work: parsing, checking, filling in, building bodies, matching answers.
# The service is gc-mock on this machine. Ours is the user time of gc-score from
# the 1,000th contact on, the HTTP client's share included; bytes that the
# kernel moves, and what starting up costs, are in neither. The Python side does
# the same work without any network at all: as the tutorial does it, and at
# pydantic's quickest.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/bin:$PATH
. bench/peers
has pydantic || exit 0
make bin/gc-score bin/gc-mock bin/gc-auth >/dev/null
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
XDG_CACHE_HOME=$T/cache
export PATH XDG_CACHE_HOME
contacts() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) {
	    printf "{\"contactId\":\"c%d\",\"features\":{\"previous_calls\":%d", i, i % 20
	    if (i % 10) printf ",\"avg_handle_time\":%d.5", 60 + i % 300
	    else printf ",\"avg_handle_time\":null"
	    printf ",\"last_contact_days\":%d,\"segment_id\":%s}}\n", i % 90, i % 15 ? "\"gold\"" : "null" } }'
}
cat >"$T/cost.py" <<'END'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{u.ru_utime * 1e6:.0f} {u.ru_stime * 1e6:.0f} {u.ru_maxrss}")
END
n=${BENCH_CONTACTS:-200000}
contacts "$n" >"$T/c"
head -1000 "$T/c" >"$T/few"
best() {
	for _ in 1 2 3 4 5; do
		"$@"
	done | sort -n | head -1
}
ours() {
	gc-mock exec python3 "$T/cost.py" gc-score -q -f engagement "$1"
}
many=$(best ours "$T/c")
few=$(best ours "$T/few")
tutorial=$(best "$python" bench/score_pydantic.py "$T/c")
fast=$(best "$python" bench/score_pydantic.py "$T/c" fast)
echo "$many $few $tutorial $fast $n" | awk '{ ours = ($1 - $4) / ($9 - 1000)
    printf "gc-score              %.3f us a contact\n", ours
    printf "pydantic, tutorial    %.3f us, %.1f times as much\n", $7, $7 / ours
    printf "pydantic, quickest    %.3f us, %.1f times as much\n", $8, $8 / ours
    printf "gc-score whole        %.3f us, kernel and start included\n", ($1 + $2) / $9 }'
for n in 10000 1000000; do
	contacts "$n" >"$T/c"
	line=$(gc-mock exec python3 "$T/cost.py" gc-score -q -f engagement -j 2 -o "$T/o" "$T/c")
	echo "$n contacts: peak ${line##* } KB"
done

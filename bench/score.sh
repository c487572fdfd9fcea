#!/bin/sh
# score.sh -- the client's own work of scoring, gc-score beside pydantic; and
# the memory of 1,000,000 contacts.
#
# Own work: parsing, checking, filling in, building bodies, matching answers.
# The service is gc-mock on this machine; what a process itself spends (user and
# system time of gc-score, of Python) is compared, so that the service's time is
# in neither. The Python side does the same without any network at all.
set -eu
cd "$(dirname "$0")/.."
PATH=$PWD/bin:$PATH
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
XDG_CACHE_HOME=$T/cache
export PATH XDG_CACHE_HOME
python=${PYTHON:-python3}
if ! $python -c 'import pydantic' 2>/dev/null; then
	if ! python3 -m venv "$T/venv" ||
	    ! "$T/venv/bin/pip" install -q pydantic; then
		echo 'pydantic cannot be installed'
		exit 0
	fi
	python=$T/venv/bin/python
fi
contacts() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) {
	    printf "{\"contactId\":\"c%d\",\"features\":{\"previous_calls\":%d", i, i % 20
	    if (i % 10) printf ",\"avg_handle_time\":%d.5", 60 + i % 300
	    else printf ",\"avg_handle_time\":null"
	    printf ",\"last_contact_days\":%d,\"segment_id\":%s}}\n", i % 90, i % 15 ? "\"gold\"" : "null" } }'
}
cat >"$T/cost.py" <<'END'
import resource, subprocess, sys
subprocess.run(sys.argv[2:], check=True, stdout=subprocess.DEVNULL)
u = resource.getrusage(resource.RUSAGE_CHILDREN)
n = int(sys.argv[1])
print(f"{(u.ru_utime + u.ru_stime) / n * 1e6:.3f} {u.ru_maxrss}")
END
n=${BENCH_CONTACTS:-200000}
contacts "$n" >"$T/c"
best() {
	for _ in 1 2 3; do
		"$@"
	done | sort -n | head -1
}
ours=$(best gc-mock exec python3 "$T/cost.py" "$n" gc-score -q -f engagement "$T/c")
theirs=$(best "$python" bench/score_pydantic.py "$T/c")
echo "gc-score    ${ours% *} us a contact, requests over loopback included"
echo "pydantic    $theirs us a contact, no requests"
echo "ratio       $(awk -v a="$theirs" -v b="${ours% *}" 'BEGIN { printf "%.1f", a / b }')"
for n in 10000 1000000; do
	contacts "$n" >"$T/c"
	line=$(gc-mock exec python3 "$T/cost.py" "$n" gc-score -q -f engagement -j 2 -o "$T/o" "$T/c")
	echo "$n contacts: peak ${line#* } KB"
done

#!/bin/sh
# gc-serve: what is there, what is refused, what changes while it runs.
. tests/lib.sh
. tests/serve.sh

# get PATH [CURL OPTIONS]: body to $T/out, head to $T/head, $code the status.
get() {
	path=$1
	shift
	: >"$T/out"
	code=$(curl -s --path-as-is -m 20 -D "$T/head" -o "$T/out" \
	    -w '%{http_code}' "$@" "$U$path")
	tr -d '\r' <"$T/head" >"$T/head.lf"
	mv "$T/head.lf" "$T/head"
}
head_of() {
	sed -n "s/^$1: //p" "$T/head"
}

# make_run DIR ACCURACY P: the documents of a run.
make_run() {
	mkdir -p "$1"
	jq -nc 'range(8) | {a: "refund", p: "refund", c: 0.9},
	    {a: "cancel", p: "cancel", c: 0.8}' >"$T/u"
	printf '{"a":"refund","p":"cancel","c":0.5}\n' >>"$T/u"
	gc-confusion -a .a -p .p -c .c -o "$1/confusion.json" "$T/u"
	printf '{"kind":"evaluation","id":"e-1","metrics":{"accuracy":%s,"precision":0.9,"recall":0.9,"f1Score":0.9}}\n' \
	    "$2" >"$1/evaluation.json"
	printf '{"kind":"drift","test":"homogeneity","p_value":%s,"drifted":false,"verdict":"no drift","n_current":17,"n_baseline":20,"categories":[]}\n' \
	    "$3" >"$1/drift.json"
	printf '{"kind":"decision","retrain":false,"reasons":[]}\n' \
	    >"$1/decision.json"
}

# ---- what cannot be made now ----
make_run "$T/later" 0.9 0.25
before=${TMPDIR:-/tmp}
TMPDIR=$T/tmp
export TMPDIR
serve "$T/later"
TMPDIR=$before
get /confusion_matrix.png
is "$code" 500 'a picture that cannot be made, for want of a folder'
mkdir "$T/tmp"
sleep 2.5
get /confusion_matrix.png
is "$code" 200 'is tried again, though nothing of the run has changed'
stop

# ---- no results ----
mkdir "$T/o"
serve "$T/o"
like "$U" 'http://127.0.0.1:*' 'it says where it listens'
get /
is "$code" 200 'a page, also where there are no results'
like "$(out)" '*<title>Einstein Bot NLP Dashboard</title>*' 'with its title'
like "$(out)" '*<h1>Bot Performance Monitor</h1>*' 'and its heading'
like "$(out)" '*<span>No evaluation data</span>*' 'which says that there are none'
like "$(out)" '*<dt>Accuracy</dt><dd class="big">not known<*' \
    'the accuracy is absent'
like "$(out)" '*<dt>Drift P-Value</dt><dd class="big">not known<*' \
    'the p-value too'
get /data.json
is "$(jq -c '[.run, .summary.accuracy, .summary.drift_p_value, .confusion]' \
    "$T/out")" '[null,null,null,null]' 'null, not 0, in the data'
get /confusion_matrix.png
is "$code" 404 'there is no picture'
get /metrics
is "$code $(grep -c accuracy "$T/out") $(tail -1 "$T/out")" '200 0 # EOF' \
    'nor a figure among the metrics'
get /history
like "$code $(out)" '200 *There is no run to show yet.*' 'an empty history'

# ---- a run appears, without a restart ----
make_run "$T/o/one" 0.9111 0.25
sleep 1
get /
like "$(out)" '*<span>Model Stable</span>*' 'new results appear by themselves'
like "$(out)" '*<dt>Accuracy</dt><dd class="big">91.1%<*' 'the accuracy'
like "$(out)" '*<dt>Drift P-Value</dt><dd class="big">0.2500<*' 'the p-value'
like "$(out)" '*<dt>Last Updated</dt>*' 'when it was updated'
like "$(out)" '*<img src="/confusion_matrix.png"*' 'the picture'
get /confusion_matrix.png
is "$code $(head_of Content-Type) $(head -c 4 "$T/out" | tail -c 3)" \
    '200 image/png PNG' 'which is drawn where the run has none'
get /data.json
is "$(jq -c '[.run, .stale, .summary.accuracy, .confusion.n, .drift.p_value,
    .decision.retrain]' "$T/out")" '["o/one",false,0.9111,17,0.25,false]' \
    'all of it as JSON'
for name in evaluation confusion drift decision; do
	get "/$name.json"
	is "$code $(jq -r .kind "$T/out")" "200 $name" "/$name.json"
	same "$T/out" "$T/o/one/$name.json" 'to the byte'
done

# ---- the three states ----
printf '{"kind":"decision","retrain":true,"reasons":[],"job":"j-7"}\n' \
    >"$T/o/one/decision.json"
sleep 1
get /
like "$(out)" '*<span>Retraining Triggered</span>*j-7*' 'another decision'

# ---- tags ----
get /
tag=$(head_of ETag)
like "$tag" '"????????????????????????????????"' 'a tag'
get / -H "If-None-Match: $tag"
is "$code $(wc -c <"$T/out" | tr -d ' ')" '304 0' '304 where it is named'
is "$(head_of ETag)" "$tag" 'with the tag'
get / -H "If-None-Match: \"other\", W/$tag"
is "$code" 304 'also in a list, and weak'
get / -H 'If-None-Match: "other"'
is "$code" 200 'not where another is named'
rm -f "$T/out"
code=$(curl -sI -o "$T/head" -w '%{http_code} %{size_download}' "$U/")
is "$code" '200 0' 'HEAD has no body'
tr -d '\r' <"$T/head" >"$T/h"
is "$(sed -n 's/^ETag: //p' "$T/h")" "$tag" 'and the same head'
touch -d '2020-01-01T00:00:00Z' "$T/o/one/"*
sleep 1
get / -H "If-None-Match: $tag"
is "$code" 200 'a new tag when the page is another'

# ---- stale ----
like "$(out)" '*These results are * days old*' 'old results are shown with their age'
get /data.json
is "$(jq .stale "$T/out")" true 'and are stale in the data'
get /metrics
is "$(sed -n 's/^gcpipe_serve_stale //p' "$T/out") $(sed -n \
    's/^gcpipe_report_timestamp_seconds //p' "$T/out")" '1 1577836800' \
    'and in the metrics'

# ---- several runs ----
make_run "$T/o/x/two <b>" 0.5 0.01
sleep 1
get /history.json
is "$(jq -c '[.total, .runs[0].name, .runs[0].accuracy, .runs[1].name]' \
    "$T/out")" '[2,"o/x/two <b>",0.5,"o/one"]' 'the newest run is first'
base=$(jq -r '.runs[0].base' "$T/out")
is "$base" '/runs/o/x/two%20%3Cb%3E/' 'a name as part of an address'
get /history
like "$(out)" '*<bdi>o/x/two &lt;b&gt;</bdi>*' 'and as text'
like "$(out)" '*href="/runs/o/one/"*' 'a link to each'
get /data.json
is "$(jq -r .run "$T/out")" 'o/x/two <b>' 'the newest is the one shown'
get "${base}data.json"
is "$(jq -r .run "$T/out")" 'o/x/two <b>' 'by its name'
get /runs/o/one/
like "$code $(out)" '200 *91.1%*' 'an older one by its name'
get /runs/o/one/confusion_matrix.png
is "$code" 200 'and its picture'

# ---- what cannot be read ----
printf '{"kind":"drift","p_value":"<script>"}\n' >"$T/o/x/two <b>/drift.json"
sleep 1
get /
like "$(out)" '*Left out: <bdi>drift.json: *' 'a bad document is left out and named'
like "$(out)" '*<dd class="big">50.0%<*' 'the others are shown'
# documents of the right kind whose members are of wrong types
for doc in '"log10_p":"x"' '"drifted":"yes"' '"warnings":{"a":1}' \
    '"categories":[{"category":"a","low":"x"}]' \
    '"effect":{"cramers_v_interval":1}'; do
	printf '{"kind":"drift","p_value":0.5,%s}\n' "$doc" \
	    >"$T/o/x/two <b>/drift.json"
	sleep 0.6
	for path in / /drift /history; do
		get $path
		like "$code $(out)" '200 *eft out*drift.json: *' \
		    "$path: $doc is left out"
	done
done
printf '{"kind":' >"$T/o/x/two <b>/drift.json"
sleep 1
get /data.json
like "$(jq -c .problems "$T/out")" '*drift.json:1:* invalid JSON: *' 'one that is cut off too'
rm "$T/o/x/two <b>/drift.json"
mkfifo "$T/o/x/two <b>/drift.json"
ln -s /etc/passwd "$T/o/x/two <b>/confusion_matrix.png"
ln -s "$T" "$T/o/loop"
sleep 1
get /data.json
is "$code $(jq -c '[.drift, .problems]' "$T/out")" '200 [null,[]]' \
    'a pipe is no document'
get /confusion_matrix.png
is "$code $(head -c 4 "$T/out" | tail -c 3)" '200 PNG' 'a link is no picture'
get /history.json
is "$(jq .total "$T/out")" 2 'and no folder'

get /icon.svg
is "$code $(head_of Content-Type)" '200 image/svg+xml' 'something for the tab'

# ---- what is refused ----
for path in /nope /runs/ /runs/o /runs/o/one/../one/ /runs/o/one/history \
    /../../../../etc/passwd /runs/o/one/../../../../../etc/passwd \
    /runs/o/one/%2e%2e/%2e%2e/u /runs/o/one//etc/passwd \
    /runs/o/one/evaluation.json%00 '/metrics%00' //healthz \
    /confusion_matrix.svg '/runs/o/one/..%2f..%2fu'; do
	get "$path"
	is "$code" 404 "$path is nothing"
done
for method in POST PUT DELETE PATCH OPTIONS TRACE PROPFIND; do
	get / -X $method
	is "$code $(head_of Allow)" '405 GET, HEAD' "$method is refused"
done
get / -X GET -d 'a body'
is "$code" 413 'a body is refused'
get / -X GET -H 'Transfer-Encoding: chunked' -d 'a body'
is "$code" 413 'in pieces too'
get "/$(printf '%03000d' 0)"
is "$code" 414 'a long path is refused'
get / -H "X-Long: $(printf '%060000d' 0)"
is "$code" 431 'a long head is refused'
get / -H 'Host: evil.example'
is "$code" 403 'another name is refused'
get / -H 'Host: 127.0.0.1.evil.example'
is "$code" 403 'also one that begins like ours'
get / -H 'Host: localhost:99'
is "$code" 200 'our own names are not'
# raw REQUEST: the first line of the answer, and how many answers there are.
cat >"$T/raw.py" <<'EOF'
import socket, sys
host, port = sys.argv[1].split("//")[1].split(":")
s = socket.create_connection((host, int(port)))
s.settimeout(5)
s.sendall(sys.argv[2].replace("|", "\r\n").encode() +
          b"Connection: close\r\n\r\n")
said = b""
while True:
    more = s.recv(65536)
    if not more:
        break
    said += more
print(said.split(b"\r\n")[0].decode(), said.count(b"HTTP/1.1 "))
EOF
raw() {
	python3 "$T/raw.py" "$U" "$1"
}
is "$(raw "GET $U/healthz HTTP/1.1|Host: localhost|")" 'HTTP/1.1 200 OK 1' \
    'an address in full is a path'
is "$(raw 'GET HTTP://localhost HTTP/1.1|Host: localhost|')" \
    'HTTP/1.1 200 OK 1' 'also where it ends at the host'
for at in http://evil.example/ http:/// http://localhost@evil.example/ \
    "http://$(printf '%090d' 0)/"; do
	is "$(raw "GET $at HTTP/1.1|Host: localhost|")" \
	    'HTTP/1.1 403 Forbidden 1' "$at is not ours"
done
is "$(raw 'GET / HTTP/1.1|Host: localhost|Host: evil|')" \
    'HTTP/1.1 400 Bad Request 1' 'two names are refused'
is "$(raw 'GET / HTTP/1.1|Host: localhost|Content-Length: 0|Content-Length: 9|')" \
    'HTTP/1.1 400 Bad Request 1' 'two lengths, too'

# ---- what a browser may do ----
get /
policy=$(head_of Content-Security-Policy)
like "$policy" "default-src 'none'; img-src 'self'; style-src 'sha256-*'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'" \
    'a strict policy'
want=$(sed -n '/<style>/,/<\/style>/p' "$T/out" | python3 -c '
import base64, hashlib, sys
t = sys.stdin.read().split("<style>")[1].split("</style>")[0]
print(base64.b64encode(hashlib.sha256(t.encode()).digest()).decode())')
like "$policy" "*'sha256-$want'*" 'that names the style sheet of the page'
is "$(head_of X-Content-Type-Options) $(head_of Referrer-Policy)" \
    'nosniff no-referrer' 'and its like'
is "$(grep -c '<script\|javascript:\| on[a-z]*=\| style=' "$T/out")" 0 'no script'

# ---- metrics, by Prometheus' own parser ----
get /metrics
like "$(head_of Content-Type)" 'application/openmetrics-text; version=1.0.0*' \
    'their type'
python=
for p in python3 /usr/bin/python3; do
	$p -c 'import prometheus_client' 2>/dev/null && python=$p && break
done
if [ "$python" ]; then
	$python -c 'import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
f = {m.name: m for m in text_string_to_metric_families(sys.stdin.read())}
print(*[float(f["gcpipe_" + n].samples[0].value) for n in ("bot_accuracy_ratio", "serve_runs")])' \
	    <"$T/out" >"$T/parsed" 2>&1
	is "$(cat "$T/parsed")" '0.5 2.0' "Prometheus' parser takes them"
else
	skip 1 'prometheus_client is not there'
fi
get /healthz
is "$code $(out)" '200 ok' '/healthz'

# ---- slow ones ----
cat >"$T/slow.py" <<'EOF'
import socket, sys, time, urllib.request
host, port = sys.argv[1].split("//")[1].split(":")
slow = []
for i in range(200):
    s = socket.create_connection((host, int(port)))
    s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
    slow.append(s)
for i in range(20):     # and some that ask for much and take nothing
    s = socket.create_connection((host, int(port)))
    s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 40)
    slow.append(s)
body = urllib.request.urlopen(sys.argv[1] + "/", timeout=10).read()
open_still = 0
for s in slow[:200]:
    s.setblocking(False)
    try:
        s.recv(1)
    except BlockingIOError:
        open_still += 1
print(body.endswith(b"</html>\n"), open_still)
EOF
is "$(python3 "$T/slow.py" "$U")" 'True 200' \
    '200 slow clients do not stop a fast one'
stop
is "$(cat "$T/serve.err")" '' 'nothing was said on stderr'

# A byte now and then does not keep a connection.
serve --timeout 2 "$T/o"
cat >"$T/drip.py" <<'EOF'
import socket, sys, time
host, port = sys.argv[1].split("//")[1].split(":")
s = socket.create_connection((host, int(port)))
s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
begun = time.monotonic()
s.settimeout(0.3)
ended = False
while not ended and time.monotonic() - begun < 10:
    try:
        s.sendall(b"x")
        ended = s.recv(1) == b""
    except socket.timeout:
        pass
    except OSError:
        ended = True
print("ended" if ended and time.monotonic() - begun < 8 else "still there")
EOF
is "$(python3 "$T/drip.py" "$U")" ended 'a request that never ends is ended'
stop

# Where the system gives few descriptors, visitors wait; the files of the
# results can still be opened.
python3 -c 'import os, resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (160, 160))
os.execv(sys.argv[1], sys.argv[1:])' bin/gc-serve --port 0 "$T/o" \
    >"$T/few" 2>"$T/few.err" &
pid=$!
while [ ! -s "$T/few" ]; do sleep 0.1; done
read -r U <"$T/few"
cat >"$T/few.py" <<'EOF'
import http.client, json, socket, sys, time
host, port = sys.argv[1].split("//")[1].strip("/").split(":")
first = http.client.HTTPConnection(host, int(port), timeout=20)
def runs():
    first.request("GET", "/history.json")
    return json.load(first.getresponse())["total"]
had, here = runs(), []
for i in range(200):
    s = socket.create_connection((host, int(port)))
    s.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ")
    here.append(s)
time.sleep(0.7)         # the folders are looked at again
print(had, runs())
EOF
is "$(python3 "$T/few.py" "$U")" '2 2' \
    'a crowd does not take the results away'
kill "$pid"
wait "$pid" 2>/dev/null
is "$(cat "$T/few.err")" '' 'nor is anything said'

# ---- a token ----
run bin/gc-serve --listen 0.0.0.0 --port 0 "$T/o"
exits 2 'an address that others can reach takes a token'
run bin/gc-serve --listen :: --port 0 "$T/o"
exits 2 'of IPv6 too'
run bin/gc-serve --listen here --port 0 "$T/o"
exits 2 'a name is no address'
printf 'a-token-of-some-length\n' >"$T/token"
chmod 644 "$T/token"
run bin/gc-serve --token-file "$T/token" --port 0 "$T/o"
exits 2 'a token that others can read is refused'
chmod 600 "$T/token"
printf 'short\n' >"$T/short"
chmod 600 "$T/short"
run bin/gc-serve --token-file "$T/short" --port 0 "$T/o"
exits 2 'so is a short one'
serve --listen 0.0.0.0 --token-file "$T/token" "$T/o"
U=http://127.0.0.1:${U##*:}
for path in / /healthz /metrics /nope; do
	get $path
	is "$code $(head_of WWW-Authenticate)" '401 Bearer realm="gcpipe"' \
	    "$path without it"
done
get / -H 'Authorization: Bearer a-token-of-some-lengtx'
is "$code" 401 'a wrong one'
get / -H 'Authorization: Bearer a-token-of-some-length1'
is "$code" 401 'a longer one'
get / -H 'Authorization: Bearer a-token-of-some-length'
is "$code" 200 'the right one'
grep -rq 'a-token-of-some-length' "/proc/$pid/cmdline" "$T/serve.err" "$T/out"
is "$?" 1 'it is nowhere to be read'
stop

# ---- naughty strings ----
if [ -n "$DATA" ] && [ -f "$DATA/blns/blns.json" ]; then
	mkdir -p "$T/n/naughty"
	jq -c '.[] | {a: ., p: "<script>alert(1)</script>"}' \
	    "$DATA/blns/blns.json" >"$T/u"
	gc-confusion -a .a -p .p -o "$T/n/naughty/confusion.json" "$T/u"
	serve "$T/n"
	for path in / /history; do
		get $path
		is "$code $(grep -ci '<script' "$T/out")" '200 0' \
		    "$path: no string of data is markup"
	done
	stop
else
	skip 2 'no test data'
fi

serve "$T/o"
run timeout 10 bin/gc-serve --port "${U##*:}" --listen 127.0.0.1 "$T/o"
exits 6 'a port that is taken is exit 6'
stop
done_testing

#!/bin/sh
# The frame that every filter has, by way of gc-count: places in messages,
# rejects and retries, limits, the ledger, output that is complete or absent,
# exit codes.
. tests/lib.sh

printf '%s\n' '{"a":"x"}' '  ' '{"a":"y"' '{"a":"x"}' >"$T/bad"

run gc-count -k .a "$T/bad"
exits 3 'a bad record ends the run'
is "$(err)" "gc-count: $T/bad:3:9: invalid JSON: unexpected end" \
    'with file, the line itself, column and reason'

run gc-count -k .a --reject "$T/rej" "$T/bad"
exits 0 'with --reject work goes on'
is "$(err)" "gc-count: 1 of 3 records rejected, see $T/rej" 'and is counted'
is "$(cut -c1-60 <"$T/out")" '{"a":"x","count":2}' 'the good ones are there'
is "$(jq -r '[.tool,.line,.column,.rule,.attempt,.record]|@csv' "$T/rej")" \
    '"gc-count",3,9,"invalid-json",1,"{""a"":""y"""' 'the envelope says all'

sed 's/{\\"a\\":\\"y\\"/&}/' "$T/rej" >"$T/mended"
run gc-count -k .a --retry "$T/mended"
exits 0 'a mended reject is taken by --retry'
is "$(out)" '{"a":"y","count":1}' 'as the record it was'
run gc-count -k .a --retry --reject "$T/rej2" "$T/rej"
is "$(jq -r '[.line,.attempt]|@csv' "$T/rej2")" 3,2 \
    'a second failure keeps the place and counts the attempt'

printf '"s"\n{"a":"\377"}\n' >"$T/odd"
run gc-count -k .a --reject "$T/rej" "$T/odd"
is "$(jq -c '[.rule,.record,.record_base64]' "$T/rej" | tail -1)" \
    '["invalid-utf8",null,"eyJhIjoi/yJ9"]' 'bytes that are no UTF-8 are kept'
is "$(jq -c '.record' "$T/rej" | head -1)" '"\"s\""' \
    'a string record is kept as its text'

run gc-count -k .a --reject "$T/rej" --max-reject 0 "$T/bad"
exits 3 '--max-reject 0 takes none'
run gc-count -k .a --reject "$T/rej" --max-reject 50% "$T/bad"
exits 0 '--max-reject 50% takes a third'
run gc-count -k .a --reject "$T/rej" --max-reject 30% "$T/bad"
exits 3 '--max-reject 30% does not'
run gc-count -k .a --max-reject 1 "$T/bad"
exits 2 '--max-reject needs --reject'

printf '{"a":"%0100d"}\n{"a":1}\n' 0 >"$T/long"
run gc-count -k .a --max-record 50 --reject "$T/rej" "$T/long"
is "$(jq -c '[.rule,.record,.offset,.length]' "$T/rej")" \
    '["too-long",null,0,108]' 'a record over the ceiling is told by its place'
is "$(out)" '{"a":1,"count":1}' 'and the next one is taken'

run gc-count -k .a "$T/bad" "$T/none"
exits 2 'a file that is not there'
is "$(wc -c <"$T/out" | tr -d ' ')" 0 'is found before the first byte'
run gc-count -k .a "$T"
exits 2 'a folder is no file'

run gc-count -k .a -o "$T/result" "$T/bad"
exits 3 'a failed run'
[ ! -e "$T/result" ] && ! ls "$T"/result.* >/dev/null 2>&1
ok $? 'leaves no -o file and no litter'
echo old >"$T/result"
run gc-count -k .a -o "$T/result" "$T/bad"
is "$(cat "$T/result")" old 'nor touches the old one'
printf '{"a":1}\n' >"$T/good"
run gc-count -k .a -o "$T/result" "$T/good"
is "$(cat "$T/result")" '{"a":1,"count":1}' 'a good run replaces it'
touch -d 2020-01-01 "$T/result"
run gc-count -k .a -o "$T/result" --if-changed "$T/good"
is "$(date -r "$T/result" +%Y)" 2020 '--if-changed leaves the same bytes alone'

run gc-count -k .a --ledger "$T/ledger" --reject "$T/rej" "$T/bad"
is "$(jq -c '[.tool,.in,.used,.dropped,.rejected,.out,.blank]' "$T/ledger")" \
    '["gc-count",3,2,0,1,1,1]' 'the ledger adds up'

if [ -c /dev/full ]; then
	gc-count -k .a "$T/good" >/dev/full 2>"$T/err"
	is "$? $(cut -c1-34 <"$T/err")" '6 gc-count: cannot write to stdout: ' \
	    'a full disk is exit 6' || :
fi
printf '\357\273\277{"a":1}\r\n\r\n{"a":1}' >"$T/bom"
run gc-count -k .a "$T/bom"
is "$(out)" '{"a":1,"count":2}' 'a byte order mark, CR and no last line end'
run gc-count -k .a </dev/null
exits 0 'an empty input is no error'
is "$(wc -c <"$T/out" | tr -d ' ')" 0 'and no record'

python3 - >"$T/many" <<'EOF'
for i in range(200000):
    print('{"a":"k%d","pad":"%s"}' % (i % 977, "x" * (i % 90)))
EOF
gc-count -k .a "$T/many" >"$T/one"
gc-count -k .a -j 8 "$T/many" >"$T/eight"
same "$T/eight" "$T/one" '--jobs 8 gives the same bytes'
gc-count -k .a - <"$T/many" | cmp -s - "$T/one"
ok $? '- is stdin'
# death by SIGPIPE, also where it was ignored
(trap '' PIPE; python3 -c '
import os, subprocess, sys
p = subprocess.Popen(["gc-count", "-k", ".a", sys.argv[1]],
    stdout=subprocess.PIPE, stderr=subprocess.PIPE, restore_signals=False)
p.stdout.close()
e = p.stderr.read()
print(p.wait(), len(e))' "$T/many") >"$T/died"
is "$(cat "$T/died")" '-13 0' 'a closed stdout is death by SIGPIPE, in silence'

# a standard stream that is closed is nobody else's
printf '{"a":1}\n7\n' >"$T/seven"
rm -f "$T/rej"
gc-count -k .a --reject "$T/rej" "$T/seven" >&- 2>"$T/err"
is "$? $(wc -l <"$T/rej" | tr -d ' ')" '6 1' \
    'stdout closed: exit 6, and no result among the rejects'
gc-count -k .a --reject "$T/rej" "$T/seven" >"$T/out" 2>&-
is "$? $(wc -l <"$T/rej" | tr -d ' ')" '0 1' \
    'stderr closed: no message among the rejects'
run gc-count -k .a <&-
exits 2 'stdin closed'
is "$(err)" 'gc-count: stdin is closed' 'is told'
run gc-count -k .a - <&-
exits 2 'also where it is named'
run gc-count -k .a "$T/good" <&-
exits 0 'and is nothing to a run that needs none'
run gc-count -k .a -o '' "$T/good"
exits 2 'an output without a name'
(
	ulimit -f 1
	gc-count -k .a -o "$T/wide" "$T/many" 2>"$T/err"
	echo $? >"$T/code"
)
is "$(cat "$T/code") $(sed 's/.*: //' "$T/err")" '6 File too large' \
    'a file that may not grow is exit 6'
[ ! -e "$T/wide" ] && ! ls "$T"/wide.* >/dev/null 2>&1
ok $? 'and leaves no litter'

# a line that never ends is no shield against a signal
is "$(python3 -c '
import subprocess, time
p = subprocess.Popen(["gc-count", "-k", ".a", "--max-record", "1000"],
    stdin=subprocess.PIPE, stderr=subprocess.PIPE)
p.stdin.write(b"x" * 300000)    # more than a pipe holds: it is reading
p.stdin.flush()
p.send_signal(15)
try:
    print(p.wait(20))
except subprocess.TimeoutExpired:
    p.kill()
    print("goes on")')" -15 'a line without end is interrupted'

# progress: of a plain file what is left is known, of a pipe it is not
run gc-count -k .a --progress "$T/many"
like "$(err)" 'gc-count: 200000 records, *.? MB, * records/s' \
    '--progress where stderr is no terminal'
run gc-count -k .a --progress=json "$T/many"
is "$(jq -c '[.tool, .records, .bytes, .left, .ended]' "$T/err")" \
    "[\"gc-count\",200000,$(wc -c <"$T/many" | tr -d ' '),0,true]" \
    '--progress=json: a record'
run sh -c 'gc-count -k .a --progress=json <"$0" 2>&1 >/dev/null | jq -c .left' \
    "$T/many"
is "$(out)" 0 'stdin may be a plain file'
run sh -c 'cat "$0" | gc-count -k .a --progress=json 2>&1 >/dev/null |
    jq -c .left' "$T/many"
is "$(out)" null 'of a pipe nobody knows'
# terminal COMMAND...: what it writes where its stdout and stderr are one.
terminal() {
	python3 -c 'import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
try:
    while (b := os.read(fd, 4096)):
        sys.stdout.buffer.write(b)
except OSError:
    pass' "$@"
}
like "$(terminal gc-count -k .a -o "$T/o" "$T/good")" \
    '*gc-count: 1 records, *' 'on a terminal, where the records go to a file'
is "$(terminal gc-count -k .a "$T/good" | tr -d '\r')" '{"a":1,"count":1}' \
    'but not among them'
is "$(terminal gc-count -k .a -q -o "$T/o" "$T/good")" '' 'nor with -q'
run gc-count -k .a --progress=yes "$T/good"
exits 2 'another word'
is "$(err)" "gc-count: --progress takes json or nothing, not 'yes'" 'is told'

done_testing

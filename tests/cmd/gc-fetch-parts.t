#!/bin/sh
# Multipart bodies, from the wire and from elsewhere.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

crlf() {
	sed 's/$/\r/'
}

# ---- tutorial defect: a well-formed body of two parts gave nothing ----
crlf >"$T/two" <<'END'
--b
Content-Type: application/json

{"actual_intent":"a","predicted_intent":"b","confidence":0.50}
--b
Content-Type: application/json; charset=utf-8

{"actual_intent":"c",
 "predicted_intent":"c","confidence":1.0}
--b--
END
run gc-fetch --split "$T/two"
exits 0 'multipart_zero_records: two parts'
printf '%s\n' \
    '{"actual_intent":"a","predicted_intent":"b","confidence":0.50}' \
    '{"actual_intent":"c", "predicted_intent":"c","confidence":1.0}' \
    >"$T/want"
same "$T/out" "$T/want" 'multipart_last_part: are two records'
jq -Rs '{match: {path: "/m"}, do: {status: 200, headers: {"Content-Type":
    "multipart/mixed; charset=x; boundary=\"b\"; more=1"}, body: .}}' \
    "$T/two" >"$T/more"
rules <<END
$(jq -c . "$T/more")
END
mocked gc-fetch /m
same "$T/out" "$T/want" 'multipart_boundary_quoted: the same from the wire'

# ---- kinds of parts ----
crlf >"$T/kinds" <<'END'
preamble
--b
Content-Type: application/json

[{"n":1}, {"n":2},
{"n":3}]
--b
Content-Type: application/x-ndjson

{"n":4}

{"n":5}
--b
Content-Type: text/csv
Content-Disposition: attachment; filename="../../re port.csv"

a,b
--b

no type at all
--b
Content-Type: multipart/mixed; boundary=inner

--inner
Content-Type: application/json

{"n":99}
--inner--
--b
Content-Type: application/vnd.api+json

[]
--b--
epilogue
END
run gc-fetch --split "$T/kinds"
exits 0 'parts of all kinds'
is "$(jq -c .n "$T/out" | tr '\n' ' ')" '1 2 3 4 5 ' \
    'an array gives its elements, NDJSON its lines'
like "$(err)" '*3 parts that are no JSON left out*' 'others are counted'
run gc-fetch --split - --other-parts "$T/dir" <"$T/kinds"
is "$(err)" '' 'kept, they are not spoken of'
is "$(cd "$T/dir" && printf '%s ' *)" \
    '000003-report.csv 000004.txt 000005 ' 'a file each, in order'
printf 'a,b' >"$T/want"
same "$T/dir/000003-report.csv" "$T/want" 'to the byte'
like "$(cat "$T/dir/000005")" '--inner*--inner--*' \
    'a part that is multipart itself is one part'
run gc-fetch --split "$T/kinds" --boundary inner
exits 0 '--boundary'
is "$(out)" '{"n":99}' 'finds what it names'

# ---- what does not parse ----
crlf >"$T/bad" <<'END'
--b
Content-Type: application/json

{"n":1}
--b
Content-Type: application/json

[{"n":2}, {"n":]
--b
Content-Type: application/json

{"n":3}
--b--
END
run gc-fetch --split "$T/bad"
exits 3 'a part that does not parse'
is "$(out)" '{"n":1}' 'what came before it is written'
like "$(err)" '*part 2: invalid JSON*' 'the message names it'
run gc-fetch --split "$T/bad" --reject "$T/rej"
exits 0 'with --reject work goes on'
is "$(jq -c .n "$T/out" | tr '\n' ' ')" '1 3 ' 'with what parses, all or none'
is "$(jq -c '[.tool, .line, .rule, .retryable, .attempt, .record]' \
    "$T/rej")" \
    '["gc-fetch",2,"invalid-json",false,1,"[{\"n\":2}, {\"n\":]"]' \
    'the envelope: its line is the part, its record the bytes'
run gc-fetch --split "$T/bad" --reject "$T/rej" --max-reject 0
exits 3 '--max-reject'
printf -- '--b\r\nContent-Type: application/json\r\n\r\n"\377"\r\n--b--' \
    >"$T/bytes"
run gc-fetch --split "$T/bytes" --reject "$T/rej"
is "$(jq -r .record_base64 "$T/rej")" 'Iv8i' 'bytes that are no UTF-8'

# ---- what is cut off ----
head -c 150 "$T/two" >"$T/cut"
run gc-fetch --split "$T/cut" --reject "$T/rej"
exits 3 'a body without its end'
is "$(wc -l <"$T/out" | tr -d ' ')" 1 'the part that was whole is a record'
is "$(jq -c '[.line, .rule]' "$T/rej")" '[2,"truncated"]' \
    'the one cut off is none, and goes to the rejects'
jq -j .record "$T/rej" >"$T/rest"
tail -c "$(wc -c <"$T/rest" | tr -d ' ')" "$T/cut" >"$T/want"
same "$T/rest" "$T/want" 'with its bytes'
head -c 238 "$T/kinds" >"$T/cut"
run gc-fetch --split "$T/cut" --other-parts "$T/dir2"
is "$code $(cd "$T/dir2" && printf '%s ' *)" '3 000003-report.csv.part ' \
    'a file that was cut off keeps .part'
run gc-fetch --split /dev/null
exits 3 'nothing at all'
run gc-fetch --split "$T/nowhere"
exits 2 'no such file'

jq -Rsc '{match: {path: "/m"}, do: {status: 200, cut_after: 150, headers:
    {"Content-Type": "multipart/mixed; boundary=b"}, body: .}}' "$T/two" |
    rules
mocked gc-fetch --tries 2 --reject "$T/rej" /m
exits 4 'cut off on the wire, again and again'
is "$(wc -l <"$T/out" | tr -d ' ')" 1 'no record is written twice'
is "$(jq -c '[.line, .rule, .retryable]' "$T/rej")" '[2,"truncated",true]' \
    'the rest is rejected, once'
jq -Rsc '({match: {path: "/m", nth: 1}, do: {cut_after: 150}},
    {match: {path: "/m", nth: "2-"}, do: {}}) | .do += {status: 200, headers:
    {"Content-Type": "multipart/mixed; boundary=b"}} |
    .do.body = $text' --rawfile text "$T/two" </dev/null | rules
mocked gc-fetch --reject "$T/rej" /m
exits 0 'cut off once'
is "$(wc -l <"$T/out" | tr -d ' ')" 2 'each record once'
is "$(wc -c <"$T/rej" | tr -d ' ')" 0 'and nothing rejected'
jq -Rsc '({match: {path: "/m", nth: 1}, do: {cut_after: 150}},
    {match: {path: "/m", nth: "2-"}, do: {other: true}}) | .do += {status: 200,
    headers: {"Content-Type": "multipart/mixed; boundary=b"}} |
    .do.body = (if .do.other then $text | sub("0.50"; "0.51") else $text end) |
    del(.do.other)' --rawfile text "$T/two" </dev/null | rules
mocked gc-fetch /m
exits 4 'an answer that is another one the second time'
head -c 200 "$T/two" | jq -Rsc '{match: {path: "/m"}, do: {status: 200,
    headers: {"Content-Type": "multipart/mixed; boundary=b"}, body: .}}' |
    rules
mocked gc-fetch /m
exits 4 'whole on the wire, but without its end'

rules <<'END'
{"match":{"path":"/m"},"do":{"status":200,"headers":{"Content-Type":"multipart/mixed; boundary=b"},"body":""}}
END
mocked gc-fetch /m
exits 4 'multipart, and not a byte'

# ---- parts of any size, in little memory ----
{
	printf -- '--b\r\nContent-Type: application/json\r\n\r\n['
	awk 'BEGIN { for (i = 0; i < 400000; i++)
		printf "%s{\"id\":%d,\"text\":\"%060d\"}", i ? "," : "", i, i }'
	printf ']\r\n--b--\r\n'
} >"$T/big"
run sh -c 'ulimit -v 200000; exec gc-fetch --split "$0"' "$T/big"
case $(gc-fetch --version; ldd "$(command -v gc-fetch)" 2>/dev/null) in
*libasan*) skip 1 'the sanitizer needs the memory' ;;
*) exits 0 'an array of 35 MB as one part' ;;
esac
run gc-fetch --split "$T/big"
is "$(wc -l <"$T/out" | tr -d ' ')" 400000 'a record an element'

# ---- the suite's own cases ----
if [ -n "$DATA" ]; then
	run python3 - "$DATA/multipart" "$T/parts" <<'END'
import hashlib, json, os, shutil, subprocess, sys
data, work = sys.argv[1:]
wrong = n = 0
for case in json.load(open(data + '/expectations.json'))['cases']:
    want = case.get('expect')
    if case['ambiguous'] or not want or not want.get('boundary'):
        continue
    body = open(os.path.join(data, case['file']), 'rb').read()
    body = body[case.get('body_offset') or 0:]
    shutil.rmtree(work, ignore_errors=True)
    os.mkdir(work)
    p = subprocess.run(['gc-fetch', '--split', '-', '--boundary',
        want['boundary'], '--other-parts', work, '--reject', '/dev/null'],
        input=body, capture_output=True)
    other = [x for x in want['parts'] if not any(k.lower() == 'content-type'
        and 'json' in v.lower() for k, v in x['headers'])]
    got = [hashlib.sha256(open(os.path.join(work, f), 'rb').read())
        .hexdigest() for f in sorted(os.listdir(work))]
    ok = got == [x['body_sha256'] for x in other] and \
        p.returncode == (0 if want['closed'] else 3)
    n += 1
    if not ok:
        wrong += 1
        print(case['file'], p.returncode, want['closed'], p.stderr[:100])
print(wrong, 'of', n, 'wrong' if n > 50 else 'too few')
END
	like "$(out | tail -1)" '0 of * wrong' 'every unambiguous case agrees'
	[ "$tap_failed" = 0 ] || note "$(out; err)"
else
	skip 1 'no test data'
fi

done_testing

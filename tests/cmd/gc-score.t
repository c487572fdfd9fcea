#!/bin/sh
# gc-score: contacts checked, sent in batches, scores matched.
. tests/lib.sh
. tests/mock.sh

S=$PWD/share/features/engagement.json
SCORE='*/score'
: >"$T/rules"

# contacts N: that many good ones, some lacking what is replaced.
contacts() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) {
	    printf "{\"contactId\":\"c%d\",\"features\":{\"previous_calls\":%d", i, i % 20
	    if (i % 10) printf ",\"avg_handle_time\":%d.5", 60 + i % 300
	    printf ",\"last_contact_days\":%d,\"segment_id\":%s}}\n", i % 90, i % 15 ? "\"gold\"" : "null" } }'
}
ids() {
	jq -r .contactId "$T/out" | tr '\n' ' ' | sed 's/ $//'
}
contacts 2500 >"$T/c"
jq -r .contactId "$T/c" >"$T/all"

# ---- batches ----
mocked gc-score -f engagement "$T/c" --now 2026-02-03T04:05:06Z
exits 0 'contacts are scored'
jq -r .contactId "$T/out" | cmp -s - "$T/all"
ok $? 'each once, in the order of the input'
is "$(asked '.path' | wc -l | tr -d ' ')" 3 'in 1,000s'
is "$(head -1 "$T/out" | jq -c 'keys_unsorted')" \
	'["contactId","score","confidenceInterval","latencyMs","timestamp","modelId","modelVersion","imputed","flags"]' \
	'a score record'
is "$(sed -n 31p "$T/out" | jq -c '[.imputed, .timestamp]')" \
	'[["avg_handle_time","segment_id"],"2026-02-03T04:05:06Z"]' \
	'what was replaced is named: an absent one, a null one; --now'
jq -c 'del(.latencyMs)' "$T/out" >"$T/plain"
mocked gc-score -f engagement "$T/c" --now 2026-02-03T04:05:06Z -j 8 -n 70
jq -c 'del(.latencyMs)' "$T/out" >"$T/jobs"
same "$T/jobs" "$T/plain" 'the same from eight requests at a time, of 70'
is "$(asked '.headers | with_entries(.key |= ascii_downcase)
    | .["idempotency-key"]' | sort -u | wc -l | tr -d ' ')" 36 \
	'each batch has an idempotency key of its own'
mocked gc-score -f engagement "$T/c" -n 70
jq -r '.headers | with_entries(.key |= ascii_downcase) | .["idempotency-key"]
    // empty' "$T/journal" | sort >"$T/k2"
mocked gc-score -f engagement "$T/c" -n 70
jq -r '.headers | with_entries(.key |= ascii_downcase) | .["idempotency-key"]
    // empty' "$T/journal" | sort >"$T/k3"
same "$T/k3" "$T/k2" 'and the same one when it is sent again'
mocked gc-score -f engagement "$T/c" --max-bytes 20k
jq -r .contactId "$T/out" | cmp -s - "$T/all"
ok $? '--max-bytes'
[ "$(asked '.path' | wc -l)" -gt 12 ]
ok $? 'makes more requests'
printf '%s\n' '{"contactId":"a","features":{}}' \
	'{"contactId":"\u0061","features":{}}' \
	'{"contactId":"b","features":null}' >"$T/twice"
mocked gc-score -f engagement "$T/twice"
is "$(ids) $(asked '.path' | wc -l | tr -d ' ')" 'a a b 2' \
	'an id that is in the batch waits for the next'
mocked gc-score -f engagement --model-version 3 --from '.f' --id '.i|tostring' - <<'END'
{"i":7,"f":{"previous_calls":1}}
END
is "$(ids)" 7 '--id and --from are expressions'
mocked gc-score -f engagement </dev/null
is "$code$(out)$(asked .path)" 0 'no contacts, no request'

# ---- what is wrong with a contact ----
cat >"$T/bad" <<'END'
{"contactId":"ok1","features":{}}
{"contactId":"","features":{"previous_calls":-1,"avg/x~":3,"segment_id":7}}
{"contactId":"b3","features":{"avg_handle_time":"long","last_contact_days":1.5}}
{"contactId":4,"features":[]}
[]
not json
{"features":{"segment_id":""}}
{"contactId":"ok8","features":{"last_contact_days":3.0}}
END
mocked gc-score -f engagement "$T/bad" --reject "$T/r"
exits 0 'with --reject work goes on'
is "$(ids)" 'ok1 ok8' 'good ones are scored'
is "$(jq -c '[.line, .rule, [.violations[]? | .pointer + " " + .rule]]' "$T/r" | tr '\n' ' ')" \
	'[2,"empty",["/contactId empty","/features/avg~1x~0 extra","/features/previous_calls min","/features/segment_id type"]] [3,"type",["/features/avg_handle_time type","/features/last_contact_days type"]] [4,"type",["/contactId type","/features type"]] [5,"not-an-object",[" not-an-object"]] [6,"invalid-json",[]] [7,"missing",["/contactId missing"]] ' \
	'all violations of a record at once, with JSON Pointers'
jq '.features.segment_id += {pattern: "^[a-z]+$", values: ["a", "default", "B"]}' \
	"$S" | sed 's/"default": "default"/"default": "a"/' >"$T/p.json"
printf '{"contactId":"p%s","features":{"segment_id":"%s"}}\n' 1 a 2 b 3 B >"$T/p"
mocked gc-score -f "$T/p.json" "$T/p" --reject "$T/rp"
is "$(ids) $(jq -r '.error' "$T/rp" | tr '\n' ';')" \
	'p1 /features/segment_id: "b" is none of the 3 values allowed;/features/segment_id: "B" does not match ^[a-z]+$;' \
	'values and patterns'
mocked gc-score -f engagement "$T/bad" --reject "$T/r"
is "$(jq -r 'select(.line == 2).violations[1:3][] | .value' "$T/r" | tr '\n' ' ')" \
	'null -1 ' 'and their values'
sed 's/"contactId":""/"contactId":"m2"/; s/"previous_calls":-1,"avg\/x~":3,"segment_id":7//' \
	"$T/r" | head -1 >"$T/r1"
mocked gc-score -f engagement --retry "$T/r1"
is "$(ids)" m2 '--retry takes a mended one'
mocked gc-score -f engagement "$T/bad"
exits 3 'without --reject it ends there'
is "$(ids)" ok1 'everything before it is written'
like "$(err)" "gc-score: $T/bad:2: /contactId: \"\" is empty; /features/avg~1x~0: *; /features/previous_calls: -1 is less than 0; *" \
	'and the message has the place and all that is wrong'
awk 'BEGIN { printf "{\"contactId\":\"w\",\"features\":{"
    for (i = 0; i < 51; i++) printf "%s\"f%d\":1", i ? "," : "", i
    print "}}" }' >"$T/wide"
mocked gc-score -f engagement "$T/wide" --reject "$T/r"
is "$(jq -r '.violations | length, (map(.rule) | unique | .[])' "$T/r" | tr '\n' ' ')" \
	'52 extra too-many-features ' 'more than 50 features'
mocked gc-score -f engagement "$T/bad" --reject "$T/r" --max-reject 3
exits 3 '--max-reject'
mocked gc-score -f engagement "$T/c" --max-impute 1 --reject "$T/r"
is "$code $(jq -r .rule "$T/r" | sort | uniq -c | tr -s ' ')" \
	'0  84 too-many-replaced' '--max-impute N'
mocked gc-score -f engagement "$T/c" --max-impute 5% -o "$T/none"
exits 3 '--max-impute P%'
like "$(err)" "*'avg_handle_time' was replaced in 250 of 2500*" 'names it'
[ ! -e "$T/none" ]
ok $? 'and no output appears'

# hostile ids and numbers
printf '%s\n' '{"contactId":"\u0020\t","features":{}}' \
	'{"contactId":"big","features":{"avg_handle_time":1e400}}' \
	'{"contactId":"nan","features":{"avg_handle_time":NaN}}' \
	'{"contactId":"\ud83d\ude00","features":{"previous_calls":-0,"avg_handle_time":1E2}}' \
	>"$T/odd"
mocked gc-score -f engagement "$T/odd" --reject "$T/r"
is "$code $(ids) $(jq -c '[.line, .rule]' "$T/r" | tr '\n' ' ')" \
	'0 😀 [1,"empty"] [2,"type"] [3,"invalid-json"] ' \
	'a blank id however it is spelled, a number that no double holds'
echo '{"who":{"id":7},"x/y":[0,{"previous_calls":-1}]}' >"$T/deep"
mocked gc-score -f engagement --id .who.id --from '.["x/y"][1]' "$T/deep" \
	--reject "$T/r"
is "$(jq -c '[.violations[].pointer]' "$T/r")" \
	'["/who/id","/x~1y/1/previous_calls"]' 'pointers go where --id and --from do'

# absent and null have rules of their own; a version is asked for
echo '{"features":{"a":{"type":"number","absent":1,"null":2},"b":{"type":"string","nullable":true,"absent":"x"},"c":{"type":"boolean","default":false}}}' >"$T/two.json"
for want in '{"a":1,"b":null,"c":false}' '{"a":2,"b":"x","c":true}'; do
	body='{"contacts":[{"contactId":"k","features":'$want'}],"modelVersion":"3"}'
	jq -c -n --arg b "$body" --arg p "$SCORE" '{match: {path: $p, body: $b},
	    do: {status: 200, body: {results: [{contactId: "k", score: 0.5,
	    confidenceInterval: {lower: 0.1, upper: 0.9}}]}}}'
done | rules
printf '{"contactId":"k","features":{%s}}\n' '"b":null' '"a":null,"c":true' |
	tee "$T/kk" >/dev/null
mocked gc-score -f "$T/two.json" --model-version 3 -n 1 "$T/kk"
is "$code $(jq -c '[.imputed, .modelVersion]' "$T/out" | tr '\n' ' ')" \
	'0 [["a","c"],"3"] [["a","b"],"3"] ' \
	'absent and null by separate rules, in the order of the file; --model-version'
: >"$T/rules"

# validates-before-imputing: the tutorial rejects a whole batch for an absent
# key; here it is replaced, as a null is
mocked gc-score -f engagement - <<'END'
{"contactId":"n","features":{"previous_calls":null,"avg_handle_time":null,"last_contact_days":null,"segment_id":null}}
{"contactId":"a","features":{}}
END
is "$(jq -c '.imputed | length' "$T/out" | tr '\n' ' ')" '4 4 ' \
	'defect: validates before imputing'
# one-bad-contact-kills-999
(contacts 999; echo '{"contactId":"bad","features":{"previous_calls":"x"}}') |
	cat >"$T/999"
mocked gc-score -f engagement "$T/999" --reject "$T/r"
is "$(wc -l <"$T/out" | tr -d ' ') $(jq -r .record.contactId "$T/r")" \
	'999 bad' 'defect: one bad contact kills 999 good ones'
# narrow-means-uncertain: a narrow interval is a precise score; the rule is a
# switchable default
mocked gc-score -f engagement "$T/c" --audit "$T/a"
is "$(jq -r 'select((.confidenceInterval.upper - .confidenceInterval.lower < 0.15)
    != (.flags == ["narrow"])) | .contactId' "$T/out" | wc -l | tr -d ' ')" 0 \
	'defect: narrow means uncertain (the default flags them)'
[ "$(grep -c '"narrow"' "$T/out")" -gt 50 ]
ok $? 'there are some'
is "$(jq -c 'select(.kind == "contact" and .flags == ["narrow"])' "$T/a" |
    wc -l | tr -d ' ')" "$(grep -c '"narrow"' "$T/out")" \
	'defect: rejected scores vanish from the audit'
mocked gc-score -f engagement "$T/c" --min-width 0 --max-width 0.3
is "$(grep -c '"narrow"' "$T/out") $(jq -r 'select((.confidenceInterval.upper -
    .confidenceInterval.lower > 0.3) != (.flags == ["wide"]))' "$T/out")" '0 ' \
	'--min-width 0 turns it off, --max-width asks the honest question'
# batch-latency-stamped-on-each
is "$(jq -s '(map(select(.kind == "batch").latencyMs) | add) as $b
    | (map(select(.kind == "contact").latencyMs) | add) as $c
    | ($b - $c) / $b | fabs < 0.01' "$T/a")" true \
	'defect: batch latency stamped on each contact (shares add up to it)'

# ---- refused batches ----
# The file lets a null pass that the model refuses.
jq '.features.segment_id = {type: "string"} | .features.previous_calls = {type: "number", nullable: true}' \
	"$S" >"$T/null.json"
{ contacts 40 | sed 's/null/"x"/'; echo '{"contactId":"guilty","features":{"previous_calls":null,"segment_id":"x"}}'
  contacts 40 | sed 's/null/"x"/; s/:"c/:"d/'; } >"$T/g"
mocked gc-score -f "$T/null.json" "$T/g" --reject "$T/r"
exits 0 'a refused batch is halved'
is "$(wc -l <"$T/out" | tr -d ' ') $(jq -r '[.record.contactId, .rule, .line] | join(" ")' "$T/r")" \
	'80 guilty refused 41' 'the guilty contact is rejected, the rest scored'
jq -r .contactId "$T/g" | grep -v guilty >"$T/w"
jq -r .contactId "$T/out" | cmp -s - "$T/w"
ok $? 'in order'
[ "$(asked .path | wc -l)" -lt 20 ]
ok $? 'in few requests'
mocked gc-score -f "$T/null.json" "$T/g"
exits 3 'without --reject that ends it'
like "$(err)" "*$T/g:41: *400*dimension mismatch*" 'with its place'
is "$(wc -l <"$T/out" | tr -d ' ')" 40 'all before it are written'
echo '{"match":{"path":"'"$SCORE"'"},"do":{"status":400,"body":{"message":"model is retired"}}}' |
	rules
mocked gc-score -f engagement "$T/c" --reject "$T/r"
exits 4 'a service that refuses everybody is exit 4'
[ "$(asked .path | wc -l)" -lt 64 ]
ok $? 'soon'
echo '{"match":{"path":"'"$SCORE"'","nth":1},"do":{"status":413}}' | rules
mocked gc-score -f engagement "$T/c"
is "$code $(wc -l <"$T/out" | tr -d ' ')" '0 2500' '413: smaller batches'

# bad ones in front do not condemn the rest: others are asked first
for i in $(seq 0 19); do
	printf '{"match":{"path":"%s","body":"\\"c%d\\""},"do":{"status":400,"headers":{"ININ-Correlation-Id":"k%d"},"body":{"message":"no"}}}\n' "$SCORE" "$i" "$i"
done | rules
head -500 "$T/c" >"$T/c500"
mocked gc-score -f engagement "$T/c500" --reject "$T/r"
is "$code $(wc -l <"$T/out" | tr -d ' ') $(wc -l <"$T/r" | tr -d ' ')" '0 480 20' \
	'twenty guilty ones in front: the others are scored'
is "$(jq -c '[.status, .correlationId]' "$T/r" | head -1)" '[400,"k0"]' \
	'a reject has the status, and the id by which the service knows it'

# ---- answers ----
twist() {
	echo '{"match":{"path":"'"$SCORE"'"},"do":{"list":"'"$1"'"}}' | rules
}
twist reverse
mocked gc-score -f engagement "$T/c"
jq -r .contactId "$T/out" | cmp -s - "$T/all"
ok $? 'scores in another order are matched by id'
for w in double:'two scores of the contact' drop:'no score of the contact' \
    strange:'a score of a contact that was not sent*nobody-asked'; do
	twist "${w%%:*}"
	mocked gc-score -f engagement "$T/c"
	exits 4 "an answer with a ${w%%:*} breaks the protocol"
	like "$(err)" "*${w#*:}*" 'and the message says so'
done
for body in '{"results":[{"contactId":"c0","score":null,"confidenceInterval":{"lower":0,"upper":1}}]}' \
    '{"results":[{"contactId":"c0","score":0.5}]}' '{}' '[]' '"x"' \
    '{"results":{}}' '{"results":[]}' '{"results":[7]}' '{"results":[{}]}' \
    '{"results":[{"contactId":"c0","score":1,"confidenceInterval":[1,2]}]}' \
    '{"results":[{"contactId":7,"score":1,"confidenceInterval":{"lower":0,"upper":1}}]}'; do
	echo '{"match":{"path":"'"$SCORE"'"},"do":{"status":200,"body":'"$body"'}}' | rules
	contacts 1 >"$T/c1"
	mocked gc-score -f engagement "$T/c1"
	exits 4 "no score: $body"
done
cat >"$T/body" <<'END'
{ "x" : {"results":[1]} , "modelId" : "m\u0037",
  "results" : [ {"more":{"a":["}"]}, "contact\u0049d":"\u0063\u0030", "score":9, "score" : 0.5 ,
    "confidenceInterval" : { "x":{}, "upper":0.75, "lower":0.25 } } ,
    { "confidenceInterval":{"lower":0,"upper":1},"score":1e-1,"contactId":"c1" } ] }
END
jq -c -n --rawfile b "$T/body" --arg path "$SCORE" '{match: {path: $path},
    do: {status: 200, headers: {"Content-Type": "application/json"}, body: $b}}' |
	rules
contacts 2 >"$T/c2"
mocked gc-score -f engagement "$T/c2"
is "$(jq -c '[.contactId, .score, .confidenceInterval.lower, .confidenceInterval.upper, .modelId]' "$T/out")" \
	'["c0",0.5,0.25,0.75,"m7"]
["c1",0.1,0,1,"m7"]' \
	'an answer over several lines, with more in it, in any order, escaped'
echo '{"match":{"path":"'"$SCORE"'"},"do":{"status":200,"body":{"results":[{"contactId":"c0","score":1.50,"confidenceInterval":{"lower":0.10,"upper":0.9}}]}}}' | rules
mocked gc-score -f engagement "$T/c1"
like "$(out)" '*"score":1.50,"confidenceInterval":{"lower":0.10,"upper":0.9}*"flags":\["outside","range"\]}' \
	'outside and range; numbers keep their spelling'

answer() {
	jq -cn --arg p "$SCORE" --arg b "$1" '{match: {path: $p}, do: {status: 200,
	    headers: {"Content-Type": "application/json"}, body: $b}}' | rules
}
answer '{"results":[{"contactId":"c0","score":0.5,"confidenceInterval":{"lower":0.9,"upper":0.1}}]}'
mocked gc-score -f engagement "$T/c1"
is "$(jq -c .flags "$T/out")" '["narrow","outside"]' 'an interval upside down'
mocked gc-score -f engagement --min-width 0 "$T/c1"
is "$(jq -c .flags "$T/out")" '["outside"]' '--min-width 0 flags none as narrow'
answer '{"modelVersion":{"a":
1},"results":[{"contactId":"c0","score":0,"confidenceInterval":{"lower":0,"upper":0.5}}]}'
mocked gc-score -f engagement --max-width 0.5 "$T/c1"
is "$(wc -l <"$T/out" | tr -d ' ') $(jq -c '[.flags, has("modelVersion")]' "$T/out")" \
	'1 [[],false]' 'a version that is none is left out; on the edge is within'
: >"$T/rules"

# ---- the way ----
printf '%s\n' '{"match":{"path":"'"$SCORE"'","nth":1},"do":{"status":429,"headers":{"Retry-After":"0"}}}' \
	'{"match":{"path":"'"$SCORE"'","nth":2},"do":{"status":503,"headers":{"Retry-After":"0"}}}' \
	'{"match":{"path":"'"$SCORE"'","nth":4},"do":{"status":401}}' | rules
mocked gc-score -f engagement "$T/c" --ledger "$T/l"
is "$code $(wc -l <"$T/out" | tr -d ' ') $(jq -c '[.in, .used, .out, .retried, .imputed.segment_id]' "$T/l")" \
	'0 2500 [2500,2500,2500,3,0.0668]' '429, 503 and 401 on the way; the ledger'
echo '{"match":{"path":"'"$SCORE"'"},"do":{"status":403,"body":{"message":"missing scope predictiveengagement:score"}}}' | rules
mocked gc-score -f engagement "$T/c" --reject "$T/r"
exits 5 '403'
like "$(err)" '*predictiveengagement:score*' 'names the scope'
echo '{"match":{"path":"'"$SCORE"'"},"do":{"status":500}}' | rules
mocked gc-score -f engagement "$T/c" --tries 1
exits 4 '5xx'
: >"$T/rules"
mocked gc-score -f engagement --model unknown "$T/c"
exits 4 'an unknown model'
GC_API=platform mocked gc-score -f engagement "$T/c"
exits 2 'the platform scores no batches'

# ---- going on ----
echo '{"match":{"path":"'"$SCORE"'","nth":3},"do":{"status":500}}' | rules
mocked gc-score -f engagement "$T/c" -n 400 --tries 1 --state "$T/s" -o "$T/o" \
	--audit "$T/a2" --reject "$T/r"
exits 4 'a run that ends in the middle'
[ ! -e "$T/o" ] && [ -s "$T/s" ]
ok $? 'leaves its state and no output'
: >"$T/rules"
sed 's/c799/cxxx/' "$T/c" >"$T/c.other"
cp "$T/c" "$T/c.keep"
cp "$T/c.other" "$T/c"
mocked gc-score -f engagement "$T/c" -n 400 --state "$T/s" -o "$T/o" \
	--audit "$T/a2" --reject "$T/r"
exits 2 'another input is refused'
cp "$T/c.keep" "$T/c"
mocked gc-score -f engagement "$T/c" -n 400 --state "$T/s" -o "$T/o" --min-width 0 \
	--reject "$T/r"
exits 2 'another question too'
mocked gc-score -f engagement "$T/c" -n 400 --state "$T/s" -o "$T/o" \
	--audit "$T/a2" --reject "$T/r"
exits 0 'the same command goes on'
jq -r .contactId "$T/o" | cmp -s - "$T/all"
ok $? 'each score once'
is "$(asked .path | wc -l | tr -d ' ')" 5 'nothing done is asked for again'
[ ! -e "$T/s" ]
ok $? 'the state goes'

mocked gc-score -f engagement "$T/c1" --state "$T/none/s" -o "$T/o"
is "$code$(asked .path)" 2 'a state that cannot be written is known at once'
mocked gc-score -f engagement "$T/c1" -o "$T/o" --reject "$T/o"
exits 2 'rejects do not go into the output'
for form in '' --csv; do
	printf 'contactId,colour\n' >"$T/own"
	mocked gc-score -f engagement $form --reject "$T/own" "$T/own"
	is "$code $(cat "$T/own")" '2 contactId,colour' "nor into the input $form"
done
ln "$T/own" "$T/own2"
mocked gc-score -f engagement --reject "$T/own2" <"$T/own"
is "$code $(cat "$T/own")" '2 contactId,colour' 'whichever way that comes'
cat >"$T/two" <<'END'
(sleep 0.3; cat "$T/c") | gc-score -q -f engagement --state "$T/s" -o "$T/o2" &
sleep 0.1
code=0
gc-score -q -f engagement --state "$T/s" -o "$T/o2" "$T/c" || code=$?
wait
exit $code
END
export T
mocked sh "$T/two"
exits 7 'two at once on one file: the second waits for another day'
jq -r .contactId "$T/o2" | cmp -s - "$T/all"
ok $? 'and does no harm'
rm -f "$T/s"

# ---- audit ----
run gc-score --verify "$T/a2"
exits 0 'the chain of two runs is one'
is "$(jq -r .kind "$T/a" | sort | uniq -c | tr -s ' ' | tr '\n' ';')" \
	' 3 batch; 2500 contact; 1 run;' 'lines of requests, contacts, the run'
jq -e 'select(.features != null and .kind == "contact")' "$T/a" >"$T/x"
is "$(cat "$T/x")" '' 'no features in it'
sed '7s/"score":0/"score":1/' "$T/a" >"$T/forged"
run gc-score --verify "$T/forged"
exits 3 'a changed line is seen'
like "$(err)" "*forged:7: the chain is broken*" 'where it is'
sed 9d "$T/a" >"$T/forged"
run gc-score --verify "$T/forged"
exits 3 'one that was taken out too'
sed -n 1p "$T/a" | sed 's/,"chain":"[0-9a-f]*"}$/}/' | tr -d '\n' >"$T/line"
is "$( (printf '%064d' 0; cat "$T/line") | sha256sum | cut -d' ' -f1)" \
	"$(sed -n 1p "$T/a" | jq -r .chain)" \
	'the chain is the SHA-256 of the one before and the line'
sed -n 2p "$T/a" | head -c 70 | cat "$T/a" - >"$T/torn"
mocked gc-score -f engagement "$T/c1" --audit "$T/torn"
like "$(err)" '*half a line*' 'half a line of a killed run is cut off'
run gc-score --verify "$T/torn"
exits 0 'and the chain goes on'
printf '[{"kept": 1}]' >"$T/mine"
mocked gc-score -f engagement "$T/c1" --audit "$T/mine"
is "$code $(cat "$T/mine")" '2 [{"kept": 1}]' \
	'a file of something else is left alone'
mocked gc-score -f engagement "$T/c" -n 250 --audit "$T/rot" --audit-size 100k
[ -s "$T/rot.1" ]
ok $? 'rotated by size'
find "$T" -name 'rot.[0-9]' | sort -r >"$T/files"
# shellcheck disable=SC2046 # a list of names
run gc-score --verify $(cat "$T/files") "$T/rot"
exits 0 'one chain over all files'

# ---- CSV ----
cat >"$T/csv" <<'END'
contactId,previous_calls,avg_handle_time,last_contact_days,segment_id
a,1,2.50,3,gold
b,,,,
"c,1",x,2,3,"g ""x"""
d,1,2
007,1,2,3,007
END
mocked gc-score -f engagement --csv "$T/csv" --reject "$T/r"
is "$code $(ids)" '0 a b 007' '--csv'
is "$(jq -c '[.line, .rule, .record.contactId]' "$T/r" | tr '\n' ' ')" \
	'[4,"type","c,1"] [5,"cells","d"] ' 'its bad rows'
is "$(sed -n 2p "$T/out" | jq -c '.imputed | length')" 4 'an empty cell is null'
printf '\357\273\277contactId,previous_calls,segment_id\r\na,"","x\r\n, y"\r\nb\377,1,z\r\n' >"$T/csv"
mocked gc-score -f engagement --csv "$T/csv" --reject "$T/r"
is "$code $(ids) $(jq -c .imputed "$T/out")" \
	'0 a ["previous_calls","avg_handle_time","last_contact_days"]' \
	'BOM, CR LF, a line end in quotes; empty quotes are an empty cell; a column that is not there'
is "$(jq -r .record_base64 "$T/r" | base64 -d | od -c | head -1 | tr -s ' ')" \
	'0000000 b 377 , 1 , z' 'a row that is no UTF-8 is kept byte for byte'
printf 'contactId,segment_id\na,"x\n' >"$T/csv"
mocked gc-score -f engagement --csv "$T/csv"
like "$code $(err)" "3 *csv:2: invalid CSV: a quote that is never closed" \
	'an open quote, with its place'
printf 'contactId,colour\na,red\n' >"$T/csv"
mocked gc-score -f engagement --csv "$T/csv"
exits 3 'a column that is no feature'
like "$(err)" "*csv:1: column 'colour'*" 'is named'

# ---- feature files ----
wrong() {
	printf '{"features":{%s}}' "$1" >"$T/f.json"
	mocked gc-score -f "$T/f.json" "$T/c"
	exits 2 "feature file: $2"
}
wrong '' 'no feature'
wrong '"a":{"type":"text"}' 'an unknown type'
wrong '"a":{"type":"number","maximum":3}' 'a slip of the finger'
wrong '"a":{"type":"number","min":0,"default":-1}' 'a default it forbids'
wrong '"a":{"type":"string","pattern":"("}' 'a broken pattern'
wrong '"a":{"type":"string","min":1}' 'a bound of a text'
wrong '"a":{"type":"number","min":2,"max":1}' 'bounds that leave nothing'
wrong '"a":{"type":"integer","values":["x"]}' 'a value of another type'
wrong '"a":{"type":"number","nullable":"yes"}' 'a nullable that is no boolean'
wrong '"a":{"type":"number","default":1e400}' 'a default that no double holds'
wrong '"a\u0000b":{"type":"number"}' 'a NUL in a name'
mocked gc-score -f nonesuch "$T/c"
exits 2 'a feature file that is not there'

# JSON Schema, there and back
run gc-score --schema "$S"
exits 0 '--schema'
is "$(jq -c '[.["$schema"], .required, (.properties.features |
    .additionalProperties, .maxProperties, .properties.previous_calls)]' "$T/out")" \
	'["https://json-schema.org/draft/2020-12/schema",["contactId"],false,50,{"type":["integer","null"],"minimum":0,"maximum":100000,"default":0}]' \
	'says what a contact may be before anything is replaced'
cat >"$T/all.json" <<'END'
{"features":{"a":{"type":"number","min":-1,"absent":1,"null":2,"unit":"s"},
"b":{"type":"string","pattern":"^x","nullable":true,"since":"2"},
"c":{"values":[1,2.0],"type":"integer"},"d":{"type":"boolean","absent":true},
"é\"/":{"type":"string","null":"y","description":"why"},
"f":{"type":"string","absent":"z","nullable":true}}}
END
run gc-score --schema "$T/all.json" -o "$T/schema.json"
run gc-score --diff --exit-code "$T/all.json" "$T/schema.json"
is "$code$(out)" 0 'it is read as a feature file that says the same'
run gc-score --schema "$T/schema.json"
same "$T/out" "$T/schema.json" 'and written again to the byte'
echo '{"properties":{"n":{"type":"integer","minimum":0,"default":0},"s":{"enum":["a","b"],"type":"string"}},"required":["s"]}' >"$T/plain.json"
printf '%s\n' '{"contactId":"c0","features":{"s":"a"}}' \
	'{"contactId":"c1","features":{"n":-1,"s":"c"}}' >"$T/two"
answer '{"results":[{"contactId":"c0","score":0.5,"confidenceInterval":{"lower":0,"upper":1}}]}'
mocked gc-score -f "$T/plain.json" "$T/two" --reject "$T/r"
is "$(jq -c .imputed "$T/out") $(jq -c '[.violations[].rule]' "$T/r")" \
	'["n"] ["min","values"]' "a schema of the features alone is one, too"
: >"$T/rules"
for bad in '{"properties":{"n":{"type":"integer","multipleOf":2,"default":0}}}' \
    '{"properties":{"n":{"type":"integer"}}}' '{"properties":{"n":{"default":1}}}' \
    '{"properties":{"n":{"type":["integer","string"],"default":1}}}'; do
	echo "$bad" >"$T/plain.json"
	run gc-score --schema "$T/plain.json"
	exits 2 "what would not be checked is refused: $bad"
done

run gc-score --infer "$T/c"
exits 0 '--infer'
is "$(jq -c '.features | [.previous_calls, .segment_id, .avg_handle_time.default]' "$T/out")" \
	'[{"type":"integer","min":0,"max":19},{"type":"string","values":["gold"],"default":"gold"},204.5]' \
	'types, ranges, values, what replaces'
cp "$T/out" "$T/draft.json"
mocked gc-score -f "$T/draft.json" "$T/c"
exits 0 'the draft fits its sample'
{ echo '"say ""n""",contactId,calls,vip,code,rate'
  echo 'a,c1,3,true,007,1.5'; echo 'b,c2,,,12,2'; echo 'a,c3,9,true,x9,'; } >"$T/s.csv"
run gc-score --infer --csv "$T/s.csv"
is "$code $(jq -c .features "$T/out")" '0 {"say \"n\"":{"type":"string"},"calls":{"type":"integer","min":3,"max":9,"default":3},"vip":{"type":"boolean","default":true},"code":{"type":"string"},"rate":{"type":"number","min":1.5,"max":2,"default":1.5}}' \
	'--infer --csv'
run gc-score --infer --csv -o "$T/draft2.json" "$T/s.csv"
jq -c -n --arg p "$SCORE" '{match: {path: $p}, do: {status: 200, body:
    {results: ["c1", "c2", "c3"] | map({contactId: ., score: 0.5,
    confidenceInterval: {lower: 0.1, upper: 0.9}})}}}' | rules
mocked gc-score -f "$T/draft2.json" --csv "$T/s.csv"
is "$code $(ids)" '0 c1 c2 c3' 'and that draft fits too'
printf 'contactId,vip\nc1,TRUE\nc2,False\nc3,\n' >"$T/s2.csv"
run gc-score --infer --csv "$T/s2.csv"
is "$(jq -c .features "$T/out")" '{"vip":{"type":"boolean","default":true}}' \
	'booleans as spreadsheets spell them'
cp "$T/out" "$T/draft3.json"
mocked gc-score -f "$T/draft3.json" --csv "$T/s2.csv"
is "$code $(ids)" '0 c1 c2 c3' 'are taken so'
printf '%s\n' '{"features":{"a":1,"b":null,"c":[1]}}' \
	'{"features":{"a":"x","b":null,"c":[]}}' | tee "$T/mixed" >/dev/null
run gc-score --infer "$T/mixed"
like "$code $(err)" '3 *"a" is now of one type, now of another; "b" is always null; "c" is a list*' \
	'what no feature file can say is named, all of it'
printf 'contactId,a,a\n' >"$T/s.csv"
run gc-score --infer --csv "$T/s.csv"
exits 3 'a column twice'
: >"$T/rules"
jq '.features |= (.previous_calls.max = 5 | .avg_handle_time.max = 1e6
    | del(.segment_id) | .colour = {type: "string", default: "red"}
    | .age = {type: "integer"})' "$S" >"$T/new.json"
run gc-score --diff "$S" "$T/new.json"
is "$code $(jq -r '[.feature, .change, .breaking] | join(" ")' "$T/out" | tr '\n' ';')" \
	'0 previous_calls max true;avg_handle_time max false;segment_id removed true;colour added false;age added true;' \
	'--diff tells breaking from compatible'
run gc-score --diff --exit-code "$S" "$T/new.json"
exits 1 '--exit-code'
run gc-score --diff --exit-code "$S" "$S"
is "$code$(out)" 0 'no change'

# ---- calibration ----
awk 'BEGIN { for (i = 0; i < 200; i++)
    printf "{\"contactId\":\"k%d\",\"score\":%s}\n", i, (i % 10) / 10 + 0.05 }' >"$T/k"
awk 'BEGIN { for (i = 0; i < 200; i++)
    printf "{\"contactId\":\"k%d\",\"outcome\":%s}\n", i, (int(i / 10) % 20) < 2 * (i % 10) + 1 ? "true" : 0
    print "{\"contactId\":\"nobody\",\"outcome\":1}" }' >"$T/outcomes"
run gc-score --calibrate "$T/outcomes" "$T/k"
exits 0 '--calibrate'
is "$(jq -c '[.n, .without_score, (.ece * 1e6 | round), (.brier * 1e6 | round), .prevalence]' "$T/out")" \
	'[200,1,0,167500,0.5]' 'scores that came true as often as they said'
is "$(jq -c '[.conformal | .needed, (.half_width * 100 | round)]' "$T/out")" \
	"$(jq -s -c --slurpfile o "$T/outcomes" '($o | map({key: .contactId, value: (if .outcome == true then 1 else 0 end)}) | from_entries) as $y
    | map($y[.contactId] - .score | fabs) | sort | [9, (.[181 - 1] * 100 | round)]' "$T/k")" \
	'the conformal half-width is the 181st of 200 residuals'
head -8 "$T/k" >"$T/k8"
run gc-score --calibrate "$T/outcomes" "$T/k8"
is "$(jq -c '[.conformal.half_width, .conformal.reason]' "$T/out")" \
	'[null,"an interval that misses at most 0.1 of the time needs n >= 9"]' \
	'too few for its promise: null, and how many it takes'
head -9 "$T/k" >"$T/k9"
run gc-score --calibrate "$T/outcomes" "$T/k9"
is "$(jq '.conformal.half_width | type' "$T/out")" '"number"' 'nine will do'

# scores that promise too much: what happened is as often as their square
awk 'BEGIN { for (i = 0; i < 4000; i++) { s = (i * 7919 % 4000) / 4000
    printf "{\"contactId\":\"v%d\",\"score\":%s}\n", i, s >"'"$T"'/v"
    printf "{\"contactId\":\"v%d\",\"outcome\":%d}\n", i, \
    (i * 104729 % 65537) / 65537 < s * s >"'"$T"'/happened" } }'
head -400 "$T/v" >"$T/v400"
run gc-score --calibrate "$T/happened" "$T/v400"
jq -s -c --slurpfile o "$T/happened" '($o | map({key: .contactId,
    value: .outcome}) | from_entries) as $y | length as $n |
    map({s: .score, y: $y[.contactId]}) |
    (map((.s - .y) * (.s - .y)) | add / $n) as $brier |
    (map(. + {b: ([.s * 10 | ceil, 1] | max)}) | group_by(.b) |
    map({n: length, gap: ((map(.s) | add) - (map(.y) | add) | fabs)})) as $g |
    [$brier, ($g | map(.gap) | add / $n), ($g | map(.gap / .n) | max)] |
    map(. * 1e9 | round)' "$T/v400" >"$T/w"
is "$(jq -c '[.brier, .ece, .mce] | map(. * 1e9 | round)' "$T/out")" \
	"$(cat "$T/w")" 'Brier, ECE and the worst bin, by hand'
is "$(jq -c '[(.bins | map(.n) | add), (.bins | map(select(.interval[0] >
    .outcome or .outcome > .interval[1])) | length)]' "$T/out")" '[400,0]' \
	'the bins hold all, each share inside its interval'
half=$(jq .conformal.half_width "$T/out")
is "$(tail -n +401 "$T/v" | jq -s --argjson q "$half" \
    --slurpfile o "$T/happened" '($o | map({key: .contactId, value: .outcome})
    | from_entries) as $y | map(select($y[.contactId] - .score | fabs <= $q)) |
    length / 3600 | . > 0.88 and . < 0.93')" true \
	'nine in ten of 3,600 outcomes to come lie within the half-width'

if [ -w /dev/full ]; then
	code=0
	gc-mock exec gc-score -f engagement "$T/c" >/dev/full 2>"$T/err" || code=$?
	exits 6 'a full disk'
else
	skip 1 'no /dev/full'
fi
done_testing

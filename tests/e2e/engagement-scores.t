#!/bin/sh
# The engagement-scores workflow end to end on gc-mock: as pipeline and as batch
# run, and each of the tutorial's error sections.
. tests/lib.sh
. tests/mock.sh

P=pipelines/engagement-scores
contacts() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) {
	    printf "{\"contactId\":\"c%d\",\"features\":{\"previous_calls\":%d", i, i % 20
	    if (i % 10) printf ",\"avg_handle_time\":%d.5", 60 + i % 300
	    printf ",\"last_contact_days\":%d,\"segment_id\":%s}}\n", i % 90, i % 15 ? "\"gold\"" : "null" } }'
}
: >"$T/rules"
contacts 2500 >"$T/c"
echo '{"contactId":"bad","features":{"previous_calls":"x"}}' >>"$T/c"
sent() {
	jq -c 'select(.path == "/campaign/contacts")' "$T/journal"
}

mocked $P -o "$T/a" contacts="$T/c"
exits 0 'a run'
is "$(wc -l <"$T/a/scores.ndjson" | tr -d ' ') $(jq -r .record.contactId "$T/a/rejects.ndjson")" \
	'2500 bad' 'scores, and the reject'
is "$(asked 'select(.path | endswith("/score")) | .path' | wc -l | tr -d ' ')" 3 \
	'scored in 1,000s'
run gc-score --verify "$T/a/predictive_engagement_audit.ndjson"
exits 0 'the audit is one chain'
sed -n '/prev=\$(printf/,/^    done/p' docs/engagement-scores.md |
	sed "s|out/scores/|$T/a/|" >"$T/by_hand"
head -300 "$T/a/predictive_engagement_audit.ndjson" >"$T/audit"
mkdir -p "$T/h"
cp "$T/audit" "$T/h/predictive_engagement_audit.ndjson"
sed -i "s|$T/a/|$T/h/|" "$T/by_hand"
run sh "$T/by_hand"
is "$code$(out)" 0 'which the command of the guide finds as well'
sed '150s/"score":0/"score":1/' "$T/audit" \
	>"$T/h/predictive_engagement_audit.ndjson"
run sh "$T/by_hand"
is "$(out)" "broken: $(sed -n 150p "$T/h/predictive_engagement_audit.ndjson")" \
	'where it is broken, too'
flagged=$(jq -r 'select(.flags != []).contactId' "$T/a/scores.ndjson" | wc -l)
[ "$flagged" -gt 0 ]
ok $? 'some scores are flagged'
is "$(jq -r 'select(.kind == "contact" and .flags != []).contactId' \
    "$T/a/predictive_engagement_audit.ndjson" | wc -l)" "$flagged" \
	'they stay in the audit'
good=$(jq -r 'select(.score >= 0.75 and .flags == []).contactId' \
    "$T/a/scores.ndjson" | wc -l)
pipelines/batches 1000 <"$T/a/scores.ndjson" |
	jq -r '.contacts | length' | tr '\n' ' ' >"$T/n"
is "$(cat "$T/n")" '1000 1000 500 ' 'batches of 1,000'
jq -c --argjson score 0.75 -f share/policies/campaign.jq \
	"$T/a/scores.ndjson" >"$T/chosen"
is "$(wc -l <"$T/chosen") $(jq -r 'select(.flags != [] or .score < 0.75)' "$T/chosen")" \
	"$good " 'no flagged score, and none below, is chosen'
batches=$(((good + 999) / 1000))
is "$(sent | wc -l | tr -d ' ')" "$batches" 'one request a batch'
head -1000 "$T/chosen" | jq -c -s '{contacts: .}' | tr -d '\n' >"$T/body"
is "$(sent | jq -r .body_sha256 | head -1)" \
	"$(sha256sum <"$T/body" | cut -d' ' -f1)" \
	'none but these are sent, whole'
sent | jq -r '.headers["idempotency-key"]' >"$T/key1"
is "$(grep -c '^[0-9a-f]\{64\}$' "$T/key1")" "$batches" 'each with a key'
mocked $P -o "$T/b" contacts="$T/c"
sent | jq -r '.headers["idempotency-key"]' >"$T/key2"
same "$T/key2" "$T/key1" 'the same one in another run'

# A narrow interval is a precise score: the rule is a default that can be
# switched off.
tr '\n' ' ' <docs/engagement-scores.md |
	grep -q 'A narrow interval means a \*precise\* score.*default.*min_width=0. switches it off'
ok $? 'which the guide says'
mocked $P -o "$T/n1" contacts="$T/c" min_width=0
is "$(jq -r 'select(.flags != [])' "$T/n1/scores.ndjson")" '' \
	'min_width=0: no score is flagged for being precise'
jq -c --argjson score 0.75 -f share/policies/campaign.jq \
	"$T/n1/scores.ndjson" >"$T/more"
[ "$(wc -l <"$T/more")" -gt "$good" ]
ok $? 'and more are sent'
mocked $P -o "$T/n2" contacts="$T/c" score=0.99 batch=100
is "$code $(sent | wc -l | tr -d ' ')" '0 0' 'nobody above, nothing sent'
mocked $P -o "$T/n3" contacts="$T/c" send=no
is "$code $(sent)" '0 ' 'send=no'

# the edge: 0.75 itself is good enough; a doubt is one, however it is called
for s in '"a",0.75,0.5,0.9' '"b",0.7499999,0.5,0.9' '"c",0.9,0.85,0.95' \
    '"d",0.9,0.1,0.5' '"e",1.2,1,1.3' '"f",0.99,0.5,1'; do
	printf '[%s]\n' "$s"
done | jq -c -s --arg p '*/score' '{match: {path: $p}, do: {status: 200, body:
    {results: map({contactId: .[0], score: .[1], confidenceInterval:
    {lower: .[2], upper: .[3]}})}}}' | rules
printf '{"contactId":"%s","features":{}}\n' a b c d e f >"$T/six"
mocked $P -o "$T/edge" contacts="$T/six"
is "$code $(jq -c '[.contactId, .flags]' "$T/edge/scores.ndjson" | tr '\n' ' ')" \
	'0 ["a",[]] ["b",[]] ["c",["narrow"]] ["d",["outside"]] ["e",["range"]] ["f",[]] ' \
	'flagged scores stay in the output'
jq -c 'select(.contactId == "a" or .contactId == "f")' "$T/edge/scores.ndjson" |
	jq -c -s '{contacts: .}' | tr -d '\n' >"$T/body"
is "$(sent | jq -r .body_sha256)" "$(sha256sum <"$T/body" | cut -d' ' -f1)" \
	'at or above 0.75 and without a flag: those are sent, and no other'
: >"$T/rules"

{ echo contactId,previous_calls,avg_handle_time,last_contact_days,segment_id
  echo 'x,1,2.5,3,gold'; echo 'y,,,,'; } >"$T/c.csv"
mocked $P -o "$T/csv" contacts="$T/c.csv"
is "$code $(jq -c '.imputed | length' "$T/csv/scores.ndjson" | tr '\n' ' ')" '0 0 4 ' \
	'contacts as CSV'

# ---- errors ----
fault() {
	printf '%s\n' "$@" | rules
	mocked $P -o "$T/e" contacts="$T/c" jobs=1
}
fault '{"match":{"path":"*/score","nth":1},"do":{"status":429,"headers":{"Retry-After":"0"}}}' \
	'{"match":{"path":"*/score","nth":2},"do":{"status":401}}' \
	'{"match":{"path":"*/score","nth":4},"do":{"status":502,"headers":{"Retry-After":"0"}}}' \
	'{"match":{"path":"/campaign/contacts","nth":1},"do":{"status":503,"headers":{"Retry-After":"0"}}}'
exits 0 '429, 401, 5xx on the way'
is "$(wc -l <"$T/e/scores.ndjson" | tr -d ' ') $(sent | jq -r '.headers["idempotency-key"]' | sort -u | wc -l | tr -d ' ')" \
	"2500 $batches" 'every score once; the batch repeated under one key'
rm -rf "$T/e"
fault '{"match":{"path":"*/score"},"do":{"status":403,"body":{"message":"missing scope predictiveengagement:score"}}}'
exits 5 '403'
like "$(err)" '*predictiveengagement:score*' 'names the scope'
rm -rf "$T/e"
fault '{"match":{"path":"*/score"},"do":{"status":400,"body":{"message":"Feature dimension mismatch"}}}'
exits 4 'a model that takes other features'
like "$(err)" '*Feature dimension mismatch*' 'says so'
rm -rf "$T/e"
fault '{"match":{"path":"*/score","nth":2},"do":{"status":404}}'
exits 4 'a run that breaks off'
: >"$T/rules"
mocked $P -o "$T/e" contacts="$T/c"
is "$code $(wc -l <"$T/e/scores.ndjson" | tr -d ' ') $(asked 'select(.path | endswith("/score")).path' | wc -l | tr -d ' ')" \
	'0 2500 2' 'goes on'
# one that breaks off between two campaign requests, and is asked again: no
# score is asked for anew, and the batches are the same under the same keys
printf '%s\n' '{"match":{"path":"/campaign/contacts","nth":2},"do":{"status":403}}' |
	rules
mocked $P -o "$T/k" contacts="$T/c" batch=100
exits 5 'a run that breaks off while it sends'
sent | jq -r '.headers["idempotency-key"] + " " + .body_sha256' >"$T/first"
: >"$T/rules"
mocked $P -o "$T/k" contacts="$T/c" batch=100
exits 0 'is asked again'
is "$(asked 'select(.path | endswith("/score")).path')" '' \
	'no contact is scored twice'
sent | jq -r '.headers["idempotency-key"] + " " + .body_sha256' >"$T/again"
head -2 "$T/again" | cmp -s - "$T/first"
ok $? 'the same batches go out under the same keys'
[ "$(wc -l <"$T/again")" -gt 2 ] && [ ! -e "$T/k/sending" ]
ok $? 'and those that had not'
echo '{"contactId":"more","features":{}}' >>"$T/c"
mocked $P -o "$T/k" contacts="$T/c"
is "$code $(asked 'select(.path | endswith("/score")).path' | wc -l | tr -d ' ')" \
	'0 3' 'other contacts are another run'
sed -i '$d' "$T/c"
cp share/features/engagement.json "$T/f.json"
echo '{"match":{"path":"/campaign/contacts"},"do":{"status":403}}' | rules
mocked $P -o "$T/e" contacts="$T/c" features="$T/f.json"
exits 5 'one that breaks off while it sends'
sed 's/"default": *0/"default": 1/' share/features/engagement.json >"$T/f.json"
: >"$T/rules"
mocked $P -o "$T/e" contacts="$T/c" features="$T/f.json"
is "$code $(asked 'select(.path | endswith("/score")).path' | wc -l | tr -d ' ')" \
	'0 3' 'other features are another run, too'
run $P -o "$T/x"
exits 2 'no contacts'
run env -u CAMPAIGN_API_URL $P -o "$T/x" contacts="$T/c"
exits 2 'no campaign manager'

# ---- constant memory ----
peak() {
	contacts "$1" >"$T/many"
	gc-mock exec /usr/bin/env python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' \
	    gc-score -q -f engagement -j 2 -o "$T/o" "$T/many"
}
small=$(peak 10000)
large=$(peak 100000)
note "peak: $small KB with 10,000 contacts, $large KB with 100,000"
[ "$large" -lt $((small + small / 10 + 1024)) ]
ok $? 'the peak does not grow with the contacts'

# ---- as a batch run ----
mocked "${MAKE_COMMAND:-make}" -f pipelines/Makefile engagement-scores \
	OUT="$T/m" contacts="$T/c"
exits 0 'the batch run'
jq -c 'del(.latencyMs, .timestamp)' "$T/m/scores.ndjson" >"$T/m1"
jq -c 'del(.latencyMs, .timestamp)' "$T/a/scores.ndjson" >"$T/a1"
same "$T/m1" "$T/a1" 'gives the same scores'
mocked "${MAKE_COMMAND:-make}" -f pipelines/Makefile engagement-scores \
	OUT="$T/m" contacts="$T/c"
is "$code $(asked .path)" '0 ' 'once more asks nothing'
mocked "${MAKE_COMMAND:-make}" -f pipelines/Makefile engagement-scores \
	OUT="$T/m2" contacts="$T/c.csv" send=no model=other
is "$code $(asked .path)" '2 "/api/v2/predictiveengagement/models/other/score"' \
	'model= is the one that is asked'
cp "$T/c.csv" "$T/C.CSV"
mocked "${MAKE_COMMAND:-make}" -f pipelines/Makefile engagement-scores \
	OUT="$T/m3" contacts="$T/C.CSV" send=no
is "$code $(wc -l <"$T/m3/scores.ndjson" | tr -d ' ') $(sent)" '0 2 ' \
	'send=no sends nothing'
run env -u CAMPAIGN_API_URL "${MAKE_COMMAND:-make}" -f pipelines/Makefile \
	engagement-scores OUT="$T/m4" contacts="$T/c.csv"
[ "$code" -ne 0 ] && [ ! -e "$T/m4/scores.ndjson" ]
ok $? 'no campaign manager is known before anything is asked'

done_testing

#!/bin/sh
# The speech-insights workflow end to end on gc-mock, and each of the
# tutorial's error sections.
. tests/lib.sh
. tests/mock.sh

P=pipelines/speech-insights
GC_NOW=2026-11-20T12:00:00Z
export GC_NOW
: >"$T/rules"
mocked() {
	rm -f "$T/journal"
	run gc-mock --seed 1 --records 900 -f "$T/rules" -j "$T/journal" exec "$@"
}
line() {
	tail -1 "$T/$1/speech_insights_audit.ndjson" | jq -c "$2"
}
count() {
	asked "select(.path | endswith(\"$1\")) | select(.method == \"$2\") | .path" |
	    wc -l | tr -d ' '
}

mocked $P -o "$T/a" pace=0 sentiment=none
exits 0 'a run'
n=$(wc -l <"$T/a/insights.ndjson" | tr -d ' ')
is "$(asked 'select(.path | endswith("/summary/query")) | .path' | sort -u | wc -l | tr -d ' ')" 2 \
	'insights and CSAT are asked for'
[ "$(count /surveys/summary/query POST)" -gt 1 ]
ok $? 'defect: CSAT reads page 1 only'
is "$(jq -r 'select(has("csat") and .csat == null)' "$T/a/insights.ndjson")" '' \
	'defect: a missing CSAT is 0 (it stays missing)'
is "$(jq .without_csat "$T/a/insights.json")" \
	"$(jq -c 'select(has("csat") | not)' "$T/a/insights.ndjson" | wc -l)" \
	'and is counted'
[ "$(jq -c 'select(.sentiment == null)' "$T/a/insights.ndjson" | wc -l)" -gt 0 ]
ok $? 'defect: a null sentiment ends it (there are some)'
is "$(jq .accuracy "$T/a/insights.json")" \
	"$(jq -s '(map(select(.csat != null and .sentiment != null and .sentiment.avg > 0.6)) | length) / length * 10000 | round / 10000' "$T/a/insights.ndjson")" \
	'accuracy as the tutorial has it'
is "$(jq '(.interval[0] < .rank_correlation) and (.rank_correlation < .interval[1])' "$T/a/insights.json")" \
	true 'defect: accuracy ignores the CSAT (the rank correlation stands beside it)'
is "$(line a '[keys_unsorted, .status, .resultCount]')" \
	"[[\"timestamp\",\"queryParams\",\"executionLatencyMs\",\"resultCount\",\"accuracyScore\",\"status\"],\"completed\",$n]" \
	'the audit line'
is "$(count /webhooks POST)" 1 'the webhook is registered'
cat >"$T/twice" <<END
#!/bin/sh
$P -o "$T/w" pace=0 && $P -o "$T/w" pace=0
END
mocked sh "$T/twice"
is "$code $(count /webhooks POST)" '0 1' 'defect: it is registered on each run'
# it is known on whatever page it stands; two runs at once register it once
cat >"$T/many" <<'END'
for i in $(seq 30); do
	gc-fetch -q -r webhook name="other $i" url=http://127.0.0.1/x >/dev/null
done
pipelines/speech-insights -o "$T/w1" pace=0 &
pipelines/speech-insights -o "$T/w2" pace=0 || exit
wait $! || exit
pipelines/speech-insights -o "$T/w3" pace=0
END
export T
echo '{"match":{"path":"/api/v2/webhooks"},"do":{"delay_ms":150}}' | rules
mocked sh "$T/many"
is "$code $(asked 'select(.path == "/api/v2/webhooks" and .method == "POST") | 1' |
    wc -l | tr -d ' ')" '0 31' 'two runs at once, and one after, register one'
: >"$T/rules"

# Spearman with ties, by hand: x 1 2 3 4 5, y 2 1 4 4 5
printf '{"sentiment":{"avg":%s},"csat":%s}\n' 0.1 2 0.2 1 0.3 4 0.4 4 0.5 5 |
	jq -c -n -f share/policies/insights.jq >"$T/r"
is "$(jq '.rank_correlation * 1e6 | round' "$T/r")" 872082 'rank correlation with ties'
is "$(jq -c -n -f share/policies/insights.jq </dev/null)" \
	'{"kind":"insights","results":0,"without_csat":0,"accuracy":null,"rank_correlation":null,"interval":null,"pairs":0}' \
	'no insights: null, not 0'

# ---- parameters ----
jq -r .interactionId "$T/a/insights.ndjson" | head -7 >"$T/ids"
mocked $P -o "$T/i" pace=0 interactions=@"$T/ids" sentiment=none
is "$code $(jq -r .interactionId "$T/i/insights.ndjson" | sort | tr '\n' ' ')" \
	"0 $(sort "$T/ids" | tr '\n' ' ')" 'interactions=@FILE'
is "$(line i .queryParams.interactionCount)" 7 'counted in the audit'
awk 'BEGIN { for (i = 0; i < 6000; i++)
    printf "  00000000-0000-4000-8000-%012d \r\n\r\n", i }' >"$T/long"
mocked $P -o "$T/i2" pace=0 interactions=@"$T/long"
is "$code $(line i2 '[.queryParams.interactionCount, .resultCount, .accuracyScore]')" \
	'0 [6000,0,null]' 'more ids than an argument holds; blanks around them'
mocked $P -o "$T/i3" pace=0.0 topics=' , ' interactions=, sentiment=none
is "$code $(line i3 .resultCount)" "0 $(line a .resultCount)" \
	'lists of nothing ask for everything'
gc-fetch -r speech-insights --dry-run from=2026-01-01T00:00:00Z \
	to=2026-02-01T00:00:00Z model_id=m ids:='[]' topics= sentiment=none \
	>"$T/dry" 2>&1
like "$(cat "$T/dry")" '*"filterGroups":\[\]*' 'empty lists leave their groups out'
began=$(date +%s%N | cut -c1-13)
mocked $P -o "$T/p" sentiment=none pace=0.4
took=$(($(date +%s%N | cut -c1-13) - began))
n=$(asked 'select(.path | endswith("/conversations/summary/query")) | 1' |
    wc -l)
m=$(asked 'select(.path | endswith("/surveys/summary/query")) | 1' | wc -l)
[ "$code" = 0 ] && [ "$n" -gt 1 ] && [ $took -ge $((400 * (n + m - 2))) ]
ok $? "pages are 0.4 s apart: $n and $m in $took ms"
is "$(grep -c 'pace=0.2 ' $P)" 1 '0.2 s where nothing is said'
for bad in from=2026-01-01T00:00:00 from=yesterday to=2026-01-01 \
    from=2024-01-01T00:00:00Z to=2026-02-30T00:00:00Z pace=x sentiment=high \
    interactions=@"$T/none"; do
	rm -rf "$T/b"
	mocked $P -o "$T/b" pace=0 "$bad"
	is "$code $(asked .path)" '2 ' "$bad is refused before the first request"
	is "$(line b '[.status, .exitCode]')" '["failed",2]' 'and audited'
done
mocked $P -o "$T/b" pace=0 from=2024-11-20T12:00:00Z to=2026-11-20T12:00:00Z
exits 0 '730 days are a window'
mocked $P -o "$T/b" pace=0 from=2024-11-20T11:59:59.999Z to=2026-11-20T12:00:00Z
exits 2 'a millisecond more is none'
mocked $P -o "$T/b" pace=0 from=2026-11-01T00:00:00+01:00
exits 2 'nor is a time of another zone'
run env -u GENESYS_MODEL_ID $P -o "$T/b" pace=0
exits 2 'no model'

# ---- errors ----
fault() {
	printf '%s\n' "$@" | rules
	mocked $P -o "$T/e" pace=0
}
M='"path":"/api/v2/speechanalytics/v1/models/*"'
fault "{\"match\":{$M},\"do\":{\"status\":200,\"body\":{\"status\":\"training\"}}}"
exits 4 'a model that is not deployed'
like "$(err)" "*is 'training', not deployed*" 'is named'
is "$(line e '[.status, .exitCode, .resultCount, .accuracyScore]')" '["failed",4,0,null]' \
	'defect: the audit says completed always'
fault '{"match":{"path":"*/conversations/summary/query","nth":1},"do":{"status":429,"headers":{"Retry-After":"0"}}}' \
	'{"match":{"path":"*/conversations/summary/query","nth":2},"do":{"status":401}}' \
	'{"match":{"path":"*/surveys/summary/query","nth":1},"do":{"status":503,"headers":{"Retry-After":"0"}}}'
exits 0 '429, 401 and 503 on the way'
fault '{"match":{"path":"*/conversations/summary/query"},"do":{"status":400,"body":{"message":"constraint violated: metrics"}}}'
exits 4 '400'
like "$(err)" '*constraint violated*' 'says why'
fault '{"match":{"path":"*/conversations/summary/query"},"do":{"status":403,"body":{"message":"missing scope analytics:query"}}}'
exits 5 '403'
like "$(err)" '*analytics:query*' 'names the scope'
fault '{"match":{"path":"*/conversations/summary/query"},"do":{"list":"total"}}'
exits 7 'fewer insights than the total promised'
is "$(line e .status)" '"failed"' 'the audit has each of them'
fault '{"match":{"path":"/api/v2/webhooks","method":"POST"},"do":{"status":403,"body":{"message":"missing scope webhooks:readwrite"}}}'
exits 5 'a webhook that may not be registered'
is "$(line e '[.status, .resultCount > 0]')" '["failed",true]' \
	'is no completed run, but its insights are counted'
echo '{"match":{"path":"*/conversations/summary/query"},"do":{"delay_ms":8000}}' |
	rules
rm -rf "$T/e"
mocked timeout 2 $P -o "$T/e" pace=0
exits 124 'one that is stopped'
is "$(line e '[.status, .exitCode]')" '["failed",143]' 'is not completed either'
cat >"$T/killed" <<'END'
pipelines/speech-insights -o "$T/e2" pace=0 &
sleep 1.5
kill -TERM $!
wait $!
END
began=$(date +%s)
mocked sh "$T/killed"
exits 143 'a signal to its shell alone'
[ $(($(date +%s) - began)) -lt 6 ]
ok $? 'ends it at once'
is "$(line e2 '[.status, .exitCode, .timestamp]')" \
	'["failed",143,"2026-11-20T12:00:00Z"]' 'and is in the audit'

: >"$T/rules"
run env GC_API=platform gc-mock --seed 1 --records 200 -j "$T/journal" exec $P \
    -o "$T/pf" pace=0 sentiment=0.2
exits 0 'GC_API=platform'
like "$(err)" '*no webhook*' 'says that it knows no webhooks'
n=$(wc -l <"$T/pf/insights.ndjson" | tr -d ' ')
[ "$n" -gt 20 ] && [ "$n" -lt 200 ]
ok $? 'insights, conversation by conversation'
is "$(jq -r 'select(.sentiment.avg < 0.2 or .sentiment.avg > 1)' \
    "$T/pf/insights.ndjson")" '' 'with a sentiment of 0.2 and more'
is "$(jq -c '[.results, .pairs > 10]' "$T/pf/insights.json") $(line pf .status)" \
	"[$n,true] \"completed\"" 'joined with CSAT, audited'
run env GC_API=platform gc-mock exec $P -o "$T/pf" pace=0 model=nobody
exits 4 'a program that is not there'

mocked "${MAKE_COMMAND:-make}" -f pipelines/Makefile speech-insights \
	OUT="$T/m0" model=other pace=0
[ "$code" -ne 0 ]
ok $? 'model= is passed on by the batch run'
mocked "${MAKE_COMMAND:-make}" -f pipelines/Makefile speech-insights \
	OUT="$T/m" sentiment=none pace=0
exits 0 'the batch run'
same "$T/m/insights.ndjson" "$T/a/insights.ndjson" 'gives the same insights'
mocked "${MAKE_COMMAND:-make}" -f pipelines/Makefile speech-insights \
	OUT="$T/m" sentiment=none pace=0
is "$code $(asked .path)" '0 ' 'once more, within the hour, asks nothing'

done_testing

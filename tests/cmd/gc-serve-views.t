#!/bin/sh
# gc-serve: matrix, drift, trend, mentions, chats, scores and speech, each as
# page and as data, from runs, from what lies beside them, and from a store.
. tests/lib.sh
. tests/serve.sh

unset GC_STORE POSTGRES_CONNECTION_STRING

# get PATH: body to $T/out, head to $T/head, $code the status.
get() {
	code=$(curl -s -m 20 -D "$T/head" -o "$T/out" -w '%{http_code}' \
	    "$U$1")
}
views='matrix drift trend mentions chats scores insights'

# ---- nothing there ----
mkdir "$T/o"
serve "$T/o"
for v in $views; do
	get "/$v"
	like "$code $(grep -c '<section class="empty"' "$T/out") $(out)" \
	    '200 1 *yet. *' "/$v says what would be there"
	get "/$v.json"
	if [ "$v" = drift ]; then
		is "$code" 404 "/$v.json is not there"
	else
		is "$code $(jq -c '[.updated, .says, .records]' "$T/out")" \
		    '200 [null,null,[]]' "/$v.json says that there is nothing"
	fi
done
get /nothing
is "$code" 404 'no other page'

# ---- what appears, without a restart ----
mkdir -p "$T/o/bot" "$T/o/score" "$T/o/chat" "$T/o/speech" "$T/o/calls"
awk 'BEGIN { for (i = 0; i < 400; i++) printf \
    "{\"a\":\"%s\",\"p\":\"%s\"}\n", i % 2 ? "refund" : "cancel <b>",
    i % 9 == 1 ? "cancel <b>" : i % 2 ? "refund" : "cancel <b>" }' >"$T/u"
gc-confusion -q -a .a -p .p -o "$T/o/bot/confusion.json" "$T/u"
sed 1,200d "$T/u" | gc-drift -q -k .p --baseline "$T/u" -o "$T/o/bot/drift.json"
awk 'BEGIN { for (i = 0; i < 100; i++) printf "{\"contactId\":\"c%d\"," \
    "\"score\":%s,\"modelId\":\"m\",\"timestamp\":\"2026-01-02T03:04:05Z\"," \
    "\"imputed\":[%s],\"flags\":[%s]}\n", i, i / 100,
    i % 4 ? "" : "\"x\"", i % 10 ? "" : "\"narrow\"" }' \
	>"$T/o/score/scores.ndjson"
printf '%s\n' '{"products":{"Apple <Pay>":30,"Card":12},"issues":{"no sound":5},"total_interactions_processed":60}' \
	>"$T/o/chat/entity_frequency.json"
printf '%s\n' '{"kind":"insights","results":200,"without_csat":100,"accuracy":0.43,"rank_correlation":0.31,"interval":[0.12,0.48],"pairs":100}' \
	>"$T/o/speech/insights.json"
awk 'BEGIN { for (i = 0; i < 200; i++) printf "{\"id\":\"c%d\"," \
    "\"type\":\"voice\",\"date\":\"2026-03-%02d\",\"entities\":[" \
    "{\"text\":\"r\",\"label\":\"product\",\"start\":0,\"end\":1," \
    "\"id\":\"r%d\",\"name\":\"Router %d\"}%s]}\n", i, 1 + i % 20, i % 5 % 2,
    i % 5 % 2, i % 4 ? "" : ",{\"text\":\"n\",\"label\":\"issue\"," \
    "\"start\":3,\"end\":4,\"id\":\"noise\"}" }' >"$T/mentions"
gc-store --store "$T/o/calls/gcpipe.db" load mentions "$T/mentions" >/dev/null
sleep 1

get /matrix
like "$(out)" '*refund is taken for cancel &lt;b&gt; in *' \
    'the matrix, with a sentence'
like "$(out)" '*<svg class="heat" role="img"*' 'and drawn'
get /matrix.json
is "$(jq -c '[.from, .records[0].labels, (.records[0].matrix | add | add)]' \
    "$T/out")" '["o/bot",["cancel <b>","refund"],400]' 'as data'
get /drift
like "$(out)" '*What callers ask for has*<svg class="shift"*' 'the drift'
get /drift.json
same "$T/out" "$T/o/bot/drift.json" 'as data, to the byte'
get /scores
like "$(out)" '*25.0% of contacts score 0.75 or more*10 scores are flagged*<svg class="hist"*' \
    'scores of a file'
get /scores.json
is "$(jq -c '[.from, .records[0].scores.value, .records[0].scores_above.value,
    .records[0].scores_flagged.value, .records[0].scores_imputed.n]' \
    "$T/out")" '["o/score",100,0.25,0.1,100]' 'as data'
get /chats
like "$(out)" '*Apple &lt;Pay&gt; is named most: in 50.0% of interactions*' \
    'what chats speak of'
get /chats.json
is "$(jq -c '[.records[0].products, .records[0].total_interactions_processed]' \
    "$T/out")" '[{"Apple <Pay>":30,"Card":12},60]' 'as data'
get /insights
like "$(out)" '*43.0% of speech insights*A better sentiment goes with a better rating*' \
    'speech insights'
get /insights.json
is "$(jq -c '.records[0].insights_rank_correlation' "$T/out")" \
    '{"value":0.31,"low":0.12,"high":0.48,"n":100}' 'as data'
get /trend
like "$(out)" '*Router 0 leads with 60.0% of all mentions*(120 of 200, *<svg class="lines"*' \
    'the trend, of the store'
get /trend.json
is "$(jq -c '[.from, (.records | length), (.records | map(.mention_count) | add)]' \
    "$T/out")" '["the store",20,200]' 'as data'
get /mentions
like "$(out)" '*Router 0 is named most: in 60.0% of interactions*noise is the only issue named: in 25.0%*' \
    'mentions, of the store'
get /mentions.json
is "$(jq -c '.records[0] | [.products, .issues,
    .total_interactions_processed]' "$T/out")" \
    '[{"Router 0":120,"Router 1":80},{"noise":50},200]' 'as data'
is "$(jq -c .stale "$T/out")" false 'which is of now'
tag=$(sed -n 's/^ETag: \(.*\).$/\1/p' "$T/head")
code=$(curl -s -o "$T/out" -w '%{http_code}' -H "If-None-Match: $tag" \
    "$U/mentions.json")
is "$code" 304 'and has a tag'

# ---- the store grows ----
sed 's/"c\([0-9]*\)"/"d\1"/' "$T/mentions" |
	gc-store --store "$T/o/calls/gcpipe.db" load mentions >/dev/null
sleep 1
get /mentions.json
is "$(jq -c '.records[0].total_interactions_processed' "$T/out")" 400 \
    'what is loaded appears'
get /trend.json
is "$(jq -c '.records | map(.mention_count) | add' "$T/out")" 400 'there too'

# ---- the newer of file and store ----
sed 's/"c\([0-9]*\)"/"e\1"/; s/"score":[0-9.]*/"score":0.9/' \
	"$T/o/score/scores.ndjson" |
	gc-store --store "$T/o/calls/gcpipe.db" load scores >/dev/null
sleep 1
get /scores.json
is "$(jq -c '[.from, .records[0].scores.value, .records[0].scores_above.value,
    .records[0].scores_flagged]' "$T/out")" '["the store",100,1,null]' \
    'scores that were loaded later come from the store'
touch "$T/o/score/scores.ndjson"
sleep 1
get /scores.json
is "$(jq -c .from "$T/out")" '"o/score"' 'and of the file where that is newer'

# ---- old, and broken ----
touch -d 2020-01-01T00:00:00Z "$T/o/chat/entity_frequency.json"
sleep 1
get /chats
like "$(out)" '*These results are * days old*' 'what is old is shown with its age'
get /chats.json
is "$(jq -c '[.stale, .updated]' "$T/out")" '[true,"2020-01-01T00:00:00Z"]' \
    'in the data too'
printf '{"products":{"a":"many"}}\n' >"$T/o/chat/entity_frequency.json"
printf '{"contactId":"c","score":"high"}\n' >"$T/o/score/scores.ndjson"
sleep 1
get /chats
like "$code $(out)" '200 *Left out: *' 'what cannot be read is named'
get /scores
like "$code $(out)" '200 *Left out: *' 'there too'

# ---- a run by its name has its own ----
get /runs/o/bot/matrix
is "$code" 200 'the matrix of a run'
get /runs/o/bot/drift
is "$code" 200 'its drift'
get /runs/o/bot/trend
is "$code" 404 'but not what is of no run'
cp -r "$T/o/bot" "$T/o/before"
awk 'BEGIN { for (i = 0; i < 400; i++) print \
    "{\"a\":\"refund\",\"p\":\"refund\"}" }' |
    gc-confusion -q -a .a -p .p -o "$T/o/before/confusion.json"
touch -d 2020-01-01T00:00:00Z "$T/o/before"/*
sleep 1
get /
like "$(out)" '*<p class="lead">Accuracy fell from 100.0% to *refund is now taken for cancel*' \
    'the first sentence says what changed since the run before'
get /history
like "$(out)" '*Accuracy fell from 100.0% to *<svg class="line"*' 'history too'
get /history.json
is "$(jq -c '[.runs[] | (.low < .accuracy) and (.accuracy <= .high)]' \
    "$T/out")" '[true,true]' 'each accuracy with its interval'
stop
is "$(cat "$T/serve.err")" '' 'nothing was said on stderr'

# ---- which store ----
mv "$T/o/calls/gcpipe.db" "$T/kept.db"
serve --store "$T/kept.db" "$T/o"
get /trend.json
is "$(jq -c .from "$T/out")" '"the store"' '--store'
stop
GC_STORE=$T/kept.db
export GC_STORE
serve "$T/o"
get /trend.json
is "$(jq -c .from "$T/out")" '"the store"' 'GC_STORE'
stop
unset GC_STORE
printf '%s\n' "$T/kept.db" >"$T/dsn"
serve --dsn-file "$T/dsn" "$T/o"
get /trend.json
is "$(jq -c .from "$T/out")" '"the store"' '--dsn-file'
stop
printf 'no database\n' >"$T/junk.db"
serve --store "$T/junk.db" "$T/o"
get /trend
like "$code $(out)" '200 *Left out: *' 'a file that is no store is named'
stop
run bin/gc-serve --port 0 --store 'postgresql://u:secret@localhost/d' "$T/o"
exits 2 'no password in an argument'
is "$(grep -c secret "$T/err")" 0 'nor in a message'
GC_STORE='postgresql://u:hidden-word@127.0.0.1:1/d'
export GC_STORE
serve "$T/o"
get /trend
like "$code $(out)" '200 *Left out: *' 'a server that is not there is named'
is "$(cat "$T/out" "$T/serve.err" | grep -c hidden-word)" 0 \
    'without the password'
stop
unset GC_STORE

# ---- naughty strings, from a store ----
if [ "$DATA" ]; then
	jq -c 'to_entries[] | {id: "n\(.key)", date: "2026-03-01",
	    entities: [{text: .value, label: "product", start: 0, end: 1,
	    id: "n\(.key)", name: (.value | .[:99] | gsub("\u0000"; ""))}]}' \
		"$DATA/blns/blns.json" >"$T/naughty"
	gc-store --store "$T/n.db" load mentions --reject "$T/rejects" \
		"$T/naughty" >/dev/null 2>&1
	serve --store "$T/n.db" "$T/o"
	for v in trend mentions; do
		get "/$v"
		is "$code $(grep -ci '<script\|<img\|<iframe' "$T/out")" \
		    '200 0' "/$v: no string of data is markup"
		get "/$v.json"
		jq -e '.records | length > 0' "$T/out" >/dev/null
		ok $? "/$v.json: and still data"
	done
	stop
else
	skip 4 'no test data'
fi
done_testing

#!/bin/sh
# The product-mentions workflow end to end on gc-mock: as pipeline and as batch
# run, on SQLite and on PostgreSQL, and each of the tutorial's error sections.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh
. tests/pg.sh

P=pipelines/product-mentions
GC_NOW=2026-11-20T12:00:00Z
export GC_NOW
unset GC_STORE POSTGRES_CONNECTION_STRING
: >"$T/rules"
mocked() {
	rm -f "$T/journal"
	run gc-mock --seed 1 --records 600 -f "$T/rules" -j "$T/journal" exec "$@"
}
mentions() {
	mocked $P model=none pace=0 "$@"
}
pages() {
	asked 'select(.path | endswith("/archiving/conversations/query")) |
	    [.method, .status]' | sort | uniq -c | tr -s ' ' | tr '\n' ';'
}
known='["acme-router","agent-assist-suite","cloudphone-pro","quantum-headset"]'

# ---- a run ----
mentions -o "$T/a"
exits 0 'a run'
is "$(err)" '' 'says nothing'
for f in mentions.ndjson product_mentions.ndjson trend_report.csv \
    trend_report.png dashboard.json ledger.ndjson; do
	[ -s "$T/a/$f" ]
	ok $? "makes $f"
done
n=$(wc -l <"$T/a/conversations.ndjson" | tr -d ' ')
is "$(pages)" " $((n / 100)) [\"GET\",200]; 1 [\"POST\",200];" \
	'pages of 100, by nextPageUri to the last one'
jq -c 'del(.entities)' "$T/a/mentions.ndjson" >"$T/bare"
jq -c . "$T/a/conversations.ndjson" | cmp -s - "$T/bare"
ok $? 'every conversation goes through'
is "$(jq -r '.interactions[].transcript' "$T/a/conversations.ndjson" |
    grep -ci 'quantum headset')" \
    "$(jq -c '[.entities[] | select(.id == "quantum-headset") | .at] |
    unique[]' "$T/a/mentions.ndjson" | wc -l)" \
	'a product is found in each transcript that names it'
is "$(jq -r '.entities[].id' "$T/a/mentions.ndjson" | sort -u |
    jq -R . | jq -c -s .)" "$known" 'all four products, under their ids'
jq -r '.type as $t | .date[:10] as $d | .entities[] | [$t, .name, $d] | @tsv' \
    "$T/a/mentions.ndjson" | sort | uniq -c |
    awk -F '\t' '{ sub(/^ +/, ""); n = $1; sub(/ .*/, "", n)
	t = $1; sub(/^[0-9]+ /, "", t); print $3 "\t" t "\t" $2 "\t" n }' |
    sort >"$T/counted"
jq -r '[.recorded_date, .interaction_type, .product_name, .mention_count] |
    @tsv' "$T/a/product_mentions.ndjson" | sort >"$T/stored"
same "$T/stored" "$T/counted" \
	'counted by interaction type and the conversation'\''s own date'
is "$(sed 1q "$T/a/trend_report.csv")" recorded_date,product_name,mention_count \
	'the trend as CSV'
is "$(awk -F , 'NR > 1 { n += $3 } END { print n }' "$T/a/trend_report.csv")" \
	"$(awk -F '\t' '{ n += $4 } END { print n }' "$T/counted")" 'counts every mention'
is "$(od -An -tx1 -N8 "$T/a/trend_report.png" | tr -d ' ')" 89504e470d0a1a0a \
	'and as PNG'

# ---- the dashboard ----
jq -c -n '[inputs] | group_by(.product_name) | map({product_name:
    .[0].product_name, mention_count: map(.mention_count) | add}) |
    sort_by(-.mention_count) | {title: "Genesys Cloud Product Mention Insights",
    type: "line_chart", data: ., metadata: {source: "archiving_api",
    nlp_engine: "gc-ner", record_count: length}}' \
    "$T/a/product_mentions.ndjson" | tr -d '\n' >"$T/payload"
is "$(jq -r 'select(.path == "/dashboard/widgets") | "\(.status) \(.body_sha256)"' \
    "$T/journal")" "201 $(sha256sum <"$T/payload" | cut -d' ' -f1)" \
	'the payload is as the tutorial has it, the bearer its own'
key=$(jq -r 'select(.path == "/dashboard/widgets") |
    .headers["idempotency-key"]' "$T/journal")
is "$key" "$(jq -c .data "$T/payload" | sha256sum | cut -d' ' -f1)" \
	'and its key is that of the numbers'

# ---- a repeat ----
cp "$T/a/product_mentions.ndjson" "$T/before"
cp "$T/a/trend_report.png" "$T/before.png"
mentions -o "$T/a"
exits 0 'defect: every rerun double-counts (a repeat)'
same "$T/a/product_mentions.ndjson" "$T/before" 'changes no number'
cmp -s "$T/a/trend_report.png" "$T/before.png"
ok $? 'and draws the same picture'
is "$(jq -c '[.rows > 0, .changed]' "$T/a/stored.json")" '[true,0]' \
	'nothing in the store is written again'
is "$(jq -r 'select(.path == "/dashboard/widgets") |
    .headers["idempotency-key"]' "$T/journal")" "$key" \
	'the dashboard is told the same under the same key'
mentions -o "$T/a" from=-10d
exits 0 'a period inside of it'
same "$T/a/product_mentions.ndjson" "$T/before" 'changes none either'
GC_NOW=2026-11-21T12:00:00Z gc-store query trend since=-31d \
    --store "$T/a/gcpipe.db" | jq -c . >"$T/later"
jq -c . "$T/a/trend.ndjson" >"$T/then"
same "$T/later" "$T/then" \
	'defect: plotted by the day of the run (a day later the days are the same)'

# ---- variables ----
mentions -o "$T/v" size=50 trend=7 type=webchat
exits 0 'size, trend, type'
n=$(wc -l <"$T/v/conversations.ndjson" | tr -d ' ')
is "$(asked 'select(.path | endswith("/query")) | 1' | wc -l | tr -d ' ')" \
	"$(((n + 49) / 50))" 'pages of 50'
is "$(jq -r .interaction_type "$T/v/product_mentions.ndjson" | sort -u)" webchat \
	'webchats'
is "$(jq -r 'select(.recorded_date < "2026-11-13")' "$T/v/trend.ndjson")" '' \
	'of seven days'
mentions -o "$T/v" push=no
is "$code $(asked 'select(.path == "/dashboard/widgets")')" '0 ' 'push=no'
mentions -o "$T/v" pace=0.00 push=no
is "$code" 0 'pace=0.00 is none'
for bad in push=maybe fuzzy=maybe pace=1e-1 from=2026-01-01T00:00:00 to=2026-01-01 from=2023-01-01T00:00:00Z \
    size=x pace=x trend=x gazetteer="$T/none" \
    store=postgresql://u:secret@h/d; do
	mentions -o "$T/b" "$bad"
	is "$code $(asked 'select(.path | test("archiving"))')" '2 ' \
	    "$bad is refused before anything is fetched"
done
run env -u DASHBOARD_API_URL $P -o "$T/b"
exits 2 'no dashboard'
began=$(date +%s)
mocked $P -o "$T/p" model=none pace=1 size=300
[ $(($(date +%s) - began)) -ge 1 ]
ok $? 'pace=1: two pages are a second apart'
printf 'id\tname\taliases\nhub\tNorthline Hub\tthe hub\n' >"$T/own.tsv"
mentions -o "$T/g" gazetteer="$T/own.tsv" push=no
is "$code $(jq -r .product_name "$T/g/product_mentions.ndjson" | sort -u)" \
	'0 Northline Hub' 'known products of one'\''s own'

jq -c -n '{match: {path: "*/archiving/conversations/query"}, do: {status: 200,
    body: {entities: [{id: "c1", type: "voice", date: "2026-11-18T00:00:00Z",
    interactions: [{transcript: "a quantum haedset"}]}]}}}' | rules
mentions -o "$T/fz" push=no
mentions -o "$T/fz2" push=no fuzzy=yes
is "$(cat "$T/fz/product_mentions.ndjson")$(jq -r .product_name \
    "$T/fz2/product_mentions.ndjson")" 'Quantum Headset' \
	'mistyped names where they are asked for'

# ---- the platform's own calls ----
rm -f "$T/journal"
run env GC_API=platform gc-mock --seed 1 --records 200 -j "$T/journal" exec $P \
    -o "$T/pf" model=none pace=0
exits 0 'GC_API=platform'
n=$(wc -l <"$T/pf/conversations.ndjson" | tr -d ' ')
is "$(asked 'select(.path | endswith("/transcripturl")) | 1' | wc -l | tr -d ' ')" \
	"$n" 'what was said is fetched for each conversation'
is "$(asked 'select((.path | startswith("/downloads/")) and
    (.headers | has("authorization"))) | .path')" '' 'there without a token'
is "$(jq -s 'map(.mention_count) | add > 20' "$T/pf/product_mentions.ndjson")" \
	true 'and products are found in it'

# An answer of one's own making: no type, no transcript, lower case, far days.
jq -c -n '{match: {path: "*/archiving/conversations/query"}, do: {status: 200,
    body: {entities: [
    {id: "c1", date: "2026-11-19T23:59:59-05:00", interactions: [
     {transcript: "my acme router and the cloudphone pro and the acme router"},
     {transcript: null}, {}]},
    {id: "c2", type: null, date: "2026-11-18T00:00:00Z", interactions: []},
    {id: "c3", date: "2026-11-18T00:00:00Z", interactions: [
     {transcript: "AGENT ASSIST suite, agent assist suite"}]},
    {id: "c4", type: "voice", date: "2026-11-18T00:00:00Z", interactions: [
     {transcript: "nothing of ours, but a macme router"}]}]}}}' | rules
mentions -o "$T/o"
exits 0 'lower case, no type, no transcript'
is "$(jq -c '[.interaction_type, .product_name, .mention_count, .recorded_date]' \
    "$T/o/product_mentions.ndjson" | tr '\n' ' ')" \
	'["unknown","Agent Assist Suite",2,"2026-11-18"] ["unknown","Acme Router",2,"2026-11-20"] ["unknown","CloudPhone Pro",1,"2026-11-20"] ' \
	'an absent type is unknown, the day is the conversation'\''s in UTC'
jq -c -n '{match: {path: "*/archiving/conversations/query"},
    do: {status: 200, body: {entities: []}}}' | rules
mentions -o "$T/z"
exits 0 'no conversations'
is "$(cat "$T/z/product_mentions.ndjson" "$T/z/trend_report.csv")" \
	recorded_date,product_name,mention_count 'are an empty report'
is "$(jq -c .data "$T/z/widget.json")" '[]' 'and an empty widget'

# ---- the model beside it ----
: >"$T/rules"
mocked $P -o "$T/e" model="$T/none" pace=0
is "$code $(asked .path)" '2 ' 'a model that was named and is not there'
like "$(err)" "gc-ner: *$T/none*" 'is named before anything is fetched'
mocked env XDG_DATA_HOME="$T/none" PYTHONPATH= PATH="$PATH" GC_NER_MODEL= \
    sh -c "exec $P -o $T/nm pace=0"
if [ "$code" = 0 ] && [ -s "$T/err" ]; then
	like "$(err)" '*there is no model*' 'no model at all is said'
	same "$T/nm/product_mentions.ndjson" "$T/before" \
	    'and the products are counted all the same'
else
	skip 2 'a model in the Python environment'
fi
if XDG_DATA_HOME=${REAL_DATA_HOME:-$HOME/.local/share} gc-ner -q /dev/null \
    2>/dev/null; then
	mocked env XDG_DATA_HOME="${REAL_DATA_HOME:-$HOME/.local/share}" \
	    $P -o "$T/m" pace=0
	exits 0 'a model beside the gazetteer'
	[ "$(jq -r '.entities[] | select(.source == "model") | .label' \
	    "$T/m/mentions.ndjson" | sort -u | wc -l)" -gt 2 ]
	ok $? 'finds other names too'
	same "$T/m/product_mentions.ndjson" "$T/before" \
	    'and leaves the count of known products as it is'
else
	skip 3 'no language model: make model'
fi

# ---- the tutorial's error sections ----
Q='"path":"*/archiving/conversations/query"'
fault() {
	rm -rf "$T/e"
	printf '%s\n' "$@" | rules
	mentions -o "$T/e"
}
fault "{\"match\":{$Q,\"nth\":3},\"do\":{\"expire\":true}}" \
	"{\"match\":{$Q,\"nth\":5},\"do\":{\"status\":429,\"headers\":{\"Retry-After\":\"0\"}}}" \
	"{\"match\":{$Q,\"nth\":7},\"do\":{\"status\":503,\"headers\":{\"Retry-After\":\"0\"}}}"
exits 0 'defect: no retry of nextPageUri (401 in mid-run, 429, 503)'
same "$T/e/product_mentions.ndjson" "$T/before" 'to the same numbers'
is "$(jq -r 'select(.path | endswith("/oauth/token")) | .status' "$T/journal" |
    wc -l | tr -d ' ')" 2 'the token was renewed once'
fault "{\"match\":{$Q},\"do\":{\"status\":403,\"body\":{\"message\":\"missing scope archiving:read\"}}}"
exits 5 '403'
like "$(err)" '*archiving:read*' 'names the scope'
fault "{\"match\":{$Q,\"method\":\"POST\"},\"do\":{\"status\":200,\"body\":{\"entities\":[{\"id\":\"x\",\"date\":\"2026-11-18T00:00:00Z\"}],\"nextPageUri\":\"http://127.0.0.1:1/steal\"}}}"
exits 4 'defect: nextPageUri fetched wherever it points'
like "$(err)" '*127.0.0.1:1*' 'the other origin is named'
[ ! -e "$T/e/product_mentions.ndjson" ]
ok $? 'and nothing is counted'
fault "{\"match\":{$Q,\"method\":\"GET\",\"nth\":\"3-4\"},\"do\":{\"status\":400,\"body\":{\"message\":\"Invalid cursor\"}}}"
exits 4 'an invalid cursor'
like "$(err)" '*Invalid cursor*' 'says so'
printf '%s\n' "{\"match\":{$Q,\"method\":\"GET\",\"nth\":\"3-4\"},\"do\":{\"status\":400,\"body\":{\"message\":\"Invalid cursor\"}}}" |
	rules
rm -rf "$T/e"
mocked sh -c "$P -o $T/e model=none pace=0 2>/dev/null
    $P -o $T/e model=none pace=0"
exits 0 'the next run: where the kept page has ended: once more from the first'
like "$(err)" '*that was kept*' 'which is said'
same "$T/e/product_mentions.ndjson" "$T/before" 'and nothing is counted twice'
echo "{\"match\":{$Q,\"method\":\"GET\",\"nth\":3},\"do\":{\"status\":404}}" |
	rules
rm -rf "$T/e"
mocked sh -c "$P -o $T/e model=none pace=0 2>/dev/null
    GC_NOW=2026-11-20T13:00:00Z $P -o $T/e model=none pace=0"
exits 0 'a run that broke off goes on, in the window it began with'
is "$(pages)" " $(($(wc -l <"$T/e/conversations.ndjson") / 100)) [\"GET\",200]; 1 [\"GET\",404]; 1 [\"POST\",200];" \
	'and asks for nothing twice'
same "$T/e/product_mentions.ndjson" "$T/before" 'to the same numbers'
rm -rf "$T/e"
mocked sh -c "$P -o $T/e model=none pace=0 2>/dev/null
    $P -o $T/e model=none pace=0 from=-3d"
is "$code $(jq -r '.from' "$T/e/window.json")" '0 2026-11-17T12:00:00Z' \
	'another window is another run'
fault '{"match":{"path":"/dashboard/widgets"},"do":{"status":401}}'
exits 5 'the dashboard refuses its token'
is "$(jq -r 'select(.path | endswith("/oauth/token")) | .status' "$T/journal" |
    wc -l | tr -d ' ')" 1 'for which the platform'\''s is not renewed'
fault '{"match":{"path":"/dashboard/widgets","nth":1},"do":{"status":502,"headers":{"Retry-After":"0"}}}'
exits 0 'a dashboard that stumbles is told again'
is "$(jq -r 'select(.path == "/dashboard/widgets") |
    .headers["idempotency-key"]' "$T/journal" | uniq -c | tr -s ' ')" " 2 $key" \
	'under the same key'
fault '{"match":{"path":"/dashboard/widgets"},"do":{"status":409,"body":{"message":"widget exists"}}}'
exits 4 '409 of the dashboard'
like "$(err)" '*widget exists*' 'says why'

# ---- PostgreSQL ----
: >"$T/rules"
if pg_start; then
	export POSTGRES_CONNECTION_STRING
	POSTGRES_CONNECTION_STRING=$(pg_dsn)
	mentions -o "$T/pg"
	exits 0 'on PostgreSQL'
	same "$T/pg/product_mentions.ndjson" "$T/before" 'the same numbers'
	same "$T/pg/trend_report.csv" "$T/a/trend_report.csv" 'the same trend'
	[ ! -e "$T/pg/gcpipe.db" ]
	ok $? 'and no file of SQLite'\''s'
	mentions -o "$T/pg"
	is "$code $(jq -c .changed "$T/pg/stored.json")" '0 0' \
	    'a repeat changes nothing there'
	is "$(pg_sql "SELECT indexname FROM pg_indexes WHERE tablename =
	    'product_mentions' AND indexname IN ('idx_mentions_type_product',
	    'idx_mentions_date') ORDER BY 1" | tr '\n' ' ')" \
	    'idx_mentions_date idx_mentions_type_product ' \
	    'the table has the tutorial'\''s two indexes'
	pg_sql 'CREATE ROLE barred LOGIN'
	POSTGRES_CONNECTION_STRING=$(pg_dsn barred)
	mentions -o "$T/e"
	is "$code $(asked 'select(.path | test("archiving"))')" '5 ' \
	    'a server that does not let us in: before anything is fetched'
	pg_stop
	POSTGRES_CONNECTION_STRING=$(pg_dsn)
	mentions -o "$T/e"
	is "$code $(asked 'select(.path | test("archiving"))')" '4 ' \
	    'PostgreSQL refusing the connection: likewise'
	like "$(err)" 'gc-store: *' 'and it is said which'
	unset POSTGRES_CONNECTION_STRING
else
	skip 9 'no PostgreSQL server here'
fi

# ---- as a batch run ----
batch() {
	mocked "${MAKE_COMMAND:-make}" -f pipelines/Makefile product-mentions \
	    OUT="$T/mk" model=none pace=0 "$@"
}
batch
exits 0 'the batch run'
same "$T/mk/product_mentions.ndjson" "$T/before" 'gives the same numbers'
same "$T/mk/trend_report.csv" "$T/a/trend_report.csv" 'the same trend'
cmp -s "$T/mk/trend_report.png" "$T/before.png"
ok $? 'the same picture'
is "$(jq -r 'select(.path == "/dashboard/widgets") |
    .headers["idempotency-key"]' "$T/journal")" "$key" 'tells the dashboard'
batch
is "$code $(asked .path)" '0 ' 'once more asks nothing'
n=$(jq -r .recorded_date "$T/mk/trend.ndjson" | sort -u | wc -l | tr -d ' ')
batch trend=7
is "$code $(asked .path | sort -u)" '0 "/dashboard/widgets"' \
    'fewer days: reported and told, not fetched'
[ "$(jq -r .recorded_date "$T/mk/trend.ndjson" | sort -u | wc -l)" -lt "$n" ]
ok $? 'of what is there'
batch type=webchat
is "$code $(jq -r .type "$T/mk/conversations.ndjson" | sort -u)" '0 webchat' \
    'another type is fetched'
run env GC_API=platform gc-mock --seed 1 --records 200 exec \
    "${MAKE_COMMAND:-make}" -f pipelines/Makefile product-mentions \
    OUT="$T/mkp" model=none pace=0 push=no
exits 0 'the batch run, GC_API=platform'
same "$T/mkp/product_mentions.ndjson" "$T/pf/product_mentions.ndjson" \
    'finds what the pipeline finds'

done_testing

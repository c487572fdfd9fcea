#!/bin/sh
# The annotate-interactions workflow end to end on gc-mock: as pipeline and as
# batch run, and each of the tutorial's error sections.
# shellcheck disable=SC2016 # the inner shell expands
XDG_DATA_HOME=${XDG_DATA_HOME:-$HOME/.local/share}
export XDG_DATA_HOME
. tests/lib.sh
[ -x bin/gc-ner ] || skip_all 'gc-ner is not there'
gc-ner -q /dev/null 2>/dev/null || skip_all 'no language model: make model'

P=pipelines/annotate-interactions
mock() {
	gc-mock --seed 1 --records 150 "$@"
}
# requests JOURNAL METHOD END: how many, of which status.
requests() {
	jq -r --arg m "$2" --arg e "$3" 'select(.method == $m and
	    (.path | endswith($e))) | .status' "$1" | sort | uniq -c |
	    tr -s ' ' | tr '\n' ';'
}

# ---- a run ----
run mock --journal "$T/j" exec $P -o "$T/a"
exits 0 'a first run'
is "$(err)" '' 'says nothing'
for f in annotated.ndjson entity_frequency.json ledger.ndjson; do
	[ -s "$T/a/$f" ]
	ok $? "makes $f"
done
jq -c 'del(.entities, .groups, .annotation)' "$T/a/annotated.ndjson" \
    >"$T/bare"
jq -c . "$T/a/interactions.ndjson" | cmp -s - "$T/bare"
ok $? 'every completed webchat goes through, in order'
is "$(jq -c .total_interactions_processed "$T/a/entity_frequency.json")" 150 \
    'total_interactions_processed = number of distinct strings: of interactions'
jq -n '[inputs | .groups.product[]] | group_by(.) |
    map({(.[0]): length}) | add // {}' "$T/a/annotated.ndjson" >"$T/counted"
is "$(jq -S -c .products "$T/a/entity_frequency.json")" \
    "$(jq -S -c . "$T/counted")" 'each text by how many speak of it'
is "$(jq -r 'select((.groups.product + .groups.issue) == []) |
    .annotation.status' "$T/a/annotated.ndjson" | sort -u)" unchanged \
    'nothing is written where nothing was found'
is "$(jq -r 'select(.method == "GET" and .path == "/api/v2/interactions") |
    .query' "$T/j" | sed -n 1p | tr '&' '\n' | sort | tr '\n' ' ')" \
    'limit=100 status=completed type=webchat ' 'asked as the tutorial asks'
is "$(jq -s -r '.[] | select(.in != .used + .dropped + .rejected)' \
    "$T/a/ledger.ndjson")" '' 'the ledger adds up'
is "$(jq -s -c '[.[1:][].in] == [.[:-1][].out]' "$T/a/ledger.ndjson")" true \
    'and each reads what the one before wrote'
jq -r '.entities[] | select(.confidence < 0.7) | .text' \
    "$T/a/annotated.ndjson" >"$T/low"
is "$(cat "$T/low")" '' 'nothing below the threshold'

# ---- what stands at the service; a second run ----
run mock --journal "$T/j" exec sh -ec "$P -o $T/b
    gc-fetch -q --each -r custom-attributes --reject $T/none --as now \
	<$T/b/annotated.ndjson >$T/live
    curl -s \"\$GC_API_URL/mark\" >/dev/null
    $P -o $T/b2"
exits 0 'two runs'
same "$T/b/entity_frequency.json" "$T/a/entity_frequency.json" \
    'the same data give the same report'
is "$(jq -c 'select(.annotation.status == "written") |
    .groups.product - (.now.customAttributes.extracted_products // []) +
    (.groups.issue - (.now.customAttributes.extracted_issues // []))' \
    "$T/live" | sort -u)" '[]' 'what was found stands at the interaction'
[ "$(jq -r 'select(.now.customAttributes.owner == "crm") | .id' "$T/live" |
    wc -l)" -gt 10 ]
ok $? 'beside what others keep there'
[ "$(jq -r 'select(.now.customAttributes.owner == "crm" and
    .annotation.status == "written") |
    .now.customAttributes.extracted_products - .groups.product |
    select(length > 0) | .[]' "$T/live" | wc -l)" -gt 0 ]
ok $? 'and products that were there stay'
is "$(sed '1,/\/mark"/d' "$T/j" | jq -r 'select(.method == "PATCH") | .path')" \
    '' 'the second run writes nothing'
is "$(jq -r .annotation.status "$T/b2/annotated.ndjson" | sort -u)" unchanged \
    'for nothing changes'

run mock exec sh -ec "$P -o $T/b3 threshold=0.95; cp $T/b3/written.journal $T/first
    $P -o $T/b3 threshold=0.95; cmp $T/b3/written.journal $T/first
    $P -o $T/b3; gc-annotate --undo $T/b3/written.journal | gc-annotate -q --apply - |
	jq -r .annotation.status | sort -u
    gc-annotate --undo $T/b3/written.journal.1 | gc-annotate -q --apply - |
	jq -r .annotation.status | sort -u"
is "$code $(out | tr '\n' ' ')" '0 written written ' \
    'a run that writes nothing leaves what undoes the last; an earlier one is kept beside it'

# ---- variables ----
run mock --journal "$T/j" exec $P -o "$T/w" write=no threshold=0.9
exits 0 'write=no threshold=0.9'
is "$(requests "$T/j" PATCH customAttributes)" '' 'only plans'
is "$(jq -r '.entities[] | select(.confidence < 0.9) | .text' \
    "$T/w/annotated.ndjson")" '' 'and is stricter'
run mock exec $P -o "$T/w" threshold=x
exits 2 'threshold=x is wrong usage'
run mock exec $P -o "$T/w" model="$T/none"
exits 2 'no model'
like "$(err)" "gc-ner: *$T/none*" 'is named before anything is fetched'
run gc-mock --records 0 exec $P -o "$T/z"
exits 0 'no interactions'
is "$(jq -c . "$T/z/entity_frequency.json")" \
    '{"products":{},"issues":{},"total_interactions_processed":0}' \
    'are an empty report'

# ---- the tutorial's error sections ----
faults() {
	printf '%s\n' "$@" >"$T/faults"
	rm -rf "$T/e" "$T/cache"
	run mock --faults "$T/faults" --journal "$T/jf" exec $P -o "$T/e"
}
faults '{"match":{"method":"PATCH","nth":20},"do":{"expire":true}}'
exits 0 '401 in mid-run: renewed once, and on it goes'
same "$T/e/annotated.ndjson" "$T/a/annotated.ndjson" 'to the same end'
faults '{"match":{"method":"PATCH","nth":5},"do":{"status":403,"body":{"message":"missing scope interaction:write","code":"missing.permissions","status":403}}}'
exits 5 '403 is not allowed'
like "$(err)" '*interaction:write*' 'and names the scope'
[ ! -e "$T/e/entity_frequency.json" ]
ok $? 'makes no report'
cat >"$T/faults" <<'END'
{"match":{"method":"PATCH","nth":40},"do":{"status":403,"body":{"message":"missing scope interaction:write","status":403}}}
END
rm -rf "$T/e"
run mock --faults "$T/faults" --journal "$T/jf" exec sh -c \
    "$P -o $T/e 2>/dev/null; echo \$?; $P -o $T/e; echo \$?"
is "$(out | tr '\n' ' ')" '5 0 ' 'the same command goes on by its journal'
same "$T/e/annotated.ndjson" "$T/a/annotated.ndjson" 'to the same end'
is "$(jq -r 'select(.method == "PATCH" and .status == 200) | .path' "$T/jf" |
    sort | uniq -d)" '' 'and writes nothing twice'
faults '{"match":{"path":"/api/v2/interactions","nth":2},"do":{"status":429,"retry_after":1}}' \
    '{"match":{"method":"PATCH","nth":3},"do":{"status":429,"retry_after":1}}'
exits 0 '429 is waited out, reading and writing'
same "$T/e/entity_frequency.json" "$T/a/entity_frequency.json" \
    'after 5 page retries the previous page is reprocessed: each is counted once'
faults '{"match":{"method":"PATCH","nth":"2-4"},"do":{"conflict":true}}' \
    '{"match":{"method":"PATCH","nth":"6-8"},"do":{"status":409}}'
exits 0 '409 and 412: read and merged again'
is "$(jq -r .annotation.status "$T/e/annotated.ndjson" | sort | uniq -c)" \
    "$(jq -r .annotation.status "$T/a/annotated.ndjson" | sort | uniq -c)" \
    'nothing is lost'
faults '{"match":{"path":"/api/v2/interactions","query":"*cursor=*"},"do":{"status":400,"body":{"message":"Invalid cursor","code":"bad.request","status":400}}}'
exits 4 'an invalid cursor ends it'
like "$(err)" '*Invalid cursor*' 'with what the service said'
[ -s "$T/e/interactions.state" ]
ok $? 'and leaves its place'
cat >"$T/faults" <<'END'
{"match":{"path":"/api/v2/interactions","query":"*cursor=*","nth":"1-2"},"do":{"status":400,"body":{"message":"Invalid cursor","status":400}}}
END
rm -rf "$T/e"
run mock --faults "$T/faults" exec sh -c \
    "$P -o $T/e 2>/dev/null; echo \$?; $P -o $T/e; echo \$?"
is "$(out | tr '\n' ' ')" '4 0 ' \
    'a kept cursor that has ended: once more from the first page'
like "$(err)" '*kept cursor*' 'which is said'
same "$T/e/entity_frequency.json" "$T/a/entity_frequency.json" \
    'and each interaction is counted once'
faults '{"match":{"method":"PATCH","nth":4},"do":{"status":400,"body":{"message":"no such attribute","status":400}}}'
exits 0 'an interaction that the service refuses'
is "$(jq -c '[.rule, .status, .retryable]' "$T/e/rejects.ndjson")" \
    '["refused",400,false]' 'is put aside'
is "$(jq .total_interactions_processed "$T/e/entity_frequency.json")" 149 \
    'and not counted'

cat >"$T/faults" <<'END'
{"match":{"method":"PATCH","nth":"4-8"},"do":{"status":503,"headers":{"Retry-After":"0"}}}
END
rm -rf "$T/e"
run mock --faults "$T/faults" --journal "$T/jf" exec sh -c \
    "$P -o $T/e jobs=1; echo \$?; wc -l <$T/e/rejects.ndjson; $P -o $T/e jobs=1; echo \$?"
is "$(out | tr -d ' ' | tr '\n' ' ')" '4 1 0 ' \
    'when 3 retries are spent the write is silently lost: exit 4, and the same command goes on'
like "$(err)" '*1 interactions were not written*' 'which is said'
is "$(jq -r 'select(.method == "PATCH" and .status == 200) | .path' "$T/jf" |
    sort | uniq -d)" '' 'nothing is written twice'
is "$(jq -c .annotation.status "$T/e/annotated.ndjson" | sort | uniq -c)" \
    "$(jq -c .annotation.status "$T/a/annotated.ndjson" | sort | uniq -c)" \
    'and all in the end'

# ---- the platform's own calls ----
run env GC_API=platform gc-mock --seed 1 --records 60 --journal "$T/jp" exec $P \
    -o "$T/pf"
exits 0 'GC_API=platform'
is "$(jq -r 'select(.path | endswith("/recordings")) | .status' "$T/jp" |
    wc -l | tr -d ' ')" "$(wc -l <"$T/pf/interactions.ndjson" | tr -d ' ')" \
    'the texts are the recordings of each chat'
n=$(jq -r 'select(.annotation.status == "written") | .id' \
    "$T/pf/annotated.ndjson" | wc -l)
[ "$n" -gt 5 ]
ok $? 'names are found in them'
is "$(requests "$T/jp" PATCH /customattributes)" " $n 200;" 'and written back'

# ---- the same as a batch run ----
batch() {
	run mock --journal "$T/jb" exec "${MAKE_COMMAND:-make}" \
	    -f pipelines/Makefile annotate-interactions OUT="$T/m" "$@"
}
batch
exits 0 'the batch run'
same "$T/m/annotated.ndjson" "$T/a/annotated.ndjson" \
    'gives what the pipeline gives'
same "$T/m/entity_frequency.json" "$T/a/entity_frequency.json" \
    'and the same report'
batch
exits 0 'once more'
is "$(wc -l <"$T/jb" | tr -d ' ')" 0 'asks for nothing and makes nothing'
batch threshold=0.9
is "$code $(jq -r '.entities[] | select(.confidence < 0.9) | .text' \
    "$T/m/annotated.ndjson")" '0 ' 'another threshold is heard'
run env GC_API=platform gc-mock --seed 1 --records 60 exec \
    "${MAKE_COMMAND:-make}" -f pipelines/Makefile annotate-interactions \
    OUT="$T/mp"
exits 0 'the batch run, GC_API=platform'
same "$T/mp/entity_frequency.json" "$T/pf/entity_frequency.json" \
    'finds what the pipeline finds'

done_testing

#!/bin/sh
# The bot-performance workflow end to end on gc-mock: as pipeline and as batch
# run, and each of the tutorial's error sections.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh

P=pipelines/bot-performance
mock() {
	gc-mock --seed 1 --records 3000 "$@"
}
count() {
	jq -r --arg m "$2" --arg p "$3" \
	    'select(.method == $m and (.path | test($p))) | .path' "$1" |
	    wc -l | tr -d ' '
}

run mock --journal "$T/j1" exec $P -o "$T/a" interval=0.1
exits 0 'a first run'
for f in bot_nlp_report.csv confusion_matrix.csv confusion_matrix.png \
    confusion_matrix.svg confusion_matrix.pdf confusion.json drift.json \
    decision.json dashboard.html ledger.ndjson; do
	[ -s "$T/a/$f" ]
	ok $? "makes $f"
done
is "$(head -1 "$T/a/bot_nlp_report.csv")" 'Metric,Value' 'the report has its header'
is "$(cut -d, -f1 "$T/a/bot_nlp_report.csv" | tr '\n' ' ')" \
    'Metric Accuracy Precision Recall F1 Score Drift P-Value ' 'and its rows'
is "$(jq -r .kind "$T/a/confusion.json")" confusion 'a confusion document'
n=$(wc -l <"$T/a/utterances.ndjson" | tr -d ' ')
is "$(jq .n "$T/a/confusion.json")" "$n" 'holds every utterance of the export'
is "$(jq -s -r '.[] | select(.in != .used + .dropped + .rejected)' \
    "$T/a/ledger.ndjson")" '' 'the ledger adds up'

# Within the hour nothing is evaluated again; --refresh does. (A service is
# known by its address, so all runs are on one.)
run mock --journal "$T/j2" exec sh -ec "$P -o $T/h interval=0.1
    curl -s $(printf '%s' '"$GC_API_URL"')/mark-1 >/dev/null
    $P -o $T/h interval=0.1
    curl -s $(printf '%s' '"$GC_API_URL"')/mark-2 >/dev/null
    $P -o $T/h interval=0.1 --refresh"
exits 0 'three runs within an hour'
sed -n '/mark-1/,/mark-2/p' "$T/j2" >"$T/second"
sed -n '/mark-2/,$p' "$T/j2" >"$T/third"
is "$(count "$T/second" POST '/model/evaluate$') $(count "$T/second" GET \
    'evaluate/results')" '0 0' \
    'the second sends neither POST evaluate nor GET results'
is "$(count "$T/second" POST 'details/query$')" 1 'but exports anew'
is "$(count "$T/third" POST '/model/evaluate$')" 1 '--refresh evaluates again'

# 404 while the evaluation begins is patience, not failure.
[ "$(jq -r 'select(.path | test("results")) | .status' "$T/j1" |
    grep -c 404)" -ge 1 ]
ok $? 'a 404 before the job exists was waited out'

# Drift: compared with the baseline of the quiet month.
run gc-mock --seed 2 --records 3000 --drift --journal "$T/j4" exec $P \
    -o "$T/b" interval=0.1 baseline="$T/a/baseline.ndjson"
exits 0 'a drifted month'
is "$(jq -r .retrain "$T/b/decision.json")" true 'is decided to retrain'
[ -n "$(jq -r '.job // empty' "$T/b/decision.json")" ]
ok $? 'the decision names the training job'
is "$(jq -r 'select(.method == "POST" and (.path | test("/model$"))) | .path' \
    "$T/j4" | wc -l | tr -d ' ')" 1 'training was started once'
grep -q 'Retraining Triggered' "$T/b/dashboard.html"
ok $? 'the dashboard says so'
run gc-mock --seed 2 --records 3000 --drift exec $P -o "$T/c" interval=0.1 \
    baseline="$T/a/baseline.ndjson" train=no
is "$(jq -r '[.retrain, .job] | @csv' "$T/c/decision.json")" 'true,' \
    'train=no only decides'

# A threshold is a variable.
run mock exec $P -o "$T/d" interval=0.1 accuracy=0.999 train=no
is "$(jq -r '.reasons[0].rule' "$T/d/decision.json")" accuracy \
    'accuracy=0.999 retrains for accuracy'
run mock exec $P -o "$T/d" accuracy=x
exits 2 'accuracy=x is wrong usage'
run mock exec $P -o "$T/d" accuracy=85
exits 2 'accuracy=85: a number from 0 to 1, not percent'
run mock exec $P -o "$T/d" interval=0.1 p=0.001 policy=retrain-effect train=no
is "$(jq .alpha "$T/d/drift.json")" 0.001 'p= is the alpha of the drift, too'

# A training holds for an hour, like the evaluation that called for it.
again="$P -o $T/r interval=0.1 accuracy=0.999"
run mock --journal "$T/j5" exec sh -c "$again && cp $T/r/decision.json $T/r1 &&
    rm $T/r/decision.json && $again && cp $T/r/decision.json $T/r2 &&
    $again --refresh"
exits 0 'a training within the hour, and --refresh'
same "$T/r2" "$T/r1" 'a second run names the job of the first'
is "$(count "$T/j5" POST '/model$')" 2 'and starts none; --refresh does'
is "$(count "$T/j5" POST 'oauth/token$')" 1 'one token is asked for in all'

# A training that cannot be started is told last.
echo '{"match":{"path":"*/model","method":"POST"},"do":{"status":400}}' \
    >"$T/faults"
run mock --faults "$T/faults" exec $P -o "$T/n" interval=0.1 accuracy=0.999
exits 4 'a training that is refused'
is "$(jq -c '[.retrain, .job]' "$T/n/decision.json")" '[true,null]' \
    'leaves the decision without a job'
grep -q 'Retraining Triggered' "$T/n/dashboard.html"
ok $? 'and the report'

# Who hands out tokens is GC_AUTH's to say.
run mock exec sh -c 'GC_AUTH="echo $(gc-auth) #"; export GC_AUTH
    unset GENESYS_CLIENT_ID GENESYS_CLIENT_SECRET
    exec pipelines/bot-performance -o "$0" interval=0.1' "$T/g"
exits 0 'GC_AUTH gives the token'
GC_AUTH=no-such-program run mock exec $P -o "$T/g"
exits 2 'a GC_AUTH that is not there'

# A disk that is full where the decision is written.
rm -f "$T/n/decision.json"
ln -s /dev/full "$T/n/decision.json.tmp"
run mock exec $P -o "$T/n" interval=0.1 train=no
exits 6 'a decision that cannot be written'
[ ! -e "$T/n/decision.json" ]
ok $? 'is none'

# The platform's own paths.
GC_API=platform run mock --journal "$T/jp" exec $P -o "$T/p" interval=0.1 \
    accuracy=0.999
exits 0 'GC_API=platform'
is "$(count "$T/jp" GET '/versions/[^/]*/report$') $(count "$T/jp" GET \
    '/feedback$' | sed 's/^[1-9].*/some/') $(count "$T/jp" POST '/train$')" \
    '1 some 1' 'report, feedback, training'
is "$(jq -c '[.kind, .retrain, (.job | type)]' "$T/p/decision.json")" \
    '["decision",true,"string"]' 'and a decision'
run mock exec $P -o "$T/d" colour=red
exits 2 'so is an unknown variable'

# The tutorial's error sections.
faults() {
	printf '%s\n' "$@" >"$T/faults"
	rm -rf "$T/e" "$T/cache"
	run mock --faults "$T/faults" --journal "$T/jf" exec $P -o "$T/e" \
	    interval=0.1
}
faults '{"match":{"path":"*/details/query","nth":1},"do":{"status":401,"body":{"message":"no","code":"bad.credentials","status":401}}}'
exits 0 '401 in mid-run: renewed once, and on it goes'
faults '{"match":{"path":"*/details/query","nth":1},"do":{"status":429,"headers":{"Retry-After":"1"}}}'
exits 0 '429 with Retry-After is waited out'
faults '{"match":{"path":"*/details/query"},"do":{"status":403,"body":{"message":"missing scope analytics:read","code":"missing.permissions","status":403}}}'
exits 5 '403 is not allowed'
like "$(err)" '*analytics:read*' 'and names the scope'
faults '{"match":{"path":"*/oauth/token"},"do":{"status":401,"body":{"error":"invalid_client"}}}'
exits 5 'a refused client'
[ ! -e "$T/e/dashboard.html" ]
ok $? 'makes no dashboard'
faults '{"match":{"path":"*/details/query"},"do":{"cut_after":20000}}'
exits 4 'an export that breaks off every time'
[ ! -e "$T/e/utterances.ndjson" ]
ok $? 'leaves no half export'
faults '{"match":{"path":"*/evaluate/results/*"},"do":{"status":200,"body":{"status":"completed","metrics":{}}}}'
exits 3 'an evaluation without accuracy is bad data, not 1.0'
like "$(err)" '*metrics.accuracy*' 'and is named'
run gc-mock --records 0 exec $P -o "$T/z" interval=0.1
exits 7 'zero utterances: no training, no matrix'
[ ! -e "$T/z/decision.json" ]
ok $? 'and no decision'

# The same as a batch run, which rebuilds only what changed.
batch() {
	run mock --journal "$T/jb" exec "${MAKE_COMMAND:-make}" \
	    -f pipelines/Makefile bot-performance OUT="$T/m" interval=0.1 "$@"
}
batch
exits 0 'the batch run'
same "$T/m/confusion.json" "$T/a/confusion.json" \
    'gives the same matrix as the pipeline'
same "$T/m/bot_nlp_report.csv" "$T/a/bot_nlp_report.csv" 'and the same report'
ls -l --time-style=full-iso "$T/m" >"$T/before"
batch
exits 0 'once more'
ls -l --time-style=full-iso "$T/m" >"$T/after"
same "$T/after" "$T/before" 'makes nothing again'

# A training that cannot be started is told last, and tried again.
echo '{"match":{"path":"*/model","method":"POST"},"do":{"status":400}}' \
    >"$T/faults"
run mock --faults "$T/faults" exec "${MAKE_COMMAND:-make}" \
    -f pipelines/Makefile bot-performance OUT="$T/q" interval=0.1 accuracy=0.999
[ "$code" != 0 ] && [ -s "$T/q/dashboard.html" ]
ok $? 'a training that is refused, as a batch: a report, and no success'
is "$(jq -c '[.retrain, .job]' "$T/q/decision.json")" '[true,null]' 'no job'
run mock --journal "$T/jq" exec "${MAKE_COMMAND:-make}" \
    -f pipelines/Makefile bot-performance OUT="$T/q" interval=0.1 accuracy=0.999
exits 0 'the next run'
is "$(count "$T/jq" POST '/model$') $(count "$T/jq" POST 'details/query$')" \
    '1 0' 'starts it, and fetches nothing'
is "$(jq -r '.job | type' "$T/q/decision.json")" string 'and names the job'

# What another setting, policy or baseline changes is made again, no more.
made() {
	touch "$T/stamp"
	sleep 0.02
	batch "$@"
	[ "$code" = 0 ] || note "$(err)"
	find "$T/m" -newer "$T/stamp" -name '*.json' -o -newer "$T/stamp" \
	    -name '*.html' | sed 's|.*/||' | sort | tr '\n' ' '
}
made accuracy=0.999 train=no >"$T/made"
is "$(cat "$T/made")" 'dashboard.html decision.json ' 'another accuracy'
is "$(jq -r '.reasons[0].rule' "$T/m/decision.json")" accuracy 'counts'
made accuracy=0.999 train=no >"$T/made"
is "$(cat "$T/made")" '' 'once'
cp "$T/m/baseline.ndjson" "$T/kept"
sed 's/"count":\([0-9]\)/"count":9\1/' "$T/kept" | sed '2,$s/"count":9/"count":/' \
    >"$T/m/baseline.ndjson"
made accuracy=0.999 train=no >"$T/made"
is "$(cat "$T/made")" 'dashboard.html decision.json drift.json ' \
    'another baseline'
made accuracy=0.999 train=no predicted=.actual_intent >"$T/made"
is "$(cat "$T/made")" 'confusion.json dashboard.html decision.json ' \
    'another label'

done_testing

#!/bin/sh
# Every named request of both sets, on the built-in platform.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

: | rules
GC_NOW=2026-11-21T00:00:00Z
export GC_NOW T

# one NAME ARG...: a line "NAME: code records keys of the first".
cat >"$T/one" <<'END'
#!/bin/sh
name=$1
shift
gc-fetch -q --interval 0.02 -r "$name" "$@" >"$T/got" 2>"$T/said"
printf '%s: %s %s %s\n' "$name" $? "$(wc -l <"$T/got" | tr -d ' ')" \
    "$(head -1 "$T/got" | jq -r 'keys_unsorted | join(",")')"
[ ! -s "$T/said" ] || sed 's/^/# /' "$T/said"
END

cat >"$T/all" <<'END'
#!/bin/sh
one() {
	sh "$T/one" "$@"
}
one evaluate
one evaluation id="$(jq -r .id "$T/got")"
one utterances
one train
one archive
one dashboard data:='[{"product_name":"x","mention_count":1}]'
one campaign contacts:='[]'
one score contacts:='[{"contactId":"c1","features":{"previous_calls":1,"avg_handle_time":1.5,"last_contact_days":3,"segment_id":"a"}}]'
one interactions
id=$(head -1 "$T/got" | jq -r .id)
one custom-attributes id="$id"
one custom-attributes id="$id" op=write attributes:='{"a":["b"]}'
one speech-model
[ "$GC_API" = platform ] && set -- id="$id"
one speech-insights "$@"
one csat
[ "$GC_API" = platform ] && set -- workflow=w1
one webhook "$@"
one webhooks
END

for set in tutorial platform; do
	run env GC_API=$set gc-fetch --list
	out | cut -f 1 | tr '\n' ' ' >"$T/names.$set"
	run env GC_API=$set gc-mock exec sh "$T/all"
	cp "$T/out" "$T/$set"
	grep -v ': 0 [1-9]' "$T/$set" >"$T/wrong"
	is "$(cat "$T/wrong")" '' "$set: every request is answered with records"
done
names=$(cat "$T/names.tutorial")
for name in $names; do
	case " $(cat "$T/names.platform")" in
	*" $name "*) grep -q "^$name:" "$T/tutorial" ;;
	*) false ;;
	esac
	ok $? "$name is in both sets, and tried"
done
is "$(sed -n 's/^evaluation: 0 1 .*\(kind\)$/\1/p' "$T/tutorial")" kind \
    'an evaluation says its kind'
is "$(sed -n 's/^utterances: 0 [0-9]* //p' "$T/tutorial")" \
    'actual_intent,predicted_intent,confidence' "an utterance's members"
like "$(sed -n 's/^utterances: 0 [0-9]* //p' "$T/platform")" \
    '*actual_intent,predicted_intent,confidence*' 'the same, by feedback'
like "$(sed -n 's/^speech-insights: 0 [0-9]* //p' "$T/tutorial")" \
    'interactionId,speechAnalytics,sentiment*' "an insight's members"
is "$(sed -n 's/^csat: 0 [0-9]* //p' "$T/platform")" 'interactionId,csat' \
    "a survey's members"

# ---- the exact forms of the bodies that are sent ----
form() {
	run env GENESYS_BOT_ID=bot GENESYS_MODEL_ID=model \
	    COACHING_WEBHOOK_URL=https://coach.example/x gc-fetch --no-auth \
	    --dry-run -r "$@"
	out | sed -n "s/.*--data-raw '\(.*\)' 'http.*/\1/p"
}
is "$(form evaluate)" '{"evaluationType":"default"}' 'evaluate'
is "$(form train)" '{"action":"train"}' 'train'
is "$(form utterances)" '{"timeRange":"last30Days","view":"botInteractions","filter":[{"dimension":"botId","values":["bot"]}],"groupBy":["botInteraction.intent"],"export":true}' \
    'utterances'
is "$(form archive from=A to=B)" '{"select":["date","id","type","interactions"],"where":"type = '"'\\''voice'\\''"'","timeRange":{"start":"A","end":"B"},"size":100}' \
    'archive'
is "$(form speech-insights from=A to=B ids=a,b topics:='["t"]')" '{"dateFrom":"A","dateTo":"B","interval":"PT1H","conversationType":"speech","filterGroups":[{"filters":[{"field":"id","op":"in","values":["a","b"]}]},{"filters":[{"field":"speechAnalytics.topics.name","op":"in","values":["t"]}]},{"filters":[{"field":"sentiment.score","op":"gte","values":[0.5]}]}],"metrics":["speechAnalytics","sentiment"],"groupings":["interactionId","agentId"],"size":100,"offset":0,"speechAnalyticsModelId":"model"}' \
    'speech-insights'
is "$(form csat from=A to=B ids=a)" '{"dateFrom":"A","dateTo":"B","interval":"PT1H","filterGroups":[{"filters":[{"field":"id","op":"in","values":["a"]}]}],"metrics":["csat"],"groupings":["interactionId"],"size":100,"offset":0}' \
    'csat'
is "$(form webhook | jq -c '[.name, .type, .enabled, .events, .headers,
    .filter, .url]')" '["SpeechInsightsToCoachingSync","rest",true,["analytics:query:completed","speechanalytics:insight:updated"],{"X-Webhook-Source":"GenesysCloud","Content-Type":"application/json"},{"field":"speechAnalyticsModelId","op":"eq","value":"model"},"https://coach.example/x"]' \
    'webhook'
is "$(form score contacts:='[{"contactId":"c"}]')" \
    '{"contacts":[{"contactId":"c"}],"modelVersion":null}' 'score'

done_testing

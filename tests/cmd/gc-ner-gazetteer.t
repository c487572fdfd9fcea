#!/bin/sh
# gc-ner with gazetteers: the names that are known.
models=${XDG_DATA_HOME:-$HOME/.local/share}
. tests/lib.sh
unset GC_NER_MODEL VIRTUAL_ENV CONDA_PREFIX
XDG_DATA_HOME=$T/none
export XDG_DATA_HOME

printf '%s\n' 'id	name	aliases	type	weight' \
	'p1	CloudPhone Pro	CP Pro	product' \
	'p2	Zéphyr	Zéphyr Mobile	service' \
	'p3	Home Hub		product	1' \
	'p0	Home Hub		other	1' \
	'p4	Hub Mini		product	3' >"$T/names"
brief='[.entities[] | "\(.id) \(.text) \(.start)-\(.end) \(.method)"] | join(", ")'

# ---- alone, or with a model that is not there ----
printf '{"n":1.0,"text":"My cloud-phone PRO."}\n' >"$T/one"
run gc-ner --no-model --gazetteer "$T/names" "$T/one"
exits 0 'a gazetteer alone'
is "$(out)" '{"n":1.0,"text":"My cloud-phone PRO.","entities":[{"text":"cloud-phone PRO","label":"product","start":3,"end":18,"confidence":1,"source":"gazetteer","id":"p1","name":"CloudPhone Pro","alias":"CloudPhone Pro","method":"joined","edits":0,"bytes":[3,18]}]}' \
	'an entity says what, where, and how it was found'
is "$(err)" '' '--no-model is silent'
run gc-ner --gazetteer "$T/names" "$T/one"
exits 0 'without a model'
like "$(err)" 'gc-ner: there is no model: *' 'a note says so'
run gc-ner -m nothing --gazetteer "$T/names" "$T/one"
exits 2 'a model that was named and is not there'

# ---- where, and which ----
printf '{"messages":[{"text":"hi"},{"text":"\\u00e9t\\u00e9: zephyr mobile and cppro"}]}\n' >"$T/many"
run gc-ner --no-model --gazetteer "$T/names" "$T/many"
is "$(jq -c '[.entities[] | [.id, .text, .start, .end, .bytes, .at]]' "$T/out")" \
	'[["p2","zephyr mobile",5,18,[7,20],1],["p1","cppro",23,28,[25,30],1]]' \
	'code points, bytes, the number of the text'
run gc-ner --no-model --join ' ' --gazetteer "$T/names" "$T/many"
is "$(jq -r "$brief" "$T/out")" \
	'p2 zephyr mobile 8-21 folded, p1 cppro 26-31 joined' 'joined'
printf '{"text":"a home hub, a home hub mini"}\n' >"$T/over"
run gc-ner --no-model --gazetteer "$T/names" "$T/over"
is "$(jq -r "$brief" "$T/out")" \
	'p0 home hub 2-10 folded, p4 hub mini 19-27 folded' \
	'of one length: weight, then id'
printf 'p5	a home\n' >"$T/more"
run gc-ner --no-model --gazetteer "$T/names" --gazetteer "$T/more" "$T/over"
is "$(jq -r "$brief" "$T/out")" \
	'p0 home hub 2-10 folded, p5 a home 12-18 exact, p4 hub mini 19-27 folded' \
	'two files; the longest first'
run gc-ner --no-model -l other --gazetteer "$T/names" "$T/over"
is "$(jq -r "$brief" "$T/out")" 'p0 home hub 2-10 folded' '--labels'
printf '{"things":["product"]}\n' >"$T/groups"
run gc-ner --no-model -g "$T/groups" --gazetteer "$T/names" "$T/many"
is "$(jq -c .groups "$T/out")" '{"things":["cppro"]}' '--group'

# ---- mistyped ----
printf '{"text":"my Clouphone-pro and the zephir"}\n' >"$T/typo"
run gc-ner --no-model --fuzzy --gazetteer "$T/names" "$T/typo"
exits 0 '--fuzzy'
is "$(jq -c '[.entities[] | [.id, .text, .method, .edits, .confidence]]' \
	"$T/out")" \
	'[["p1","Clouphone-pro","fuzzy",1,0.92],["p2","zephir","fuzzy",1,0.83]]' \
	'how, with how many edits, how sure'
is "$(jq -c '[.entities[].changes]' "$T/out")" \
	'[[{"op":"omit","at":7,"from":"d","to":""}],[{"op":"change","at":29,"from":"y","to":"i"}]]' \
	'and which: from the name'"'"'s letters to the text'"'"'s'
printf '{"text":"\u00e9 zehpyrs, Cluod-phone pro"}\n' >"$T/two"
run gc-ner --no-model --fuzzy --gazetteer "$T/names" "$T/two"
is "$(jq -c '.entities[] | .edits, (.changes[] | [.op, .at, .from, .to])' "$T/out" | tr '\n' ' ')" \
	'1 ["swap",4,"ph","hp"] ["plural",8,"","s"] 1 ["swap",13,"ou","uo"] ' \
	'places are code points of the text; a plural is no edit'
run gc-ner --no-model --fuzzy --threshold 0.9 --gazetteer "$T/names" "$T/typo"
is "$(jq -r '.entities[].id' "$T/out")" p1 '--threshold'
run gc-ner --no-model --gazetteer "$T/names" "$T/typo"
is "$(jq -c .entities "$T/out")" '[]' 'not without --fuzzy'
run gc-ner --fuzzy "$T/typo"
exits 2 '--fuzzy needs a gazetteer'
run gc-ner --fuzzy=much --gazetteer "$T/names" "$T/typo"
exits 2 '--fuzzy knows its kinds'

# ---- misheard ----
printf 'g\tCallGuard\t\t\t\tcall guard\nl\tCP Lite\t\t\t\tc p lite\n' >"$T/spoken"
printf '{"text":"%s"}\n' 'my call god is broken' 'call the guard at reception' \
	'i have c p light' >"$T/calls"
run gc-ner --no-model --fuzzy=speech --gazetteer "$T/spoken" "$T/calls"
exits 0 '--fuzzy=speech'
is "$(jq -c '[.entities[] | [.id, .text, .method]]' "$T/out" | tr '\n' ' ')" \
	'[["g","call god","speech"]] [] [["l","c p light","speech"]] ' \
	'a small word between two that are heard right is meant'
is "$(jq -c '.entities[].sounds' "$T/out" | tr '\n' ' ')" \
	'["K AO L G AA R D","K AO L G AA D"] ["S IY P IY L AY T","S IY P IY L AY T"] ' \
	'how the name and the text sound'
printf '{"text":"call %s guard"}\n' '\u0434\u0430' '\u4e16\u754c' >"$T/silent"
run gc-ner --no-model --fuzzy=speech --gazetteer "$T/spoken" "$T/silent"
is "$(jq -c .entities "$T/out" | tr '\n' ' ')" '[] [] ' \
	'a word of another script is heard in no name'
awk 'BEGIN { printf "{\"text\":\"hello"; for (i = 0; i < 5000; i++)
	printf " \\u0434\\u0430"; print " my call god is broken\"}" }' >"$T/far"
run gc-ner --no-model --fuzzy=speech --gazetteer "$T/spoken" "$T/far"
is "$(jq -c '[.entities[] | .text, .start, .end]' "$T/out")" \
	'["call god",15009,15017]' 'and behind thousands of them a name is'

# ---- who says so, and whether ----
cat >"$T/said" <<'EOF'
{"messages":[{"from":"agent","text":"a home hub?"},{"role":"customer","text":"no, not the Home Hub"}]}
{"interactions":[{"transcript":"cp pro","participantPurpose":"external"},{"transcript":"cppro"}]}
EOF
run gc-ner --no-model --gazetteer "$T/names" "$T/said"
is "$(jq -c '[.entities[] | [.at, .speaker, .negated]]' "$T/out" | tr '\n' ' ')" \
	'[[0,"agent",null],[1,"customer",true]] [[0,"customer",null],[1,null,null]] ' \
	'speaker and negation'
run gc-ner --no-model --join ' | ' --gazetteer "$T/names" "$T/said"
is "$(jq -c '[.entities[] | [.start, .speaker]]' "$T/out" | tr '\n' ' ')" \
	'[[2,"agent"],[26,"customer"]] [[0,"customer"],[9,null]] ' \
	'the speaker of a part of joined texts'

# ---- lint ----
cat >"$T/doubtful" <<'EOF'
id	name	aliases	type	flags	weight
b	Nexia	nexia|Connect
a	Nexio		x
c	Home Hub	Beta Box	x		2
d	Beta-Box	HomeHub
e	Gamma Ray	Delta One	x	case
f	gamma ray
EOF
run gc-ner --lint --gazetteer "$T/doubtful"
exits 1 '--lint: there are findings'
is "$(jq -r '[.rule, .id, .alias, .other_id, .line] | map(tostring) | join(" ")' "$T/out")" \
	"near b Nexia a 2
repeated b nexia b 2
near b nexia a 2
ordinary b Connect null 2
near a Nexio b 3
near a Nexio b 3
shadowed d Beta-Box c 5
shadowed d HomeHub c 5
doubled e Gamma Ray f 6
doubled f gamma ray e 7" \
	'doubled, shadowed, ordinary, near'
run gc-ner --lint --gazetteer "$T/york2"
exits 2 'a file that is not there'
printf 'x\tQuantum Headset\n' >"$T/clean"
run gc-ner --lint --gazetteer "$T/clean"
exits 0 'nothing is wrong'
is "$(out)" '' 'and nothing is said'
run gc-ner --lint
exits 2 '--lint needs a gazetteer'

# ---- files ----
for f in share/gazetteers/*.tsv; do
	run gc-ner --no-model --gazetteer "$f" /dev/null
	exits 0 "$f can be read"
done
printf '{"text":"Agent-assist for the acme RTR"}\n' >"$T/ours"
run gc-ner --no-model --gazetteer share/gazetteers/products.tsv "$T/ours"
is "$(jq -r "$brief" "$T/out")" \
	'agent-assist-suite Agent-assist 0-12 folded, acme-router acme RTR 21-29 folded' \
	'the sample names products'
run gc-ner --no-model --gazetteer "$T/nowhere" "$T/one"
exits 2 'a gazetteer that is not there'
printf 'p1\n' >"$T/bad"
run gc-ner --no-model --gazetteer "$T/bad" "$T/one"
exits 2 'a name without a name'
is "$(err)" "gc-ner: $T/bad:1: a name needs an id and a name" 'by its line'

# ---- the same whatever the threads; again is the same ----
awk 'BEGIN { srand(4); split("cloud phone pro home Hub mini , . z\303\251phyr mobile cp 12 the", w, " ")
	for (i = 0; i < 2000; i++) { s = ""; n = rand() * 30
	for (j = 0; j < n; j++) s = s w[1 + int(rand() * 13)] " "
	printf "{\"i\":%d,\"text\":\"%s\"}\n", i, s } }' >"$T/rand"
gc-ner --no-model --gazetteer "$T/names" "$T/rand" >"$T/want"
is "$(jq -s 'map(.entities | length) | add > 1000' "$T/want")" true 'many'
is "$(jq -c 'select(.text as $t | .entities | any(.text != $t[.start:.end]))' \
	"$T/want" | head -1)" '' 'each text is what stands there'
run gc-ner -j 4 --no-model --gazetteer "$T/names" "$T/rand"
same "$T/out" "$T/want" 'four threads write the same'
run gc-ner --no-model --gazetteer "$T/names" "$T/want"
same "$T/out" "$T/want" 'twice is the same as once'

# ---- with the model ----
XDG_DATA_HOME=$models
if [ ! -r "$models/gcpipe/models/en_core_web_sm/config.cfg" ]; then
	skip 1 'the model is absent: make model'
	done_testing
	exit
fi
printf '{"text":"Bob Smith from New York sold Apple a home hub"}\n' >"$T/both"
printf 'ny\tYork\nbob\tBob Smith from\n' >"$T/york"
run gc-ner --gazetteer "$T/names" --gazetteer "$T/york" "$T/both"
is "$(jq -c '[.entities[] | [.source, .text]]' "$T/out")" \
	'[["gazetteer","Bob Smith from"],["gazetteer","York"],["model","Apple"],["gazetteer","home hub"]]' \
	'the model yields to names'

done_testing

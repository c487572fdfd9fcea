#!/bin/sh
# gc-annotate: what is written, what is left alone, what is rejected.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

# What every script below begins with.
cat >"$T/begin" <<'END'
# annotate OPTIONS... : one record, {"id":ID}, its annotation
annotate() {
	printf '{"id":"%s"}\n' "$id" | gc-annotate -q "$@" |
	    jq -c '.annotation | [.status, .attempts]'
}
# there: the attributes of the interaction, as they are now
there() {
	gc-fetch -q "/api/v2/interactions/$id/customAttributes" |
	    jq -c "${1-.customAttributes}"
}
# one that has an owner, one that has no attributes yet
gc-fetch -q -r interactions | sed -n 1,60p >"$T/in"
gc-fetch -q --each -r custom-attributes --reject "$T/none" <"$T/in" >"$T/some"
full=$(jq -r 'select(.customAttributes.owner) | .id' "$T/some" | head -1)
empty=$(head -1 "$T/none" | jq -r .record.id)
id=$empty
END
script() {
	{ cat "$T/begin"; cat; } >"$T/script"
	export T
	mocked sh -eu "$T/script"
}
patches() {
	jq -c "select(.method == \"PATCH\") | $1" "$T/journal"
}

# ---- what is merged ----
rules </dev/null
script <<'END'
id=$full
there '.customAttributes | keys'
annotate --set '{a: ["x", "y"], n: 1.0}'
annotate --set '{n: 1, a: ["x", "y"]}'
there '.customAttributes | [.a, .n, .owner]'
END
exits 0 'attributes are written'
is "$(out)" '["extracted_products","owner"]
["written",1]
["unchanged",0]
[["x","y"],1,"crm"]' 'beside what others keep there, and once'
is "$(patches .status)" 200 'what is there already is not written'
is "$(patches '.headers["if-match"]')" '"\"1\""' \
    'read-merge-PATCH without If-Match: it is bound to what was read'

script <<'END'
annotate --set '{a: 1}'
there
END
is "$(out)" '["written",1]
{"a":1}' '404 on reading is none yet'
is "$(patches '.headers["if-none-match"]')" '"*"' \
    'and the writing is bound to that'

script <<'END'
annotate --set '{u: ["b", "a"], k: 1, m: 3, l: "one"}'
annotate -m union -m k=keep -m m=max --set '{u: ["a", "c", "b", "c"], k: 2, m: 2, l: ["two", "one"]}'
there
annotate -m max --set '{m: 10}'
annotate -m keep --set '{k: 5, new: true}'
there '.customAttributes | [.m, .k, .new]'
END
is "$(out)" '["written",1]
["written",1]
{"k":1,"m":3,"u":["b","a","c"],"l":["one","two"]}
["written",1]
["written",1]
[10,1,true]' 'list(set()) is in no order: union keeps the order, what is new behind it'
is "$(patches .body_bytes | sed -n 2p)" \
    "$(printf '{"customAttributes":{"u":["b","a","c"],"l":["one","two"]}}' | wc -c | tr -d ' ')" \
    'only what changes is sent'

script <<'END'
annotate --set '{a: ["x"], b: 1}'
annotate --set '{a: [], b: null}'
annotate -m union --set '{a: null}'
annotate --set 'null'
annotate --set '{}'
there
annotate --allow-clear --set '{a: [], b: null, c: null}'
there
annotate --allow-clear -m keep --set '{c: []}'
END
is "$(out)" '["written",1]
["unchanged",0]
["unchanged",0]
["unchanged",0]
["unchanged",0]
{"a":["x"],"b":1}
["written",1]
{"a":[],"b":null}
["unchanged",0]' 'null and empty lists erase only with --allow-clear'
is "$(asked 'select(.path | test("customAttributes")) | .method' | sort |
    uniq -c | tr -s ' ' | tr '\n' ' ')" "$(printf ' %s ' \
    "$(asked 'select(.path | test("customAttributes")) | .method' |
    grep -c GET) \"GET\"" '2 "PATCH"')" 'and ask for nothing'

# ---- the record ----
script <<'END'
printf '{ "annotation": 1, "id":"%s", "x" : 1.0, "n":9007199254740993,\t"annotation":2}\n' "$id" |
    gc-annotate --set '{n: .n}'
gc-fetch -q "/api/v2/interactions/$id/customAttributes"
END
is "$(sed 1q "$T/out")" "$(printf '{  "id":"%s", "x" : 1.0, "n":9007199254740993,"annotation":{"status":"written","attempts":1}}' \
    "$(jq -r .record.id "$T/none" | head -1)")" \
    'a record passes to the byte, its annotation at the end'
like "$(sed -n 2p "$T/out")" '*"customAttributes":{"n":9007199254740993}*' \
    'and an integer of 64 bits is written with all of its digits'
script <<'END'
printf '{"id":"%s","v":[9007199254740993,-9223372036854775807]}\n' "$id" |
    gc-annotate --set '{v: .v, w: .v[0]}' >"$T/once"
printf '{"id":"%s","v":[9007199254740992,-9223372036854775807]}\n' "$id" |
    gc-annotate -m union --set '{v: .v}'
gc-fetch -q "/api/v2/interactions/$id/customAttributes"
END
like "$(out)" '*"written"*"w":9007199254740993,"v":\[9007199254740993,-9223372036854775807,9007199254740992\]*' \
    'neighbours that are the same double are two'
script <<'END'
echo '{"id":9007199254740993,"n":1}' |
    gc-annotate --set '{n: .n}' --reject /dev/null
END
is "$(asked 'select(.path | test("/9007.*/customAttributes")) | .path' |
    sort -u)" '"/api/v2/interactions/9007199254740993/customAttributes"' \
    'a long number as id asks for that interaction, and no other'
script <<'END'
printf '{"ref":{"id":"%s"},"a":{"x":{"y":[1,"\\u00e9"]},"x":2}}\n' "$id" |
    gc-annotate --id .ref.id --set .a | jq -c .annotation.status
there
END
is "$(out)" '"written"
{"x":2}' '--id, and of a name that stands twice the last'

# ---- rejects ----
script <<'END'
for r in 1 '{"a":1}' '{"id":""}' '{"id":"x","bad":1}' '{"id":"no-such-interaction"}'; do
	printf '%s\n' "$r"
done | gc-annotate -q --reject "$T/bad" --set 'if .bad then 1 else {a: 1} end'
jq -c '[.line, .rule, .status, .retryable, .attempt]' "$T/bad"
jq -r '.correlationId // empty' "$T/bad" | grep -c .
END
exits 0 'bad records are put aside'
is "$(out)" '[1,"not-an-object",null,false,1]
[2,"attributes",null,false,1]
[3,"attributes",null,false,1]
[4,"attributes",null,false,1]
[5,"refused",404,false,1]
1' 'with what the service said of them'
script <<'END'
printf '{"id":"no-such-interaction"}\n' | gc-annotate --set '{a: 1}'
END
exits 3 'without --reject the first ends it'
like "$(err)" 'gc-annotate: stdin:1: PATCH *: 404: *correlation id*' 'and is named'

script <<'END'
annotate --max-value 8 --set '{a: "123456789"}' || true
annotate --max-value 8 --truncate --set '{a: "12345\u00e9\u00e9", l: ["ab", "c", "d"], q: "\u0001\u0001"}'
annotate --max-value 8 --truncate --set '{a: "12345\u00e9\u00e9", l: ["ab", "c", "d"], q: "\u0001\u0001"}'
there
annotate --max-attributes 3 --set '{z: 1}' || true
annotate --max-name 3 --set '{long: 1}' || true
annotate --own gc_ --set '{gc_a: 1, b: 1}' || true
END
is "$(out)" '["written",1]
["unchanged",0]
{"a":"12345","l":["ab"],"q":"\u0001"}' 'limits are checked here; --truncate cuts between code points'
is "$(grep -c 'allowed (--max-\|is not ours' "$T/err")" 4 'each named by its option'
is "$(patches .status)" 200 'and nothing of it is sent'

# ---- when the service fails ----
rules <<'END'
{"match":{"method":"PATCH","nth":1},"do":{"conflict":true}}
{"match":{"method":"PATCH","nth":3},"do":{"status":409}}
{"match":{"method":"PATCH","nth":5},"do":{"status":429,"retry_after":1}}
{"match":{"method":"PATCH","nth":7},"do":{"cut_after":0}}
END
script <<'END'
annotate -m union --set '{touched_by: ["us"]}'
there
annotate --set '{b: 1}'
annotate --set '{c: 1}'
annotate --set '{d: 1}'
there '.customAttributes | keys'
END
is "$(out)" '["written",2]
{"touched_by":["another writer","us"]}
["written",2]
["written",1]
["written",1]
["b","c","d","touched_by"]' \
    '412, 409: read and merged again; 429, a lost answer: sent again'

rules <<'END'
{"match":{"method":"PATCH"},"do":{"conflict":true}}
END
script <<'END'
code=0
annotate --conflicts 3 --set '{a: 1}' || code=$?
printf '{"id":"%s"}\n' "$id" | gc-annotate -q --conflicts 3 --reject "$T/bad" --set '{a: 1}'
jq -c '[.rule, .status, .retryable]' "$T/bad"
END
is "$(out)" '["conflict",412,true]' 'conflicts without end are bounded'
is "$(patches .status | sort | uniq -c | tr -s ' ')" ' 6 412' 'and never written over'

rules <<'END'
{"match":{"method":"PATCH","nth":"1-2"},"do":{"status":503}}
END
script <<'END'
printf '{"id":"%s"}\n' "$id" | gc-annotate -q --tries 2 --reject "$T/bad" --set '{a: 1}'
jq -c '[.rule, .status, .retryable, .attempt]' "$T/bad"
gc-annotate -q --retry --reject "$T/bad2" --set '{a: 1}' "$T/bad" | jq -c .annotation
wc -c <"$T/bad2" | tr -d ' '
END
is "$(out)" '["service",503,true,1]
{"status":"written","attempts":1}
0' 'when 3 retries are spent the write is silently lost: a reject that --retry takes'
rules <<'END'
{"match":{"method":"PATCH"},"do":{"status":503}}
END
script <<'END'
printf '{"id":"%s"}\n' "$id" | gc-annotate --tries 2 --set '{a: 1}'
END
exits 4 'and exit 4 where nobody takes it'
rules <<'END'
{"match":{"method":"PATCH"},"do":{"status":403,"body":{"message":"missing scope interaction:write","status":403}}}
END
script <<'END'
printf '{"id":"%s"}\n' "$id" | gc-annotate --reject "$T/bad" --set '{a: 1}'
END
exits 5 '403 is not a record'\''s affair'
like "$(err)" '*interaction:write*' 'and the scope is named'
rules <<'END'
{"match":{"method":"GET","path":"*/customAttributes","nth":70},"do":{"expire":true}}
END
script <<'END'
gc-annotate -j 4 --set '{a: 1}' "$T/in" | jq -r .annotation.status | sort | uniq -c | tr -s ' '
END
is "$(out)" ' 60 written' '401 in mid-run: renewed once, nothing is lost'

# ---- plans ----
rules </dev/null
script <<'END'
gc-annotate --dry-run --set '{p: ["x"]}' "$T/in" >"$T/plan"
jq -r .annotation.status "$T/plan" | sort | uniq -c | tr -s ' '
head -1 "$T/plan" | jq -c '.annotation | [.status, .attempts, .set, .before]'
id=$(sed -n 2p "$T/in" | jq -r .id)
annotate --set '{p: "meanwhile"}'
id=$(sed -n 3p "$T/in" | jq -r .id)
annotate --set '{other: "meanwhile"}'
gc-annotate -q -j 3 --apply "$T/plan" --reject "$T/bad" --state "$T/st" >"$T/applied"
jq -r .annotation.status "$T/applied" | sort | uniq -c | tr -s ' '
jq -c '[.line, .rule]' "$T/bad"
there
gc-annotate --undo "$T/st" | gc-annotate -q --apply - |
    jq -r .annotation.status | sort | uniq -c | tr -s ' '
there
END
is "$(out)" ' 60 planned
["planned",0,{"p":["x"]},{"p":null}]
["written",1]
["written",1]
 59 written
[2,"changed"]
'"$(sed -n 7p "$T/out")"'
 59 written
'"$(sed -n 9p "$T/out")" '--dry-run plans, --apply carries out what still holds, --undo takes it back'
is "$(sed -n '7p;9p' "$T/out" | jq -c '[.p, .other]' | tr '\n' ' ')" \
    '[["x"],"meanwhile"] [null,"meanwhile"] ' 'and leaves other attributes alone'
is "$(asked 'select(.path | test("customAttributes")) | .method' |
    head -60 | sort -u)" '"GET"' 'a plan writes nothing'

# a plan is for its interaction; a list of one that just fits is kept
script <<'END'
printf '{"id":"%s"}\n' "$id" | gc-annotate --dry-run --set '{z: 1}' >"$T/plan"
other=$(sed -n 2p "$T/none" | jq -r .record.id)
jq -c --arg id "$other" '.annotation.id = $id' "$T/plan" |
    gc-annotate -q --apply - --reject "$T/bad"
jq -r .rule "$T/bad"
gc-annotate -q --apply "$T/plan" | jq -r .annotation.status
annotate --max-value 8 --truncate --set '{l: ["aaaa", "b"]}'
there .customAttributes.l
END
is "$(out)" 'changed
written
["written",1]
["aaaa"]' 'a plan that was moved to another interaction is refused'

# ---- several at once ----
script <<'END'
head -20 "$T/in" | jq -c '{id, n: (1, 2, 3, 4, 5)}' >"$T/many"
gc-annotate -j 8 --set '{n: .n}' "$T/many" >"$T/j8"
jq -c 'del(.annotation)' "$T/j8" | cmp - "$T/many"
jq -r .annotation.status "$T/j8" | sort | uniq -c | tr -s ' '
head -20 "$T/in" | gc-fetch -q --each -r custom-attributes | jq -c .customAttributes.n | sort | uniq -c | tr -s ' '
END
exits 0 'the order of the output is that of the input'
is "$(out)" ' 100 written
 20 5' 'records of one id do not overtake each other'
is "$(patches 'select(.status != 200) | .status')" '' 'nor hinder'

# ---- state ----
script <<'END'
gc-annotate --state "$T/s" -j 4 --set '{a: [1]}' "$T/in" >"$T/1"
n=$(wc -l <"$T/journal")
gc-annotate --state "$T/s" -j 4 --set '{a: [1]}' "$T/in" >"$T/2"
cmp "$T/1" "$T/2"
echo $(($(wc -l <"$T/journal") - n))
printf '{"key":"0123' >>"$T/s"
gc-annotate --state "$T/s" --set '{a: [1]}' "$T/in" | cmp - "$T/1"
gc-annotate --state "$T/s" -m union --set '{a: [1]}' "$T/in" 2>&1 || echo $?
gc-annotate --state "$T/in" --set '{a: [1]}' "$T/in" 2>&1 || echo $?
cut -c1-60 "$T/in" | head -1 | cut -c1-5
END
exits 0 'with --state'
is "$(sed "s|$T|T|" "$T/out")" '0
gc-annotate: T/s belongs to other options: remove it to begin anew
2
gc-annotate: T/in is no state of gc-annotate
2
{"id"' 'what is done is not even asked for; a torn line is mended, another'\''s file left alone'

# the same wanted again, after something else: in the order of the input
script <<'END'
printf '{"id":"%s","n":1}\n{"id":"%s","n":2}\n{"id":"%s","n":1}\n' "$id" "$id" "$id" >"$T/aba"
gc-annotate -q -j 4 --state "$T/s3" --set '{n: .n}' "$T/aba" | jq -c .annotation.status
there .customAttributes.n
head -4 "$T/s3" >"$T/s4"
gc-annotate -q -j 4 --state "$T/s4" --set '{n: .n}' "$T/aba" | jq -c .annotation.status
there .customAttributes.n
gc-annotate -q --undo "$T/s3" | jq -c .annotation.set.n
END
is "$(out | tr '\n' ' ')" '"written" "written" "written" 1 "written" "written" "written" 1 2 1 null ' \
    'with --state, what is wanted twice with another in between is done twice'

# ---- the platform's own way ----
script <<'END'
GC_API=platform
export GC_API
id=$(gc-fetch -q -r interactions | jq -r .id | sed -n 1p)
annotate --set '{a: "x"}'
annotate --set '{a: "y"}'
annotate --set '{a: "y"}'
gc-fetch -q -r custom-attributes id="$id" | jq -c .customAttributes
END
is "$(out)" '["written",1]
["written",1]
["unchanged",0]
{"a":"y"}' 'GC_API=platform'

# ---- wrong usage ----
run gc-annotate </dev/null
exits 2 '--set is needed'
run gc-annotate --set . -m sum </dev/null
exits 2 'so is a policy that there is'
run gc-annotate --set . --var op=x </dev/null
exits 2 'its own variables are not the user'\''s'
run gc-annotate --set . --var nothing=x </dev/null
exits 2 'nor what the request does not have'
run gc-annotate --set '{' </dev/null
exits 2 'an expression that does not compile'

done_testing

#!/bin/sh
# Bad input, every program that reads records: the same sentence for the same
# fault, with file, line and column; what comes before it is not lost, and
# with --reject nothing else is.
. tests/lib.sh

GC_NOW=2026-03-10T08:00:00Z
GC_STORE=$T/db
GC_API_URL=http://127.0.0.1:9
GENESYS_MODEL_ID=m
export GC_NOW GC_STORE GC_API_URL GENESYS_MODEL_ID
printf '{"text":"x"}\n{"text":"y"}\n' >"$T/side"
printf 'x\tX\n' >"$T/names"
printf '{"method":"GET","path":"/x"}\n' >"$T/get.jq"

# A program a line, | a record that it takes; @ is its input, where that is a
# file's name. One whose input is stdin alone has none.
cat >"$T/programs" <<'END'
gc-count -k .text|{"text":"x"}
gc-confusion -a .text -p .text|{"text":"x"}
gc-drift -k .text --baseline $T/side|{"text":"x"}
gc-drift -k .text --partial|{"text":"x"}
gc-join -k .text --with $T/side --as side|{"text":"x"}
gc-annotate --dry-run --set .nothing|{"id":"x"}
gc-score --infer|{"contactId":"x","features":{"n":1}}
gc-score -f engagement|{"contactId":"x","features":{"previous_calls":1}}
gc-ner --no-model --gazetteer $T/names|{"text":"x"}
gc-store load mentions|{"id":"x","date":"2026-03-01","entities":[]}
gc-report frequency|{"groups":{"product":["x"],"issue":[]}}
gc-report dashboard|{"kind":"x"}
gc-report summary|{"kind":"evaluation","metrics":{"accuracy":1}}
gc-fetch --no-auth --dry-run --each /x|{"text":"x"}
END

# What may stand in a line | rule | what is said of it. %b of printf.
cat >"$T/faults" <<'END'
{"a":1,}|invalid-json|8: invalid JSON: expected a name in quotes
{"a":1} x|invalid-json|9: invalid JSON: text after the value
{"a":01}|invalid-json|7: invalid JSON: number with a leading zero
{"a"|invalid-json|5: invalid JSON: unexpected end
{"a":"\0001"}|invalid-json|7: invalid JSON: control character in string
{"a":"\0377"}|invalid-utf8|7: invalid UTF-8 (byte 0xff)
{"a":"\0355\0240\0200"}|invalid-utf8|7: invalid UTF-8 (byte 0xed)
{"a":"\\ud800"}|invalid-json|7: invalid JSON: lone surrogate escape
\0000|invalid-json|1: invalid JSON: expected a value
NaN|invalid-json|1: invalid JSON: expected a value
END

# starts COMMAND...: run, with the input that is in $T/in; some read stdin,
# one asks a service.
starts() {
	case "$1 $2" in
	'gc-fetch '*) run timeout 120 "$@" <"$T/in" ;;
	'gc-score -f') run timeout 120 gc-mock exec "$@" "$T/in" ;;
	*) run timeout 120 "$@" "$T/in" ;;
	esac
}

# place PROGRAM: how the input is called in its messages.
place() {
	case $1 in
	gc-fetch) echo stdin ;;
	*) echo "$T/in" ;;
	esac
}

# Deep and long ones, which no table holds.
awk 'BEGIN { for (i = 0; i < 1001; i++) printf "["
    for (i = 0; i < 1001; i++) printf "]"; print "" }' >"$T/deep"
size=3000
ceiling=1000
max='--max-record 1000'
if [ -n "${GC_TEST_LONG-}" ]; then
	size=100000000
	ceiling=67108864
	max=
fi
{
	printf '"'
	head -c $size /dev/zero | tr '\0' a
	printf '"\n'
} >"$T/long"

# try TITLE RULE MESSAGE: the input's second line is bad, two are good. Adds
# to $wrong what is not as it should be.
try() {
	title=$1
	rule=$2
	said=$3
	shift 3
	starts "$@"
	case "$code $(err)" in
	"3 $1: $(place "$1"):2:$said") ;;
	*) wrong="$wrong$title: $code $(err);" ;;
	esac
	rm -f "$T/rej" "$T/led" "$T/db"
	starts "$@" -q --reject "$T/rej" --ledger "$T/led"
	got="$code $(jq -c '[.tool, .line, .rule]' "$T/rej") $(jq -c \
	    '[.in, .rejected, .used + .dropped]' "$T/led")"
	[ "$got" = "0 [\"$1\",2,\"$rule\"] [3,1,2]" ] ||
		wrong="$wrong$title, --reject: $got;"
}

while IFS='|' read -r command good; do
	eval "set -- $command"
	wrong=
	while IFS='|' read -r fault rule said; do
		printf '%s\n%b\n%s\n' "$good" "$fault" "$good" >"$T/in"
		try "$fault" "$rule" "$said" "$@"
	done <"$T/faults"
	is "$wrong" '' "$command: a bad line"

	wrong=
	{ echo "$good" && cat "$T/deep" && echo "$good"; } >"$T/in"
	try deep invalid-json '1001: invalid JSON: nested deeper than 1000' "$@"
	{ echo "$good" && cat "$T/long" && echo "$good"; } >"$T/in"
	# shellcheck disable=SC2086 # two words, or none
	try long too-long " record of $((size + 2)) bytes is longer than \
--max-record $ceiling" "$@" $max
	is "$wrong" '' "$command: too deep, too long"

	printf '\357\273\277%s\r\n \t\r\n\n%s' "$good" "$good" >"$T/in"
	rm -f "$T/led" "$T/db"
	starts "$@" -q --ledger "$T/led"
	is "$code $(jq -c '[.in, .rejected]' "$T/led")" '0 [2,0]' \
	    "$command: a byte order mark, CR, blank lines, no last line end"

	# what was rejected is rejected again, as it was, under its old place
	{
		while IFS='|' read -r fault rule said; do
			printf '%b\n' "$fault"
		done <"$T/faults"
		printf '7,\r\n'
		cat "$T/deep" "$T/long"
	} >"$T/in"
	# shellcheck disable=SC2086
	starts "$@" -q --reject "$T/rej" $max
	first=$(wc -l <"$T/rej" | tr -d ' ')
	jq -c 'del(.attempt)' "$T/rej" >"$T/once"
	mv "$T/rej" "$T/in"
	# shellcheck disable=SC2086
	starts "$@" -q --retry --reject "$T/rej" $max
	is "$first $(jq .attempt "$T/rej" | sort -u)" '13 2' \
	    "$command --retry: each is rejected a second time"
	jq -c 'del(.attempt)' "$T/rej" >"$T/again"
	same "$T/again" "$T/once" 'and its envelope is the same'
	printf '%s\n' "$good" | jq -c '{file: "old", line: 9,
	    record: (tojson | gsub("(?<a>[,:])"; .a + "\n"))}' >"$T/in"
	starts "$@" --retry --reject "$T/rej" --ledger "$T/led"
	is "$code $(wc -l <"$T/rej" | tr -d ' ')" '0 0' \
	    'one that was mended, over several lines, is taken'

	[ "$1" != gc-fetch ] || continue
	wrong=
	run "$@" "$T/nowhere"
	[ "$code $(err | head -1)" = \
	    "2 $1: cannot open $T/nowhere: No such file or directory" ] ||
		wrong="absent: $code $(err)"
	run "$@" "$T"
	[ "$code $(err | head -1)" = "2 $1: cannot open $T: Is a directory" ] ||
		wrong="$wrong folder: $code $(err)"
	: >"$T/out"
	run "$@" "$T/in" "$T/nowhere"
	[ "$code $(wc -c <"$T/out" | tr -d ' ')" = '2 0' ] ||
		wrong="$wrong second: $code $(err)"
	if [ "$(id -u)" != 0 ]; then
		: >"$T/closed"
		chmod 0 "$T/closed"
		run "$@" "$T/closed"
		[ "$code" = 2 ] || wrong="$wrong unreadable: $code $(err)"
	fi
	is "$wrong" '' "$command: an input that cannot be opened"
done <"$T/programs"

# ---- records that are no objects ----
printf '{"id":"x","text":"x"}\n5\n' >"$T/in"
while read -r command; do
	eval "set -- $command"
	starts "$@"
	like "$code $(err)" "3 $1: $(place "$1"):2:*" "$command: no object"
	rm -f "$T/rej"
	starts "$@" -q --reject "$T/rej"
	is "$code $(jq -c '[.line, .rule, .record]' "$T/rej")" \
	    '0 [2,"not-an-object",5]' 'is a reject of that rule'
done <<'END'
gc-join -k '.text?' --with $T/side --as side
gc-annotate --dry-run --set '.nothing?'
gc-ner --no-model --gazetteer $T/names --text '.text?'
gc-fetch --no-auth --dry-run --each --as got /x
END

# ---- files beside the records ----
while read -r command; do
	eval "set -- $command"
	wrong=
	printf '{"text":"x"}\n{"text":"x",}\n' >"$T/bad"
	echo '{"text":"x"}' >"$T/in"
	run "$@" "$T/in"
	case "$code $(err)" in
	"3 $1: $T/bad:2:13: invalid JSON: expected a name in quotes") ;;
	*) wrong="$code $(err);" ;;
	esac
	printf '{"text":"x"}\n{"text":"\377"}\n' >"$T/bad"
	run "$@" "$T/in"
	case "$code $(err)" in
	"3 $1: $T/bad:2:10: invalid UTF-8 (byte 0xff)") ;;
	*) wrong="$wrong$code $(err);" ;;
	esac
	rm "$T/bad"
	run "$@" "$T/in"
	[ "$code" = 2 ] || wrong="$wrong$code $(err)"
	is "$wrong" '' "$command: a side input"
done <<'END'
gc-join -k .text --with $T/bad --as side
gc-drift -k .text --baseline $T/bad
END

# ---- CSV is opened like any other input ----
printf 'contactId,previous_calls\nc,1\n' >"$T/csv"
for other in "$T/nowhere" "$T"; do
	run gc-mock exec gc-score -f engagement --csv "$T/csv" "$other"
	like "$code $(out)$(err)" "2 gc-score: cannot open $other: *" \
	    'the second file is missed before the first is scored'
done

# ---- files that are one document, over several lines ----
printf '{"a":\n  {"b": 1,}}\n' >"$T/doc"
echo '{"text":"x"}' >"$T/in"
for command in 'gc-score --model m --features' \
    'gc-ner --no-model --gazetteer $T/names --group'; do
	eval "set -- $command"
	run "$@" "$T/doc" "$T/in"
	is "$code $(err)" "2 $1: $T/doc:2:11: invalid JSON: expected a name \
in quotes" "$command: line and column"
done

# ---- a ledger that cannot be written is found before the work ----
printf '{"contactId":"x","features":{"n":1}}\n' >"$T/in"
while read -r command; do
	eval "set -- $command"
	run "$@" --ledger "$T/none/l" <"$T/in"
	is "$code $(wc -c <"$T/out" | tr -d ' ') $(err)" \
	    "2 0 $1: cannot write $T/none/l: No such file or directory" \
	    "$command: a ledger in no folder"
done <<'END'
gc-count -k .contactId
gc-score --features engagement --model m
gc-store query product-mentions
gc-window --from 2026-01-01 --to 2026-02-01
gc-report frequency
gc-join -k .contactId --with $T/side --as side
END

done_testing

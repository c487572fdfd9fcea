#!/bin/sh
# Two of them on the same interactions at once lose no attribute of either.
# shellcheck disable=SC2016 # the inner shell expands
. tests/lib.sh
. tests/mock.sh

export T
cat >"$T/script" <<'END'
gc-fetch -q -r interactions | sed -n 1,24p | jq -c '.id' |
    jq -c '{id: ., n: range(10)}' | sort -t: -k3 >"$T/in"
sort -r "$T/in" >"$T/other-way"
for who in a b; do
	in=$T/in
	[ $who = a ] || in=$T/other-way
	gc-annotate -q --jobs 8 --conflicts 200 -m both=union --set \
	    "{\"$who\(.n)\": .n, both: [\"$who\(.n)\"]}" "$in" >"$T/$who" &
	pids="${pids-} $!"
done
for pid in $pids; do
	wait $pid || echo "ends with $?"
done
jq -c 'select(.n == 0)' "$T/in" |
    gc-fetch -q --each -j 4 '/api/v2/interactions/{.id}/customAttributes' |
    jq -c '.customAttributes | select([.["a\(range(10))"], .["b\(range(10))"]] !=
	[range(10), range(10)] or (.both | sort) !=
	([("a", "b") + "\(range(10))"] | sort)) | keys'
jq -r .annotation.status "$T/a" "$T/b" | sort | uniq -c | tr -s ' '
END
rules <<'END'
{"match":{"method":"GET","path":"*/customAttributes"},"do":{"delay_ms":40}}
END
mocked sh "$T/script"
exits 0 'two at once'
is "$(out)" ' 480 written' \
    'each of them has its attributes everywhere, and a list both share is whole'
[ "$(jq -c 'select(.status == 412) | .n' "$T/journal" | wc -l)" -gt 3 ]
ok $? 'they did meet'

done_testing

#!/bin/sh
# Every style of paging that gc-mock turns, found out by gc-fetch from the
# answers and named: each record once, in one more request than none.
. tests/lib.sh

cat >"$T/all" <<'EOF'
code=0
style=$1 method=$2 named=$3
set -- -q
[ "$named" = no ] || set -- "$@" --paginate "$style"
[ "$method" = GET ] || set -- "$@" -X POST --repeat -d '{}'
gc-fetch "$@" "/api/v2/mock/lists/$style"
EOF
all() {
	run gc-mock --records 260 --journal "$T/journal" exec sh "$T/all" "$@"
}

for style in page after cursor cursors nextpage nexturi scim array \
    cursor-in-uri; do
	for named in no yes; do
		all $style GET $named
		is "$code $(jq -r .id "$T/out" | sort -u | wc -l | tr -d ' ') $(
		    wc -l <"$T/out" | tr -d ' ')" '0 260 260' \
		    "$style, $named name given: each record once"
	done
done
for style in page-body search after-body offset; do
	for named in no yes; do
		all $style POST $named
		is "$code $(jq -r .id "$T/out" | sort -u | wc -l | tr -d ' ') $(
		    wc -l <"$T/out" | tr -d ' ')" '0 260 260' \
		    "$style, $named name given: each record once"
	done
done
all page GET no
is "$(grep -c lists/page "$T/journal")" 11 'not one request too many'

done_testing

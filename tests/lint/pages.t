#!/bin/sh
# Every program has a page that says what --help says, and lists its exit
# codes; gc(7) names every program.
. tests/lib.sh

for page in cmd/*.1 cmd/*/*.1 share/man/*; do
	[ -f "$page" ] || continue
	mandoc -Tlint -W warning "$page" 2>&1 |
	    grep -v 'cross reference\|outdated\|referenced manual not found'
done >"$T/wrong"
is "$(cat "$T/wrong")" '' 'mandoc finds nothing to warn about'

# codes PAGE: the exit codes that it lists.
codes() {
	sed -n '/^\.Sh EXIT STATUS/,/^\.Sh [^E]/p' "$1" |
	    sed -n 's/^\.It \([0-9]\)$/\1/p'
}
codes share/man/gc.7 >"$T/codes"
sed -n 's/^.*EXIT_[A-Z]* = \([0-9]\).*/\1/p' lib/base/exit.h >"$T/known"
same "$T/codes" "$T/known" 'gc(7) lists the exit codes that there are'

for program in bin/gc-*; do
	name=${program#bin/}
	page=cmd/$name.1
	[ -f "$page" ] || page=cmd/$name/$name.1
	if [ ! -f "$page" ]; then
		ok 1 "$name has a page"
		continue
	fi
	"$program" --options >"$T/options" 2>/dev/null

	# Each option of the table is an item of the page, and the other way.
	awk -F'\t' '{ if ($1 != "") print "-" $1
	    if ($2 != "") print "--" $2 }' "$T/options" | sort -u >"$T/have"
	sed -n 's/^\.It Fl \(.*\)$/\1/p' "$page" |
	    sed 's/ Ar .*$//; s/ Ns .*$//; s/ O[op].*$//; s/,//g' |
	    tr ' ' '\n' | grep -v '^Fl$' | sed 's/^\\-/-/; s/^/-/' |
	    sed 's/\\//g' | grep -v '^-$' | sort -u >"$T/page"
	comm -23 "$T/have" "$T/page" >"$T/missing"
	comm -13 "$T/have" "$T/page" >"$T/extra"
	is "$(tr '\n' ' ' <"$T/missing")" '' "$name: the page has every option"
	is "$(tr '\n' ' ' <"$T/extra")" '' "$name: the page has no other"

	"$program" --help >"$T/help" 2>"$T/err"
	is "$?$(cat "$T/err")" 0 "$name --help says it on stdout, exit 0"
	awk 'length($0) > 80 { print } END { if (NR > 24) print NR " lines" }' \
	    "$T/help" >"$T/wrong"
	"$program" --help=all >"$T/all"
	cut -f 2 "$T/options" | while read -r o; do
		for f in help all; do
			grep -Eq "(^|[ (,])--$o([][ =]|\$)" "$T/$f" ||
				echo "$f: --$o"
		done
		grep -Eq "^ .* --$o([][ ]|\$)" "$T/all" || echo "no row: --$o"
	done >>"$T/wrong"
	is "$(cat "$T/wrong")" '' "$name --help is a screen that names them all"
	"$program" --no-such-option >"$T/out" 2>"$T/err"
	is "$? $(wc -c <"$T/out" | tr -d ' ') $(wc -l <"$T/err" | tr -d ' ')" \
	    '2 0 2' "$name: an unknown option is two lines on stderr, exit 2"
	"$program" --version >"$T/out" 2>&1
	like "$(cat "$T/out")" "$name [0-9]*" "$name --version"

	for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES \
	    'SEE ALSO'; do
		grep -q "^\.Sh $section" "$page" || echo "$section"
	done >"$T/wrong"
	is "$(cat "$T/wrong")" '' "$name: the page has its sections"
	codes "$page" | tr '\n' ' ' >"$T/have"
	codes "$page" | grep -vxFf "$T/codes" >"$T/wrong"
	case $(cat "$T/have")$(cat "$T/wrong") in
	*2*6*)	ok 0 "$name: its exit codes are some of these" ;;
	*)	ok 1 "$name: exit codes $(cat "$T/have")" ;;
	esac
	[ ! -s "$T/wrong" ] || ok 1 "$name: strange exit codes"
	grep -q "$name" share/man/gc.7
	ok $? "$name stands in gc(7)"
done

done_testing

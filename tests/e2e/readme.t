#!/bin/sh
# The README's pipes are typed as they stand, one after the other, in a shell
# on the mock platform; each does what is said.
. tests/lib.sh

root=$PWD
mkdir "$T/work"
cd "$T/work" || exit 1
ln -s "$root/pipelines" "$root/share" "$root/bin" .
sed -n '/^## Ten pipes/,/^## Where/s/^    //p' "$root/README.md" |
    grep -v '\.env' >"$T/pipes"
[ "$(wc -l <"$T/pipes")" -ge 10 ]
ok $? 'there are ten of them'

cat >"$T/script" <<'END'
n=0
while IFS= read -r pipe; do
	n=$((n + 1))
	code=0
	bash -o pipefail -c "$pipe" </dev/null >"$T/out.$n" 2>"$T/err.$n" ||
	    code=$?
	printf '%s\t%s\n' "$code" "$pipe"
done <"$T/pipes" >"$T/codes"
END
export T
gc-mock --records 4000 exec sh "$T/script"
n=0
while IFS='	' read -r code pipe; do
	n=$((n + 1))
	case $pipe in
	*--exit-code*) want=1 ;;
	*) want=0 ;;
	esac
	is "$code" "$want" "$pipe"
	[ "$code" = "$want" ] || note "$(head -5 "$T/err.$n")"
	case $pipe in
	*' -o '* | *'>'* | *--retry*) ;;
	*) [ -s "$T/out.$n" ] || ok 1 'it says something' ;;
	esac
done <"$T/codes"
for f in matrix.svg last.ndjson baseline.ndjson this.ndjson out/bot/dashboard.html
do
	[ -s "$f" ]
	ok $? "$f is there"
done
is "$(jq -r .verdict "$T"/out.7)" drift 'the drift is found'

done_testing

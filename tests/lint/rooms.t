#!/bin/sh
# The rules of inclusion: a file includes its own room and lower floors only;
# a third-party header is included by one .c file; headers stand alone.
. tests/lib.sh

# The floors, and whose files may include which rooms.
cat >"$T/floors" <<'EOF'
base 0
json 1
stat 1
ner 2
out 2
conf 2
store 2
net 3
EOF

for f in lib/*/*.[ch]; do
	room=${f#lib/}
	room=${room%%/*}
	sed -n 's|^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([a-z]*\)/.*|\1|p' "$f" |
	    sed "s|^|$room $f |"
done >"$T/includes"
awk 'NR == FNR { floor[$1] = $2; next }
    !($3 in floor) { print $2 ": includes the unknown room " $3; next }
    $1 != $3 && floor[$3] >= floor[$1] {
	print $2 " (floor " floor[$1] ") includes " $3 " (floor " floor[$3] ")"
    }' "$T/floors" "$T/includes" >"$T/wrong"
is "$(cat "$T/wrong")" '' 'a file includes its own room and lower floors only'

sed -n 's|^.*"\(cmd/.*\)".*|&|p' lib/*/*.[ch] >"$T/wrong"
is "$(cat "$T/wrong")" '' 'the library does not know the programs'

# System headers are POSIX's; every other <...> is a third party's.
posix='assert ctype dirent errno fcntl fenv float fnmatch getopt glob inttypes
limits locale math netdb poll pthread setjmp signal stdarg stdatomic stdbool
stddef stdint stdio stdlib string strings termios time unistd wchar wctype
langinfo libgen regex sched semaphore spawn syslog search ftw pwd grp'
grep -n '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' lib/*/*.[ch] cmd/*.[ch] \
    cmd/*/*.[ch] 2>/dev/null |
    sed 's|^\([^:]*\):[0-9]*:.*<\(.*\)>.*|\1 \2|' |
    awk -v posix="$posix" 'BEGIN {
	n = split(posix, p); for (i = 1; i <= n; i++) known[p[i] ".h"] = 1 }
	$2 in known || $2 ~ /^(sys|arpa|netinet|net)\// ||
	$2 ~ /intrin\.h$/ { next }
	{ print }' | sort -u >"$T/third"
# curl.h: the transfer and the URLs; microhttpd.h: the server of the library
# and the mock platform's own, whose faults need it.
awk '{ sub(/.*\//, "", $2); n[$2]++; who[$2] = who[$2] " " $1 }
    END { for (h in n) {
	max = h == "curl.h" || h == "microhttpd.h" ? 2 : 1
	if (h == "jv.h" || h == "evp.h" || h == "sha.h" || h == "crypto.h")
		max = 1
	if (n[h] > max) print h ":" who[h] } }' "$T/third" >"$T/wrong"
is "$(cat "$T/wrong")" '' 'a third-party header is included by one file'
grep '\.h ' "$T/third" >"$T/wrong"
is "$(cat "$T/wrong")" '' 'no third-party header reaches a header of ours'

for f in lib/*/*.h; do
	${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -DGC_VERSION='""' \
	    -DGC_PREFIX='""' -Ilib -fsyntax-only -x c "$f" 2>&1 || echo "$f"
done >"$T/wrong"
is "$(cat "$T/wrong")" '' 'every header can be included alone'

for f in lib/*/*.h; do
	n=$(grep -cE '^[a-z].*[a-z_0-9]\(.*[,;]$' "$f")
	[ "$n" -le 24 ] || echo "$f: $n prototypes"
done >"$T/wrong"
is "$(cat "$T/wrong")" '' 'no header is a grab-bag'

for d in lib/*/; do
	[ -n "$(find "$d" -name '*.c' | head -1)" ] || continue
	[ -s "${d}README.md" ] || echo "$d"
done >"$T/wrong"
is "$(cat "$T/wrong")" '' 'each room has a README paragraph'

# The mock platform shares no protocol code with the client.
grep -n '#include "net/' cmd/gc-mock/*.[ch] 2>/dev/null |
    grep -v '"net/digest.h"' >"$T/wrong"
is "$(cat "$T/wrong")" '' 'gc-mock shares no protocol code with the client'

done_testing

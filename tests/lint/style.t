#!/bin/sh
# What every file keeps to, checked so that nobody has to remember it.
. tests/lib.sh

sources=$(git ls-files 2>/dev/null | grep '\.[ch]$')
[ -n "$sources" ] || sources=$(find lib cmd tests bench -name '*.[ch]')
# shellcheck disable=SC2086 # a list of names
set -- $sources

# Banned: no bound, hidden state, a race, or errors that cannot be told.
# base/compat.h makes most of them compile errors too.
banned='strcpy|strcat|strncpy|strncat|stpcpy|sprintf|vsprintf|gets|atoi|atol|atoll|atof|strtok|gmtime|localtime|ctime|asctime|mktemp|tmpnam|tempnam|rand|srand|system|alloca|setjmp|longjmp|setlocale'
for f in "$@"; do
	awk -v f="$f" -v banned="(^|[^a-zA-Z0-9_.>])($banned)[[:space:]]*\\\\(" '
	{
		line = $0
		gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
		if (in_comment) {
			if (!sub(/^.*\*\//, "", line)) next
			in_comment = 0
		}
		gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
		if (sub(/\/\*.*$/, "", line)) in_comment = 1
		if (line ~ banned) print f ":" FNR ": " $0
	}' "$f"
done | grep -v '^lib/base/compat\.h:' |
    grep -vE '^lib/json/jq\.c:.*(setjmp|longjmp)\(' >"$T/wrong"
is "$(cat "$T/wrong")" '' 'no banned function is called'

for f in "$@"; do
	head -1 "$f" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' ||
	    echo "$f"
done >"$T/wrong"
is "$(cat "$T/wrong")" '' 'every source file begins with its licence'

grep -nE '(^|[^:"])//' "$@" 2>/dev/null | grep -vE 'https?://|"[^"]*//' |
    grep -vE ':[0-9]+:[[:space:]]*(/?\*|.*/\*)' >"$T/wrong"
is "$(head -5 "$T/wrong")" '' 'comments are /* */'

grep -nE '[[:space:]]+$' "$@" | head -5 >"$T/wrong"
is "$(cat "$T/wrong")" '' 'no white space at the end of a line'

awk 'length($0) > 100 { print FILENAME ":" FNR ": " length($0) }' "$@" \
    >"$T/wrong"
is "$(head -5 "$T/wrong")" '' 'no line is longer than 100 columns'

# A function's body: from "{" alone at the left to "}". The ceiling may only
# go down.
printf '%s\n' "$@" | grep -E '^(lib|cmd)/' | xargs awk '/^\{$/ { start = FNR } /^\}$/ && start { n = FNR - start - 1
    if (n > 70) print FILENAME ":" start ": " n " lines"; start = 0 }' >"$T/wrong"
is "$(cat "$T/wrong")" '' 'no function body is longer than 70 lines'

# The library never prints and never exits; messages are the programs'.
grep -nE '(^|[^a-z_])(exit|_exit|abort|printf|puts|putchar|perror|fputs|fprintf)[[:space:]]*\(' \
    lib/*/*.c | grep -vE '^lib/(base/(msg|opt)|json/filter)\.c:' |
    grep -vE ':[0-9]+:[[:space:]]*(/?\*)' |
    grep -vE ':[[:space:]]*_exit\(1?[0-9]*\);' >"$T/wrong"
is "$(head -5 "$T/wrong")" '' 'the library neither prints nor exits'

# Programs and scripts, in the shell's own language.
if command -v shellcheck >/dev/null 2>&1; then
	find tests pipelines bench .ci share -type f \( -name '*.sh' -o \
	    -name '*.t' -o -name run -o -name copy -o -path '.ci/*' -o \
	    -name peers \) |
	    sort | while read -r f; do
		case $(head -1 "$f") in
		*bash*)	shellcheck -x -e SC2016 -s bash "$f" 2>&1 ;;
		*)	shellcheck -x -e SC2016 -s sh "$f" 2>&1 ;;
		esac
	done >"$T/wrong"
	for f in pipelines/*; do
		case $(head -1 "$f") in
		*bash*)	shellcheck -x -e SC2016 -s bash "$f" 2>&1 ;;
		'#!/bin/sh'*)	shellcheck -x -e SC2016 -s sh "$f" 2>&1 ;;
		esac
	done >>"$T/wrong"
	is "$(head -20 "$T/wrong")" '' 'shellcheck is content'
else
	skip 1 'shellcheck is not there'
fi

# What has no place here: paths of the machine it was written on.
git grep -nIE '(^|[^a-z.])/(work|farm|root)/' -- . ':!tests/lint' \
    2>/dev/null | head -5 >"$T/wrong"
is "$(cat "$T/wrong")" '' 'no path of one machine'

done_testing

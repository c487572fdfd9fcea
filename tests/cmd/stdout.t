#!/bin/sh
# The other end of stdout, every program: gone is death by SIGPIPE in silence,
# full is exit 6 and one line that says so; -o likewise; help too.
. tests/lib.sh

GC_NOW=2026-03-10T08:00:00Z
GC_STORE=$T/db
GENESYS_MODEL_ID=m
GENESYSCLOUD_ACCESS_TOKEN=token
export GC_NOW GC_STORE GENESYS_MODEL_ID GENESYSCLOUD_ACCESS_TOKEN
printf '{"text":"x"}\n{"text":"y"}\n' >"$T/side"
printf 'x\tX\n' >"$T/names"
printf '{"id":"c","date":"2026-03-01","entities":[]}\n' >"$T/mentions"
printf '{"id":"x","text":"x","contactId":"x","features":{"n":1}}\n' >"$T/in"
printf '{"groups":{"product":["x"],"issue":[]}}\n' >"$T/groups"
printf '{"kind":"evaluation","metrics":{"accuracy":1}}\n' >"$T/eval"
printf -- '--b\r\nContent-Type: application/json\r\n\r\n1\r\n--b--\r\n' >"$T/body"
echo '{"features":{"n":{"type":"integer","default":0}}}' >"$T/fields"
sed s/n/m/ "$T/fields" >"$T/other"
gc-confusion -a .text -p .text "$T/in" >"$T/confusion"
gc-store load -q mentions "$T/mentions" >"$T/out"

# A command a line; those behind ! have no -o.
cat >"$T/commands" <<'END'
gc-annotate --dry-run --set .nothing $T/in
! gc-auth
! gc-auth header
! gc-auth status
! gc-auth --show-config
gc-confusion -a .text -p .text $T/in
gc-count -k .text $T/in
gc-drift -k .text --baseline $T/side $T/in
gc-drift -k .text --partial $T/in
! gc-fetch --list
! gc-fetch -r utterances --help
! gc-fetch --show-config /x
! gc-fetch --no-auth --dry-run /x
gc-fetch --split $T/body
gc-join -k .text --with $T/side --as side -q $T/in
! gc-mock --port 0
gc-ner --no-model --gazetteer $T/names $T/in
gc-report dashboard $T/eval
gc-report frequency $T/groups
gc-report matrix $T/confusion
gc-report metrics $T/eval
gc-report summary $T/eval
gc-score --infer $T/in
! gc-score --diff $T/fields $T/other
! gc-score --show-config
! gc-serve --port 0 $T
gc-store query 'select 1 as x'
gc-window --from -30d
END
for program in bin/gc-*; do
	printf '! %s\n' "${program#bin/} --help" "${program#bin/} --help=all" \
	    "${program#bin/} --version" "${program#bin/} --options"
done >>"$T/commands"

# gone COMMAND...: how it dies when nobody reads, and how much it says.
gone() {
	python3 -c '
import os, subprocess, sys
end, out = os.pipe()
os.close(end)
p = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=out,
    stderr=subprocess.PIPE)
try:
    _, said = p.communicate(timeout=60)
    print(p.returncode, said.decode().strip())
except subprocess.TimeoutExpired:
    p.kill()
    print("goes on")' "$@"
}

wrong_gone='' wrong_full='' wrong_file=''
while read -r line; do
	eval "set -- ${line#! }"
	got=$(gone "$@")
	[ "$got" = '-13 ' ] || wrong_gone="$wrong_gone$line: $got;"
	[ -c /dev/full ] || continue
	timeout 60 "$@" </dev/null >/dev/full 2>"$T/err"
	got="$? $(err)"
	[ "$got" = "6 $1: cannot write to stdout: No space left on device" ] ||
		wrong_full="$wrong_full$line: $got;"
	case $line in
	'!'*) continue ;;
	esac
	timeout 60 "$@" -o /dev/full </dev/null >"$T/out" 2>"$T/err"
	got="$? $(err)$(out)"
	[ "$got" = "6 $1: cannot write to /dev/full: No space left on device" ] ||
		wrong_file="$wrong_file$line: $got;"
	timeout 60 "$@" -o "$T/none/x" </dev/null >"$T/out" 2>"$T/err"
	got="$? $(err)$(out)"
	[ "$got" = "2 $1: cannot create $T/none/x: No such file or directory" ] ||
		wrong_file="$wrong_file$line: $got;"
done <"$T/commands"
is "$wrong_gone" '' 'a closed stdout is death by SIGPIPE'
is "$wrong_full" '' 'a full one is exit 6'
is "$wrong_file" '' '-o on a full device is exit 6, in no folder 2'

done_testing

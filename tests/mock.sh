# mock.sh -- tests of programs that talk to gc-mock; sourced after lib.sh.
#
#	rules <<'END'			what is to go wrong, see gc-mock(1)
#	{"match":{"path":"/api/v2/x"},"do":{"status":503}}
#	END
#	mocked gc-fetch /api/v2/x	run under a mock of its own; as run does
#	asked '.path'			jq over the journal, the token left out
#	answers PATH QUERY BODY		a rule that answers, on stdout

# shellcheck shell=sh
# shellcheck disable=SC2154 # $T is lib.sh's

rules() {
	cat >"$T/rules"
}

mocked() {
	rm -f "$T/journal"
	run gc-mock -f "$T/rules" -j "$T/journal" exec "$@"
}

asked() {
	jq -c "select(.path | endswith(\"/oauth/token\") | not) | $1" \
	    "$T/journal"
}

answers() {
	jq -cn --arg p "$1" --arg q "$2" --argjson b "$3" \
	    '{match: ({path: $p} + if $q == "" then {} else {query: $q} end),
	      do: {status: 200, body: $b}}'
}

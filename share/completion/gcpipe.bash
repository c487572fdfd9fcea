# Completion for every program of the suite, from the option table that the
# program itself prints (--options). Source it, or put it where bash looks:
#	. share/completion/gcpipe.bash

_gcpipe() {
	local word=${COMP_WORDS[COMP_CWORD]} letter name words=
	COMPREPLY=()
	case $word in
	-*)
		# letter, name, argument, help; tabs would fold empty fields
		while IFS=, read -r letter name; do
			words="$words${letter:+ -$letter}${name:+ --$name}"
		done < <("${COMP_WORDS[0]}" --options 2>/dev/null |
		    cut -f 1,2 | tr '\t' ,)
		# shellcheck disable=SC2207 # words hold no blanks
		COMPREPLY=($(compgen -W "$words" -- "$word"))
		;;
	esac
}
complete -o default -F _gcpipe gc-annotate gc-auth gc-confusion gc-count \
	gc-drift gc-fetch gc-join gc-mock gc-ner gc-report gc-score gc-serve \
	gc-store gc-window

#!/bin/sh
# Completion comes from the programs' own tables.
. tests/lib.sh

command -v bash >/dev/null || skip_all 'bash is not there'
completed() {
	bash -c '. share/completion/gcpipe.bash
	    COMP_WORDS=("$1" "$2") COMP_CWORD=1
	    _gcpipe
	    printf "%s\n" "${COMPREPLY[@]}"' sh "$1" "$2" | sort | tr '\n' ' '
}
is "$(completed gc-count --max-re)" '--max-record --max-reject ' \
    'long names by their beginning'
like "$(completed gc-count -)" '*-k *' 'letters too'
is "$(completed gc-count x)" ' ' 'files are left to bash'
for program in bin/gc-*; do
	grep -q "${program#bin/}" share/completion/gcpipe.bash &&
	    grep -q "${program#bin/}" share/completion/_gcpipe
	ok $? "${program#bin/} is completed"
done
done_testing

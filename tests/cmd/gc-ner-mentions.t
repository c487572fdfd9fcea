#!/bin/sh
# gc-ner --fuzzy: how many mentions of products are found, and found rightly.
. tests/lib.sh

dir=$DATA/mentions
[ -r "$dir/catalogue.tsv" ] || skip_all 'the test data are absent'

# at_least FLOOR FILE OPTION...: F1 of a file.
at_least() {
	floor=$1
	file=$2
	shift 2
	run gc-ner --no-model --gazetteer "$dir/catalogue.tsv" "$@" \
		"$dir/$file.ndjson"
	exits 0 "$file $*"
	score=$(python3 tests/cmd/mentions_score.py <"$T/out")
	note "$file $*: F1, precision, recall: $score"
	is "$(echo "$score $floor" | awk '{ print ($1 >= $4) }')" 1 \
		"F1 of $file is $floor or more"
}

at_least 0.96 chat-clean-dev
at_least 0.97 chat-clean-dev --fuzzy
at_least 0.92 chat-noisy-dev --fuzzy
at_least 0.69 asr-dev --fuzzy=speech
done_testing

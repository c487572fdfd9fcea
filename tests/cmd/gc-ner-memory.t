#!/bin/sh
# gc-ner's memory: below 100 MB however many the records, with texts up to
# 64 KiB; a longer text adds at most 80 bytes a byte. Words are drawn from so
# many that hardly any is seen twice. GC_TEST_LONG: 200,000 records, and one
# text of 16 MB.
XDG_DATA_HOME=${XDG_DATA_HOME:-$HOME/.local/share}
export XDG_DATA_HOME
. tests/lib.sh
unset GC_NER_MODEL

[ -r "$XDG_DATA_HOME/gcpipe/models/en_core_web_sm/config.cfg" ] ||
	skip_all 'the model is absent: make model'
case $PWD in
*/build/*)	skip_all 'sanitizers and valgrind have a memory of their own' ;;
esac

# texts N BYTES: N records of so many bytes of text each.
texts() {
	python3 - "$1" "$2" <<'END'
import json
import random
import sys

count, size = map(int, sys.argv[1:])
draw = random.Random(count)
vocabulary = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz",
                                   k=draw.randrange(1, 10)))
              for _ in range(300000)]
for _ in range(count):
    words, n = [], 0
    while n < size:
        w = draw.choice(vocabulary)
        w = w.capitalize() if draw.random() < .2 else w
        w += draw.choice(".,!?;") if draw.random() < .1 else ""
        words.append(w)
        n += len(w) + 1
    print(json.dumps({"text": " ".join(words)}))
END
}

# peak FILE OPTION...: of the program's memory, in KB.
peak() {
	python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' \
	    gc-ner "$@" || echo 99999999
}

# below KB LIMIT TITLE
below() {
	[ "$1" -lt "$2" ]
	ok $? "$3"
	note "$1 KB"
}

texts 3000 80 >"$T/few"
texts "$([ "${GC_TEST_LONG-}" ] && echo 200000 || echo 9000)" 80 >"$T/many"
few=$(peak "$T/few")
many=$(peak "$T/many")
below "$many" 100000 "$(wc -l <"$T/many") records"
below "$many" $((few + few / 10)) 'and hardly more than for 3000'
texts 5 65400 >"$T/64k"
below "$(peak "$T/64k")" 100000 'texts of 64 KiB'
texts 60 65400 >"$T/60"
below "$(peak --jobs 2 "$T/60")" 100000 'by two threads, too'
below "$(peak --jobs 8 "$T/60")" 220000 'each more adds 16 MB or less'
below "$(peak --jobs 2 "$T/many")" 100000 'short records by two threads'
jq -cn '{messages: [range(20000) | {text: ""}]}' >"$T/blank"
below "$(peak "$T/blank")" 100000 '20,000 empty texts of one record'
texts 1 1000000 >"$T/1m"
below "$(peak "$T/1m")" 180000 'one of 1 MB'
if [ "${GC_TEST_LONG-}" ]; then
	texts 1 16000000 >"$T/16m"
	below "$(peak "$T/16m")" 1380000 'one of 16 MB'
fi
done_testing

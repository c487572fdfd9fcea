#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ner_spacy.py MODEL FILE batch|single ner|all -- entities of every message of
every chat by spaCy, one thread; words a second of the processor's time,
without loading. The entities go to stdout, to be compared."""
import json
import os
import sys
import time

for name in ("OMP", "OPENBLAS", "BLIS", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import spacy  # noqa: E402

model, path, how, what = sys.argv[1:5]
nlp = spacy.load(model)
if what == "ner":
    nlp = spacy.load(model, exclude=[p for p in nlp.pipe_names + ["senter"]
                                     if p != "ner"])
texts = [m["text"] for line in open(path) for m in json.loads(line)["messages"]]
words = sum(len(t.split()) for t in texts)
list(nlp.pipe(texts[:256]))
start = time.process_time()
if how == "batch":
    docs = list(nlp.pipe(texts, batch_size=256))
else:
    docs = [nlp(t) for t in texts]
took = time.process_time() - start
for d in docs:
    print(json.dumps([[e.start_char, e.end_char, e.label_] for e in d.ents]))
print("%.0f" % (words / took), file=sys.stderr)

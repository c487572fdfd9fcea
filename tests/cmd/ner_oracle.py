#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ner_oracle.py MODEL COUNT SEED OUT -- texts of our own making and what spaCy
makes of them: OUT.all (the whole pipeline, with sentences) and OUT.ner (ner
alone), one JSON object a line: text, tokens, ents, sents."""
import json
import os
import sys

for name in ("OMP", "OPENBLAS", "BLIS", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import ner_texts  # noqa: E402
import spacy  # noqa: E402

model, count, seed, out = sys.argv[1:5]
count = int(count)
ner_texts.seed(int(seed))


def answer(doc, sents):
    a = {"text": doc.text, "tokens": [[t.idx, t.idx + len(t)] for t in doc],
         "ents": [[e.start_char, e.end_char, e.label_] for e in doc.ents]}
    if sents:
        a["sents"] = [s.start for s in doc.sents]
    return json.dumps(a, ensure_ascii=False) + "\n"


texts = [ner_texts.make(i, count).replace("\ud800", "") for i in range(count)]
nlp = spacy.load(model, exclude=["tagger", "lemmatizer", "attribute_ruler"])
with open(out + ".all", "w", encoding="utf-8", newline="\n") as f:
    for d in nlp.pipe(texts, batch_size=256):
        f.write(answer(d, True))
nlp = spacy.load(model, exclude=[p for p in nlp.pipe_names + ["senter", "tagger",
                 "lemmatizer", "attribute_ruler"] if p != "ner"])
with open(out + ".ner", "w", encoding="utf-8", newline="\n") as f:
    for d in nlp.pipe(texts, batch_size=256):
        f.write(answer(d, False))

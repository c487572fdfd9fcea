#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ner_languages.py DIR TEXTS SEED -- a small pipeline for each of spaCy's
languages, its network at random, and what spaCy makes of the language's own
examples and of TEXTS texts of our making: DIR/LANG (the pipeline) and
DIR/LANG.all (a JSON object a line: text, tokens, ents)."""
import importlib
import json
import os
import pkgutil
import sys

for name in ("OMP", "OPENBLAS", "BLIS", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import ner_texts  # noqa: E402
import numpy  # noqa: E402
import spacy  # noqa: E402
import spacy.lang  # noqa: E402
from spacy.util import fix_random_seed  # noqa: E402

out, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ner_texts.seed(seed)
fix_random_seed(seed)
MODEL = {"@architectures": "spacy.TransitionBasedParser.v2",
         "state_type": "ner", "extra_state_tokens": False,
         "hidden_width": 16, "maxout_pieces": 2, "use_upper": True,
         "tok2vec": {"@architectures": "spacy.HashEmbedCNN.v2", "width": 32,
                     "depth": 1, "embed_size": 200, "window_size": 1,
                     "maxout_pieces": 2, "subword_features": True,
                     "pretrained_vectors": None}}


def sentences(lang):
    try:
        return importlib.import_module(
            "spacy.lang.%s.examples" % lang).sentences
    except ImportError:
        return []


def make(lang):
    nlp = spacy.blank(lang)
    ner = nlp.add_pipe("ner", config={"model": MODEL})
    for label in ("A", "B"):
        ner.add_label(label)
    nlp.initialize()
    for node in ner.model.walk():
        for p in node.param_names if node.name in (
                "linear", "precomputable_affine", "hashembed") else ():
            node.set_param(p, numpy.random.normal(
                0, .5, node.get_param(p).shape).astype("f"))
    nlp.to_disk("%s/%s" % (out, lang))
    return spacy.load("%s/%s" % (out, lang))


for lang in sorted(m.name for m in pkgutil.iter_modules(spacy.lang.__path__)
                   if m.ispkg):
    try:
        nlp = make(lang)
    except ImportError:         # of a tokenizer that is not there
        continue
    texts = sentences(lang) + [ner_texts.make(0, 1) for _ in range(count)]
    texts += [t.upper() for t in sentences(lang)]
    with open("%s/%s.all" % (out, lang), "w", encoding="utf-8",
              newline="\n") as f:
        for d in nlp.pipe(texts):
            f.write(json.dumps({
                "text": d.text,
                "tokens": [[t.idx, t.idx + len(t)] for t in d],
                "ents": [[e.start_char, e.end_char, e.label_]
                         for e in d.ents]}, ensure_ascii=False) + "\n")

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ner_trained.py DIR TEXTS SEED -- small pipelines of many shapes, trained on
the spot, and what spaCy finds with them: DIR/NAME (the pipeline),
DIR/NAME.want (start, end, label of each entity of the records in DIR/in)."""
import json
import os
import sys

for name in ("OMP", "OPENBLAS", "BLIS", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import ner_texts  # noqa: E402
import numpy  # noqa: E402
import spacy  # noqa: E402
from spacy.training import Example  # noqa: E402
from spacy.util import fix_random_seed  # noqa: E402

out, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ner_texts.seed(seed)
fix_random_seed(seed)

NAMES = [(w, label) for label, words in
         (("PERSON", ner_texts.FIRST), ("ORG", ner_texts.ORG),
          ("GPE", ner_texts.PLACE), ("PRODUCT", ner_texts.THING),
          ("DATE", ner_texts.WHEN), ("X", ner_texts.MONEY)) for w in words]


def hash_cnn(**more):
    return dict({"@architectures": "spacy.HashEmbedCNN.v2", "width": 64,
                 "depth": 2, "embed_size": 300, "window_size": 1,
                 "maxout_pieces": 2, "subword_features": True,
                 "pretrained_vectors": None}, **more)


def multi_hash(attrs, rows, width, **more):
    return {"@architectures": "spacy.Tok2Vec.v2",
            "embed": {"@architectures": "spacy.MultiHashEmbed.v2",
                      "width": width, "attrs": attrs, "rows": rows,
                      "include_static_vectors": False},
            "encode": dict({"@architectures": "spacy.MaxoutWindowEncoder.v2",
                            "width": width, "depth": 1, "window_size": 1,
                            "maxout_pieces": 3}, **more)}


def listener(width):
    return {"@architectures": "spacy.Tok2VecListener.v1", "width": width,
            "upstream": "tok2vec"}


def transitions(kind, tok2vec, **more):
    return {"model": dict({"@architectures": "spacy.TransitionBasedParser.v2",
                           "state_type": kind, "extra_state_tokens": False,
                           "hidden_width": 32, "maxout_pieces": 2,
                           "use_upper": True, "tok2vec": tok2vec}, **more)}


# name: its components, in order
PIPELINES = {
    "cnn": [("ner", transitions("ner", hash_cnn()))],
    "words": [("ner", transitions("ner", hash_cnn(
        subword_features=False, width=48, depth=1, embed_size=150,
        maxout_pieces=3), hidden_width=48))],
    "wide": [("ner", transitions("ner", hash_cnn(
        width=96, depth=3, window_size=2, embed_size=500), maxout_pieces=3))],
    "odd": [("ner", transitions("ner", multi_hash(
        ["LOWER", "ORTH", "SUFFIX", "SPACY", "IS_SPACE"],
        [170, 90, 77, 5, 3], 40, depth=2), hidden_width=20))],
    "tokens": [("ner", transitions("ner", hash_cnn(width=32),
                                   extra_state_tokens=True))],
    "lower": [("ner", transitions("ner", hash_cnn(width=32),
                                  use_upper=False))],
    "one": [("ner", transitions("ner", hash_cnn(width=32),
                                maxout_pieces=1))],
    "heard": [("tok2vec", {"model": multi_hash(
        ["NORM", "PREFIX", "SHAPE"], [300, 100, 100], 64)}),
        ("ner", transitions("ner", listener(64)))],
    "parsed": [("tok2vec", {"model": multi_hash(
        ["NORM", "PREFIX", "SHAPE", "SPACY"], [300, 100, 100, 8], 64,
        depth=2)}), ("parser", transitions("parser", listener(64))),
        ("ner", transitions("ner", hash_cnn(width=48)))],
    "both": [("tok2vec", {"model": multi_hash(
        ["NORM", "SUFFIX"], [200, 100], 48)}),
        ("parser", transitions("parser", listener(48))),
        ("ner", transitions("ner", listener(48)))],
}


def example(nlp):
    """A text whose known names are its entities; each word hangs on the one
    before it, in sentences of six."""
    doc = nlp.make_doc(" ".join(ner_texts.text().split()))
    ents, end = [], 0
    for start in range(len(doc)):
        for word, label in NAMES:
            at = doc[start].idx
            if at >= end and doc.text.startswith(word, at) and \
                    doc.char_span(at, at + len(word)):
                ents.append((at, at + len(word), label))
                end = at + len(word)
                break
    n = len(doc)
    return Example.from_dict(doc, {
        "entities": ents, "heads": [i - 1 if i % 6 else i for i in range(n)],
        "deps": ["dep" if i % 6 else "ROOT" for i in range(n)]})


def train(parts):
    nlp = spacy.blank("en")
    for name, config in parts:
        nlp.add_pipe(name, config=config)
    examples = [e for e in (example(nlp) for _ in range(60)) if len(e.x)]
    nlp.initialize(lambda: examples)
    if "parser" in nlp.pipe_names:      # not trained, but all at random
        for node in nlp.get_pipe("parser").model.walk():
            for p in node.param_names if node.name == "linear" else ():
                node.set_param(p, numpy.random.normal(
                    0, .3, node.get_param(p).shape).astype("f"))
    optimizer = nlp.create_optimizer()
    optimizer.learn_rate = .01
    for _ in range(6):
        for i in range(0, len(examples), 20):
            nlp.update(examples[i:i + 20], sgd=optimizer, drop=.1,
                       exclude=["parser"])
    return nlp


def dump(name, lines):
    with open("%s/%s" % (out, name), "w", encoding="utf-8", newline="\n") as f:
        for x in lines:
            f.write(json.dumps(x, ensure_ascii=False,
                               separators=(",", ":")) + "\n")


texts = [ner_texts.make(0, 1) for _ in range(count)]
dump("in", [{"text": t} for t in texts])
for name, parts in PIPELINES.items():
    train(parts).to_disk("%s/%s" % (out, name))
    nlp = spacy.load("%s/%s" % (out, name))
    dump(name + ".want",
         [[[e.start_char, e.end_char, e.label_] for e in d.ents]
          for d in nlp.pipe(texts)])

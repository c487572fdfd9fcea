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
from spacy.vectors import Vectors  # noqa: E402

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


def multi_hash(attrs, rows, width, include_static_vectors=False, **more):
    return {"@architectures": "spacy.Tok2Vec.v2",
            "embed": {"@architectures": "spacy.MultiHashEmbed.v2",
                      "width": width, "attrs": attrs, "rows": rows,
                      "include_static_vectors": include_static_vectors},
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
    "far": [("ner", transitions("ner", hash_cnn(
        width=32, depth=2, window_size=3, embed_size=200, maxout_pieces=5),
        maxout_pieces=4))],
    "deep": [("ner", transitions("ner", hash_cnn(
        width=24, depth=9, embed_size=200, maxout_pieces=1)))],
    "old": [("ner", transitions("ner", hash_cnn(**{
        "@architectures": "spacy.HashEmbedCNN.v1", "width": 32})))],
    "older": [("ner", transitions("ner", {
        "@architectures": "spacy.Tok2Vec.v1",
        "embed": {"@architectures": "spacy.MultiHashEmbed.v1", "width": 32,
                  "attrs": ["NORM", "SHAPE"], "rows": [200, 100],
                  "include_static_vectors": False},
        "encode": {"@architectures": "spacy.MaxoutWindowEncoder.v1",
                   "width": 32, "depth": 2, "window_size": 2,
                   "maxout_pieces": 2}}))],
    "lowest": [("parser", transitions("parser", hash_cnn(width=32),
                                      use_upper=False)),
               ("ner", transitions("ner", hash_cnn(width=32), use_upper=False,
                                   maxout_pieces=1,
                                   extra_state_tokens=True))],
    "states": [("parser", transitions("parser", hash_cnn(width=32),
                                      extra_state_tokens=True)),
               ("ner", transitions("ner", hash_cnn(width=32)))],
    "senter": [("senter", {"model": {
        "@architectures": "spacy.Tagger.v2", "tok2vec": hash_cnn(
            width=16, depth=1, embed_size=100)}}),
        ("ner", transitions("ner", hash_cnn(width=32)))],
    "marks": [("sentencizer", {"punct_chars": [".", "!", "a", "?"]}),
              ("ner", transitions("ner", hash_cnn(width=32)))],
    "bound": [("sentencizer", {}),
              ("parser", transitions("parser", hash_cnn(width=32))),
              ("ner", transitions("ner", hash_cnn(width=32)))],
    "said": [("tok2vec", {"model": multi_hash(
        ["NORM", "PREFIX"], [200, 100], 32)}),
        ("parser", transitions("parser", listener(32))),
        ("senter", {"overwrite": True, "model": {
            "@architectures": "spacy.Tagger.v2", "tok2vec": listener(32)}}),
        ("sentencizer", {}),
        ("ner", transitions("ner", listener(32)))],
    "ruled": [("entity_ruler", {}),
              ("ner", transitions("ner", hash_cnn(width=32)))],
    "rules": [("sentencizer", {}),
              ("ner", transitions("ner", hash_cnn(width=32))),
              ("entity_ruler", {})],
    "ruling": [("entity_ruler as first", {"phrase_matcher_attr": "LOWER"}),
               ("parser", transitions("parser", hash_cnn(width=16))),
               ("ner", transitions("ner", hash_cnn(width=32))),
               ("entity_ruler as last", {"overwrite_ents": True})],
    "twice": [("parser", transitions("parser", hash_cnn(width=16))),
              ("ner as names", transitions("ner", hash_cnn(width=24))),
              ("ner", transitions("ner", hash_cnn(width=32)))],
    "vectors": [("tok2vec", {"model": multi_hash(
        ["NORM", "SHAPE"], [100, 50], 32, include_static_vectors=True)}),
        ("parser", transitions("parser", listener(32))),
        ("ner", transitions("ner", hash_cnn(width=48,
                                            pretrained_vectors=True)))],
    "floret": [("ner", transitions("ner", hash_cnn(
        width=48, pretrained_vectors=True)))],
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


RULES = [{"label": "ORG", "pattern": "Acme Corp.", "id": "acme"},
         {"label": "NEW", "pattern": [{"LOWER": "cloud"}, {"LOWER": "phone"}]},
         {"label": "GPE", "pattern": [{"IS_TITLE": True, "OP": "+"},
                                      {"LOWER": {"IN": ["and", "from"]}}]},
         {"label": "PERSON", "pattern": "deutsche bahn"},
         {"label": "NEW", "pattern": [{"ENT_TYPE": "DATE"}, {"OP": "?"}]},
         {"label": "X", "pattern": [{"LIKE_NUM": True}, {"IS_SPACE": True}]}]


# Those whose ner is at random, too: its entities are long, so that sentences
# cut them.
LONG = ("states", "senter", "marks", "bound", "said")


def give_vectors(nlp, floret):
    """A table of vectors, for words that texts have and some that no text
    has."""
    if floret:
        nlp.vocab.vectors = Vectors(
            strings=nlp.vocab.strings, mode="floret", minn=2, maxn=3,
            hash_count=3, hash_seed=2166136261, bow="<", eow=">",
            data=numpy.random.normal(0, 1, (90, 20)).astype("f"))
        return
    words = sorted({t.text for _ in range(200)
                    for t in nlp.make_doc(ner_texts.text())})[::2] + ["X", "no"]
    nlp.vocab.vectors = Vectors(
        strings=nlp.vocab.strings, keys=words[:-3],
        data=numpy.random.normal(0, 1, (len(words), 21)).astype("f"))
    for i, word in enumerate(words[-3:]):       # several with one row
        nlp.vocab.vectors.add(word, row=i)


def train(kind, parts):
    nlp = spacy.blank("en")
    if kind in ("vectors", "floret"):
        give_vectors(nlp, kind == "floret")
    for name, config in parts:
        factory, _, name = name.partition(" as ")
        nlp.add_pipe(factory, name=name or factory, config=config)
    examples = [e for e in (example(nlp) for _ in range(40)) if len(e.x)]
    nlp.initialize(lambda: examples)
    still = [name for name in nlp.pipe_names if nlp.get_pipe_meta(
        name).factory in ("parser", "senter", "entity_ruler") or
        (name == "ner" and kind in LONG)]
    for name in still:
        if nlp.get_pipe_meta(name).factory == "entity_ruler":
            nlp.get_pipe(name).add_patterns(RULES)
            continue
        # not trained, but all at random
        for node in nlp.get_pipe(name).model.walk():
            for p in node.param_names if node.name in (
                    "linear", "softmax", "precomputable_affine") else ():
                node.set_param(p, numpy.random.normal(
                    0, .3, node.get_param(p).shape).astype("f"))
    if len(still) == len(nlp.pipe_names):
        return nlp
    optimizer = nlp.create_optimizer()
    optimizer.learn_rate = .01
    for _ in range(5):
        for i in range(0, len(examples), 20):
            nlp.update(examples[i:i + 20], sgd=optimizer, drop=.1,
                       exclude=still)
    return nlp


def dump(name, lines):
    with open("%s/%s" % (out, name), "w", encoding="utf-8", newline="\n") as f:
        for x in lines:
            f.write(json.dumps(x, ensure_ascii=False,
                               separators=(",", ":")) + "\n")


texts = [ner_texts.make(0, 1) for _ in range(count)]
dump("in", [{"text": t} for t in texts])
for name, parts in PIPELINES.items():
    train(name, parts).to_disk("%s/%s" % (out, name))
    nlp = spacy.load("%s/%s" % (out, name))
    dump(name + ".want",
         [[[e.start_char, e.end_char, e.label_] for e in d.ents]
          for d in nlp.pipe(texts)])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ner_patterns.py MODEL COUNT SEED DIR -- patterns and texts of our own making,
and what spaCy's EntityRuler makes of them. MODEL is a pipeline's folder, or
"blank". For each of COUNT sets: DIR/N.jsonl (the patterns), DIR/N.args (options
of gc-ner), DIR/N.in (records), DIR/N.want (start, end, label, id of each
entity, a list a record).

Everything is spaCy's own but one thing: where two patterns match the same
tokens spaCy takes the one that its set of tuples happens to give first; here it
is the first in the file. Where no two do, the ruler is also run untouched."""
import json
import os
import sys

for name in ("OMP", "OPENBLAS", "BLIS", "MKL"):
    os.environ[name + "_NUM_THREADS"] = "1"
import ner_texts  # noqa: E402
import spacy  # noqa: E402
from spacy.pipeline import EntityRuler  # noqa: E402

model, count, seed, out = sys.argv[1:5]
ner_texts.seed(int(seed))
r = ner_texts.r
blank = model == "blank"
nlp = spacy.blank("en") if blank else spacy.load(
    model, exclude=["tagger", "lemmatizer", "attribute_ruler"])

FLAGS = "IS_ALPHA IS_ASCII IS_DIGIT IS_LOWER IS_UPPER IS_TITLE IS_PUNCT \
IS_SPACE IS_BRACKET IS_QUOTE IS_LEFT_PUNCT IS_RIGHT_PUNCT IS_CURRENCY IS_STOP \
LIKE_NUM LIKE_URL LIKE_EMAIL SPACY IS_SENT_START".split()
TEXTS = ["ORTH", "TEXT", "LOWER", "NORM", "SHAPE", "PREFIX", "SUFFIX"]
OPS = ["?", "+", "*", "!", "1", "{2}", "{1,2}", "{0,1}", "{,2}", "{1,}", "{,0}",
       "{0,}", "{2,3}", "{ 1,2}", "{1, 2}"]
REGEX = [r"^[A-Z]", r"\d+", r"^\w+$", r"\W", r"(?i)^the$", r"s$", r"^.{1,3}$",
         r"[aeiou]{2}", r"^\S+\.$", r"(\w)\1", r"(?P<a>.)(?P=a)", r"\bp", r"",
         r"^(?:a|an|the)$", r"^[^\W\d_]+$", r"[\s\d]", r"^[\S]$", r"\u00e9",
         r"^(?!the)\w", r"(?<=o)n", r"x{,2}y", r"o{2,}", r"[[:alpha:]]", r"é|ü",
         r"\.\Z", r"^\d{1,3}(?:[.,]\d+)?$", r"(?i)ß", r"[\w-]+@", r"\x41", "$"]


def attr_text(t, attr):
    return {"ORTH": t.text, "TEXT": t.text, "LOWER": t.lower_, "NORM": t.norm_,
            "SHAPE": t.shape_, "PREFIX": t.prefix_, "SUFFIX": t.suffix_,
            "ENT_TYPE": t.ent_type_}[attr]


def typo(s):
    """A word a few edits away."""
    for _ in range(r.randrange(4)):
        i = r.randrange(len(s) + 1)
        k = r.randrange(3)
        c = r.choice("aeinorst é0")
        s = s[:i] + (c if k else "") + s[i + (k != 1):]
    return s


def words(docs, attr):
    return [attr_text(r.choice(r.choice(docs)), attr)
            for _ in range(r.randrange(5))]


def test(t, docs):
    """A name and a value that may hold of token t."""
    k = r.random()
    attr = r.choice(TEXTS if blank or r.random() < .8 else ["ENT_TYPE"])
    own = attr_text(t, attr)
    if k < .4:
        return attr, own
    if k < .5:
        op = r.choice(["IN", "NOT_IN", "IS_SUBSET", "IS_SUPERSET",
                       "INTERSECTS", "in"])
        return attr, {op: words(docs, attr) + [own] * r.randrange(2)}
    if k < .6:
        fuzzy = r.choice(["FUZZY", "FUZZY", "FUZZY1", "FUZZY2", "FUZZY5",
                          "FUZZY9", "fuzzy3"])
        if r.random() < .3:
            return attr, {fuzzy: {r.choice(["IN", "NOT_IN"]): [
                typo(w) for w in words(docs, attr) + [own]]}}
        return attr, {fuzzy: typo(own)}
    if k < .7:
        if r.random() < .3:
            return attr, {"REGEX": {r.choice(["IN", "NOT_IN"]): r.sample(
                REGEX, r.randrange(4))}}
        return attr, {"REGEX": r.choice(REGEX)}
    if k < .8:
        n = len(t) + r.randrange(-1, 2)
        return "LENGTH", r.choice([
            n, {r.choice(["==", "!=", ">=", "<=", ">", "<"]): n},
            {">=": n, "<": n + 2}, {"IN": [n, 3]}, {"NOT_IN": [n]},
            {">": n - .5}])
    if not blank and k < .84:
        return "ENT_IOB", r.choice([t.ent_iob_, t.ent_iob, "O", 3])
    flag = r.choice(FLAGS)
    return flag, r.random() < .6


def spec(t, docs):
    s = {}
    for _ in range(r.choice([0, 1, 1, 1, 1, 2, 2, 3])):
        name, value = test(t, docs)
        s[name if r.random() < .8 else name.lower()] = value
    if r.random() < .35:
        s[r.choice(["OP", "op"])] = r.choice(OPS)
    return s


def make_pattern(docs):
    doc = r.choice(docs)
    start = r.randrange(len(doc))
    end = min(len(doc), start + r.choice([1, 1, 2, 2, 3, 4]))
    if r.random() < .3:
        return doc[start:end].text
    p = [spec(t, docs) for t in doc[start:end]]
    empty = ("{,0}",)
    if all(s.get("OP", s.get("op")) in empty for s in p):
        return [{"ORTH": doc[start].text}]
    return p


def make_ruler(patterns, attr, keep):
    ruler = EntityRuler(nlp, phrase_matcher_attr=attr, overwrite_ents=not keep)
    # Phrases are cut by the tokenizer; other components must not run.
    with nlp.select_pipes(enable=[]):
        ruler.add_patterns(patterns)
    return ruler


def entities(doc):
    return [[e.start_char, e.end_char, e.label_, e.ent_id_ or None]
            for e in doc.ents]


def one_set(n):
    texts = []
    while len(texts) < 12:
        t = ner_texts.make(0, 1)[:400]
        if nlp.tokenizer(t):
            texts.append(t)
    docs = list(nlp.pipe(texts))
    patterns = []
    for i in range(r.randrange(1, 14)):
        p = {"label": r.choice("ABC"), "pattern": make_pattern(docs)}
        if r.random() < .5:
            p["id"] = "i%d" % r.randrange(4)
        patterns.append(p)
    attr = r.choice([None, None, "LOWER", "SHAPE", "NORM", "LENGTH", "IS_ALPHA"])
    keep = not blank and r.random() < .3
    # One key a pattern, so that matches say which pattern it was.
    ruler = make_ruler([dict(p, label="%d" % i, id="x")
                        for i, p in enumerate(patterns)], attr, keep)
    plain = make_ruler(patterns, attr, keep)
    rank = {nlp.vocab.strings["%d||x" % i]: i for i in range(len(patterns))}
    want = []
    for doc in docs:
        again = doc.copy()
        matches = sorted(ruler.match(doc),
                         key=lambda m: (m[1] - m[2], m[1], rank[m[0]]))
        ruler.set_annotations(doc, matches)
        got = []
        for e in entities(doc):
            if e[3] == "x":
                p = patterns[int(e[2])]
                e[2:] = [p["label"], p.get("id")]
            got.append(e)
        if len(set(m[1:] for m in matches)) == len(matches):
            plain(again)
            assert entities(again) == got, (patterns, doc.text)
        want.append(got)
    args = (["--phrase-attr", attr] if attr else []) + \
        (["--patterns-yield"] if keep else []) + \
        (["--no-model"] if blank else ["--model", model])
    dump(n, "jsonl", patterns)
    dump(n, "in", [{"text": t} for t in texts])
    dump(n, "want", want)
    with open("%s/%d.args" % (out, n), "w") as f:
        f.write("\n".join(args) + "\n")


def dump(n, ending, lines):
    with open("%s/%d.%s" % (out, n, ending), "w", encoding="utf-8",
              newline="\n") as f:
        for x in lines:
            f.write(json.dumps(x, ensure_ascii=False,
                               separators=(",", ":")) + "\n")


for i in range(int(count)):
    one_set(i)

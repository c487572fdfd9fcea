# SPDX-License-Identifier: GPL-3.0-or-later
"""How well names are found in texts whose mentions are known, and how fast, by
what people use: spaCy's PhraseMatcher on lower case, rapidfuzz's ratio over
windows of as many words as a name has, one less and one more, spaczz's
FuzzyMatcher; 85 of 100 each.

	mentions_peers.py CATALOGUE TEXTS [spaczz texts]

Prints a line a peer: name, F1, precision, recall, texts a second of the
processor. A mention counts where spans overlap and ids agree.
"""
import json
import re
import sys
import time

LEAST = 85


def names(path):
    lines = open(path, encoding="utf-8").read().splitlines()
    columns = lines[0].split("\t")
    for line in lines[1:]:
        row = dict(zip(columns, line.split("\t")))
        for alias in [row["name"]] + row.get("aliases", "").split("|"):
            if alias:
                yield row["id"], alias


def settled(found):
    """Of (score, start, end, id) those that stay: the best, then the longest."""
    taken = []
    for m in sorted(found, key=lambda m: (-m[0], m[1] - m[2], m[1], m[3])):
        if all(m[2] <= t[1] or t[2] <= m[1] for t in taken):
            taken.append(m)
    return taken


def report(peer, find, records, prepared):
    start = time.process_time()
    answers = [settled(find(p)) for p in prepared(records)]
    seconds = time.process_time() - start
    right = found = gold = 0
    for record, answer in zip(records, answers):
        left = [m for m in record["mentions"] if not m.get("lost")]
        gold += len(left)
        found += len(answer)
        for _, first, last, name in answer:
            for m in left:
                if m["id"] == name and m["start"] < last and first < m["end"]:
                    left.remove(m)
                    right += 1
                    break
    print(peer, "%.3f %.3f %.3f %.0f" % (2 * right / (found + gold),
          right / max(found, 1), right / gold, len(records) / seconds),
          flush=True)


def windows(aliases):
    from rapidfuzz import fuzz, process

    by_words = {}
    for name, alias in aliases:
        alias = alias.lower()
        n = len(alias.split())
        for words in range(max(n - 1, 1), n + 2):
            by_words.setdefault(words, []).append((alias, name))

    def find(text):
        words = [m.span() for m in re.finditer(r"\S+", text)]
        for n, known in by_words.items():
            choices = [alias for alias, _ in known]
            for i in range(len(words) - n + 1):
                first, last = words[i][0], words[i + n - 1][1]
                best = process.extractOne(text[first:last].lower(), choices,
                                          scorer=fuzz.ratio,
                                          score_cutoff=LEAST)
                if best:
                    yield best[1], first, last, known[best[2]][1]
    return find


def main():
    aliases = list(names(sys.argv[1]))
    records = [json.loads(line) for line in open(sys.argv[2],
                                                 encoding="utf-8")]
    texts = lambda these: (r["text"] for r in these)
    try:
        report("rapidfuzz", windows(aliases), records, texts)
    except ImportError:
        print("(rapidfuzz is not there)", file=sys.stderr)
    try:
        import spacy
        from spacy.matcher import PhraseMatcher
    except ImportError:
        return
    nlp = spacy.blank("en")
    docs = lambda these: nlp.pipe(texts(these))
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for name, alias in aliases:
        matcher.add(name, [nlp(alias)])

    def phrases(doc):
        for key, first, last in matcher(doc):
            span = doc[first:last]
            yield (100, span.start_char, span.end_char,
                   nlp.vocab.strings[key])
    report("PhraseMatcher", phrases, records, docs)
    try:
        from spaczz.matcher import FuzzyMatcher
    except ImportError:
        print("(spaczz is not there)", file=sys.stderr)
        return
    fuzzy = FuzzyMatcher(nlp.vocab, min_r=LEAST)
    for name, alias in aliases:
        fuzzy.add(name, [nlp(alias)])

    def near(doc):
        for match in fuzzy(doc):
            name, first, last, ratio = match[:4]
            span = doc[first:last]
            yield ratio, span.start_char, span.end_char, name
    report("spaczz", near, records[:int(sys.argv[3])], docs)


main()

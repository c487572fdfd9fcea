#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""ner_gold.py GOLD FOUND GROUPS -- what gc-ner --gold .spans -g GROUPS says of
GOLD, worked out another way: FOUND is gc-ner's output for the same records.
Pairs are looked for one at a time, the best of all that are left."""
import json
import math
import sys

gold, found = ([json.loads(x) for x in open(p, encoding="utf-8")]
               for p in sys.argv[1:3])
group = {x: k for k, v in json.load(open(sys.argv[3])).items() for x in v}
Z = 1.959963984540054
WAYS = "strict", "exact", "partial", "type"
counts = {}


def of(label):
    return counts.setdefault(label, {
        side: dict({w: 0.0 for w in WAYS}, n=0) for side in ("gold", "found")})


def worth(g, f):
    """The better, the greater; None where they do not meet."""
    overlap = min(g[1], f[1]) - max(g[0], f[0])
    if overlap <= 0:
        return None
    ends, label = g[:2] == f[:2], g[2] == f[2]
    return (2 * ends + label, overlap, [-x for x in g[:2]],
            [-b for b in g[2].encode()] + [1], [-x for x in f[:2]],
            [-b for b in f[2].encode()] + [1])


total = {w: {"correct": 0, "incorrect": 0, "partial": 0} for w in WAYS}
for a, b in zip(gold, found):
    want = [[s["start"], s["end"], s["label"]] for s in a["spans"]]
    got = [[s["start"], s["end"], group[s["label"]]] for s in b["entities"]
           if s["label"] in group]
    for s in want:
        of(s[2])["gold"]["n"] += 1
    for s in got:
        of(s[2])["found"]["n"] += 1
    while True:
        pairs = [(worth(g, f), g, f) for g in want for f in got if worth(g, f)]
        if not pairs:
            break
        _, g, f = max(pairs)
        want.remove(g)
        got.remove(f)
        ends, label = g[:2] == f[:2], g[2] == f[2]
        for way, right in zip(WAYS, (ends and label, ends, ends, label)):
            word = "correct" if right else \
                "partial" if way == "partial" else "incorrect"
            total[way][word] += 1
            credit = {"correct": 1, "partial": .5, "incorrect": 0}[word]
            of(g[2])["gold"][way] += credit
            of(f[2])["found"][way] += credit


def wilson(x, n):
    if not n:
        return None
    p = x / n
    mid = (p + Z * Z / 2 / n) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(
        max(0, p * (1 - p) / n + Z * Z / 4 / n / n))
    return [mid - half, mid + half]


def scores(c, way):
    g, f = c["gold"], c["found"]
    x = (g[way] + f[way]) / 2
    n = g["n"] + f["n"]
    share = wilson(x, n - x)
    return {"precision": f[way] / f["n"] if f["n"] else None,
            "recall": g[way] / g["n"] if g["n"] else None,
            "f1": 2 * x / n if n else None,
            "intervals": {"level": .95, "precision": wilson(f[way], f["n"]),
                          "recall": wilson(g[way], g["n"]),
                          "f1": share and [2 * s / (1 + s) for s in share]}}


def ways(c, more):
    d = {"gold": c["gold"]["n"], "found": c["found"]["n"]}
    for w in WAYS:
        d[w] = dict(more.get(w, {}), **scores(c, w))
        if more:
            paired = sum(more[w].values())
            d[w].update(missed=d["gold"] - paired, spurious=d["found"] - paired)
    return d


both = {side: {k: sum(c[side][k] for c in counts.values())
               for k in WAYS + ("n",)} for side in ("gold", "found")}
print(json.dumps(dict(
    {"kind": "spans", "records": len(gold)}, **ways(both, total),
    labels=[dict({"label": k}, **ways(counts[k], {}))
            for k in sorted(counts, key=str.encode)])))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""stat_peers.py PEER QUESTION FILE -- what others answer to the questions of
stat.sh, each in a process of its own and with one thread.

PEER is duckdb, polars or pandas; QUESTION is confusion (counts and mean
confidence of every pair of labels; pandas adds scikit-learn's report), count
(by one label), distinct (by id, a key a record, all of them written by
duckdb) or top (the 100 first of these)."""
import os
import sys

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[name] = "1"
peer, question, path = sys.argv[1:]
KEYS = {"confusion": ["actual_intent", "predicted_intent"],
        "count": ["actual_intent"], "distinct": ["conversationId"],
        "top": ["conversationId"]}[question]


def duckdb():
    import duckdb as d
    c = d.connect()
    c.execute("SET threads = 1")
    columns = {"conversationId": "VARCHAR", "actual_intent": "VARCHAR",
               "predicted_intent": "VARCHAR", "confidence": "DOUBLE"}
    used = {k: v for k, v in columns.items() if k in KEYS or
            (question == "confusion" and k == "confidence")}
    keys = ", ".join(KEYS)
    more = ", avg(confidence)" if question == "confusion" else ""
    query = (f"SELECT {keys}, count(*) AS n{more} FROM read_json('{path}', "
             f"format = 'newline_delimited', columns = {used}) "
             f"GROUP BY {keys} ORDER BY n DESC, {keys}")
    if question == "distinct":
        c.execute(f"COPY ({query}) TO '/dev/stdout' (FORMAT json)")
        return
    for r in c.execute(query + " LIMIT 100").fetchall():
        print(*r)


def polars():
    import polars as p
    schema = {k: p.String for k in ("conversationId", "actual_intent",
                                    "predicted_intent", "text")}
    schema.update(confidence=p.Float64, turn=p.Int64, ok=p.Boolean)
    q = p.scan_ndjson(path, schema=schema).group_by(KEYS)
    more = [p.col("confidence").mean()] if question == "confusion" else []
    t = q.agg(p.len().alias("n"), *more).sort(
        ["n"] + KEYS, descending=[True] + [False] * len(KEYS))
    print(t.collect().head(100))


def pandas():
    import pandas as pd
    t = pd.read_json(path, lines=True)
    n = t.groupby(KEYS).size().sort_values(ascending=False)
    print(n.head(100))
    if question == "confusion":
        from sklearn import metrics as m
        # labels as numbers: as strings, scikit-learn takes a minute more
        both, names = pd.factorize(pd.concat([t["actual_intent"],
                                              t["predicted_intent"]]))
        a, b = both[:len(t)], both[len(t):]
        print(m.confusion_matrix(a, b))
        print(m.classification_report(a, b, digits=6))
        print(m.cohen_kappa_score(a, b), m.matthews_corrcoef(a, b))


{"duckdb": duckdb, "polars": polars, "pandas": pandas}[peer]()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""stat_sim.py alarms|power|stream [TRIALS] -- how often gc-drift cries wolf,
how often it sees one, and what scipy says to the same tables.

alarms: both sides are drawn from one distribution; the share of p <= 0.05 is
to be 4 to 6 %. "insufficient" is how often gc-drift said that its test may not be used there, and so no drift,
whatever p. Categories follow Zipf's law. power: a fifth of the categories are a quarter more
frequent on one side. stream: values that do not change, then some that do.

gc-drift chooses the test, but for the rows of g and ks. "scipy" is the same
test there: chi2_contingency() without correction, by MonteCarloMethod where
gc-drift draws tables too (of the first 500 tables, as it takes its time), and
ks_2samp(). "asymptotic" is chi2_contingency() without drawing, whatever the
counts. The tables of one row go through one gc-drift, a group each, with
--adjust none. Needs numpy, and scipy from 1.15 on."""
import json
import re
import subprocess
import sys
import tempfile

import numpy as np
from scipy import stats

what = sys.argv[1]
trials = int(sys.argv[2]) if len(sys.argv) > 2 else 4000
rng = np.random.default_rng(20260101)
DRAWN = 500     # tables that scipy draws for
HEAD = re.compile(r'"group":(\d+),"test":"([^"]*)","statistic":([^,]*),'
                  r'"df":[^,]*,"p_value":([^,]*),.*"verdict":"([^"]*)"')


def zipf(k):
    w = 1 / np.arange(1, k + 1)
    return w / w.sum()


def shifted(p):
    q = p.copy()
    q[::5] *= 1.25
    return q / q.sum()


def write(path, rows, key):
    with open(path, "w") as f:
        for g, row in enumerate(rows):
            f.write("".join('{"group":%d,"category":%s,"count":%d}\n' %
                            (g, key % value, n) for value, n in row if n))


def gc_drift(base, now, key, *options):
    """Statistics and p-values, in the order of the tables."""
    with tempfile.TemporaryDirectory() as d:
        write(d + "/base", base, key)
        write(d + "/now", now, key)
        p = subprocess.Popen(
            ["bin/gc-drift", "--counts", "-b", d + "/base", "--adjust",
             "none", *options, d + "/now"], stdout=subprocess.PIPE)
        found, tests = {}, {}
        for line in p.stdout:
            m = HEAD.search(line[:600].decode())
            found[int(m[1])] = (float(m[3]), float(m[4]),
                                m[5] == "insufficient")
            tests[m[2]] = tests.get(m[2], 0) + 1
        assert p.wait() == 0
    rows = np.array([found[i] for i in range(len(base))])
    return rows, max(tests, key=tests.get)


def show(k, n, m, test, ours, theirs, asymptotic):
    def share(p):
        return f"{100 * np.mean(p <= .05):.2f}" if len(p) else ""
    print(f"| {k} | {n:,} | {m:,} | {test} | {share(ours[:, 1])} |"
          f" {share(theirs)} | {share(asymptotic)} |"
          f" {100 * np.mean(ours[:, 2]):.0f} |", flush=True)


def row(k, n, m, q, options, count):
    p = zipf(k)
    a, b = rng.multinomial(n, p, count), rng.multinomial(m, q(p), count)
    ours, test = gc_drift([list(enumerate(r)) for r in a],
                          [list(enumerate(r)) for r in b], '"c%d"', *options)
    asymptotic, theirs = [], []
    for x, y in zip(a, b):
        t = np.array([x, y])[:, x + y > 0]
        asymptotic.append(stats.chi2_contingency(
            t, correction=False,
            lambda_="log-likelihood" if "g" in options else None)[1])
        if test == "monte-carlo" and len(theirs) < DRAWN:
            theirs.append(stats.chi2_contingency(
                t, correction=False, method=stats.MonteCarloMethod(
                    n_resamples=499, rng=rng))[1])
    asymptotic = np.array(asymptotic)
    theirs = np.array(theirs) if theirs else asymptotic
    show(k, n, m, test, ours, theirs, asymptotic)


def numbers(n, m, shift, count):
    a = np.round(rng.normal(size=(count, n)), 9)
    b = np.round(rng.normal(shift, size=(count, m)), 9)
    ours, test = gc_drift([[(v, 1) for v in r] for r in a],
                          [[(v, 1) for v in r] for r in b], "%.9f",
                          "--test", "ks", "--min-n", "1")
    theirs = np.array([stats.ks_2samp(x, y).pvalue for x, y in zip(a, b)])
    show("numbers", n, m, test, ours, theirs, [])


def changes(values, *options):
    text = "".join('{"v":%s}\n' % v for v in values)
    out = subprocess.run(["bin/gc-drift", "--stream", "-k", ".v", *options],
                         input=text.encode(), stdout=subprocess.PIPE,
                         check=True).stdout
    return [json.loads(line) for line in out.splitlines()]


def stream(name, draw, moved, streams, n, *options):
    alarms = hit = 0
    delay = []
    for _ in range(streams):
        alarms += len(changes(draw(n), *options)) > 0
        seen = changes(list(draw(20000)) + list(moved(20000)), *options)
        seen = [c["seen_at"] - 20000 for c in seen if c["seen_at"] > 20000]
        hit += len(seen) > 0
        delay += seen[:1]
    print(f"| {name} | {100 * alarms / streams:.1f} |"
          f" {100 * hit / streams:.1f} |"
          f" {np.median(delay) if delay else float('nan'):.0f} |", flush=True)


def same(p):
    return p


few = ("--rounds", "499", "--min-n", "1")
if what in ("alarms", "power"):
    q = same if what == "alarms" else shifted
    print(f"% of {trials} tables with p <= 0.05; standard error where it is"
          f" 5 %: {100 * np.sqrt(.05 * .95 / trials):.2f}\n\n"
          "| categories | baseline | current | test | gc-drift | scipy |"
          " asymptotic | insufficient |\n" + "| --- " * 8 + "|")
    for k, n in ((5, 60), (5, 300), (5, 20000), (40, 120), (40, 1000),
                 (40, 50000), (1000, 500), (1000, 5000), (1000, 100000)):
        m = n // 2 if n < 1000 else n
        row(k, n, m, q, few, trials)
    for k, n in ((5, 300), (40, 50000), (1000, 100000)):
        row(k, n, n, q, ("--test", "g", "--min-n", "1"), trials)
    for n, m in ((20, 30), (100, 100), (1000, 800)):
        numbers(n, m, 0 if what == "alarms" else .3, trials)
elif what == "stream":
    streams = trials if len(sys.argv) > 2 else 100
    print(f"% of {streams} streams\n\n| what changes after 20,000 values |"
          " false alarms in 100,000 | found in 20,000 | after, median |\n"
          + "| --- " * 4 + "|")
    coin = lambda p: lambda n: np.where(rng.random(n) < p, '"a"', '"b"')
    cats = lambda p: lambda n: ['"c%d"' % i for i in
                                rng.choice(len(p), n, p=p)]
    stream("a share of 50 %, then 55 %", coin(.5), coin(.55), streams, 100000)
    stream("a share of 5 %, then 8 %", coin(.05), coin(.08), streams, 100000)
    stream("20 categories, a fifth move", cats(zipf(20)),
           cats(shifted(zipf(20))), streams, 100000)
    stream("numbers, mean 0.5, then 0.45", lambda n: rng.random(n),
           lambda n: .9 * rng.random(n), streams, 100000, "--test", "ks")
else:
    sys.exit("stat_sim.py: what is " + what + "?")

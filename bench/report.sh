#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# report.sh -- counting mentions, and a crosstab with its picture, beside the
# usual ways.
#
# What is not there is said to be so. RECORDS says how many are counted. Real
# time, user time and the most memory of each.
set -eu

cd "$(dirname "$0")/.."
. bench/peers
make bin/gc-report bin/gc-confusion >/dev/null
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

# timed NAME COMMAND: a line of what it took, as the kernel counts it.
timed() {
	"$python" - "$@" <<'EOF'
import os, resource, subprocess, sys, time
name, command = sys.argv[1:3]
t = time.monotonic()
bad = subprocess.call(["sh", "-c", command], stdout=subprocess.DEVNULL)
t = time.monotonic() - t
u = resource.getrusage(resource.RUSAGE_CHILDREN)
print("%-28s %6.2f s real %6.2f s user %7.1f MB%s" % (
    name, t, u.ru_utime, u.ru_maxrss / 1024, " FAILED" if bad else ""))
EOF
}

PATH=$PWD/bin:$PATH
cd "$dir"
"$python" - "${RECORDS:-1000000}" >records.ndjson <<'EOF'
import json, random, sys
random.seed(1)
names = ["product %d" % i for i in range(300)]
for i in range(int(sys.argv[1])):
    print(json.dumps({"id": "c-%d" % i, "a": random.choice(names[:40]),
        "p": random.choice(names[:40]), "groups": {
        "product": random.sample(names, 2), "issue": [random.choice(names)]}}))
EOF

echo "== how often is each product mentioned?"
timed gc-report 'gc-report frequency records.ndjson'
timed 'jq | sort | uniq -c' \
    "jq -r '.groups.product[]' records.ndjson | sort | uniq -c | sort -rn"
cat >count.py <<'EOF'
import collections, json
n = collections.Counter()
for line in open("records.ndjson"):
    n.update(json.loads(line)["groups"]["product"])
print(json.dumps(dict(n.most_common())))
EOF
timed 'Python, json and Counter' "$python count.py"

echo "== crosstab with margins"
timed 'gc-confusion | gc-report' \
    'gc-confusion -a .a -p .p records.ndjson | gc-report matrix'
cat >crosstab.py <<'EOF'
import pandas
d = pandas.read_json("records.ndjson", lines=True)
print(pandas.crosstab(d.a, d.p, margins=True).to_csv())
EOF
! has pandas || timed pandas "$python crosstab.py"

echo "== its picture"
gc-confusion -a .a -p .p records.ndjson >confusion.json
timed gc-report 'gc-report matrix -o m.png confusion.json'
cat >picture.py <<'EOF'
import json
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
d = json.load(open("confusion.json"))
plt.figure(figsize=(10, 8))
plt.imshow(d["matrix"])
for i, row in enumerate(d["matrix"]):
    for j, n in enumerate(row):
        plt.text(j, i, n, ha="center", va="center", fontsize=5)
plt.savefig("p.png", dpi=150)
EOF
! has matplotlib || timed matplotlib "$python picture.py"

# SPDX-License-Identifier: GPL-3.0-or-later
"""F1 of mentions: records with gold `mentions` and found `entities` on stdin.

A found entity is right where it overlaps a gold mention with the same id; each
gold mention counts once. Prints F1, precision, recall.
"""
import json
import sys

right = found = gold = 0
for line in sys.stdin:
    record = json.loads(line)
    left = [m for m in record["mentions"] if not m.get("lost")]
    gold += len(left)
    for e in record["entities"]:
        found += 1
        for m in left:
            if (m["id"] == e["id"] and m["start"] < e["end"]
                    and e["start"] < m["end"]):
                left.remove(m)
                right += 1
                break
print("%.4f %.4f %.4f" % (2 * right / (found + gold), right / found,
                          right / gold))

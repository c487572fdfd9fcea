#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""medians.py MEASURE ROUNDS -- times shell commands side by side.

Reads lines of NAME<TAB>COMMAND; runs each in turn by MEASURE (measure.c),
ROUNDS times over, so that what else the machine does hits all of them alike;
writes the medians of their wall-clock and processor seconds, the first as so
many times the first command's, and the largest memory of any process in MB,
as a table. A command that fails has a - for its figures."""
import statistics
import subprocess
import sys

measure, rounds = sys.argv[1], int(sys.argv[2])
jobs = [line.rstrip("\n").split("\t", 1) for line in sys.stdin if "\t" in line]
runs = {name: [] for name, _ in jobs}

for _ in range(rounds):
    for name, command in jobs:
        if runs[name] is not None:
            out = subprocess.run([measure, command], check=True,
                                 stdout=subprocess.PIPE).stdout.split()
            runs[name] = (runs[name] + [[float(x) for x in out[1:]]]
                          if int(out[0]) == 0 else None)

print("| | seconds | times the first | processor | MB |")
print("| --- | --- | --- | --- | --- |")
first = None
for name, _ in jobs:
    if not runs[name]:
        print(f"| {name} | - | - | - | - |")
        continue
    wall, cpu = (statistics.median(r[i] for r in runs[name]) for i in (0, 1))
    first = first or wall
    print(f"| {name} | {wall:.3f} | {wall / first:.2f} | {cpu:.3f} |"
          f" {max(r[2] for r in runs[name]) / 1024:.1f} |", flush=True)

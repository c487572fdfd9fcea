#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""medians.py ROUNDS -- times shell commands side by side.

Reads lines of NAME<TAB>COMMAND; runs each in turn, ROUNDS times over, so that
what else the machine does hits all of them alike; prints for each the median
of its wall-clock seconds, how many times the first one's that is, and the
largest memory of any of its processes in MB. A command that fails is said
to."""
import os
import statistics
import sys
import time

rounds = int(sys.argv[1])
jobs = [line.rstrip("\n").split("\t", 1) for line in sys.stdin if "\t" in line]
seconds = {name: [] for name, _ in jobs}
memory = {name: 0 for name, _ in jobs}


def run(command):
    start = time.monotonic()
    pid = os.posix_spawn("/bin/sh", ["sh", "-c", command], os.environ)
    _, status, usage = os.wait4(pid, 0)
    return status, time.monotonic() - start, usage.ru_maxrss / 1024


for _ in range(rounds):
    for name, command in jobs:
        if seconds[name] is None:
            continue
        status, wall, mb = run(command + " >/dev/null 2>&1")
        if status:
            seconds[name] = None
            continue
        seconds[name].append(wall)
        memory[name] = max(memory[name], mb)
first = None
for name, _ in jobs:
    if not seconds[name]:
        print(f"{name:28}        -        -         -")
        continue
    median = statistics.median(seconds[name])
    first = first or median
    print(f"{name:28} {median:8.3f} s {median / first:6.2f} x"
          f" {memory[name]:7.1f} MB", flush=True)

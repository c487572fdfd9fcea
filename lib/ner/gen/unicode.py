#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ../uni_table.c: what Python 3.11 (Unicode 14.0.0) says of every code
point, found by asking it. Run: /usr/bin/python3 unicode.py >../uni_table.c"""
import sys
import unicodedata

VERSION = "14.0.0"
if unicodedata.unidata_version != VERSION:
    sys.exit("this Python has Unicode %s, wanted is %s"
             % (unicodedata.unidata_version, VERSION))

SIGMA, FINAL = "\u03a3", "\u03c2"
POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]


def ranges(holds):
    out = []
    for c in POINTS:
        if not holds(chr(c)):
            continue
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def cased(c):
    return (" " + c + SIGMA).lower()[-1] == FINAL


def ignorable(c):
    return ("A" + c + SIGMA).lower()[-1] == FINAL and not cased(c)


def lower_runs():
    """(start, end, step, delta): code points start, start+step ... end."""
    out = []
    for c in POINTS:
        low = chr(c).lower()
        if c == 0x130:
            continue
        assert len(low) == 1, hex(c)
        d = ord(low) - c
        if d == 0:
            continue
        if out and out[-1][3] == d:
            a, b, step, _ = out[-1]
            if a == b and c - b in (1, 2):
                out[-1][1:3] = [c, c - b]
                continue
            if a != b and c - b == step:
                out[-1][1] = c
                continue
        out.append([c, c, 1, d])
    return out


def table(name, rows):
    print("\nconst struct uni_range uni_%s[] = {" % name)
    line = "\t"
    for a, b in rows:
        cell = "{ 0x%X, 0x%X }, " % (a, b)
        if len(line) + len(cell) > 72:
            print(line.rstrip())
            line = "\t"
        line += cell
    print(line.rstrip() + "\n};")
    print("const size_t uni_%s_n = COUNT(uni_%s);" % (name, name))


print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
print("/* uni_table.c -- Unicode %s as Python 3.11 sees it; written by "
      "gen/unicode.py. */" % VERSION)
print('#include "ner/uni_table.h"')
table("alpha", ranges(str.isalpha))
table("upper", ranges(str.isupper))
table("small", ranges(str.islower))
table("title", ranges(lambda c: c.istitle() and not c.isupper()))
table("digit", ranges(str.isdigit))
table("punct", ranges(lambda c: unicodedata.category(c)[0] == "P"))
table("currency", ranges(lambda c: unicodedata.category(c) == "Sc"))
table("space", ranges(str.isspace))
table("cased", ranges(cased))
table("ignorable", ranges(ignorable))
rows = lower_runs()
print("\nconst struct uni_lower uni_lowers[] = {")
for row in rows:
    print("\t{ 0x%X, 0x%X, %d, %d }," % tuple(row))
print("};\nconst size_t uni_lowers_n = COUNT(uni_lowers);")

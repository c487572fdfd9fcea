#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ../symbol_table.c: spaCy 3.8's reserved symbols and base norms, which
its files refer to and do not hold. Run under a Python that has spaCy 3.8."""
import sys

import spacy
from spacy.lang.norm_exceptions import BASE_NORMS
from spacy.symbols import IDS

if not spacy.__version__.startswith("3.8."):
    sys.exit("this is spaCy %s, wanted is 3.8" % spacy.__version__)


def quote(s):
    out = '"'
    for b in s.encode():
        if b in (34, 92):
            out += "\\" + chr(b)
        elif 32 <= b < 127:
            out += chr(b)
        else:
            out += "\\%03o" % b
    return out + '"'


print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
print("/* symbol_table.c -- constants of spaCy 3.8 (see NOTICE); written by "
      "gen/symbols.py. */")
print('#include "ner/symbol_table.h"')
print("\nconst struct symbol symbols[] = {")
for name, number in sorted(IDS.items()):
    if name:
        print("\t{ %s, %d }," % (quote(name), number))
print("};\nconst size_t symbols_n = COUNT(symbols);")
print("\nconst struct base_norm base_norms[] = {")
for text, norm in sorted(BASE_NORMS.items()):
    print("\t{ %s, %s }," % (quote(text), quote(norm)))
print("};\nconst size_t base_norms_n = COUNT(base_norms);")

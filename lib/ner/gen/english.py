#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes ../english_table.c: what spaCy 3.8 knows of English without a model:
its tokenizer, as it stands in a pipeline's file "tokenizer"; its stop words,
words for numbers and top-level domains. Run under a Python that has spaCy 3.8.
"""
import sys

import spacy
from spacy.lang import lex_attrs
from spacy.lang.en import lex_attrs as english
from spacy.lang.en.stop_words import STOP_WORDS

if not spacy.__version__.startswith("3.8."):
    sys.exit("this is spaCy %s, wanted is 3.8" % spacy.__version__)


def quote(data):
    """A C string of bytes; an octal escape always has three digits."""
    out = ""
    for b in data:
        if b in (34, 92):
            out += "\\" + chr(b)
        elif b == 63:                   # no trigraphs
            out += "\\077"
        elif 32 <= b < 127:
            out += chr(b)
        else:
            out += "\\%03o" % b
    return '"%s"' % out


def pieces(data, width):
    """Cuts bytes where their quoted form is about that wide."""
    start = size = 0
    for i, b in enumerate(data):
        size += len(quote(bytes([b]))) - 2
        if size >= width:
            yield data[start:i + 1]
            start, size = i + 1, 0
    if start < len(data):
        yield data[start:]


def words(name, members):
    print("\nconst char *const english_%s[] = {" % name)
    line = "\t"
    for w in sorted(members, key=lambda w: w.encode()):
        cell = quote(w.encode()) + ", "
        if len(line) + len(cell) > 72:
            print(line.rstrip())
            line = "\t"
        line += cell
    print(line.rstrip() + "\n};")
    print("const size_t english_%s_n = COUNT(english_%s);" % (name, name))


tokenizer = spacy.blank("en").tokenizer.to_bytes(exclude=["vocab"])
print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
print("/* english_table.c -- constants of spaCy %s (see NOTICE); written by\n"
      " * gen/english.py. Words are sorted by their bytes. */"
      % spacy.__version__)
print('#include "ner/english_table.h"')
words("stops", STOP_WORDS)
words("numbers", set(english._num_words) | set(english._ordinal_words))
words("domains", lex_attrs._tlds)
print("\nconst char english_tokenizer[] =")
print("\n".join("\t" + quote(p) for p in pieces(tokenizer, 68)) + ";")
print("const size_t english_tokenizer_n = sizeof english_tokenizer - 1;")

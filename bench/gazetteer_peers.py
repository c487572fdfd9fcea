# SPDX-License-Identifier: GPL-3.0-or-later
"""What spaCy's PhraseMatcher and EntityRuler take for the same names in the
same texts, in a blank English pipeline: seconds of the processor for the
matching alone, tokens made before.

	gazetteer_peers.py NAMES TEXTS
"""
import json
import sys
import time

import spacy
from spacy.matcher import PhraseMatcher

names = [line.split("\t")[1] for line in open(sys.argv[1], encoding="utf-8")]
texts = [json.loads(line)["text"] for line in open(sys.argv[2],
                                                   encoding="utf-8")]
nlp = spacy.blank("en")
start = time.process_time()
docs = list(nlp.pipe(texts))
tokens = time.process_time() - start

matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
matcher.add("x", list(nlp.pipe(names)))
start = time.process_time()
n = sum(len(matcher(doc)) for doc in docs)
print("PhraseMatcher %.2f %d" % (tokens + time.process_time() - start, n))

ruler = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
ruler.add_patterns([{"label": "x", "pattern": name} for name in names])
start = time.process_time()
n = sum(len(ruler(doc).ents) for doc in docs)
print("EntityRuler %.2f %d" % (tokens + time.process_time() - start, n))

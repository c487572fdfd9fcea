#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""records.py SIZE COUNT [SEED] -- COUNT NDJSON records of about SIZE bytes,
the kind that a contact centre's bot writes, on stdout."""
import json
import random
import sys

size, count = int(sys.argv[1]), int(sys.argv[2])
r = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
intents = ["card_arrival", "cancel_transfer", "refund_status", "reset_pin",
           "billing_question", "lost_phone", "upgrade_plan", "roaming",
           "outage", "speak_to_agent"]
words = ("my card has not arrived yet and the app says it was posted last "
         "week can you tell me where it is please thank you the payment "
         "failed twice caf\u00e9 \u20ac20 r\u00e9sum\u00e9 \"urgent\" line\n").split(" ")
for i in range(count):
    actual = r.choice(intents)
    rec = {"conversationId": "%08x-%04x-4%03x-a%03x-%012x" % (
               r.getrandbits(32), r.getrandbits(16), r.getrandbits(12),
               r.getrandbits(12), r.getrandbits(48)),
           "actual_intent": actual,
           "predicted_intent": actual if r.random() < .87 else r.choice(intents),
           "confidence": round(r.random(), 4), "turn": r.randrange(20),
           "ok": r.random() < .5}
    if size > 1000:
        rec["messages"] = []
        while len(json.dumps(rec, ensure_ascii=False)) < size - 120:
            rec["messages"].append({
                "from": r.choice(["customer", "agent"]),
                "at": r.randrange(10**12, 2 * 10**12),
                "text": " ".join(r.choices(words, k=r.randrange(8, 24)))})
    rec["text"] = ""
    text = []
    room = size - len(json.dumps(rec, ensure_ascii=False).encode())
    while len(" ".join(text)) < room:
        text.append(r.choice(words))
    rec["text"] = " ".join(text)[:max(0, room)]
    print(json.dumps(rec, ensure_ascii=False, separators=(",", ":")))

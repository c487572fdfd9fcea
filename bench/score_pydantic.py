# SPDX-License-Identifier: GPL-3.0-or-later
"""The client's own work of scoring with pydantic: parse, fill in, check, build
bodies of 1,000, match answers made beforehand. Prints CPU microseconds a
contact, without reading the file and without making the answers."""
import json
import sys
import time
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional

from pydantic import BaseModel, Field


class Contact(BaseModel):
    contactId: str = Field(min_length=1)
    features: Dict[str, Any]


class Batch(BaseModel):
    contacts: List[Contact] = Field(max_length=1000)
    modelVersion: Optional[str] = None


class Interval(BaseModel):
    lower: float
    upper: float


class Score(BaseModel):
    contactId: str
    score: float
    confidenceInterval: Interval


DEFAULTS = {"previous_calls": 0, "avg_handle_time": 180.0,
            "last_contact_days": 30, "segment_id": "default"}


def fill(contact):
    features = dict(contact["features"])
    for name, value in DEFAULTS.items():
        if features.get(name) is None:
            features[name] = value
    for name, value in features.items():
        wanted = str if name == "segment_id" else (int, float)
        if not isinstance(value, wanted):
            raise ValueError(name)
    return {"contactId": contact["contactId"], "features": features}


def main():
    with open(sys.argv[1], "rb") as f:
        lines = f.readlines()
    batches = [lines[i:i + 1000] for i in range(0, len(lines), 1000)]
    answers = [json.dumps({"results": [
        {"contactId": json.loads(line)["contactId"], "score": 0.5123,
         "confidenceInterval": {"lower": 0.4, "upper": 0.6}}
        for line in b]}) for b in batches]
    out = open("/dev/null", "w")
    began = time.process_time()
    for batch, answer in zip(batches, answers):
        body = Batch(contacts=[fill(json.loads(x)) for x in batch])
        body.model_dump_json()
        scores = [Score(**r) for r in json.loads(answer)["results"]]
        by_id = {s.contactId: s for s in scores}
        now = datetime.now(timezone.utc).isoformat()
        for c in body.contacts:
            s = by_id[c.contactId]
            width = s.confidenceInterval.upper - s.confidenceInterval.lower
            out.write(json.dumps({**s.model_dump(), "timestamp": now,
                                  "flags": ["narrow"] if width < 0.15
                                  else []}) + "\n")
    print(f"{(time.process_time() - began) / len(lines) * 1e6:.3f}")


main()

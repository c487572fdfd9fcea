#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service with a limit: rate_server.py PORTFILE LIMIT SECONDS answers LIMIT
requests in each window of SECONDS, 429 beyond, and says in the platform's three
headers how far it is. GET /stats tells how many there were of each."""
import http.server
import json
import math
import os
import sys
import threading
import time

LIMIT, WINDOW = int(sys.argv[2]), float(sys.argv[3])
LOCK = threading.Lock()
window = {"begin": -WINDOW, "count": 0}
stats = {"200": 0, "429": 0}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def say(self, status, value, headers=()):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, text in headers:
            self.send_header(name, str(text))
        self.end_headers()
        self.wfile.write(data)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.say(200, {"access_token": "a-token-of-some-length",
                       "expires_in": 3600})

    def do_GET(self):
        if self.path == "/stats":
            self.say(200, stats)
            return
        with LOCK:
            now = time.monotonic()
            if now - window["begin"] >= WINDOW:
                window.update(begin=now, count=0)
            window["count"] += 1
            count = window["count"]
            left = math.ceil(window["begin"] + WINDOW - now)
            status = 429 if count > LIMIT else 200
            stats[str(status)] += 1
        time.sleep(0.02)
        headers = [("inin-ratelimit-count", min(count, LIMIT)),
                   ("inin-ratelimit-allowed", LIMIT),
                   ("inin-ratelimit-reset", left)]
        if status == 429:
            headers.append(("Retry-After", left))
        self.say(status, [{"id": self.path}], headers)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
with open(sys.argv[1] + ".new", "w", encoding="utf-8") as out:
    out.write("%d\n" % server.server_address[1])
os.rename(sys.argv[1] + ".new", sys.argv[1])
server.serve_forever()

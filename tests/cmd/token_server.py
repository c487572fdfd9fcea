#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A token endpoint that does as it is told.

token_server.py DIR listens on a free port of 127.0.0.1, writes it to
DIR/port, and a JSON line for each request to DIR/journal. Each request takes
the first line of DIR/answers away and obeys it: a JSON object of status,
headers, body, raw (bytes in place of all of these, then the connection ends),
delay (seconds). Where there is none, a token comes: token-N, N being the request's number in
the journal.
"""
import http.server
import json
import os
import sys
import threading
import time

DIR = sys.argv[1]
LOCK = threading.Lock()


def next_answer():
    path = os.path.join(DIR, "answers")
    try:
        with open(path, encoding="utf-8") as f:
            lines = f.readlines()
    except FileNotFoundError:
        return {}
    if not lines:
        return {}
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(lines[1:])
    return json.loads(lines[0])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode("latin-1")
        with LOCK:
            answer = next_answer()
            with open(os.path.join(DIR, "journal"), "a+",
                      encoding="utf-8") as f:
                f.seek(0)
                number = len(f.readlines()) + 1
                json.dump({"n": number, "method": self.command,
                           "path": self.path, "body": body,
                           "headers": dict(self.headers.items())}, f)
                f.write("\n")
        time.sleep(answer.get("delay", 0))
        if "raw" in answer:
            self.wfile.write(answer["raw"].encode("latin-1"))
            self.close_connection = True
            return
        text = answer.get("body", {"access_token": "token-%d" % number,
                                   "token_type": "bearer",
                                   "expires_in": 86400})
        if not isinstance(text, str):
            text = json.dumps(text)
        data = text.encode("utf-8")
        self.send_response(answer.get("status", 200))
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = handle_any

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass        # a client that was killed is what some tests are about


server = Server(("127.0.0.1", 0), Handler)
with open(os.path.join(DIR, "port.new"), "w", encoding="utf-8") as out:
    out.write("%d\n" % server.server_address[1])
os.rename(os.path.join(DIR, "port.new"), os.path.join(DIR, "port"))
server.serve_forever()

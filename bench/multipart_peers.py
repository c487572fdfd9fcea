# SPDX-License-Identifier: GPL-3.0-or-later
"""Times Python's multipart parsers on a body that bench/multipart wrote."""
import sys
import time

BOUNDARY = "gc-7f3a9c52e81b4d06"
TYPE = "multipart/mixed; boundary=" + BOUNDARY
PIECE = 65536


def pieces(body):
    return (body[i:i + PIECE] for i in range(0, len(body), PIECE))


def email_feed(body):
    from email.parser import BytesFeedParser
    parser = BytesFeedParser()
    parser.feed(("Content-Type: %s\r\n\r\n" % TYPE).encode())
    for piece in pieces(body):
        parser.feed(piece)
    return len(parser.close().get_payload())


def toolbelt(body):
    from requests_toolbelt.multipart import decoder
    return len(decoder.MultipartDecoder(body, TYPE).parts)


def python_multipart(body):
    try:
        from python_multipart.multipart import MultipartParser
    except ImportError:
        from multipart.multipart import MultipartParser
    seen = [0]

    def on_part_begin():
        seen[0] += 1
    parser = MultipartParser(BOUNDARY, {"on_part_begin": on_part_begin})
    for piece in pieces(body):
        parser.write(piece)
    parser.finalize()
    return seen[0]


with open(sys.argv[1], "rb") as f:
    body = f.read()
for name, run in (("email", email_feed), ("toolbelt", toolbelt),
                  ("python-mp", python_multipart)):
    start = time.perf_counter()
    try:
        parts = run(body)
    except ImportError:
        print("%-10s not there" % name)
        continue
    except Exception as e:  # a peer that refuses the body says why
        print("%-10s refuses it: %s" % (name, e))
        continue
    rate = len(body) / (time.perf_counter() - start) / 1e6
    print("%-10s %7.1f MB/s   %d parts" % (name, rate, parts))

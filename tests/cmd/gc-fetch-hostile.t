#!/bin/sh
# A service that is broken, or means harm: what it costs is bounded, what it
# says goes to people without the token, where it points is not followed.
. tests/lib.sh

cat >"$T/server.py" <<'END'
import json, re, socket, sys, threading, time, zlib
def bomb():
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    out = [z.compress(b'[')] + [z.compress(b' ' * 1000000) for i in range(400)]
    return b''.join(out) + z.flush()
big = bomb()
def say(c, body, head='', status='200 OK', type='application/json'):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    c.sendall(('HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n'
        '%s\r\n' % (status, type, len(body), head)).encode() + body)
def flood(c, first, more):
    c.sendall(first)
    while True:
        c.sendall(more)
mixed = (b'HTTP/1.1 200 OK\r\nContent-Type: multipart/mixed; boundary=x\r\n'
    b'\r\n--x\r\n')
whole = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
def answer(c, path, head):
    here = 'http://127.0.0.1:%d' % port
    name, _, query = path[1:].partition('?')
    kind, _, word = name.partition('-')
    if name == 'endless':
        flood(c, whole + b'\r\n[0', b',1' * 32768)
    if name == 'endless-part':
        flood(c, mixed + b'Content-Type: application/json\r\n\r\n"',
            b'a' * 65536)
    if name == 'endless-part-headers':
        flood(c, mixed, b'X-A: ' + b'a' * 65536 + b'\r\n')
    if name == 'endless-header':
        flood(c, b'HTTP/1.1 200 OK\r\nX-A: ', b'a' * 65536)
    if name == 'endless-headers':
        flood(c, b'HTTP/1.1 200 OK\r\n', b'X-A: ' + b'a' * 6553 + b'\r\n')
    if name == 'endless-continue':
        flood(c, b'', b'HTTP/1.1 100 Continue\r\n\r\n' * 1000)
    if name == 'bomb':
        return say(c, big, 'Content-Encoding: gzip\r\n')
    if name == 'http09':
        c.sendall(b'[{"id":1}]')
    if name == 'chunk':
        c.sendall(whole + b'Transfer-Encoding: chunked\r\n\r\nzzz\r\n[1]\r\n')
    if name == 'negative':
        c.sendall(whole + b'Content-Length: -3\r\n\r\n[1]')
    if kind == 'bytes':
        return say(c, {'nul': b'[{"id":"a\0b"}]', 'utf8': b'[{"id":"\xff"}]',
            'deep': b'[' * 2000 + b']' * 2000}[word])
    if kind == 'echo':
        return say(c, {'message': 'no: ' + head['authorization']},
            'ININ-Correlation-Id: %s\r\n' % head['authorization'][7:],
            '400 Bad Request')
    if kind == 'echoed':            # spelled otherwise
        return say(c, ('{"message":"no: %s"}' % ''.join('\\u%04x' % ord(x)
            for x in head['authorization'])).encode(), '',
            '400 Bad Request')
    if name == 'cookie':
        return say(c, {'entities': [{'id': 1}], 'nextUri': '/jar'},
            'Set-Cookie: a=b; Path=/\r\n')
    if name == 'jar':
        return say(c, [{'id': head.get('cookie', 'no cookie')}])
    where = {'file': 'file:///etc/passwd', 'script': 'javascript:1',
        'user': '%s@127.0.0.2/' % here, 'slashes': '//127.0.0.2/x',
        'port': here[:-1] + '/x', 'name': here.replace('127.0.0.1',
        'localhost'), 'number': here.replace('127.0.0.1', '2130706433'),
        'self': '', 'backslash': '\\\\127.0.0.2\\x', 'lines': '/ok\r\nX-A: b',
        'range': 'http://127.0.0.1:99999/'}
    if kind == 'next':
        return say(c, {'entities': [{'id': 1}],
            'nextUri': where[word] or path})
    if kind == 'to':
        return say(c, b'', 'Location: %s\r\n' % (where[word] or path),
            '302 Found')
    if name == 'limited':
        return say(c, {}, 'Retry-After: 3\r\n', '429 Too Many Requests')
    if name == 'ok':
        return say(c, [{'id': 'ok'}])
    if kind == 'twice':             # turns by after, knows no cursor
        n = int((re.search(r'\bafter=(\d+)', query) or [0, 0])[1])
        return say(c, {'entities': [{'id': n}], 'cursors':
            {'after': str(n + 1)} if n < 4 else {}})
    return say(c, b'', '', '404 Not Found')
def serve(c):
    got = b''
    try:
        while True:
            while b'\r\n\r\n' not in got:
                more = c.recv(65536)
                if not more:
                    return
                got += more
            lines, _, got = got.partition(b'\r\n\r\n')
            lines = lines.decode('latin1').split('\r\n')
            head = {k.lower(): v for k, _, v in
                (x.partition(': ') for x in lines[1:])}
            path = lines[0].split(' ')[1]
            open(sys.argv[1], 'a').write(path + '\n')
            if answer(c, path, head) is not None:
                return
    except OSError:
        pass
    finally:
        c.close()
s = socket.create_server(('0.0.0.0', 0))
port = s.getsockname()[1]
print(port, flush=True)
while True:
    threading.Thread(target=serve, args=(s.accept()[0],), daemon=True).start()
END
python3 "$T/server.py" "$T/asked" >"$T/port" &
server=$!
trap 'kill $server; rm -rf "$T"' EXIT
while [ ! -s "$T/port" ]; do
	sleep 0.05
done
port=$(cat "$T/port")
GC_API_URL=http://127.0.0.1:$port
echo 'echo sesame-open' >"$T/auth"
GC_AUTH="sh $T/auth"
export GC_API_URL GC_AUTH

# fetches CODE PATTERN PATH TITLE: the code, and what the message says.
fetches() {
	run timeout 60 gc-fetch --tries 1 --stall-timeout 10 "/$3"
	like "$code $(err)" "$1 $2" "$4"
}

# ---- without end ----
fetches 4 "*GET $GC_API_URL/endless: an answer of more than 268435456 bytes" \
    endless 'an answer without end'
fetches 4 '*/bomb: an answer of more than *' bomb 'a small one that unpacks'
fetches 3 '*part 1: a value of more than 67108864 bytes*' endless-part 'a part without end'
fetches 4 '*part 1 has headers of more than 65536 bytes' \
    endless-part-headers 'headers of a part'
fetches 4 '*/endless-header: a header of more than 102400 bytes' \
    endless-header 'a header without end'
fetches 4 '*/endless-headers: headers of more than *' endless-headers \
    'headers without end'
fetches 4 '*Too large response headers*' endless-continue \
    'Continue without end'

# ---- no HTTP, no JSON ----
fetches 4 '*HTTP/0.9*' http09 'bytes that are no HTTP'
fetches 4 '*chunked*' chunk 'a chunk without a length'
fetches 4 '*Content-Length*' negative 'a length below zero'
fetches 4 '*control character*' bytes-nul 'a NUL'
fetches 4 '*UTF-8*' bytes-utf8 'no UTF-8'
fetches 4 '*nested deeper than 1000*' bytes-deep 'too deep'

# ---- the token ----
stars='\*\*\*\*\*\*\*\*\*\*\*'
fetches 4 "*/echo: 400: no: Bearer $stars (correlation id $stars)" echo \
    'a service that repeats the token is not quoted in that'
fetches 4 "*/echoed: 400: no: Bearer $stars" echoed \
    'nor where it spells it otherwise'
fetches 0 '' cookie 'a service that gives a cookie'
is "$(tail -1 "$T/out")" '{"id": "no cookie"}' 'does not get it back'

# ---- where it points ----
for way in file script user slashes port name number range; do
	fetches 4 '*the service points to *' "next-$way" \
	    "a next page elsewhere: $way"
	is "$(out)" '{"id": 1}' 'what came before is written'
	fetches 4 '*the service points to *' "to-$way" \
	    "a redirect elsewhere: $way"
done
fetches 4 '*no address*' next-lines 'a next page of two lines'
is "$(out)" '{"id": 1}' 'what came before is written'
fetches 4 '*%5C%5C127.0.0.2%5Cx: 404' to-backslash 'a backslash is no slash'
fetches 4 '*more than 5 redirects' to-self 'a redirect to itself'
fetches 4 '*leads back*' next-self 'a next page that is itself'
is "$(out)" '{"id": 1}' 'its records are written once'
is "$(grep -c -e 127.0.0.2 -e passwd "$T/asked")" 1 'nothing else was asked for'

# ---- a guess that is wrong ----
fetches 0 '' twice 'cursors: no cursor is known, after is'
is "$(jq -c .id "$T/out" | tr '\n' ' ')" '0 1 2 3 4 ' 'every record once'
is "$(grep twice "$T/asked" | tr '\n' ' ')" \
    '/twice /twice?cursor=1 /twice?after=1 /twice?after=2 /twice?after=3 /twice?after=4 ' 'one request too many, no more'
run gc-fetch --pages /twice
is "$(wc -l <"$T/out" | tr -d ' ')" 5 '--pages: every page once'

# ---- somebody else's limit ----
printf '{"method": "POST", "path": "http://localhost:%s/limited", "body": {},
    "auth": "none"}' "$port" >"$T/push.jq"
gc-fetch --tries 2 -r "$T/push.jq" >"$T/pushed" 2>&1 &
push=$!
sleep 1
start=$(date +%s)
run gc-fetch /ok
is "$code $(($(date +%s) - start < 2))" '0 1' \
    'a 429 of another service holds up nobody who asks this one'
wait "$push"
is $? 4 'but the one that it was for'

# ---- plain http ----
other=http://0.0.0.0:$port
GC_API_URL=$other run gc-fetch /ok
exits 2 'no token over plain http'
GC_AUTH="env >'$T/env'; echo t #" GC_API_URL=$other run gc-fetch \
    --allow-origin "$other" --allow-origin http://a.invalid /ok
exits 0 '--allow-origin allows it'
is "$(sed -n 's/^GC_ALLOW_ORIGIN=//p' "$T/env")" "$other http://a.invalid" \
    'and tells gc-auth so'

done_testing

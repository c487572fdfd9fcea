#!/bin/sh
# The wire itself: TLS, proxies, compression, timeouts; no byte unchecked.
. tests/lib.sh

# A server that answers what its path says; journal: a line a request.
cat >"$T/server.py" <<'END'
import gzip, http.server, json, os, ssl, sys, threading, time
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *a): pass
    def do_GET(self):
        with open(sys.argv[1] + '/journal', 'a') as f:
            f.write(json.dumps([self.command, self.path,
                self.headers.get('Authorization'), self.headers.get('Host'),
                self.client_address[1]]) + '\n')
        body = b'[{"id":1}]'
        if self.path.endswith('/slow'):
            time.sleep(3)
        if self.path.endswith('/gzip'):
            body = gzip.compress(b'[' + b','.join(b'{"id":%d}' % i
                for i in range(5000)) + b']')
        self.send_response(200)
        if self.path.endswith('/gzip'):
            self.send_header('Content-Encoding', 'gzip')
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
s = http.server.ThreadingHTTPServer(('127.0.0.1', 0), H)
if len(sys.argv) > 2:
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    c.load_cert_chain(sys.argv[2], sys.argv[3])
    s.socket = c.wrap_socket(s.socket, server_side=True)
print(s.server_port, flush=True)
s.serve_forever()
END

# server ARG...: starts it; its port in $port, its pid in $pid.
server() {
	rm -f "$T/port" "$T/journal"
	python3 "$T/server.py" "$T" "$@" >"$T/port" &
	pid=$!
	while [ ! -s "$T/port" ]; do
		sleep 0.05
	done
	port=$(cat "$T/port")
}

echo 'echo sesame' >"$T/auth"
GC_AUTH="sh $T/auth"
export GC_AUTH

# ---- plain ----
server
run env GC_API_URL="http://127.0.0.1:$port/prefix" gc-fetch /a /b /c
exits 0 'over http to a loopback address'
is "$(jq -r '.[1]' "$T/journal" | tr '\n' ' ')" \
    '/prefix/a /prefix/b /prefix/c ' "the API URL's path is a prefix"
is "$(jq -r '.[4]' "$T/journal" | sort -u | wc -l | tr -d ' ')" 1 \
    'one connection for all'
run env GC_API_URL="http://127.0.0.1:$port" gc-fetch /gzip
is "$(wc -l <"$T/out" | tr -d ' ')" 5000 'a compressed answer'
run env GC_API_URL="http://127.0.0.1:$port" gc-fetch --stall-timeout 0.5 \
    --tries 1 /slow
exits 4 'an answer that stands still'
like "$(err)" '*nothing moved for 0.5 seconds*' 'says so'
run env GC_API_URL="http://127.0.0.1:$port" http_proxy=http://127.0.0.1:1 \
    gc-fetch /a
exits 0 'no proxy stands before a loopback address'
run env GC_API_URL=http://example.invalid http_proxy="http://127.0.0.1:$port" \
    gc-fetch --tries 1 /a
exits 2 'no token goes over plain http'
grep -c example.invalid "$T/journal" >/dev/null
is $? 1 'not to a proxy, either'
run env GC_API_URL=http://example.invalid http_proxy="http://127.0.0.1:$port" \
    gc-fetch --no-auth /a
is "$(out)" '{"id":1}' 'a proxy is used where one is named'
run env GC_API_URL=http://example.invalid http_proxy="http://127.0.0.1:$port" \
    gc-fetch --allow-origin http://example.invalid /a
is "$(tail -1 "$T/journal" | jq -r '.[2]')" 'Bearer sesame' \
    '--allow-origin allows it'
run sh -c 'GC_API_URL=http://127.0.0.1:'"$port"' gc-fetch /a >/dev/full'
exits 6 'a full disk'
kill $pid

# ---- TLS ----
if command -v openssl >/dev/null 2>&1 && openssl req -x509 -newkey rsa:2048 \
    -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$T/key" -out "$T/cert" >/dev/null 2>&1; then
	server "$T/cert" "$T/key"
	run env GC_API_URL="https://127.0.0.1:$port" gc-fetch \
	    --cacert "$T/cert" /a
	exits 0 '--cacert'
	run env GC_API_URL="https://127.0.0.1:$port" SSL_CERT_FILE="$T/cert" \
	    gc-fetch /a
	exits 0 'SSL_CERT_FILE'
	rm -f "$T/journal"
	run env GC_API_URL="https://127.0.0.1:$port" gc-fetch /a
	exits 4 'a certificate that nobody vouches for'
	[ ! -e "$T/journal" ]
	ok $? 'nothing was sent'
	like "$(err)" '*certificate*' 'says why'
	run env GC_API_URL="https://127.0.0.1:$port" gc-fetch \
	    --cacert "$T/nowhere" /a
	exits 2 'no such file of certificates'
	kill $pid
else
	skip 6 'no openssl(1)'
fi

done_testing

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fetch.sh -- gc-fetch beside curl | jq on the built-in platform: 500 pages of
# 100 users to NDJSON, and the same with a round trip of 20 ms.
#
# PAGES changes the number of pages. Times are of the wall, in seconds; memory
# is the largest process's, in megabytes; requests are counted by gc-mock.
set -eu

cd "$(dirname "$0")/.."
make bin/gc-fetch bin/gc-auth bin/gc-mock >/dev/null
PATH=$PWD/bin:$PATH
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
HOME=$dir
XDG_CACHE_HOME=$dir/cache
pages=${PAGES:-500}
export PATH HOME XDG_CACHE_HOME pages dir

cat >"$dir/with-curl" <<'END'
#!/bin/sh
# with-curl OUT: the pages by one curl, all connections kept, records by jq.
gc-auth header >"$dir/header"
i=0
while [ $((i += 1)) -le "$pages" ]; do
	echo "url=\"$GC_API_URL/api/v2/users?pageSize=100&pageNumber=$i\""
done >"$dir/urls"
curl -sS --compressed -H "@$dir/header" -K "$dir/urls" |
    jq -c '.entities[]' >"$1"
END

cat >"$dir/measure" <<'END'
import os, resource, subprocess, sys, time
name, command = sys.argv[1], sys.argv[2:]
start = time.monotonic()
code = subprocess.run(command, stderr=subprocess.DEVNULL).returncode
took = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print('%-24s %8.2f s %8.2f s CPU %7.1f MB%s' % (name, took,
    used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,
    '' if code == 0 else '   exit %d' % code))
END

cat >"$dir/all" <<'END'
#!/bin/sh
gc-auth >/dev/null
m() {
	python3 "$dir/measure" "$@"
}
url='/api/v2/users?pageSize=100'
m gc-fetch gc-fetch -q -o "$dir/a" "$url"
m 'gc-fetch -j 4' gc-fetch -q -j 4 -o "$dir/b" "$url"
m 'curl | jq -c' sh "$dir/with-curl" "$dir/c"
cmp "$dir/a" "$dir/b" && cmp "$dir/a" "$dir/c" &&
    echo "the same $(wc -l <"$dir/a") records"
END

printf '{"match":{"path":"/api/v2/users"},"do":{"delay_ms":20}}\n' \
    >"$dir/far"
echo "== $pages pages of 100"
gc-mock -n "$((pages * 100))" -j "$dir/journal" exec sh "$dir/all"
echo "   $(grep -c /api/v2/users "$dir/journal") requests by all three"
echo "== the same, 20 ms away"
gc-mock -n "$((pages * 100))" -f "$dir/far" exec sh "$dir/all"

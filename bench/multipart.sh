#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# multipart.sh -- the splitter beside Python's ways of doing the same.
#
# A peer that is not there is said to be so.
set -eu

cd "$(dirname "$0")/.."
. bench/peers
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

make lib/gcpipe.a >/dev/null
${CC:-cc} -std=c11 -O2 -D_POSIX_C_SOURCE=200809L -Ilib -o "$dir/multipart" \
    bench/multipart.c lib/gcpipe.a -lm

for kind in ndjson binary records; do
	"$dir/multipart" -w -n "${SIZE:-32M}" $kind >"$dir/$kind"
	echo "== $kind"
	(cd "$dir" && ./multipart "./$kind")
	"$python" bench/multipart_peers.py "$dir/$kind"
done

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# multipart.sh -- the splitter beside Python's ways of doing the same.
#
# Needs lib/gcpipe.a. PYTHON names an interpreter that has requests-toolbelt
# and python-multipart; a peer that is not there is said to be so.
set -eu

cd "$(dirname "$0")/.."
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
	"${PYTHON:-python3}" bench/multipart_peers.py "$dir/$kind"
done

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# stat-sim.sh -- how often gc-drift is wrong where nothing changed, how often
# right where something did; see stat_sim.py.
set -eu

cd "$(dirname "$0")/.."
make bin/gc-drift >/dev/null
. bench/peers
for what in alarms power stream; do
	echo "== $what"
	"$python" bench/stat_sim.py $what
done

#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# stat-sim.sh -- how often gc-drift is wrong where nothing changed, how often
# right where something did; see stat_sim.py. PYTHON names an interpreter that
# has numpy and scipy.
set -eu

cd "$(dirname "$0")/.."
for what in alarms power stream; do
	echo "== $what"
	"${PYTHON:-python3}" bench/stat_sim.py $what
done

#!/usr/bin/env bash
# Measures how large the page of a run of 100,000 messages is, and how long a browser takes to open
# it, from the navigation to the frame after the diagram is drawn. Needs chromium on the PATH, and a
# machine that does nothing else. Exits with 1 above 2 seconds or 10 MB.
# Usage: scripts/report-large-run.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/large.traitor" << 'SCENARIO'
scenario "one lie in a hundred thousand messages"
cluster n=7
clients 8 kv puts=280 outstanding=2
traitor r0
  when sending PRE-PREPARE slot=40 to r6 : forge batch=[put x 666]
run 60s
SCENARIO
PBFT_JAVA_OPTS=-Xmx1g ./pbft lab run "$work/large.traitor" --report "$work/large.html" > "$work/log"
scripts/report-browser.sh io.pbft.lab.report.OpeningTime "$work/large.html" 2000 10000000

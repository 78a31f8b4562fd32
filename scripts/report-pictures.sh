#!/usr/bin/env bash
# Makes the pictures of docs/images from pages of the lab: needs chromium on the PATH.
# Usage: scripts/report-pictures.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

scenarios=byzantine-tests/src/main/resources/io/pbft/lab/scenarios
./pbft lab run $scenarios/two-faced-primary.traitor --report "$work/two-faced.html" > "$work/log"
./pbft lab play P02 --replicas 7 --report "$work/victim.html" >> "$work/log"
images=docs/images
scripts/report-browser.sh io.pbft.lab.report.Pictures \
  "$work/two-faced.html" '#frame' 1400 light 1.25 $images/lab-report.png \
  "$work/victim.html" '#frame' 1200 dark 1.05 $images/lab-report-dark.png \
  "$work/two-faced.html" header 1200 light 1.4 $images/lab-report-head.png

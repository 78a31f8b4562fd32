#!/usr/bin/env bash
# Runs one of the programs that look at report pages with a browser; the other scripts use it.
# Usage: scripts/report-browser.sh CLASS ARGUMENT...
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mvn -B -q test-compile -pl byzantine-tests -am -Dspotless.check.skip=true >&2
exec java -cp "byzantine-tests/target/test-classes:byzantine-tests/target/classes:pbft-core/target/classes:crypto/target/classes" "$@"

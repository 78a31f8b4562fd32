#!/usr/bin/env bash
# Loads a real word list into a cluster of four replica processes, kills the primary with SIGKILL in
# the middle, reads everything back with a second client and compares. Exits with 0 only if every
# word was acknowledged and came back as it was written.
#
# Usage: scripts/wordlist-check.sh [FILE]    (default: /usr/share/dict/words, Debian's wamerican)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
words=${1:-/usr/share/dict/words}
if [ ! -r "$words" ]; then
  echo "wordlist-check: cannot read $words; name a file of words, or: apt-get install wamerican" >&2
  exit 2
fi

work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do
    kill -9 "$pid" 2> /dev/null || true
  done
  wait 2> /dev/null || true
  rm -rf "$work"
}
trap finish EXIT

now() { date +%s%N; }
seconds_since() { awk -v from="$1" -v to="$(now)" 'BEGIN { printf "%.1f", (to - from) / 1e9 }'; }
fail() {
  echo "wordlist-check: FAILED: $1" >&2
  tail -n 5 "$work"/*.log >&2 || true
  exit 1
}

"$root/pbft" --help > /dev/null
"$root/pbft" init "$work/cluster" --clients 2 --base-port $((15000 + RANDOM % 16000)) > /dev/null
for id in 0 1 2 3; do
  "$root/pbft" replica "$work/cluster" "$id" > "$work/replica-$id.out" 2> "$work/replica-$id.log" &
  pids+=($!)
  disown $!
done
for id in 0 1 2 3; do
  for _ in $(seq 600); do
    grep -q ready "$work/replica-$id.out" && break
    kill -0 "${pids[$id]}" 2> /dev/null || fail "replica $id has ended"
    sleep 0.1
  done
  grep -q ready "$work/replica-$id.out" || fail "replica $id is not ready after a minute"
done

awk '{ printf "put \"%s\" \"word %d\"\n", $0, NR }' "$words" > "$work/load"
awk '{ printf "get \"%s\"\n", $0 }' "$words" > "$work/read"
awk '{ printf "VALUE word %d\n", NR }' "$words" > "$work/expected"
total=$(wc -l < "$work/load")
echo "$total words from $words"

touch "$work/answers"
loading=$(now)
"$root/pbft" kv "$work/cluster" shell --timeout 60s < "$work/load" > "$work/answers" 2> "$work/load.log" &
loader=$!
pids+=("$loader")
while [ "$(wc -l < "$work/answers")" -lt $((total / 2)) ]; do
  kill -0 "$loader" 2> /dev/null || break
  sleep 0.02
done
half=$(wc -l < "$work/answers")
primary=$("$root/pbft" status "$work/cluster" --client 1 --timeout 20s --json |
  grep -o '"primary":[0-9]*' | head -n 1 | cut -d: -f2)
before=$(wc -l < "$work/answers")
kill -9 "${pids[$primary]}"
killed=$(now)
[ "$before" -lt "$total" ] || fail "everything was loaded before the primary could be killed"
echo "primary $primary killed with SIGKILL after $before answers ($(seconds_since "$loading") s; half were there at $half)"
while [ "$(wc -l < "$work/answers")" -le $((before + 512)) ]; do
  kill -0 "$loader" 2> /dev/null || break
  sleep 0.02
done
echo "answers go on $(seconds_since "$killed") s after the kill"
wait "$loader" || fail "the shell ended with $?"
elapsed=$(seconds_since "$loading")
[ "$(grep -c '^OK$' "$work/answers")" -eq "$total" ] || fail "not every word was acknowledged"
echo "loaded in $elapsed s, the view change included: $(awk -v n="$total" -v s="$elapsed" 'BEGIN { printf "%.0f", n / s }') puts/s"

reading=$(now)
"$root/pbft" kv "$work/cluster" shell --client 1 --timeout 60s < "$work/read" > "$work/values" 2> "$work/read.log" ||
  fail "the second client's shell ended with $?"
elapsed=$(seconds_since "$reading")
echo "read back by a second client in $elapsed s: $(awk -v n="$total" -v s="$elapsed" 'BEGIN { printf "%.0f", n / s }') gets/s"
cmp "$work/expected" "$work/values" || fail "what was read differs from what was written"
echo "identical: all $total words"

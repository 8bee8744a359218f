#!/usr/bin/env bash
# Compares the simulated WeChat with a mock server in Node: start, memory, orders with notifications, worlds. The numbers are
# in docs/performance.md. Usage: bench/simulator.sh [PROGRAM]; by default the static program of `make test-packages`.
set -euo pipefail
here=$(dirname "$0")
program=$(realpath "${1:-$here/../target/x86_64-unknown-linux-musl/release/simulator}")
cd "$here"
orders=${ORDERS:-3000} callers=${CALLERS:-8} port=${PORT:-8960}
pid=
stop() { [ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null || true; pid=; }
trap stop EXIT

milliseconds() { echo $(($(date +%s%N) / 1000000)); }
# starts a server and sets `started` to the milliseconds until it answers
start() {
  local begun
  begun=$(milliseconds)
  "$@" >/dev/null 2>&1 &
  pid=$!
  until curl --noproxy '*' -sf "http://127.0.0.1:$port/_simulator/ready" >/dev/null; do
    kill -0 "$pid" 2>/dev/null || { echo "$1 does not start" >&2; exit 1; }
    sleep 0.005
  done
  started=$(($(milliseconds) - begun))
}
memory() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$pid/status"; }
# the processor time of the server in milliseconds
processor() { awk '{ print ($14 + $15) * 10 }' "/proc/$pid/stat"; }
load() {
  local before after rate
  before=$(processor)
  rate=$(node peers/wechat-load.cjs "http://127.0.0.1:$port" "$orders" "$callers")
  after=$(processor)
  echo "$1: $rate orders a minute, $(((after - before) * 1000 / orders)) µs of processor an order, $(memory) MiB after it"
}

folder=$(mktemp -d)
echo "size: simulator $(($(stat -c %s "$program") / 1000)) kB"
for run in 1 2 3; do
  start "$program" --listen "127.0.0.1:$port" --tls-listen 127.0.0.1:0 --phone-listen 127.0.0.1:0
  echo "run $run: simulator ready in $started ms, $(memory) MiB"
  load "run $run: simulator"
  stop
  start node peers/mock-wechat.cjs "$port"
  echo "run $run: mock in Node ready in $started ms, $(memory) MiB"
  load "run $run: mock in Node"
  stop
done
start "$program" --listen "127.0.0.1:$port" --tls-listen 127.0.0.1:0 --phone-listen 127.0.0.1:0 --state "$folder/state.json"
stop
start "$program" --listen "127.0.0.1:$port" --tls-listen 127.0.0.1:0 --phone-listen 127.0.0.1:0 --state "$folder/state.json"
echo "simulator with a state file: ready in $started ms"
begun=$(milliseconds)
for _ in $(seq 100); do curl --noproxy '*' -sf -d '{}' "http://127.0.0.1:$port/_simulator/worlds" >/dev/null; done
echo "100 worlds: $(($(milliseconds) - begun)) ms, $(memory) MiB"
rm -r "$folder"

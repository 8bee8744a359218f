#!/usr/bin/env bash
# Runs Lighthouse on the main pages of a release, logged in, with WeChat's user agent. See end2end/lighthouse/run.mjs.
set -euo pipefail
cd "$(dirname "$0")/.."
(cd end2end/lighthouse && npm install --no-fund --no-audit --loglevel=error)
run_dir=$(mktemp -d)
export SIMULATOR_PORT=8910 TLS_PORT=8953 PHONE_PORT=8911 SHOP_PORT=3010 RUN_DIR=$run_dir SERVER=${SERVER:-target/release/server}
# not through the simulated phone: its bridge must not be measured
DEMO=0 SHOP_PUBLIC_URL=http://localhost:$SHOP_PORT scripts/run.sh >"$run_dir/run.log" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null || true; wait $pid 2>/dev/null || true; rm -rf "$run_dir"' EXIT
for _ in $(seq 300); do
  grep -q "Ctrl-C ends both" "$run_dir/run.log" && break
  kill -0 $pid 2>/dev/null || { cat "$run_dir/run.log" >&2; exit 1; }
  sleep 0.2
done
SHOP=http://localhost:$SHOP_PORT SIMULATOR=http://127.0.0.1:$SIMULATOR_PORT node end2end/lighthouse/run.mjs

#!/usr/bin/env bash
# Measures the shop and the other stacks ("peers") and prints a table with ratios. `make bench` calls it.
# PEERS: the folder of the peers. SECS, REPS: seconds and repetitions of each measurement.
# ONLY: a part of "servers peers notify syncs orders pages page growth". QUICK=1: uses the existing release build.
# SERVER_DIR: measures the release in this folder.
set -euo pipefail
cd "$(dirname "$0")/.."
peers=$(realpath -m "${PEERS:-../shared/peers}") target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
scratch=$(realpath -m "${BENCH_DIR:-$target/bench}") secs=${SECS:-5} reps=${REPS:-3} only=${ONLY:-servers peers notify syncs orders pages page growth}
port=3900 base=http://127.0.0.1:3900
# the keys of the simulator's account, for the generated notifications
export KEY APPID MCH

wants() { [[ " $only " == *" $1 "* ]]; }
log() { printf '%s %s\n' "$(date +%T)" "$1" >&2; }

mkdir -p "$scratch"
if [ ! -e "$scratch/peers/.installed" ]; then
  log "copying the peers and installing their dependencies"
  rm -rf "$scratch/peers" && cp -r "$peers" "$scratch/peers"
  env -u KEY -u APPID -u MCH "$scratch/peers/setup.sh" >&2
  touch "$scratch/peers/.installed"
fi
rig=$scratch/peers
if [ -z "${QUICK:-}" ]; then
  log "building the release"
  cargo xtask frontend --release --precompress >&2
  cargo build --release -p server -p simulator -p bench >&2
fi

# QUICK needs these files
for binary in server simulator bench; do
  [ -x "$target/release/$binary" ] || { echo "target/release/$binary is missing: run 'make bench' without QUICK once" >&2; exit 1; }
done

# the folder has the layout of a release on a server
release=$scratch/release
if [ -z "${QUICK:-}" ] || [ ! -d "$release/site" ]; then
  rm -rf "$release" && mkdir "$release"
  cp -r "$target/release/server" "$target/release/hash.txt" target/site "$release/"
fi
[ -n "${SERVER_DIR:-}" ] && release=$(realpath "$SERVER_DIR")

pids=()
stop() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
}
trap stop EXIT
trap 'exit 1' INT TERM

stop_server() { # the server with the pid server_pid
  kill "$server_pid" && wait "$server_pid" || true
}

log "starting the simulated WeChat"
# the shop caches the simulator's answers, so the simulator is idle during the measurements
"${SIMULATOR:-$target/release/simulator}" --listen 127.0.0.1:3908 --tls-listen 127.0.0.1:3943 --phone-listen 127.0.0.1:3901 \
  --shop "$base" --state "$scratch/wechat.json" --env-dir "$scratch/keys" >"$scratch/simulator.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do curl -sf http://127.0.0.1:3908/_simulator/env >"$scratch/simulator.env" && break; sleep 0.1; done
{
  grep -v '^SHOP_PUBLIC_URL=' "$scratch/simulator.env"
  echo "SHOP_PUBLIC_URL=$base"
  echo "SHOP_ADDR=127.0.0.1:$port"
  echo "SHOP_DATABASE_URL=sqlite://$scratch/shop.db"
  echo "SHOP_SESSION_KEYS=bench-key-0123456789-0123456789-0"
  echo "SHOP_TRUSTED_PROXIES=127.0.0.1"
} >"$scratch/shop.env"
shop_setting() { sed -n "s/^$1=//p" "$scratch/shop.env"; }
KEY=$(shop_setting WECHAT_API_V2_KEY) APPID=$(shop_setting WECHAT_APPID) MCH=$(shop_setting WECHAT_MCH_ID)

# FILE ORDERS: writes a database with open orders, unless the same bench program has written it before
fill() {
  local file=$1 orders=$2
  shift 2
  [ "$file" -nt "$target/release/bench" ] && return
  log "writing $orders open orders"
  rm -f "$file"* && "$target/release/bench" --database "sqlite://$file.new" --orders "$orders" \
    --appid "$APPID" --mch-id "$MCH" --key "$KEY" "$@"
  sqlite3 "$file.new" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
  mv "$file.new" "$file" && rm -f "$file".new-*
}
fill "$scratch/filled.db" 150000
export NOTIFY=$scratch/notify.txt
[ -s "$NOTIFY" ] || node "$rig/measure/gen-notify.mjs" 200000 "$NOTIFY" >&2

ours=(env "DB=$scratch/shop.db" "FILLED=$scratch/filled.db" "ENV_FILE=$scratch/shop.env"
  "SERVER=$release/server" bench/server.sh)
paid="select count(*) from orders where state='paid'"
paths="jssdk=/api/wechat/jssdk?url=http%3A%2F%2F127.0.0.1%3A$port%2Fcart%3Fa%3D1,notify=/api/wechat/pay/callback"
measure() {
  local name=$1 tests=$2
  shift 2
  python3 "$rig/measure/bench.py" --secs "$secs" --reps "$reps" --name "$name" --base "$base" --ready /healthz \
    --db "$scratch/shop.db" --paid-sql "$paid" --paths "$paths" --tests "$tests" --conns "${CONNS:-32}" --cmd "$*" >&2
}
slow=(env "LD_PRELOAD=$rig/limits/slowsync.so" "SYNC_US=${SYNC_US:-2000}")

# runs a program of the peers with the peers' own notifications
run_peer() { (cd "$rig" && env -u KEY -u APPID -u MCH NOTIFY="$rig/measure/notify.txt" "$@" >&2); }

if wants servers; then
  log "servers, each on its own core"
  rm -f "$scratch"/shop.db*
  measure ours ssr,jssdk,notify "${ours[@]}"
fi
if wants peers; then
  run_peer env ONLY="hello node node-group" SECS="$secs" REPS="$reps" ./run-servers.sh
fi
if wants notify; then
  log "notifications with a sync of 2 ms, over 128 connections"
  CONNS=128 measure ours-sync2000 notify "${slow[@]}" "${ours[@]}"
  wants peers && run_peer env CONNS=128 SECS="$secs" REPS="$reps" ./run-notify-fixed.sh
fi
if wants syncs; then
  log "syncs for each paid order"
  "$rig/count-syncs.sh" "$base" /api/wechat/pay/callback "$scratch/shop.db" "$paid" 4 -- "${ours[@]}" 2>"$scratch/server.log" \
    >"$rig/results/ours.syncs"
  run_peer bash -c 'PORT=4201 DB=$PWD/results/node.db SEED=150000 GROUP=1 ./count-syncs.sh http://127.0.0.1:4201 /notify \
    $PWD/results/node.db "select count(*) from orders where state=1" 4 -- node peer-node/server.cjs >results/node.syncs'
fi
if wants orders; then
  log "orders with a sync of 2 ms"
  . bench/orders.sh >"$rig/results/orders.txt"
fi
if wants pages; then
  log "each page of a shopper"
  . bench/pages.sh >"$rig/results/pages.txt"
fi
if wants page; then
  log "the list page in a browser"
  rm -f "$rig/results/page.jsonl" "$scratch"/shop.db*
  "${ours[@]}" 2>"$scratch/server.log" &
  server_pid=$!
  pids+=("$server_pid")
  for _ in $(seq 100); do curl -sf "$base/readyz" >/dev/null && break; sleep 0.1; done
  bench/first-load.sh "$base" "$release/site" >"$rig/results/first-load.json"
  run_peer ./run-page.sh
  bench/page.sh "$rig" "$base" >&2
  scripts/size-check.sh "$release/site" "$base" >&2 || true
  stop_server
fi
if wants growth; then
  log "measurements with few and with many orders"
  . bench/growth.sh >"$rig/results/growth.txt"
fi
python3 bench/table.py "$rig/results" | tee "$scratch/table.md"

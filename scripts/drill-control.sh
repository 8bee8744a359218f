#!/usr/bin/env bash
# The parts that restore-drill.sh and update-drill.sh share: a PostgreSQL of their own, the simulated WeChat, logs, waiting.
# They source it. It sets folder, target, simulator_port, wechat, and stops everything when the script ends.
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")/debug
. scripts/postgres.sh
for program in server simulator; do
  [ -x "$target/$program" ] || { echo "$target/$program is missing: make build" >&2; exit 1; }
done
folder=$(mktemp -d /tmp/xiaodian-drill.XXXXXX)
simulator_port=${SIMULATOR_PORT:-8960} wechat=http://127.0.0.1:${SIMULATOR_PORT:-8960}

postgres_owns "$folder"
# the processes to stop, and the folders of PostgreSQL
pids=() clusters=() keep=''
stop() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for data in "${clusters[@]}"; do
    [ ! -d "$data" ] || stop_cluster "$data"
  done
  wait
  [ -n "$keep" ] || rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM
say() { printf '%s %s\n' "$(date +%T)" "$1"; }
fail() {
  echo "$1" >&2
  echo "the logs are in $folder" >&2
  keep=1
  exit 1
}

# URL: waits until it answers
wait_for() {
  for _ in $(seq 300); do
    curl -sf --noproxy '*' -o /dev/null "$1" && return
    sleep 0.1
  done
  fail "$1 does not answer"
}
# DATA OPTIONS: makes a cluster and starts it; its socket is in the folder
start_postgres() {
  clusters+=("$1")
  init_cluster "$1" >"$folder/initdb.log" 2>&1
  start_cluster "$1" "-k $folder -c listen_addresses= $2" >/dev/null
}
sql() { postgres "$bin/psql" -h "$folder" -U shop -d postgres -qAtc "$1"; }
# SHOP-URL: starts the simulated WeChat
start_simulator() {
  rm -f "$folder/wechat.json"
  "$target/simulator" --listen "127.0.0.1:$simulator_port" --tls-listen "127.0.0.1:$((simulator_port + 1))" \
    --phone-listen "127.0.0.1:$((simulator_port + 2))" --shop "$1" --env-dir "$folder/keys" >"$folder/simulator.log" 2>&1 &
  simulator_pid=$!
  pids+=("$simulator_pid")
  wait_for "$wechat/_simulator/env"
}

#!/usr/bin/env bash
# Updates two shop servers behind HAProxy while shoppers buy, one server after the other: first from the version before the
# newest migration to this one, then a plain restart of both. `make update-drill` calls it; the first time it builds the
# earlier version for some minutes. Between the two halves of the update, both versions use the same database.
#
# No request may fail, and every payment must be on the books.
# SHOPPERS: how many buy at the same time. EARLIER: the earlier commit.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v haproxy >/dev/null || { echo "HAProxy is missing: apt-get install haproxy" >&2; exit 1; }
. scripts/drill-control.sh
newest=$(git log -1 --format=%H -- 'crates/store/src/migrations/*.sql')
earlier=$(git rev-parse "${EARLIER:-$newest^}")
base=http://127.0.0.1:8080 admin_key=update-drill-admin-0123456789abcdef

# Builds the server of the earlier commit, once for each commit.
build_earlier() {
  local tree=$folder/earlier
  earlier_server=$(realpath -m "${CARGO_TARGET_DIR:-target}")/earlier/$earlier/debug/server
  local output=${earlier_server%/debug/server}
  [ ! -d "$output/site/pkg" ] || return 0
  say "building the earlier version, $(git log -1 --format='%h %s' "$earlier")"
  git worktree add --quiet --detach "$tree" "$earlier"
  (
    cd "$tree"
    ln -s "$OLDPWD/end2end/node_modules" end2end/node_modules
    export CARGO_TARGET_DIR=$output
    cargo build --quiet --bin server --bin xtask && "$output/debug/xtask" frontend >/dev/null 2>&1 &&
      cp -r target/site "$output/"
  ) || { git worktree remove --force "$tree"; fail "the earlier version was not built"; }
  git worktree remove --force "$tree"
}

# NUMBER SERVER: starts a shop server on the address that deploy/ha/haproxy.cfg knows
start_server() {
  SHOP_ADDR=127.0.0.$(($1 + 1)):3000 "$2" --env-file "$folder/shop.env" 2>>"$folder/shop$1.log" &
  server_pid[$1]=$!
  pids+=("$!")
  wait_for "http://127.0.0.$(($1 + 1)):3000/readyz"
  # HAProxy asks twice a second
  sleep 1.5
}
# NUMBER SERVER: stops a server as an operator does, and starts another one in its place
replace_server() {
  local begin
  begin=$(date +%s%3N)
  kill -TERM "${server_pid[$1]}"
  wait "${server_pid[$1]}" || true
  say "  server $1 stopped after $(($(date +%s%3N) - begin)) ms"
  start_server "$1" "$2"
}

server_pid=()
build_earlier
start_postgres "$folder/data" ""
start_simulator "$base"
{
  curl -sf --noproxy '*' "$wechat/_simulator/env" | grep -v '^SHOP_PUBLIC_URL='
  echo "SHOP_PUBLIC_URL=$base"
  echo "SHOP_DATABASE_URL=postgres://shop@localhost/postgres?host=$folder"
  echo "SHOP_SESSION_KEYS=update-drill-0123456789-0123456789"
  echo "SHOP_ADMIN_CLIENTS=drill:$admin_key"
  echo "SHOP_TRUSTED_PROXIES=127.0.0.1"
} >"$folder/shop.env"
# every shopper of the drill comes from this machine
for limit in SHOP_RATE_PER_ADDRESS SHOP_LOGINS_PER_ADDRESS SHOP_MAX_UNPAID_PER_ADDRESS SHOP_MAX_HELD_PER_ADDRESS; do
  echo "$limit=100000"
done >>"$folder/shop.env"
# the file of a real set-up; its database part finds no leader here, and the shop does not use it
NODE1=127.0.0.2 NODE2=127.0.0.3 NODE3=127.0.0.4 haproxy -db -f deploy/ha/haproxy.cfg >"$folder/haproxy.log" 2>&1 &
pids+=("$!")
for number in 1 2; do start_server "$number" "$earlier_server"; done
sql "UPDATE skus SET stock = 100000" 2>/dev/null || fail "the stock was not filled"
wait_for "$base/"

node scripts/update-load.mjs "$base" "$wechat" "${SHOPPERS:-8}" "$admin_key" >"$folder/load.json" 2>"$folder/load.log" &
load_pid=$!
pids+=("$load_pid")
sleep 3
say "the update"
replace_server 1 "$target/server"
say "  both versions serve"
sleep 5
replace_server 2 "$target/server"
sleep 3
say "a restart of both"
for number in 1 2; do replace_server "$number" "$target/server"; done
sleep 3
kill -TERM "$load_pid"
wait "$load_pid" || fail "the shoppers failed: $(cat "$folder/load.log")"

counts=$(node -e '
  const { requests, paid, failures } = JSON.parse(require("fs").readFileSync(process.argv[1]));
  failures.slice(0, 20).forEach(failure => console.error(failure));
  console.log(requests, paid.length, failures.length);
' "$folder/load.json")
read -r requests paid failures <<<"$counts"
booked=$(sql "SELECT count(*) FROM orders WHERE state = 'paid'")
say "$requests requests, $failures failed; $paid orders paid at WeChat, $booked on the books"
[ "$paid" -gt 0 ] || fail "no order was paid"
[ "$failures" = 0 ] || fail "$failures requests failed"
[ "$paid" = "$booked" ] || fail "the books do not agree"
say "updated: no request failed"

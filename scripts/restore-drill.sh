#!/usr/bin/env bash
# Restores a lost database and compares the books with WeChat. `make restore-drill` calls it; it takes about two minutes.
#
# PostgreSQL: a base backup, then orders whose WAL is archived, then orders that are lost with the machine. The cluster is
# restored to a moment, `server reconcile` and `server bill` run, and everything that WeChat was paid before that moment
# must be on the books. What was ordered after the moment must be in the list of discrepancies, each with its number.
# SQLite: the same with `server backup`.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/drill-control.sh
shop_port=${SHOP_PORT:-8964} base=http://127.0.0.1:${SHOP_PORT:-8964} server_pid=''

# DATABASE-URL: writes the configuration
configure() {
  {
    curl -sf "$wechat/_simulator/env" | grep -v '^SHOP_PUBLIC_URL='
    echo "SHOP_PUBLIC_URL=$base"
    echo "SHOP_ADDR=127.0.0.1:$shop_port"
    echo "SHOP_DATABASE_URL=$1"
    echo "SHOP_SESSION_KEYS=restore-drill-0123456789-0123456789"
    # the drill asks at once what a shop asks after these times
    echo "SHOP_QUERY_INTERVALS_S=3600"
  } >"$folder/shop.env"
}
run_server() { "$target/server" --env-file "$folder/shop.env" "$@"; }
start_server() {
  # not by the function: its subshell would get the signal
  "$target/server" --env-file "$folder/shop.env" 2>"$folder/server.log" &
  server_pid=$!
  pids+=("$server_pid")
  wait_for "$base/readyz"
}
kill_server() {
  kill -9 "$server_pid"
  wait "$server_pid" 2>/dev/null || true
  server_pid=''
}

# PATH JSON [TOKEN]: posts and prints the answer
post() { curl -sS --fail-with-body -H 'content-type: application/json' ${3:+-H "authorization: Bearer $3"} -d "$2" "$1"; }
# PATH: the value of a field of the JSON, such as data.token
field() { node -pe "JSON.parse(require('fs').readFileSync(0)).$1"; }

# NUMBER paid|ordered: places orders in the mini program; `paid` pays them too. Prints their out_trade_no.
buy() {
  local code token number
  for _ in $(seq "$1"); do
    code=$(post "$wechat/_simulator/miniprogram" '{}' | field code)
    token=$(post "$base/api/miniprogram/login" "{\"code\":\"$code\"}" | field data.token)
    number=$(post "$base/api/miniprogram/pay" '{"items":[{"sku":"test-sticker-1","quantity":1}]}' "$token" |
      field data.out_trade_no)
    [ "$2" = ordered ] || pay "$number"
    echo "$number"
  done
}
pay() { post "$wechat/_simulator/pay" "{\"out_trade_no\":\"$1\",\"outcome\":\"ok\"}" >/dev/null; }

# BACKUP MOMENT: orders before the backup, after it, and after the moment that is restored. Both are functions.
shop_life() {
  start_server
  buy 5 paid >"$folder/before"
  "$1"
  buy 5 paid >"$folder/after"
  # these are ordered before the moment, and paid after it
  buy 5 ordered >"$folder/open"
  sleep 1.5 # the last notifications
  "$2"
  while read -r number; do pay "$number"; done <"$folder/open"
  buy 5 paid >"$folder/lost"
  sleep 1
  kill_server
}

# COUNTER: compares the restored books, whose paid orders COUNTER prints, with WeChat.
compare() {
  local counter=$1 restored reconciled expected
  expected=$(cat "$folder"/before "$folder"/after "$folder"/open | wc -l)
  restored=$("$counter")
  run_server reconcile >"$folder/reconcile.log" 2>&1 || fail "reconcile failed: $(cat "$folder/reconcile.log")"
  reconciled=$("$counter")
  # WeChat's bill of today is ready tomorrow after ten
  post "$wechat/_simulator/clock" '{"advance_s":129600}' >/dev/null
  echo 'SHOP_CLOCK_OFFSET_S=129600' >>"$folder/shop.env"
  run_server bill "$(TZ=Asia/Shanghai date +%F)" >"$folder/bill.log" 2>&1 || fail "bill failed: $(cat "$folder/bill.log")"
  say "  paid at WeChat: $((expected + $(wc -l <"$folder/lost")))"
  say "  on the books: $restored after the restore, $reconciled after reconcile, $("$counter") after the bill"
  [ "$reconciled" = "$expected" ] || fail "$reconciled of $expected orders are paid on the books: $(cat "$folder/reconcile.log")"
  while read -r number; do
    grep -q "^unknown_order $number" "$folder/bill.log" || fail "the bill has no discrepancy for the lost order $number: $(cat "$folder/bill.log")"
  done <"$folder/lost"
  say "  the bill has a discrepancy for each of the $(wc -l <"$folder/lost") orders that were placed after the restored moment"
}

say "PostgreSQL: base backup, archived WAL, restore to a moment"
postgres mkdir "$folder/archive"
start_postgres "$folder/data" "-c archive_mode=on -c wal_level=replica -c archive_command='cp %p $folder/archive/%f'"
base_backup() { postgres "$bin/pg_basebackup" -h "$folder" -U shop -D "$folder/restored" -X none >/dev/null 2>&1; }
remember_moment() {
  moment=$(sql 'SELECT now()')
  sql 'SELECT pg_switch_wal()' >/dev/null
}
paid_in_postgres() { sql "SELECT count(*) FROM orders WHERE state = 'paid'"; }
start_simulator "$base"
configure "postgres://shop@localhost/postgres?host=$folder"
shop_life base_backup remember_moment
sql 'SELECT pg_switch_wal()' >/dev/null
sleep 1
stop_cluster "$folder/data"
clusters+=("$folder/restored")
postgres touch "$folder/restored/recovery.signal"
start_cluster "$folder/restored" "-k $folder -c listen_addresses= -c restore_command='cp $folder/archive/%f %p' \
  -c recovery_target_time='$moment' -c recovery_target_action=promote" >/dev/null || fail "PostgreSQL was not restored: $(cat "$folder/restored/log")"
for _ in $(seq 100); do [ "$(sql 'SELECT pg_is_in_recovery()')" = f ] && break; sleep 0.1; done
compare paid_in_postgres
kill "$simulator_pid" && wait "$simulator_pid" 2>/dev/null || true

say "SQLite: server backup"
mkdir "$folder/sqlite"
start_simulator "$base"
configure "sqlite://$folder/sqlite/shop.db"
copy() { run_server backup "$folder/sqlite/$1" >/dev/null 2>&1; }
first_copy() { copy first.db; }
second_copy() { copy second.db; }
paid_in_sqlite() {
  python3 - "$folder/sqlite/shop.db" <<'PYTHON'
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM orders WHERE state = 'paid'").fetchone()[0])
PYTHON
}
shop_life first_copy second_copy
rm -f "$folder/sqlite/shop.db"*
cp "$folder/sqlite/second.db" "$folder/sqlite/shop.db"
compare paid_in_sqlite
say "restored: the books agree with WeChat"

#!/usr/bin/env bash
# Whether the shop slows down as it grows: my orders, the console's list and a notification, with few and with many orders;
# a sync of the disk pinned at 2 ms. bench/run.sh calls it with its own variables; FEW and MANY say how many orders.
set -euo pipefail
: "${RIG:?}" "${RELEASE:?}" "${BASE:?}" "${ENV_FILE:?}" "${SCRATCH:?}" "${FILL:?}" "${NOTIFY:?}"
few=${FEW:-1000} many=${MANY:-1000000} secs=${SECS:-5} jar=$SCRATCH/growth.cookies
agent='Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/111.0 Mobile Safari/537.36 MicroMessenger/8.0.42 Language/zh_CN'
server=
stop() { [ -z "$server" ] || { kill "$server" && wait "$server" || true; }; server=; }
trap stop EXIT
start() { # on this database
  LD_PRELOAD=$RIG/limits/slowsync.so SYNC_US=${SYNC_US:-2000} SHOP_DATABASE_URL=sqlite://$1 \
    taskset -c 0 "$RELEASE/server" --env-file "$ENV_FILE" 2>"$SCRATCH/growth.log" &
  server=$!
  for _ in $(seq 300); do curl -sf "$BASE/readyz" >/dev/null && return; sleep 0.1; done
  echo "the server does not answer: $SCRATCH/growth.log" >&2
  exit 1
}
load() { # name, seconds, connections, then what wrk takes
  local name=$1 secs=$2 connections=$3
  shift 3
  printf '%s %s %s\n' "$orders" "$name" \
    "$(taskset -c 1 wrk -t1 "-c$connections" "-d${secs}s" "$@" | sed -n 's/^JSON //p')"
}

# who looks at their orders, and who at the console's
rm -f "$SCRATCH"/growth-*.db* "$jar"
start "$SCRATCH/growth-0.db"
curl -sfL -A "$agent" -c "$jar" -b "$jar" -o /dev/null "$BASE/orders"
openid=$(awk '$6 == "openId" { print $7 }' "$jar")
stop
for orders in "$few" "$many"; do
  db=$SCRATCH/growth-$orders.db
  "$FILL" "$db" "$orders" --shopper "$openid"
  echo growth-1234 | SHOP_DATABASE_URL=sqlite://$db "$RELEASE/server" --env-file "$ENV_FILE" \
    staff add bench --role owner --no-totp >/dev/null
  start "$db"
  curl -sf -c "$jar" -b "$jar" -H "Origin: $BASE" -d name=bench -d password=growth-1234 -o /dev/null "$BASE/console/sign-in"
  cookies=$(awk '$6 == "session" || $6 == "console" { printf "%s=%s; ", $6, $7 }' "$jar")
  for page in /orders /console/orders; do
    # what is asked for is there, and nobody is led to a login
    curl -sf -A "$agent" -H "Cookie: $cookies" "$BASE$page" | grep -q "/orders/20" || { echo "$page shows no order" >&2; exit 1; }
    load "$page" "$secs" 4 -s "$RIG/measure/get.lua" -H "Cookie: $cookies" -H "User-Agent: $agent" "$BASE$page"
  done
  # as many with many orders as with few, each once, behind some that warm it up
  export NPATH=/api/wechat/pay/callback
  FROM=0 TO=$((few / 5)) load warm-up 60 32 -s bench/notify-once.lua "$BASE" >&2
  FROM=$((few / 5)) TO=$few load notification 60 32 -s bench/notify-once.lua "$BASE"
  stop
done

# Measures whether the shop gets slower with more orders. It measures the user's order list, the console's order list and
# the payment notification with FEW and with MANY orders. A sync of the disk takes 2 ms. bench/run.sh sources this file and
# provides its variables and functions. Prints one JSON line for each measurement.
few=${FEW:-1000} many=${MANY:-1000000} jar=$scratch/growth.cookies
agent='Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/111.0 Mobile Safari/537.36 MicroMessenger/8.0.42 Language/zh_CN'

start_server() { # DATABASE
  SHOP_DATABASE_URL=sqlite://$1 "${slow[@]}" taskset -c 0 "$release/server" --env-file "$scratch/shop.env" 2>"$scratch/server.log" &
  server_pid=$!
  pids+=("$server_pid")
  for _ in $(seq 300); do curl -sf "$base/readyz" >/dev/null && return; sleep 0.1; done
  log "the server does not answer: $scratch/server.log"
  exit 1
}
load() { # NAME CONNECTIONS SECONDS ARGUMENTS-OF-WRK…
  local what=$1 connections=$2 secs=$3
  shift 3
  taskset -c 1 wrk -t1 "-c$connections" "-d${secs}s" "$@" | sed -n "s|^JSON {|{\"orders\":$orders,\"what\":\"$what\",|p"
}

# logs a user in
rm -f "$scratch"/growth-0.db* "$jar"
start_server "$scratch/growth-0.db"
curl -sfL -A "$agent" -c "$jar" -b "$jar" -o /dev/null "$base/orders"
openid=$(awk '$6 == "openId" { print $7 }' "$jar")
stop_server
for orders in "$few" "$many"; do
  fill "$scratch/growth-$orders.db" "$orders" --shopper "$openid"
  db=$scratch/growing.db
  rm -f "$db"* && cp "$scratch/growth-$orders.db" "$db" && sync "$db"
  echo growth-1234 | SHOP_DATABASE_URL=sqlite://$db "$release/server" --env-file "$scratch/shop.env" \
    staff add bench --role owner --no-totp >&2
  start_server "$db"
  curl -sf -c "$jar" -b "$jar" -H "Origin: $base" -d 'name=bench&password=growth-1234' -o /dev/null "$base/console/sign-in"
  cookies=$(sed 's/^#HttpOnly_//' "$jar" | awk '$6 == "session" || $6 == "console" { printf "%s=%s; ", $6, $7 }')
  for page in /orders /console/orders; do
    # checks that the page has orders and is not the login page
    curl -sf -A "$agent" -H "Cookie: $cookies" "$base$page" | grep -q "/orders/20" || { log "$page shows no order"; exit 1; }
    load "$page" 4 "$secs" -s "$rig/measure/get.lua" -H "Cookie: $cookies" -H "User-Agent: $agent" "$base$page"
  done
  # sends the same number of notifications with few and with many orders, each once, after a warm-up
  export NPATH=/api/wechat/pay/callback
  FROM=0 TO=$((few / 5)) load warm-up 32 5 -s bench/notify-once.lua "$base" >&2
  FROM=$((few / 5)) TO=$few load notification 32 5 -s bench/notify-once.lua "$base"
  stop_server
done
rm -f "$scratch"/growing.db*

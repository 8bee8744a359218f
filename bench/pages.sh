# Measures the CPU time of a request for each page of one shopper, beside the list page in the same run. The shopper has a cart
# and one unpaid order. bench/run.sh sources this file and provides its variables and functions. Prints one JSON line for
# each page and encoding.
jar=$scratch/pages.cookies
agent='Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/111.0 Mobile Safari/537.36 MicroMessenger/8.0.42 Language/zh_CN'

fetch() { curl -sf -A "$agent" -c "$jar" -b "$jar" -H "Origin: $base" "$@"; }
# user and system time of the server, in ticks
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$server_pid/stat"; }

rm -f "$scratch"/pages.db* "$jar"
SHOP_DATABASE_URL=sqlite://$scratch/pages.db taskset -c 0 "$release/server" --env-file "$scratch/shop.env" 2>"$scratch/server.log" &
server_pid=$!
pids+=("$server_pid")
for _ in $(seq 100); do curl -sf "$base/readyz" >/dev/null && break; sleep 0.1; done
fetch -L -o /dev/null "$base/orders"
for sku in mug-celadon-300 test-sticker-1; do fetch -o /dev/null -d "sku=$sku&quantity=2" "$base/cart"; done
order=$(fetch -o /dev/null -w '%{redirect_url}' -d 'sku=mug-celadon-450&quantity=1' "$base/orders" | grep -o 'orders/[0-9]*')
[ -n "$order" ] || { log "the shop placed no order: $scratch/server.log"; exit 1; }
cookies=$(sed 's/^#HttpOnly_//' "$jar" | awk 'NF == 7 { printf "%s=%s; ", $6, $7 }')
for encoding in br identity; do
  for page in / /products/mug-celadon /cart "/$order/confirm" "/$order" /orders /me '/search?q=%E6%9D%AF'; do
    for _ in $(seq "$reps"); do
      begin=$(ticks)
      result=$(taskset -c 1 wrk -t1 -c4 "-d${secs}s" -s "$rig/measure/get.lua" -H "Cookie: $cookies" \
        -H "User-Agent: $agent" -H "Accept-Encoding: $encoding" "$base$page" | sed -n 's/^JSON {//p')
      echo "{\"page\":\"${page/$order/ORDER}\",\"encoding\":\"$encoding\",\"ticks\":$(($(ticks) - begin)),$result"
    done
  done
done
stop_server

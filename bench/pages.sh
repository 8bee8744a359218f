# Measures the CPU time of a request for each page of one shopper: of the shop, beside the list page in the same run, and of the
# same pages on Node (bench/peers/pages.cjs) with a copy of the shop's database. The shopper has a cart and one unpaid order.
# bench/run.sh sources this file and provides its variables and functions. Prints one JSON line for each page and encoding.
jar=$scratch/pages.cookies
agent='Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/111.0 Mobile Safari/537.36 MicroMessenger/8.0.42 Language/zh_CN'

fetch() { curl -sf -A "$agent" -c "$jar" -b "$jar" -H "Origin: $base" "$@"; }
# user and system time of the server, in ticks
ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$server_pid/stat"; }

load_page() { # SECONDS ENCODING URL COOKIES
  taskset -c 1 wrk -t1 -c4 "-d${1}s" -s "$rig/measure/get.lua" -H "Cookie: $4" -H "User-Agent: $agent" \
    -H "Accept-Encoding: $2" "$3" | sed -n 's/^JSON {//p'
}

# SERVER BASE COOKIES PAGES…: measures the pages of the server with the pid server_pid
measure_pages() {
  local server=$1 server_base=$2 cookies=$3 encoding page begin result
  shift 3
  # what a browser sends, and no compression
  for encodings in 'gzip, deflate, br' identity; do
    encoding=${encodings##* }
    for page in "$@"; do
      load_page 2 "$encodings" "$server_base$page" "$cookies" >/dev/null # Node compiles what it runs often
      for _ in $(seq "$reps"); do
        begin=$(ticks)
        result=$(load_page "$secs" "$encodings" "$server_base$page" "$cookies")
        echo "{\"server\":\"$server\",\"page\":\"${page/$order/ORDER}\",\"encoding\":\"$encoding\",\"ticks\":$(($(ticks) - begin)),$result"
      done
    done
  done
}

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
openid=$(awk '$6 == "openId" { print $7 }' "$jar")
pages=(/products/mug-celadon /cart "/$order/confirm" "/$order" /orders /me '/search?q=%E6%9D%AF')
measure_pages ours "$base" "$cookies" / "${pages[@]}"
# the bytes of the product page with its style
echo "{\"server\":\"ours\",\"page\":\"/products/mug-celadon\",\"bytes\":$(curl -sf -H 'Accept-Encoding: br' "$base/products/mug-celadon" | wc -c)}"
stop_server

cp bench/peers/pages.cjs "$rig/peer-node/"
(cd "$rig/peer-node" && exec env PORT=3909 DB="$scratch/pages.db" SHOPPER="$openid" taskset -c 0 node pages.cjs) >"$scratch/peer.cookie" &
server_pid=$!
pids+=("$server_pid")
for _ in $(seq 100); do grep -q ^peer= "$scratch/peer.cookie" && break; sleep 0.1; done
cookies=$(cat "$scratch/peer.cookie")
for page in "${pages[@]}"; do
  curl -sf -o /dev/null -H "Cookie: $cookies" "http://127.0.0.1:3909$page" || { log "Node does not serve $page"; exit 1; }
done
measure_pages node http://127.0.0.1:3909 "$cookies" "${pages[@]}"
stop_server

# Measures how many orders the shop places in a second with 64 shoppers at a time, each order in a commit that is synced; a sync of
# the disk takes 2 ms. bench/run.sh sources this file and provides its variables and functions. Prints one JSON line for each run.
for _ in $(seq "$reps"); do
  rm -f "$scratch"/orders.db*
  for step in stock load; do
    SHOP_DATABASE_URL=sqlite://$scratch/orders.db "${slow[@]}" taskset -c 0 "$release/server" --env-file "$scratch/shop.env" \
      2>"$scratch/server.log" &
    server_pid=$!
    pids+=("$server_pid")
    for _ in $(seq 100); do curl -sf "$base/readyz" >/dev/null && break; sleep 0.1; done
    if [ "$step" = load ]; then
      SKU=mug-celadon-300 ORIGIN=$base taskset -c 1 wrk -t1 -c64 "-d${secs}s" -s bench/place-orders.lua "$base" | sed -n 's/^JSON //p'
    fi
    stop_server
    # the demo product has forty pieces
    sqlite3 "$scratch/orders.db" "UPDATE skus SET stock = 100000000 WHERE id = 'mug-celadon-300'"
  done
  placed=$(sqlite3 "$scratch/orders.db" 'SELECT count(*) FROM orders')
  log "$placed orders are in the database"
done

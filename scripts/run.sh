#!/usr/bin/env bash
# Starts the simulated WeChat and the shop, prints the addresses, and stops both when it is stopped.
# If the page of the simulated WeChat moves both clocks, the shop starts again with the same clock.
# These variables choose the ports, the data folder and the binary: SIMULATOR_PORT, TLS_PORT, PHONE_PORT, SHOP_PORT, RUN_DIR,
# SERVER. DEMO=0 leaves out the orders of the demo shopper.
set -euo pipefail
cd "$(dirname "$0")/.."
simulator_port=${SIMULATOR_PORT:-8900} tls_port=${TLS_PORT:-8943} phone_port=${PHONE_PORT:-8901} shop_port=${SHOP_PORT:-3000}
run_dir=${RUN_DIR:-data} server=${SERVER:-target/debug/server}
umask 077
mkdir -p "$run_dir"

# GET over bash's own sockets: a fresh machine may have no curl. Prints the body; fails unless the status is 200.
get() {
  local port=$1 path=$2 answer
  exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$path" "$port" >&3
  answer=$(cat <&3)
  exec 3>&-
  [[ $answer == HTTP/1.?\ 200* ]] && printf '%s\n' "${answer#*$'\r\n\r\n'}"
}

# Stops if another program uses one of the ports: the script would take it for the shop or for WeChat.
for port in "$simulator_port" "$tls_port" "$phone_port" "$shop_port"; do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "port $port is in use: is another 'make run' running? Stop it, or set SIMULATOR_PORT, TLS_PORT, PHONE_PORT and SHOP_PORT" >&2
    exit 1
  fi
done

# Waits until a process answers. Prints an error if the process has ended.
wait_for() {
  local name=$1 pid=$2 port=$3 path=$4
  for _ in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || { echo "$name has ended: see the lines above" >&2; exit 1; }
    if get "$port" "$path" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  echo "$name does not answer on port $port" >&2
  exit 1
}

pids=()
stop() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
}
trap stop EXIT
trap 'exit 0' INT TERM

target/debug/simulator --listen "127.0.0.1:$simulator_port" --tls-listen "127.0.0.1:$tls_port" \
  --phone-listen "127.0.0.1:$phone_port" --shop "http://127.0.0.1:$shop_port" --state "$run_dir/wechat.json" \
  --env-dir "$run_dir/keys" --jssdk end2end/node_modules/jweixin-module/lib/index.js \
  >"$run_dir/simulator.log" &
simulator_pid=$!
pids+=("$simulator_pid")
wait_for "the simulated WeChat" "$simulator_pid" "$simulator_port" /_simulator/env

[ -s "$run_dir/session.key" ] || od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$run_dir/session.key"
[ -s "$run_dir/data.key" ] || od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$run_dir/data.key"

# How far the simulated WeChat wants the shop's clock to be ahead, seconds.
clock_ahead() {
  get "$simulator_port" /_simulator/clock | sed -n 's/.*"shop_ahead_s":\([0-9][0-9]*\).*/\1/p'
}

# The templates of messages to shoppers, as the demo accounts of the simulated WeChat have them: a variable's begin, and an
# account.
templates() {
  local variable=$1 account=$2 name word fields
  while read -r name word fields; do
    echo "${variable}_$name=$(printf '%-43s' "$account-$word" | tr ' ' -):$fields"
  done <<'END'
PAID Paid character_string1=order,thing2=goods,amount3=amount,time4=time
SHIPPED Shipped character_string1=order,thing2=goods,thing3=carrier,character_string4=tracking,time5=time
REFUNDED Refunded character_string1=order,thing2=goods,amount3=amount,time4=time
RETURN_AGREED ReturnAgreed character_string1=order,thing2=goods,thing3=reason,time4=time
REFUND_DECLINED RefundDeclined character_string1=order,thing2=goods,amount3=amount,thing4=reason
EXPIRING Expiring character_string1=order,thing2=goods,amount3=amount,time4=time
END
}

# Writes the shop's configuration, with the clock of the simulated WeChat.
write_env() {
  {
    get "$simulator_port" /_simulator/env
    templates WECHAT_TEMPLATE ServiceNotice
    templates WECHAT_MINIPROGRAM_TEMPLATE MiniProgram
    echo "SHOP_CLOCK_OFFSET_S=$1"
    echo "SHOP_ADDR=127.0.0.1:$shop_port"
    echo "SHOP_HELP_PHONE=021-60000000"
    echo "SHOP_PICKUP=\"上海市徐汇区衡山路 1 号，9:00 至 21:00\""
    echo "SHOP_HELP_HOURS=9:00–21:00"
    echo "SHOP_SHIP_WITHIN_HOURS=48"
    echo "SHOP_OPERATOR=小店演示商贸有限公司"
    echo "SHOP_LICENCE=91310000MA1K000000"
    echo "SHOP_COMPLAINT_TELEPHONE=021-60000001"
    echo "SHOP_SEARCH_SYNONYMS=杯子,马克杯,mug;本子,笔记本,notebook;钢笔,pen"
    echo "SHOP_DATABASE_URL=${SHOP_DATABASE_URL:-sqlite://$run_dir/shop.db}"
    echo "SHOP_SESSION_KEYS=$(cat "$run_dir/session.key")"
    echo "SHOP_DATA_KEYS=$(cat "$run_dir/data.key")"
  } >"$run_dir/shop.env"
}

start_shop() {
  "$server" --env-file "$run_dir/shop.env" &
  shop_pid=$!
  pids=("$simulator_pid" "$shop_pid")
  wait_for "the shop" "$shop_pid" "$shop_port" /readyz
}

ahead_s=$(clock_ahead)
write_env "${ahead_s:-0}"
# one owner for the console, the first time; only this local shop may leave out the second factor
password= is_new=
if ! "$server" --env-file "$run_dir/shop.env" staff list 2>/dev/null | grep -q .; then
  [ -s "$run_dir/console.password" ] || od -An -N6 -tx1 /dev/urandom | tr -d ' \n' >"$run_dir/console.password"
  "$server" --env-file "$run_dir/shop.env" staff add demo --role owner --no-totp \
    <"$run_dir/console.password" >/dev/null 2>&1 || rm -f "$run_dir/console.password"
  is_new=1
fi
[ ! -s "$run_dir/console.password" ] || password=$(cat "$run_dir/console.password")
start_shop

cat <<END

  the phone (open this in any browser)   http://localhost:$phone_port/
  the simulated WeChat                   http://127.0.0.1:$simulator_port/
  outside WeChat, on a phone             http://localhost:$phone_port/_phone/user?mode=browser
  outside WeChat, at a desk              http://localhost:$phone_port/_phone/user?mode=desktop
  the merchant's console                 http://localhost:$phone_port/console
    sign in as demo with ${password:-the password that you gave}: on this machine without a second factor

  Pick something, tap 立即购买, then 微信支付, and confirm. Ctrl-C ends both.
  Back into WeChat: http://localhost:$phone_port/_phone/user?mode=iphone

END
# a new shop gets a shopper with orders, while the person looks at the first page
if [ -n "$is_new" ] && [ -n "$password" ] && [ "${DEMO:-1}" != 0 ]; then
  if orders=$(node scripts/demo.mjs "http://localhost:$phone_port" "http://127.0.0.1:$simulator_port" demo "$password"); then
    printf '  a shopper with orders in each state of an after-sale, and a balance:\n    %s\n\n' "$orders"
  else
    echo "  the demo shopper has not all of its orders: see the lines above. The shop works all the same." >&2
  fi
fi
while kill -0 "$simulator_pid" 2>/dev/null && kill -0 "$shop_pid" 2>/dev/null; do
  sleep 1
  now=$(clock_ahead || true)
  if [ -n "$now" ] && [ "$now" != "$ahead_s" ]; then
    ahead_s=$now
    echo "the clocks move to $ahead_s s ahead: starting the shop again"
    kill "$shop_pid"
    wait "$shop_pid" || true
    write_env "$ahead_s"
    start_shop
  fi
done

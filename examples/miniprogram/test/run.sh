#!/usr/bin/env bash
# Starts the simulator and the shop on free ports with a temporary folder, runs the tests of the mini program and stops
# both. `make test` calls it after it has built both. PAY_API is v2 or v3. With arguments it runs them as a command
# instead.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../../.. && pwd)
for needed in target/debug/server target/debug/simulator target/site/pkg; do
  [ -e "$root/$needed" ] || { echo "$needed is missing: run \`make test\`" >&2; exit 1; }
done

dir=$(mktemp -d /tmp/xiaodian-miniprogram.XXXXXX)
pid=
stop() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  wait
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

# the test must not use the developer's own configuration
unset ${!SHOP_@} ${!WECHAT_@}
# opens all four ports before it closes the first, so that they differ
read -r SIMULATOR_PORT TLS_PORT PHONE_PORT SHOP_PORT < <(node -e '
  const servers = [0, 0, 0, 0].map(() => require("net").createServer().listen(0, "127.0.0.1"));
  setTimeout(() => {
    console.log(servers.map(server => server.address().port).join(" "));
    servers.forEach(server => server.close());
  }, 50)')
ADMIN_KEY=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
SIMULATOR_PORT=$SIMULATOR_PORT TLS_PORT=$TLS_PORT PHONE_PORT=$PHONE_PORT SHOP_PORT=$SHOP_PORT RUN_DIR=$dir \
  SHOP_ADMIN_CLIENTS=test:$ADMIN_KEY WECHAT_PAY_API=${PAY_API:-v2} "$root/scripts/run.sh" >"$dir/log" 2>&1 &
pid=$!
for _ in $(seq 400); do
  grep -q 'Ctrl-C ends both' "$dir/log" && break
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.1
done
grep -q 'Ctrl-C ends both' "$dir/log" || { cat "$dir/log" >&2; exit 1; }
SESSION_KEY=$(cat "$dir/session.key")
DEMO_PASSWORD=$(cat "$dir/console.password")
SIMULATOR_URL=http://127.0.0.1:$SIMULATOR_PORT PHONE_URL=http://localhost:$PHONE_PORT SHOP_URL=http://127.0.0.1:$SHOP_PORT
export SIMULATOR_URL PHONE_URL SHOP_URL ADMIN_KEY SESSION_KEY DEMO_PASSWORD NO_PROXY='*' no_proxy='*'

if [ $# -eq 0 ]; then set -- node --test --test-reporter=spec ./*.test.js; fi
status=0
"$@" || status=$?
[ "$status" = 0 ] || cat "$dir/log" >&2
exit "$status"

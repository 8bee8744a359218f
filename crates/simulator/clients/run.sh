#!/usr/bin/env bash
# Starts a simulator on free ports, runs the client tests in this folder and stops the simulator. Prints only the output
# of the test runners. `make test` calls it. It needs the built simulator and the installed clients. With arguments it
# runs them as a command instead of the tests: `run.sh node --test node/tenpay-orders.test.js`.
set -euo pipefail
cd "$(dirname "$0")"
binary=${CARGO_TARGET_DIR:-../../../target}/debug/simulator
for needed in "$binary" node_modules/.installed .venv/.installed; do
  [ -e "$needed" ] || { echo "$needed is missing: run \`make test\`" >&2; exit 1; }
done

dir=$(mktemp -d /tmp/xiaodian-clients.XXXXXX)
pid=
stop() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  wait
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

: >"$dir/addresses"
"$binary" --listen 127.0.0.1:0 --tls-listen 127.0.0.1:0 --phone-listen 127.0.0.1:0 --shop http://127.0.0.1:9 \
  >"$dir/addresses" 2>"$dir/log" &
pid=$!
for _ in $(seq 300); do
  grep -q '^the phone' "$dir/addresses" && break
  kill -0 "$pid" 2>/dev/null || { cat "$dir/log" >&2; exit 1; }
  sleep 0.1
done
address() { sed -n "s|^$1  *\(https\{0,1\}://[^/]*\)/.*|\1|p" "$dir/addresses"; }
SIMULATOR_URL=$(address 'simulated WeChat')
SIMULATOR_TLS_URL=$(address 'the same over TLS')
[ -n "$SIMULATOR_URL" ] && [ -n "$SIMULATOR_TLS_URL" ] || { echo "the simulator did not start" >&2; exit 1; }
SIMULATOR_PHONE_URL=$(address 'the phone')
# the phone listens on IPv4; localhost can resolve to IPv6 first
SIMULATOR_PHONE_URL=${SIMULATOR_PHONE_URL/localhost/127.0.0.1}
export SIMULATOR_URL SIMULATOR_TLS_URL SIMULATOR_PHONE_URL CLIENTS_DIR=$dir

# the clients trust the simulator's certificate authority and the certificate of the tampering proxy
node node/write-keys.js
openssl pkcs12 -export -in "$dir/merchant_cert.pem" -inkey "$dir/merchant_key.pem" -out "$dir/merchant.p12" \
  -passout "file:$dir/mch_id"
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$dir/proxy_key.pem" -out "$dir/proxy_cert.pem" -days 2 \
  -subj '/CN=proxy' -addext 'subjectAltName=DNS:api.mch.weixin.qq.com,DNS:api.weixin.qq.com' \
  -addext 'keyUsage=critical,digitalSignature,keyCertSign' 2>>"$dir/log"
cat "$dir/ca.pem" "$dir/proxy_cert.pem" >"$dir/trusted.pem"
export NODE_EXTRA_CA_CERTS=$dir/trusted.pem REQUESTS_CA_BUNDLE=$dir/trusted.pem
export NO_PROXY='*' no_proxy='*' PYTHONDONTWRITEBYTECODE=1

if [ $# -gt 0 ]; then
  "$@"
  exit
fi
# one file at a time: they share the clock and the faults of one simulator. Deprecation warnings of the clients' own
# code do not help us
status=0
node --no-deprecation --test --test-concurrency=1 --test-reporter=spec node/*.test.js || status=$?
.venv/bin/python -W ignore -m unittest discover --start-directory python || status=$?
exit "$status"

#!/usr/bin/env bash
# Starts the simulated WeChat for a workflow of GitHub Actions, waits until it answers, and writes its addresses to
# GITHUB_ENV and GITHUB_OUTPUT. `action.yml` calls it; scripts/test-packages.sh tests it.
set -euo pipefail
folder=${ACTION_FOLDER:-$(cd "$(dirname "$0")/.." && pwd)}
if [ -z "${PROGRAM:-}" ]; then
  cargo build --release --manifest-path "$folder/Cargo.toml" -p simulator
  PROGRAM=${CARGO_TARGET_DIR:-$folder/target}/release/simulator
fi
temporary=${RUNNER_TEMP:-$(mktemp -d)}
keys=${KEY_FOLDER:-$temporary/wechat-keys}
options=(--listen "${LISTEN:-127.0.0.1:8900}" --tls-listen "${TLS_LISTEN:-127.0.0.1:8943}")
options+=(--phone-listen "${PHONE_LISTEN:-127.0.0.1:8901}" --shop "${SHOP:-http://127.0.0.1:3000}" --env-dir "$keys")
[ -z "${SEED:-}" ] || options+=(--seed "$SEED")

: >"$temporary/wechat-simulator.out"
# it must outlive this step
nohup "$PROGRAM" "${options[@]}" >"$temporary/wechat-simulator.out" 2>"$temporary/wechat-simulator.log" </dev/null &
pid=$!
until grep -q '^the phone' "$temporary/wechat-simulator.out"; do
  kill -0 "$pid" 2>/dev/null || { cat "$temporary/wechat-simulator.log" >&2; exit 2; }
  sleep 0.1
done
address() { sed -n "s|^$1  *\(https\{0,1\}://[^/]*\)/.*|\1|p" "$temporary/wechat-simulator.out"; }
url=$(address 'simulated WeChat')
tls_url=$(address 'the same over TLS')
phone_url=$(address 'the phone')
# the simulator itself says that it answers
curl --noproxy '*' -sf --retry 10 --retry-connrefused "$url/_simulator/ready" >/dev/null
printf 'url=%s\ntls-url=%s\nphone-url=%s\n' "$url" "$tls_url" "$phone_url" >>"${GITHUB_OUTPUT:-/dev/stdout}"
{
  printf 'WECHAT_SIMULATOR_URL=%s\nWECHAT_SIMULATOR_TLS_URL=%s\nWECHAT_SIMULATOR_PHONE_URL=%s\n' "$url" "$tls_url" "$phone_url"
  printf 'WECHAT_SIMULATOR_PID=%s\n' "$pid"
  curl --noproxy '*' -sf "$url/_simulator/env"
} >>"${GITHUB_ENV:-/dev/stdout}"

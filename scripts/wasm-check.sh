#!/usr/bin/env bash
# No JSON library in the browser's code, and every island is there. Looks at the symbols before wasm-bindgen and
# wasm-opt take them away.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet -p frontend --lib --target-dir target/front --target wasm32-unknown-unknown \
  --no-default-features --profile wasm-dev
wasm=target/front/wasm32-unknown-unknown/wasm-dev/frontend.wasm
# gloo-net, below server_fn, can print an error of serde_json: some hundred bytes. Its reader and writer are what weighs.
parts=$(grep -aoE '10serde_json[0-9]+[a-z]+|serde_json(\.\.|::)[a-z]+' "$wasm" | grep -vE 'error$' | sort -u || true)
if [ -n "$parts" ]; then
  echo "$parts"
  echo "serde_json has got into the browser's code: an island with props, or a server function with JSON?" >&2
  exit 1
fi
for island in LoginGate JsSdk QuantityStepper PayButton OrderStatusWatch; do
  grep -qa "$island" "$wasm" || { echo "the island $island is not linked" >&2; exit 1; }
done

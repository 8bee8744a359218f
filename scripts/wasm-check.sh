#!/usr/bin/env bash
# The browser's files as they will be released, in a folder of their own: no JSON library in them, every
# island there, and all of them within the budget of scripts/size-check.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
site=$PWD/target/weighed
rm -rf "$site"
# neither the files that a server beside it shows nor their list are touched
LEPTOS_SITE_ROOT=$site LEPTOS_HASH_FILE_NAME=weighed.txt cargo leptos build --release --precompress --frontend-only >/dev/null 2>"$site.log" ||
  { cat "$site.log" >&2; exit 1; }

# the symbols are there until wasm-bindgen and wasm-opt take them away
wasm=${CARGO_TARGET_DIR:-target}/front/wasm32-unknown-unknown/wasm-release/frontend.wasm
parts=$(grep -aoE '10serde_json[0-9]+[a-z]+|serde_json(\.\.|::)[a-z]+' "$wasm" | sort -u || true)
if [ -n "$parts" ]; then
  echo "$parts"
  echo "serde_json has got into the browser's code: an island with props, or a server function with JSON?" >&2
  exit 1
fi
scripts/size-check.sh "$site"

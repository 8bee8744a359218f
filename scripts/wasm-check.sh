#!/usr/bin/env bash
# Builds the browser's files as for a release, in a folder of their own. They must not contain serde_json, each island
# must be there, and their sizes must be within the budget of scripts/size-check.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
site=$PWD/target/weighed
# its own folder and hash file, so that a running server keeps its files
LEPTOS_SITE_ROOT=$site LEPTOS_HASH_FILE_NAME=weighed.txt cargo xtask frontend --release --precompress >/dev/null 2>"$site.log" ||
  { cat "$site.log" >&2; exit 1; }

# this file still has its symbols; wasm-bindgen and wasm-opt remove them
wasm=${CARGO_TARGET_DIR:-target}/front/wasm32-unknown-unknown/wasm-release/frontend.wasm
parts=$(grep -aoE '10serde_json[0-9]+[a-z]+|serde_json(\.\.|::)[a-z]+' "$wasm" | sort -u || true)
if [ -n "$parts" ]; then
  echo "$parts"
  echo "the WebAssembly contains serde_json: does an island have props, or a server function use JSON?" >&2
  exit 1
fi
scripts/size-check.sh "$site"

#!/usr/bin/env bash
# Prints the brotli sizes of the list page's first load in bytes: the HTML, the script and the WebAssembly.
# usage: bench/first-load.sh BASE SITE
set -euo pipefail
base=$1 site=$2
html=$(curl -sf -H 'Accept-Encoding: br' "$base/" | wc -c)
page=$(curl -sf "$base/")
size() { # the compressed file of the URL in the page
  local path
  path=$(grep -oE "/pkg/xiaodian\.[A-Za-z0-9_-]+\.$1" <<<"$page" | head -1)
  stat -c %s "$site$path.br"
}
printf '{"html":%s,"js":%s,"wasm":%s}\n' "$html" "$(size js)" "$(size wasm)"

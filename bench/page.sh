#!/usr/bin/env bash
# Measures the first paint of the list page and a tap on the quantity stepper of the product page, for a logged-in user.
# Also measures the minimal page "floor". It uses the program of the peers with three changes: one cookie, the value of
# input elements, and a configurable wait time.
# usage: bench/page.sh RIG BASE
set -euo pipefail
rig=$1 base=$2
cd "$rig/measure"
sed -e "s|const p = await ctx.newPage()|await ctx.addCookies([{ name: 'openId', value: 'oBench', url: a.url }]); &|" \
  -e 's|timeout: 40000|timeout: +(process.env.WAIT \|\| 40000)|' \
  -e 's|e.textContent.trim()|(e.value ?? e.textContent).trim()|' page.mjs >page-logged-in.mjs
measure() {
  for net in fast4g slow4g; do
    node page-logged-in.mjs --name "$1" --url "$2" --click "$3" --expect "$4" --runs "${RUNS:-7}" --cpu 4 --net "$net"
  done
}
PORT=4205 node floor.mjs &
floor=$!
trap 'kill "$floor"' EXIT
sleep 1
measure floor http://localhost:4205/ .add .cart
# the list page has no button to tap, so only its paint is measured
WAIT=4000 measure ours-list "$base/" .none .none
measure ours-product "$base/products/mug-celadon" '.stepper button:last-of-type' '.stepper input'

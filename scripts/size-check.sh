#!/usr/bin/env bash
# The size budget of the browser's files, in bytes of brotli. It fails for a file that is too big, for a file that is too
# small (then something is not linked), and for a missing island. With an address, it also measures the list page there.
# usage: scripts/size-check.sh [SITE [BASE]]
set -euo pipefail
cd "$(dirname "$0")/.."
site=${1:-target/site} base=${2:-}
failed=
# arguments: name, bytes, minimum, maximum
weigh() {
  printf '%-5s %6d bytes, budget %d to %d\n' "$1" "$2" "$3" "$4"
  if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
    echo "the $1 is outside its budget: which code is new, or missing?" >&2
    failed=1
  fi
}
compressed_size() {
  local files=("$site"/pkg/xiaodian.*."$1".br)
  [ ${#files[@]} = 1 ] && [ -s "${files[0]}" ] || { echo "$site/pkg does not have exactly one $1 file: build with cargo xtask frontend --release --precompress" >&2; exit 1; }
  stat -c %s "${files[0]}"
}
weigh wasm "$(compressed_size wasm)" 60000 65600
weigh js "$(compressed_size js)" 4400 5150
weigh css "$(compressed_size css)" 1300 1900
if [ -n "$base" ]; then
  weigh html "$(curl -sf -H 'Accept-Encoding: br' "$base/" | wc -c)" 3500 5150
fi
islands=$(grep -hA1 '^#\[island\]' app/src/islands/*.rs | sed -n 's/^pub fn \([A-Za-z]*\)(.*/\1/p')
[ -n "$islands" ] || { echo "app/src/islands has no island" >&2; exit 1; }
for island in $islands; do
  grep -qE "export function ${island}_" "$site"/pkg/xiaodian.*.js || { echo "the island $island is not linked" >&2; failed=1; }
done
[ -z "$failed" ]

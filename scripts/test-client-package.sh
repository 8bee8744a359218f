#!/usr/bin/env bash
# Packs the client as for the registry and uses it as another project would: a package in an empty folder depends on the
# packed crate alone, compiles the code of both READMEs, and pays an order at the simulated WeChat. `make test-packages`
# calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}") port=${PACKAGE_PORT:-3970}
folder=$(mktemp -d)
simulator=
stop() {
  trap - EXIT INT TERM
  [ -z "$simulator" ] || { kill "$simulator" 2>/dev/null && wait "$simulator" 2>/dev/null; } || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 1' INT TERM

echo "packing the client"
cargo package -q -p weixin --no-verify --allow-dirty
packed=$(ls -t "$target"/package/weixin-*.crate | head -1)
if tar tzf "$packed" | grep -E '/fuzz/'; then
  echo "the packed crate contains the corpus: see exclude in crates/wechat/Cargo.toml" >&2
  exit 1
fi
tar xzf "$packed" -C "$folder"
crate=$folder/$(basename "$packed" .crate)
echo "$(basename "$packed"): $(wc -c <"$packed") bytes"

mkdir -p "$folder/shop/src"
cat >"$folder/shop/Cargo.toml" <<TOML
[package]
name = "a-shop"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
weixin = { path = "../$(basename "$crate")" }
jiff = "0.2"
reqwest = { version = "0.13", default-features = false, features = ["rustls"] }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
TOML
# the same versions as the workspace, so that this test changes only with the repository
cp Cargo.lock "$folder/shop/Cargo.lock"

# each block of Rust in the READMEs becomes a module; "# " marks the lines that the rendered page hides
count=0
for readme in "$crate/README.md" "$crate/README.zh-CN.md"; do
  before=$count
  while read -r block; do
    count=$((count + 1))
    sed -e 's/^# //' -e 's/^#$//' "$block" >"$folder/shop/src/readme_$count.rs"
    echo "#[allow(dead_code)] mod readme_$count;" >>"$folder/shop/src/lib.rs"
  done < <(awk -v out="$folder/$(basename "$readme")" '
    /^```rust/ { inside = 1; file = sprintf("%s.%02d", out, ++n); print file; next }
    /^```/ { inside = 0 }
    inside { print >file }' "$readme")
  [ "$count" -gt "$before" ] || { echo "$(basename "$readme") has no Rust code" >&2; exit 1; }
done
cp -r "$crate/examples/simulator" "$folder/shop/src/simulator"
mkdir "$folder/shop/src/bin"
for version in jsapi_order jsapi_order_v3; do
  sed 's/^mod simulator;/#[path = "..\/simulator\/mod.rs"]\nmod simulator;/' "$crate/examples/$version.rs" >"$folder/shop/src/bin/$version.rs"
done

echo "building a project that depends on the packed crate and contains $count blocks of its READMEs"
(cd "$folder/shop" && CARGO_TARGET_DIR="$target" cargo build -q --bins --lib)

"$target/debug/simulator" --listen 127.0.0.1:"$port" --tls-listen 127.0.0.1:0 --phone-listen 127.0.0.1:0 >"$folder/simulator.log" 2>&1 &
simulator=$!
for _ in $(seq 100); do curl -sf "http://127.0.0.1:$port/_simulator/account" >/dev/null && break; sleep 0.1; done
for version in jsapi_order jsapi_order_v3; do
  "$target/debug/$version" "http://127.0.0.1:$port" | tee "$folder/output"
  grep -qE '^paid: (1990 fen|SUCCESS)' "$folder/output" || { echo "$version did not pay" >&2; cat "$folder/simulator.log" >&2; exit 1; }
done
echo "test result: ok. the packed client paid with V2 and with V3"

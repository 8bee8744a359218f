#!/usr/bin/env bash
# Builds the images localhost/xiaodian and localhost/wechat-simulator. `make images` calls it.
# It needs musl-tools, buildah and Rust's target x86_64-unknown-linux-musl.
set -euo pipefail
cd "$(dirname "$0")/.."
musl=x86_64-unknown-linux-musl
for needed in musl-gcc buildah file; do
  command -v "$needed" >/dev/null || { echo "$needed is missing: apt-get install musl-tools buildah file" >&2; exit 1; }
done
rustup target add "$musl" >/dev/null 2>&1

echo "the browser's files"
cargo xtask frontend --release --precompress
echo "the static programs (some minutes the first time)"
CC_x86_64_unknown_linux_musl=musl-gcc cargo build --release -p server -p simulator --target "$musl"
target=${CARGO_TARGET_DIR:-target}
echo "the images"
deploy/image/build.sh "$target/$musl/release/server" "$target/release/hash.txt" "$target/site" localhost/xiaodian
crates/simulator/packages/oci/build.sh "$target/$musl/release/simulator" localhost/wechat-simulator

#!/usr/bin/env bash
# Packs the client and the simulator for the Rust registry, and builds each from its packed files. It publishes nothing.
# The simulator is the package `simulator` here, for `cargo run -p simulator`, and `wechat-simulator` in the registry, where
# the short name is taken. The files are in target/package-source/target/package.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
source=$target/package-source

rm -rf "$source/crates"
mkdir -p "$source"
# files that are not committed yet count too
{ git ls-files; git ls-files --others --exclude-standard; } |
  grep -E '^(Cargo\.(toml|lock)|LICENSE-.*|rustfmt\.toml|clippy\.toml|crates/(wechat|simulator)/)' |
  while read -r file; do [ -e "$file" ] && echo "$file"; done | sort -u | xargs -d '\n' cp --parents -t "$source"
for crate in wechat simulator; do cp LICENSE-APACHE LICENSE-MIT "$source/crates/$crate/"; done

version=$(sed -n '/^\[workspace.package\]/,/^$/s/^version = "\(.*\)"/\1/p' Cargo.toml)
sed -i -E \
  -e 's|^members = .*|members = ["crates/simulator", "crates/wechat"]|' \
  -e '/^(exclude|default-members) = /d' \
  -e 's|^publish = false|publish = true|' \
  -e "s|^wechat = \{ |wechat = { version = \"$version\", |" \
  "$source/Cargo.toml"
# the program has the name of the package; the library keeps its name
sed -i -E \
  -e '/^\[(package|\[bin)\]/,/^$/s|^name = "simulator"|name = "wechat-simulator"|' \
  -e 's|^\[\[bin\]\]|[lib]\nname = "simulator"\n\n[[bin]]|' \
  "$source/crates/simulator/Cargo.toml"

cargo package --manifest-path "$source/Cargo.toml" --workspace --allow-dirty --target-dir "$source/target" "$@"
ls -l "$source"/target/package/*.crate

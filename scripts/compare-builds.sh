#!/usr/bin/env bash
# Shows that cargo-leptos and `cargo xtask frontend` write the same files, for development and for a release. It needs
# cargo-leptos and wasm-bindgen-cli, which nothing else here needs. `make compare-builds` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
need() {
  "$1" --version 2>/dev/null | grep -qw "$2" || { echo "$1 $2 is missing: cargo install --locked $3 --version $2" >&2; exit 1; }
}
need cargo-leptos 0.3.10 "cargo-leptos --features no_downloads"
need wasm-bindgen "$bindgen" wasm-bindgen-cli

folder=$PWD/target/compared
rm -rf "$folder"
mkdir "$folder"
# beside the binaries, where a running server keeps its own
export LEPTOS_HASH_FILE_NAME=compared.txt
# a gzip file also holds the time of its writing, so what is packed in it is compared
packed() { (cd "$1" && find . -name '*.gz' | sort | while read -r file; do echo "$file $(gunzip -c "$file" | sha256sum)"; done); }
# PROFILE ARGUMENTS: builds with both and compares
compare() {
  local hashes=${CARGO_TARGET_DIR:-target}/$1/compared.txt theirs=$folder/leptos-$1 ours=$folder/xtask-$1
  echo "$1"
  LEPTOS_SITE_ROOT=$theirs cargo leptos build --frontend-only "${@:2}"
  mv "$hashes" "$theirs/hash.txt"
  LEPTOS_SITE_ROOT=$ours cargo xtask frontend "${@:2}"
  mv "$hashes" "$ours/hash.txt"
  if ! diff -r --exclude='*.gz' "$theirs" "$ours" || ! diff <(packed "$theirs") <(packed "$ours"); then
    echo "the files differ: see the lines above; they are in $folder" >&2
    exit 1
  fi
  echo "the same $(find "$ours" -type f | wc -l) files"
}
compare debug
compare release --release --precompress
rm -rf "$folder"

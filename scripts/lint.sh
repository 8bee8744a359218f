#!/usr/bin/env bash
# Checks the format, clippy (warnings are errors) for the server and for WebAssembly, the documentation, where SQL is, the
# types of the browser tests, the licences, and what the browser's files contain.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
# a workspace of its own
cargo fmt --check --manifest-path crates/wechat/fuzz/Cargo.toml
cargo clippy --all-targets -- -D warnings
# these run in the browser, or can
for package in frontend model weixin; do
  cargo clippy -p "$package" --no-default-features --target wasm32-unknown-unknown -- -D warnings
done
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --quiet --workspace --exclude frontend --exclude server
cargo doc --no-deps --quiet -p server --lib

# SQL and its driver are in crates/store only; tests use crates/test-support
manifests=$(git ls-files '*Cargo.toml' ':!crates/store/Cargo.toml' ':!Cargo.toml')
if grep -nE '^(sqlx|rusqlite)\b' $manifests; then
  echo "only crates/store may depend on sqlx and rusqlite" >&2
  exit 1
fi
sources=$(git ls-files '*.rs' ':!crates/store/**')
if grep -nE '"\s*(SELECT|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM|(CREATE|ALTER|DROP) (TABLE|INDEX|TRIGGER|DATABASE)) ' $sources; then
  echo "SQL belongs to crates/store: add a function there, or to its testing module" >&2
  exit 1
fi

# Leptos writes the text of these elements without escaping it
if grep -rnE '<(textarea|title|Title|style|script|noscript)\b|<!--|inner_html' app/src --include='*.rs' | grep -v '^app/src/raw_text.rs:'; then
  echo "use the components of app/src/raw_text.rs instead: they escape what a person typed" >&2
  exit 1
fi

tree=$(cargo tree -p frontend --target wasm32-unknown-unknown --edges normal --prefix none)
if grep -E '^(tokio|sqlx|rusqlite|reqwest|hyper|axum)( |-)' <<<"$tree"; then
  echo "the crates above must not be part of the browser's code" >&2
  exit 1
fi
# Playwright runs the tests without checking their types
end2end/node_modules/.bin/tsc -p end2end

scripts/deny.sh if-there
# leptos depends on serde_json, so the tree cannot show it: look into the linked file (two minutes the first time)
scripts/wasm-check.sh

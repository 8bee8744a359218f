#!/usr/bin/env bash
# Checks licences, sources, unwanted crates and known vulnerabilities of everything in Cargo.lock. The rules are in deny.toml.
# cargo-deny takes many minutes to compile, so `make setup` does not install it. The check runs where it is installed.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v cargo-deny >/dev/null 2>&1; then
  message="cargo-deny is not here: licences and advisories are not checked (cargo install --locked cargo-deny)"
  if [ "${1:-}" = if-there ]; then
    echo "$message"
    exit
  fi
  echo "$message" >&2
  exit 1
fi
# `make deny` lists crates with two versions; that is not an error
level=warn
[ "${1:-}" != if-there ] || level=error
cargo deny --log-level "$level" check --hide-inclusion-graph licenses bans sources
if cargo deny --log-level off fetch db >/dev/null 2>&1; then
  cargo deny --log-level "$level" --offline check advisories
else
  echo "the database of advisories cannot be fetched from here: they are not checked"
fi

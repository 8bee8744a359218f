#!/usr/bin/env bash
# Installs what is missing for a build, and with the argument "test" what is missing for the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/disk.sh

need() {
  command -v "$1" >/dev/null 2>&1 || { echo "$1 is missing: $2" >&2; exit 1; }
}
need cargo "install Rust 1.95 or newer, https://rustup.rs"
need node "install Node.js 20.10 or newer"
need npm "install npm"
need cc "apt-get install build-essential"

# Installs Debian packages, as root or with sudo. Without both, it prints the command.
debian() {
  local missing=()
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing+=("$package")
  done
  [ ${#missing[@]} = 0 ] && return
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      echo "please run: sudo apt-get update && sudo apt-get install -y ${missing[*]}" >&2
      exit 1
    fi
    sudo=(sudo)
  fi
  echo "installing ${missing[*]}"
  "${sudo[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# The third-party clients that test the simulator.
clients() {
  cd crates/simulator/clients
  if [ ! -e node_modules/.installed ] || [ package.json -nt node_modules/.installed ]; then
    echo "installing the npm clients"
    npm install --no-fund --no-audit --loglevel=error
    touch node_modules/.installed
  fi
  if [ ! -e .venv/.installed ] || [ requirements.txt -nt .venv/.installed ]; then
    echo "installing the Python client"
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
    touch .venv/.installed
  fi
}

# A build from nothing and the databases of the tests need 25 GB; `target` may have a part of it already.
enough_disk() {
  local built=0
  [ ! -d target ] || built=$(du -sk target | awk '{ print int($1 / 1048576) }')
  local missing=$((25 - built - $(free_gb .)))
  [ "$missing" -le 0 ] || echo "the disk may be too small for make test: about $missing GB are missing" >&2
}

if [ "${1:-}" = test ]; then
  enough_disk
  debian chromium fonts-noto-cjk openssl postgresql python3-venv
  clients
  exit
fi

if ! rustup target list --installed 2>/dev/null | grep -qx wasm32-unknown-unknown; then
  echo "adding Rust's wasm32 target"
  rustup target add wasm32-unknown-unknown
fi

# not `npm ci`: it fails if the lock file does not list the optional packages of this platform
if [ ! -e end2end/node_modules/.installed ] || [ end2end/package.json -nt end2end/node_modules/.installed ]; then
  echo "installing the npm packages"
  (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --no-fund --no-audit --loglevel=error)
  touch end2end/node_modules/.installed
fi

# the simulator looks for the JS-SDK script beside itself
for profile in debug release; do
  folder=${CARGO_TARGET_DIR:-target}/$profile
  mkdir -p "$folder"
  ln -sf "$PWD/end2end/node_modules/jweixin-module/lib/index.js" "$folder/jweixin-1.6.0.js"
done

#!/usr/bin/env bash
# Builds the packages of the simulator and runs the sample test of each. `make test-packages` calls it.
# It needs musl-tools, buildah, the clients of `make test`, Rust's target x86_64-unknown-linux-musl, and pip and npm with a registry.
set -euo pipefail
cd "$(dirname "$0")/.."
musl=x86_64-unknown-linux-musl
packages=$PWD/crates/simulator/packages

echo "the static program"
CC_x86_64_unknown_linux_musl=musl-gcc cargo build --release -p simulator --target "$musl"
program=$(realpath "${CARGO_TARGET_DIR:-target}/$musl/release/simulator")
folder=$(mktemp -d)
pid=
stop() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

file "$program" | grep -q "static" || { echo "$program is not static" >&2; exit 1; }
mkdir "$folder/empty"
# nothing of this machine except the program
(cd "$folder/empty" && env -i "$program" --help >/dev/null)

echo "the Python wheel"
wheel=$(python3 "$packages/python/build_wheel.py" "$program" "$folder")
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pytest \
  -r crates/simulator/clients/requirements.txt "$wheel"
(cd "$folder/empty" && "$folder/venv/bin/pytest" -q -p no:cacheprovider "$packages/python/tests")

echo "the npm package"
node "$packages/node/build.js" "$program" "$folder/npm"
mkdir "$folder/project"
cp "$packages/node/test/sample.test.js" "$folder/project/"
(
  cd "$folder/project"
  echo '{"private":true,"type":"module"}' >package.json
  platform=$(npm pack --silent --pack-destination . ../npm/wechat-simulator-linux-x64)
  main=$(npm pack --silent --pack-destination . ../npm/wechat-simulator)
  npm install --no-fund --no-audit --loglevel=error "./$platform" "./$main" wechatpay-axios-plugin@0.9.6
  node --no-deprecation --test sample.test.js
)

echo "the image"
"$packages/oci/build.sh" "$program" localhost/wechat-simulator >/dev/null
container=$(buildah --storage-driver vfs from localhost/wechat-simulator)
root=$(buildah --storage-driver vfs mount "$container")
[ "$(find "$root" -type f | wc -l)" = 1 ] || { echo "the image has more than the program" >&2; exit 1; }
: >"$folder/addresses"
chroot "$root" /wechat-simulator --listen 127.0.0.1:0 --tls-listen 127.0.0.1:0 --phone-listen 127.0.0.1:0 >"$folder/addresses" &
pid=$!
for _ in $(seq 100); do grep -q '^the phone' "$folder/addresses" && break; sleep 0.1; done
url=$(sed -n 's|^simulated WeChat  *\(http://[^/]*\)/.*|\1|p' "$folder/addresses")
curl --noproxy '*' -sf "$url/_simulator/ready" | grep -q '"ready":true'
kill "$pid"
pid=
buildah --storage-driver vfs rm "$container" >/dev/null
echo "the recipes for Go, PHP and Java"
SIMULATOR_PROGRAM=$program crates/simulator/clients/run.sh recipes/run.sh

echo "the action"
cat >"$folder/seed.toml" <<'TOML'
[[merchants]]
mch_id = "1900000998"
TOML
: >"$folder/environment"
PROGRAM=$program LISTEN=127.0.0.1:0 TLS_LISTEN=127.0.0.1:0 PHONE_LISTEN=127.0.0.1:0 SEED=$folder/seed.toml \
  RUNNER_TEMP=$folder GITHUB_ENV=$folder/environment GITHUB_OUTPUT=$folder/output scripts/start-simulator.sh
pid=$(sed -n 's/^WECHAT_SIMULATOR_PID=//p' "$folder/environment")
grep -qx 'WECHAT_MCH_ID=1900000998' "$folder/environment" && grep -q '^tls-url=https://' "$folder/output"
kill "$pid"
pid=

echo "the packed crates"
scripts/package.sh --quiet
echo "all packages work"

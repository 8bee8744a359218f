#!/usr/bin/env bash
# Builds the packages of the simulator and runs the sample test of each. `make test-packages` calls it.
# It needs musl-tools, buildah, the clients of `make test`, Rust's target x86_64-unknown-linux-musl, and pip and npm with a registry.
set -euo pipefail
cd "$(dirname "$0")/.."
musl=x86_64-unknown-linux-musl
packages=$PWD/crates/simulator/packages

folder=$(mktemp -d)
mkdir "$folder/empty"
pid=
stop() {
  [ -z "$pid" ] || kill "$pid" 2>/dev/null || true
  rm -rf "$folder"
}
trap stop EXIT

echo "the packed crates"
scripts/package.sh --quiet
source=$(realpath "${CARGO_TARGET_DIR:-target}/package-source")

echo "the Python wheel, with the static program"
python3 -m venv "$folder/maturin"
"$folder/maturin/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.16,<2'
(
  cd "$source/crates/simulator/packages/python"
  # the program is static, so it runs with every C library
  CC_x86_64_unknown_linux_musl=musl-gcc CARGO_TARGET_DIR=$source/target "$folder/maturin/bin/maturin" build --quiet \
    --release --target "$musl" --compatibility manylinux2014 musllinux_1_1 --out "$folder/wheel"
)
wheel=$(ls "$folder"/wheel/*.whl)
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pytest \
  -r crates/simulator/clients/requirements.txt "$wheel"
(cd "$folder/empty" && "$folder/venv/bin/pytest" -q -p no:cacheprovider "$packages/python/tests")

echo "the program alone"
program=$folder/venv/bin/wechat-simulator
file "$program" | grep -q "static" || { echo "$program is not static" >&2; exit 1; }
# nothing of this machine except the program
(cd "$folder/empty" && env -i "$program" --help >/dev/null)

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
echo "all packages work"

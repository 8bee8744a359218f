#!/usr/bin/env bash
# The short form of `make test-packages`: the Python modules and the npm package with the debug program, without a registry,
# and the sample test of each. `make test` calls it. It needs the program and the clients.
set -euo pipefail
cd "$(dirname "$0")/.."
packages=$PWD/crates/simulator/packages clients=$PWD/crates/simulator/clients
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/empty"
# without the debug information, which is most of the file
strip -o "$folder/simulator" "${CARGO_TARGET_DIR:-target}/debug/simulator"

# modules that are on the path only have no entry points, so the fixtures are named here
(
  cd "$folder/empty"
  SIMULATOR_PROGRAM=$folder/simulator PYTHONPATH=$packages/python PYTHONDONTWRITEBYTECODE=1 PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 \
    "$clients/.venv/bin/python" -m pytest -q -p no:cacheprovider -p wechat_simulator.pytest_plugin "$packages/python/tests"
)

node "$packages/node/build.js" "$folder/simulator" "$folder/npm"
modules=$folder/project/node_modules
mkdir -p "$modules"
cp -r "$folder/npm/"* "$modules/"
ln -s "$clients/node_modules/wechatpay-axios-plugin" "$modules/"
cp "$packages/node/test/sample.test.js" "$folder/project/"
echo '{"private":true,"type":"module"}' >"$folder/project/package.json"
(cd "$folder/project" && node --no-deprecation --test sample.test.js)
echo "test result: ok. the Python modules and the npm package pay an order"

#!/usr/bin/env bash
# Runs every test: unit and integration on SQLite and PostgreSQL, third-party clients with the simulator, the example mini
# program, the packages, three machines, then the browser. `make test` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/disk.sh

# Says so if the disk is full: the tests then fail with other words.
low_disk() {
  for folder in . /tmp; do
    [ "$(free_gb "$folder")" -ge 1 ] || echo "the disk of $(realpath "$folder") is full: please free some space" >&2
  done
}

# Runs a stage. In CI a busy machine may be too slow for one test, so a stage that failed runs once more there.
stage() {
  "$@" && return
  low_disk
  [ -n "${CI:-}" ] || return 1
  echo "FAILED, and CI tries it once more: $*" >&2
  "$@"
}

echo "unit and integration tests, on SQLite and on PostgreSQL"
stage scripts/with-postgres.sh cargo test
echo "lists on a standby of PostgreSQL"
stage env POSTGRES_STANDBY=1 scripts/with-postgres.sh cargo test --test standby -- --ignored
echo "third-party clients, with the simulator"
stage crates/simulator/clients/run.sh
echo "the example mini program, with the simulator and the shop, with V2 and with V3"
for api in v2 v3; do stage env PAY_API=$api examples/miniprogram/test/run.sh; done
echo "the packed client, as another project uses it"
stage scripts/test-client-package.sh
echo "the Python modules and the npm package of the simulator"
stage scripts/test-packages-short.sh
echo "three machines: two lost leaders, the short form of make soak-ha"
if [ "$(id -u)" = 0 ] && ip netns add xd-trial 2>/dev/null; then
  ip netns del xd-trial
  stage env HA_SHOPS=0 HA_WAYS=kill SOAK_KILLS=2 SOAK_ORDERS=100 scripts/ha.sh scripts/soak-ha.sh
else
  echo "skipped: network namespaces need root; run it with: sudo make soak-ha"
fi
echo "browser tests"
(cd end2end && npx playwright test)

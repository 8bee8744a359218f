#!/usr/bin/env bash
# Runs every test: unit and integration on SQLite and PostgreSQL, third-party clients with the simulator, the example mini
# program, then the browser. `make test` calls it.
set -euo pipefail
cd "$(dirname "$0")/.."
echo "unit and integration tests, on SQLite and on PostgreSQL"
scripts/with-postgres.sh cargo test
echo "lists on a standby of PostgreSQL"
POSTGRES_STANDBY=1 scripts/with-postgres.sh cargo test --test standby -- --ignored
echo "third-party clients, with the simulator"
crates/simulator/clients/run.sh
echo "the example mini program, with the simulator and the shop, with V2 and with V3"
for api in v2 v3; do PAY_API=$api examples/miniprogram/test/run.sh; done
echo "the packed client, as another project uses it"
scripts/test-client-package.sh
echo "the Python wheel and the npm package of the simulator, in their short form"
scripts/test-packages-short.sh
echo "browser tests"
(cd end2end && npx playwright test)

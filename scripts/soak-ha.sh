#!/usr/bin/env bash
# The crash test of tests/soak on the three machines of deploy/ha: shoppers buy while the database fails over. SOAK_KILLS says how
# often. scripts/ha.sh calls it; `make soak-ha` does both.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/ha-control.sh
export SOAK_DISTURB=$PWD/scripts/ha-disturb.sh SOAK_KILLS=${SOAK_KILLS:-28} SOAK_ORDERS=${SOAK_ORDERS:-1000}
export TEST_POSTGRES_URL="postgres://shop:$HA_SHOP_PASSWORD@$(ha_address 3):5000/shop"
cargo test --test soak -- --ignored --nocapture fails_over
echo "fail-overs: $(wc -l <"$HA_DIR/failovers")"

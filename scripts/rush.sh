#!/usr/bin/env bash
# Runs the long rush: 20,000 shoppers want 100 pieces, on one server with SQLite, then on two servers with PostgreSQL. Both parts
# run; it fails if a check of one of them fails. `make rush` calls it. SERVER: another program than target/release/server.
set -euo pipefail
cd "$(dirname "$0")/.."
server=${SERVER:-target/release/server}
failed=0
echo "one server, SQLite"
target/debug/rush --server "$server" "$@" || failed=1
echo "two servers, PostgreSQL"
scripts/with-postgres.sh bash -c 'target/debug/rush --server "$0" --servers 2 --database "$TEST_POSTGRES_URL" "$@"' "$server" "$@" || failed=1
exit $failed

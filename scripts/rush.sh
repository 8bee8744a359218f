#!/usr/bin/env bash
# Runs the long rush: 20,000 shoppers want 100 pieces, on one server with SQLite, then on two servers with PostgreSQL. Both parts
# run; it fails if a check of one of them fails. `make rush` calls it. SERVER: another program than target/release/server.
# The shoppers have the last core for themselves: in life their phones do this work. The servers and the database share the others.
set -euo pipefail
cd "$(dirname "$0")/.."
server=${SERVER:-target/release/server} last=$(($(nproc) - 1))
((last > 0)) || { echo "the rush needs two cores: one for the servers, one for the shoppers" >&2; exit 1; }
servers_cores=(taskset --cpu-list "0-$((last - 1))")
failed=0
echo "one server, SQLite"
"${servers_cores[@]}" target/release/rush --server "$server" --load-core $last "$@" || failed=1
echo "two servers, PostgreSQL"
"${servers_cores[@]}" scripts/with-postgres.sh bash -c \
  'target/release/rush --server "$0" --servers 2 --database "$TEST_POSTGRES_URL" --load-core "$@"' "$server" $last "$@" || failed=1
exit $failed

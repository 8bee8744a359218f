#!/usr/bin/env bash
# Runs a command with its own PostgreSQL cluster; TEST_POSTGRES_URL is its address. The cluster is in a temporary folder,
# listens only on a socket there, and is deleted when the command ends. With POSTGRES_STANDBY=1 it has a standby, whose
# address is TEST_POSTGRES_STANDBY_URL.
set -euo pipefail
. "$(dirname "$0")/postgres.sh"
folder=$(mktemp -d /tmp/xiaodian-pg.XXXXXX)
postgres_owns "$folder"
stop() {
  for data in standby data; do
    [ ! -d "$folder/$data" ] || stop_cluster "$folder/$data"
  done
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM
options="-k $folder -c listen_addresses= -c fsync=off -c max_connections=400"
{
  init_cluster "$folder/data" &&
    start_cluster "$folder/data" "$options" &&
    if [ -n "${POSTGRES_STANDBY:-}" ]; then
      postgres "$bin/pg_basebackup" -h "$folder" -U shop -D "$folder/standby" -R -c fast &&
        start_cluster "$folder/standby" "$options -p 5433"
    fi
} >"$folder.log" 2>&1 ||
  { cat "$folder.log" "$folder"/*/log >&2 2>/dev/null; rm -f "$folder.log"; echo "PostgreSQL did not start" >&2; exit 1; }
rm -f "$folder.log"
export TEST_POSTGRES_URL="postgres://shop@localhost/postgres?host=$folder"
[ -z "${POSTGRES_STANDBY:-}" ] || export TEST_POSTGRES_STANDBY_URL="postgres://shop@localhost:5433/postgres?host=$folder"
"$@"

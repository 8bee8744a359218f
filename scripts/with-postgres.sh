#!/usr/bin/env bash
# Runs a command with its own PostgreSQL cluster; TEST_POSTGRES_URL is its address. The cluster is in a temporary folder,
# listens only on a socket there, and is deleted when the command ends. With POSTGRES_STANDBY=1 it has a standby, whose
# address is TEST_POSTGRES_STANDBY_URL.
set -euo pipefail
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed: make setup-test, or apt-get install postgresql" >&2; exit 1; }
folder=$(mktemp -d /tmp/xiaodian-pg.XXXXXX)
# PostgreSQL refuses to run as root
as_user=()
if [ "$(id -u)" = 0 ]; then
  as_user=(runuser -u postgres --)
  chown postgres "$folder"
fi
stop() {
  for data in standby data; do
    (cd / && "${as_user[@]}" "$bin/pg_ctl" -D "$folder/$data" -m immediate stop >/dev/null 2>&1) || true
  done
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM
# FOLDER PORT: starts the server of this folder
start() {
  "${as_user[@]}" "$bin/pg_ctl" -D "$1" -w -l "$1/log" \
    -o "-k $folder -p $2 -c listen_addresses= -c fsync=off -c max_connections=400" start
}
(
  cd /
  "${as_user[@]}" "$bin/initdb" -D "$folder/data" -U shop -A trust -E UTF8 --no-locale >"$folder.log" 2>&1 &&
    start "$folder/data" 5432 >>"$folder.log" 2>&1 &&
    if [ -n "${POSTGRES_STANDBY:-}" ]; then
      "${as_user[@]}" "$bin/pg_basebackup" -h "$folder" -U shop -D "$folder/standby" -R -c fast >>"$folder.log" 2>&1 &&
        start "$folder/standby" 5433 >>"$folder.log" 2>&1
    fi
) || { cat "$folder.log" "$folder"/*/log >&2 2>/dev/null; rm -f "$folder.log"; echo "PostgreSQL did not start" >&2; exit 1; }
rm -f "$folder.log"
export TEST_POSTGRES_URL="postgres://shop@localhost/postgres?host=$folder"
[ -z "${POSTGRES_STANDBY:-}" ] || export TEST_POSTGRES_STANDBY_URL="postgres://shop@localhost:5433/postgres?host=$folder"
"$@"

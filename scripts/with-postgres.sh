#!/usr/bin/env bash
# Runs a command with its own PostgreSQL cluster; TEST_POSTGRES_URL is its address. The cluster is in a temporary folder,
# listens only on a socket there, and is deleted when the command ends.
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
  (cd / && "${as_user[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1) || true
  rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM
(
  cd /
  "${as_user[@]}" "$bin/initdb" -D "$folder/data" -U shop -A trust -E UTF8 --no-locale >"$folder.log" 2>&1 &&
    "${as_user[@]}" "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/data/log" \
      -o "-k $folder -c listen_addresses= -c fsync=off -c max_connections=400" start >>"$folder.log" 2>&1
) || { cat "$folder.log" "$folder/data/log" >&2 2>/dev/null; rm -f "$folder.log"; echo "PostgreSQL did not start" >&2; exit 1; }
rm -f "$folder.log"
export TEST_POSTGRES_URL="postgres://shop@localhost/postgres?host=$folder"
"$@"

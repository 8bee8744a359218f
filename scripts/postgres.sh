#!/usr/bin/env bash
# Finds PostgreSQL's programs and the user who may run them: with-postgres.sh and drill-control.sh source it. It sets bin.
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || { echo "PostgreSQL is not installed: make setup-test, or apt-get install postgresql" >&2; exit 1; }
# PostgreSQL refuses to run as root
as_postgres=()
[ "$(id -u)" != 0 ] || as_postgres=(runuser -u postgres --)
# COMMAND…: as this user, in a folder that this user may read
postgres() { (cd / && "${as_postgres[@]}" "$@"); }
# FOLDER: gives a folder to the user who runs PostgreSQL
postgres_owns() { [ "$(id -u)" != 0 ] || chown postgres "$1"; }
# DATA: makes a cluster whose superuser is shop
init_cluster() { postgres "$bin/initdb" -D "$1" -U shop -A trust -E UTF8 --no-locale; }
# DATA OPTIONS: starts a cluster and waits until it takes connections
start_cluster() { postgres "$bin/pg_ctl" -D "$1" -w -l "$1/log" -o "$2" start; }
# DATA: ends a cluster at once
stop_cluster() { postgres "$bin/pg_ctl" -D "$1" -m immediate stop >/dev/null 2>&1 || true; }

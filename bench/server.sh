#!/usr/bin/env bash
# The shop's release on the database $DB, which is copied from $FILLED where it is missing.
# usage: DB=FILE FILLED=FILE ENV_FILE=FILE SERVER=FILE bench/server.sh
set -euo pipefail
[ -e "$DB" ] || cp "$FILLED" "$DB"
exec "$SERVER" --env-file "$ENV_FILE"

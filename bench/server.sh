#!/usr/bin/env bash
# Starts the shop's release with the database $DB. If $DB is missing, copies it from $FILLED.
# usage: DB=FILE FILLED=FILE ENV_FILE=FILE SERVER=FILE bench/server.sh
set -euo pipefail
[ -e "$DB" ] || cp "$FILLED" "$DB"
exec "$SERVER" --env-file "$ENV_FILE"

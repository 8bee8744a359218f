#!/bin/sh
# Patroni calls it once, on the first leader, with the address of the new database cluster. SHOP_DATABASE_PASSWORD is in node.env.
set -eu
psql -v ON_ERROR_STOP=1 -d "$1" -v password="$SHOP_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE shop LOGIN CREATEDB PASSWORD :'password';
CREATE DATABASE shop OWNER shop;
SQL

#!/usr/bin/env bash
# Builds the shop's image from a static server and its site, without a registry and without a daemon.
# Usage: build.sh SERVER HASH_FILE SITE IMAGE; `make images` calls it. It needs buildah and ca-certificates.
set -euo pipefail
server=$1 hash=$2 site=$3 image=$4
here=$(realpath "$(dirname "$0")")
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
root=$context/root
file -L "$server" | grep -q static || { echo "$server is not static: build it for x86_64-unknown-linux-musl" >&2; exit 1; }

mkdir -p "$root/opt/xiaodian" "$root/etc/ssl/certs" "$root/data" "$root/tmp"
cp -L "$server" "$root/opt/xiaodian/server"
cp "$hash" "$root/opt/xiaodian/hash.txt"
cp -r "$site" "$root/opt/xiaodian/site"
# without authorities the shop cannot trust WeChat
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
echo 'xiaodian:x:10001:10001::/data:/sbin/nologin' >"$root/etc/passwd"
echo 'xiaodian:x:10001:' >"$root/etc/group"
chmod 755 "$root" "$root/opt/xiaodian" "$root/opt/xiaodian/server"
chmod 1777 "$root/tmp"
chown 10001:10001 "$root/data"
# the format of Docker keeps the health check, which OCI's has not
buildah --storage-driver vfs bud --isolation chroot --format docker --quiet --tag "$image" \
  --file "$here/Containerfile" "$root"

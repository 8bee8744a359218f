#!/usr/bin/env bash
# Builds the image from the static program, without a registry. Usage: build.sh PROGRAM IMAGE
set -euo pipefail
program=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp "$program" "$context/wechat-simulator"
cp "$here/Containerfile" "$context/"
# the format of Docker keeps the health check, which OCI's has not
buildah --storage-driver vfs bud --isolation chroot --format docker --quiet --tag "$2" "$context"

#!/usr/bin/env bash
# Builds the image from the static program, without a registry. Usage: build.sh PROGRAM IMAGE
set -euo pipefail
program=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp "$program" "$context/wechat-simulator"
cp "$here/Containerfile" "$context/"
buildah --storage-driver vfs bud --isolation chroot --quiet --tag "$2" "$context"

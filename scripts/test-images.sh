#!/usr/bin/env bash
# Runs the services wechat and demo of deploy/compose.yaml by hand, as a container engine would: the file system of the image
# read-only, the image's user, its own process namespace. The mini program's tests then buy in them. `make test-images`
# calls it after `make images`. It needs root for the mounts.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "run it as root: it mounts the images" >&2; exit 1; }
for needed in buildah node curl; do
  command -v "$needed" >/dev/null || { echo "$needed is missing: apt-get install buildah nodejs curl" >&2; exit 1; }
done
python3 -c 'import yaml' 2>/dev/null || { echo "PyYAML is missing: apt-get install python3-yaml" >&2; exit 1; }
for port in 8900 8901 8943 3000; do
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    echo "port $port is in use: the services of deploy/compose.yaml need it" >&2
    exit 1
  fi
done
engine=(buildah --storage-driver vfs)
as_user=(/usr/sbin/chroot --userspec=10001:10001)
folder=$(mktemp -d)
pids=() containers=()
stop() {
  # the first process of a namespace ends all others there
  for pid in "${pids[@]}"; do pkill -KILL -P "$pid" || true; done
  wait
  for container in "${containers[@]}"; do "${engine[@]}" rm "$container" >/dev/null; done
  rm -rf "$folder"
}
trap stop EXIT
fail() { echo "$1" >&2; tail -n 20 "$folder"/*.log >&2; exit 1; }

# NAME IMAGE: mounts the image; root_NAME is its folder
mount_image() {
  local container
  container=$("${engine[@]}" from "$2")
  containers+=("$container")
  printf -v "root_$1" %s "$("${engine[@]}" mount "$container")"
}
# what the compose file says of a service, as JSON
service() {
  python3 - "$1" <<'PYTHON'
import json, sys, yaml
print(json.dumps(yaml.safe_load(open("deploy/compose.yaml"))["services"][sys.argv[1]]))
PYTHON
}
# IMAGE KEY: a list of the image's configuration, one entry on a line
image_list() {
  "${engine[@]}" inspect --type image "$1" |
    python3 -c 'import json, sys; print("\n".join(json.load(sys.stdin)["Docker"]["config"].get(sys.argv[1]) or []))' "$2"
}
# NAME IMAGE VOLUME=TARGET… -- VARIABLE…: starts the service; pid_NAME is its process
start() {
  local name=$1 image=$2 root=root_$1 volumes=() variables=() arguments=()
  shift 2
  while [ "$1" != -- ]; do volumes+=("$1"); shift; done
  shift
  service "$name" | grep -q '"read_only": true' || fail "$name may write to its image"
  mapfile -t variables < <(image_list "$image" Env)
  mapfile -t arguments < <(image_list "$image" Entrypoint; service "$name" |
    python3 -c 'import json, sys; [print(word) for word in json.load(sys.stdin).get("command", [])]')
  # the inner shell reads its own arguments
  # shellcheck disable=SC2016
  unshare --mount --pid --fork --kill-child -- bash -ec '
    root=$1; shift
    mount --bind "$root" "$root"
    while [ "$1" != -- ]; do mkdir -p "$root${1#*=}"; mount --bind "${1%%=*}" "$root${1#*=}"; shift; done
    shift
    # what a container engine adds
    mkdir -p "$root/proc" "$root/etc"
    mount -t proc proc "$root/proc"
    touch "$root/etc/hosts"
    mount --bind /etc/hosts "$root/etc/hosts"
    mount -o remount,bind,ro "$root"
    exec env -i "$@"
  ' start "${!root}" "${volumes[@]}" -- "${variables[@]}" "$@" "${as_user[@]}" "${!root}" "${arguments[@]}" \
    >"$folder/$name.log" 2>&1 &
  pids+=($!)
  printf -v "pid_$name" %s $!
}
# NAME IMAGE VARIABLE…: runs the health check of the image inside the service until it succeeds
wait_healthy() {
  local name=$1 image=$2 root=root_$1 pid=pid_$1 check=() inside
  shift 2
  mapfile -t check < <("${engine[@]}" inspect --type image "$image" |
    python3 -c 'import json, sys; [print(word) for word in json.load(sys.stdin)["Docker"]["config"]["Healthcheck"]["Test"][1:]]')
  for _ in $(seq 100); do
    inside=$(pgrep -P "${!pid}") || fail "$name has ended"
    if nsenter --mount --pid --target "$inside" env -i "$@" "${as_user[@]}" "${!root}" "${check[@]}" \
      >"$folder/$name.health" 2>&1; then return; fi
    sleep 0.1
  done
  fail "$name is not healthy: $(cat "$folder/$name.health")"
}

echo "the simulated WeChat"
install -d -o 10001 -g 10001 "$folder/keys" "$folder/data"
chmod 755 "$folder"
mount_image wechat localhost/wechat-simulator
mount_image demo localhost/xiaodian
start wechat localhost/wechat-simulator "$folder/keys=/keys" --
wait_healthy wechat localhost/wechat-simulator

echo "the shop"
SESSION_KEY=$(openssl rand -hex 32) ADMIN_KEY=$(openssl rand -hex 16)
mapfile -t configuration < <(
  curl --noproxy '*' -sf http://127.0.0.1:8900/_simulator/env | grep -E '^[A-Z_0-9]+=' |
    sed -E "s/^([A-Z_0-9]+)='(.*)'\$/\1=\2/"
  echo "SHOP_SESSION_KEYS=$SESSION_KEY"
  echo "SHOP_ADMIN_CLIENTS=test:$ADMIN_KEY"
  service demo | python3 -c 'import json, sys
for name, value in json.load(sys.stdin)["environment"].items(): print(f"{name}={value}")'
)
start demo localhost/xiaodian "$folder/keys=/keys" "$folder/data=/data" -- "${configuration[@]}"
wait_healthy demo localhost/xiaodian "${configuration[@]}"
[ -s "$folder/data/shop.db" ] || fail "the database is not in the volume"

echo "shoppers buy"
(
  cd examples/miniprogram/test
  export SIMULATOR_URL=http://127.0.0.1:8900 PHONE_URL=http://localhost:8901 SHOP_URL=http://127.0.0.1:3000
  export ADMIN_KEY SESSION_KEY NO_PROXY='*' no_proxy='*'
  node --test --test-reporter=spec pay.test.js
)

echo "the shop stops"
begin=$(date +%s%3N)
server=$(pgrep -P "$pid_demo")
[ "$(awk '/^Uid:/ { print $2 }' "/proc/$server/status")" = 10001 ] || fail "the shop does not run as the user 10001"
kill -TERM "$server"
wait "$pid_demo" || true
took=$(($(date +%s%3N) - begin))
[ "$took" -lt 10000 ] || fail "the shop needed $took ms to stop"
grep -q stopping "$folder/demo.log" || fail "the shop was killed before it stopped"
echo "test result: ok. the images ran read-only, sold, and stopped after $took ms"

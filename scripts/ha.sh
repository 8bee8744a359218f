#!/usr/bin/env bash
# Starts the set-up of deploy/ha on this machine: three "machines" (network namespaces) with etcd and PostgreSQL under Patroni,
# HAProxy on each, the shop on the first two, and the simulated WeChat. Prints the addresses; Ctrl-C ends everything. Needs root.
# usage: scripts/ha.sh [COMMAND…]      runs COMMAND instead of waiting; it may call the functions of scripts/ha-control.sh
# HA_DIR: the folder of the data, deleted at the end. HA_SHOPS=0: no shop servers. SIMULATOR_PORT, TLS_PORT, PHONE_PORT as make run.
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "network namespaces need root: sudo make ha" >&2; exit 1; }
missing=()
for program in patroni:patroni etcd:etcd-server haproxy:haproxy ip:iproute2; do
  command -v "${program%:*}" >/dev/null || missing+=("${program#*:}")
done
[ -n "$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null)" ] || missing+=(postgresql)
if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  # Debian would start each of them at once, beside this set-up
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
  apt-get update -qq && apt-get install -y -qq "${missing[@]}" >/dev/null
  rm -f /usr/sbin/policy-rc.d
fi

if ip link show xd-bridge >/dev/null 2>&1; then
  echo "there is a set-up already: is another 'make ha' running? 'HA_DIR=/tmp/none scripts/ha-control.sh down' removes its remains" >&2
  exit 1
fi

export HA_DIR=${HA_DIR:-/tmp/xiaodian-ha.$$} HA_NET=${HA_NET:-10.77.0}
simulator_port=${SIMULATOR_PORT:-8900} tls_port=${TLS_PORT:-8943} phone_port=${PHONE_PORT:-8901} server=${SERVER:-target/debug/server}
. scripts/ha-control.sh
mkdir -p "$HA_DIR" && chmod 755 "$HA_DIR"
trap 'ha_down' EXIT
trap 'exit 130' INT TERM

echo "three machines: $(ha_address 1) $(ha_address 2) $(ha_address 3)"
ha_network_up
for number in 1 2 3; do ha_start_etcd "$number"; done
for number in 1 2 3; do ha_start_patroni "$number"; ha_start_haproxy "$number"; done
echo "waiting for a leader and a synchronous standby"
ha_wait_healthy 90
ha_members

if [ "${HA_SHOPS:-2}" -gt 0 ]; then
  target/debug/simulator --listen "$HA_NET.1:$simulator_port" --tls-listen "$HA_NET.1:$tls_port" \
    --phone-listen "127.0.0.1:$phone_port" --shop "http://$(ha_address 3):8080" --state "$HA_DIR/wechat.json" --env-dir "$HA_DIR/keys" \
    --jssdk end2end/node_modules/jweixin-module/lib/index.js \
    >"$HA_DIR/simulator.log" 2>&1 &
  echo $! >"$HA_DIR/simulator.pid"
  for _ in $(seq 100); do curl -sf "http://$HA_NET.1:$simulator_port/_simulator/env" >"$HA_DIR/simulator.env" && break; sleep 0.1; done
  {
    cat "$HA_DIR/simulator.env"
    echo "SHOP_ADDR=0.0.0.0:3000"
    echo "SHOP_DATABASE_URL=$(ha_database_url 127.0.0.1)"
    echo "SHOP_SESSION_KEYS=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
    echo "SHOP_DATA_KEYS=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')"
    echo "SHOP_TRUSTED_PROXIES=$(ha_address 1),$(ha_address 2),$(ha_address 3)"
  } >"$HA_DIR/shop.env"
  for number in 1 2; do ha_start_shop "$number" "$server"; done
  for number in 1 2; do ha_wait_url "http://$(ha_address "$number"):3000/readyz" 60; done
fi

if [ $# -gt 0 ]; then
  "$@"
  exit
fi
cat <<END

  the phone (open this in any browser)   http://localhost:$phone_port/
  the simulated WeChat                   http://$HA_NET.1:$simulator_port/
  the shop through HAProxy               http://$(ha_address 3):8080/
  the logs                               $HA_DIR

  In another terminal, as root:
    HA_DIR=$HA_DIR scripts/ha-control.sh members           who leads
    HA_DIR=$HA_DIR scripts/ha-control.sh kill_leader       SIGKILL of Patroni and PostgreSQL of the leader
    HA_DIR=$HA_DIR scripts/ha-control.sh start_patroni 1   the machine comes back
    HA_DIR=$HA_DIR scripts/ha-control.sh cut 1, heal 1     the network of a machine

END
while sleep 1; do :; done

#!/usr/bin/env bash
# The parts of scripts/ha.sh: start, stop and disturb the machines of `make ha`. HA_DIR is the folder that it prints.
# usage: HA_DIR=… scripts/ha-control.sh FUNCTION [ARGUMENTS]      (without the prefix ha_)
HA_DIR=${HA_DIR:?set HA_DIR to the folder that make ha prints} HA_NET=${HA_NET:-10.77.0}
HA_SUPERUSER_PASSWORD=ha-superuser HA_SHOP_PASSWORD=ha-shop HA_BRIDGE=xd-bridge

ha_address() { echo "$HA_NET.1$1"; }
ha_in() { # NUMBER COMMAND…: on this machine
  local number=$1
  shift
  ip netns exec "xd-$number" "$@"
}
ha_database_url() { echo "postgres://shop:$HA_SHOP_PASSWORD@$1:5000/shop"; }

ha_network_up() {
  ip link add "$HA_BRIDGE" type bridge
  ip addr add "$HA_NET.1/24" dev "$HA_BRIDGE"
  ip link set "$HA_BRIDGE" up
  for number in 1 2 3; do
    ip netns add "xd-$number"
    ip link add "xd-$number" type veth peer name eth0 netns "xd-$number"
    ip link set "xd-$number" master "$HA_BRIDGE" up
    ha_in "$number" ip addr add "$(ha_address "$number")/24" dev eth0
    ha_in "$number" ip link set eth0 up
    ha_in "$number" ip link set lo up
    mkdir -p "$HA_DIR/$number"
    # a disk of its own, so that it can be full without the others
    mount -t tmpfs -o size=1500m "xd-$number" "$HA_DIR/$number"
    chown postgres "$HA_DIR/$number"
    DATA=$HA_DIR/$number REPLICATION_PASSWORD=ha-replication SUPERUSER_PASSWORD=$HA_SUPERUSER_PASSWORD \
      SHOP_DATABASE_PASSWORD=$HA_SHOP_PASSWORD deploy/ha/node-env.sh "$number" \
      "$(ha_address 1)" "$(ha_address 2)" "$(ha_address 3)" >"$HA_DIR/$number.env"
  done
  # Patroni runs as postgres, which may not read this folder
  cp -r deploy/ha "$HA_DIR/files" && chmod -R a+rX "$HA_DIR/files"
}

# NUMBER NAME COMMAND…: in the background, with the machine's environment, as the user of PostgreSQL
ha_spawn() {
  local number=$1 name=$2
  shift 2
  (
    set -a
    . "$HA_DIR/$number.env"
    set +a
    cd "$HA_DIR/files"
    exec setsid ip netns exec "xd-$number" runuser -u postgres -- "$@"
  ) >>"$HA_DIR/$number-$name.log" 2>&1 </dev/null &
  # bash would report each process that is killed
  disown $!
}
ha_start_etcd() { ha_spawn "$1" etcd etcd; }
ha_start_patroni() { ha_spawn "$1" patroni patroni patroni.yml; }
ha_start_haproxy() { ha_spawn "$1" haproxy haproxy -db -f haproxy.cfg; }
ha_start_shop() { # NUMBER SERVER
  local binary
  binary=$(realpath "$2")
  ip netns exec "xd-$1" "$binary" --env-file "$HA_DIR/shop.env" >>"$HA_DIR/$1-shop.log" 2>&1 </dev/null &
  disown $!
}

# the processes of one machine whose command matches
ha_processes() { ip netns pids "xd-$1" | while read -r pid; do grep -qaE "$2" "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"; done; }
ha_signal() { # NUMBER PATTERN SIGNAL
  local pids
  pids=$(ha_processes "$1" "$2")
  [ -z "$pids" ] || kill "-$3" $pids 2>/dev/null || true
}

# Patroni's view of the members, as any of them tells it
ha_cluster() {
  for number in 1 2 3; do curl -sf -m 1 "http://$(ha_address "$number"):8008/cluster" && return; done
  return 1
}
ha_members() { ha_cluster | python3 -c 'import json, sys
for m in json.load(sys.stdin)["members"]: print("  ", m["name"], m["role"], m["state"], "lag", m.get("lag", 0))'; }
# the number of the machine that leads; fails if there is none
ha_leader() {
  for number in 1 2 3; do
    if curl -sf -m 1 -o /dev/null "http://$(ha_address "$number"):8008/leader"; then echo "$number"; return; fi
  done
  return 1
}
# whether two standbys follow the leader, one of them synchronous: Patroni's own view may be some seconds old after a cut
ha_replicates() {
  local leader
  leader=$(ha_leader) || return 1
  [ "$(ha_sql "$leader" "SELECT count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')) >= 1 AND count(*) = 2 \
    FROM pg_stat_replication WHERE state = 'streaming'" 2>/dev/null)" = t ]
}
# SECONDS: until there are a leader, a synchronous standby and three running members
ha_wait_healthy() {
  for _ in $(seq "$(($1 * 2))"); do
    if ha_replicates && ha_cluster 2>/dev/null | python3 -c 'import json, sys
members = json.load(sys.stdin)["members"]
running = [m for m in members if m["state"] in ("running", "streaming")]
roles = [m["role"] for m in running]
sys.exit(not (len(running) == 3 and "leader" in roles and "sync_standby" in roles))' 2>/dev/null; then return; fi
    sleep 0.5
  done
  echo "the cluster is not healthy after $1 s: see $HA_DIR/*-patroni.log" >&2
  return 1
}
ha_wait_url() { # URL SECONDS
  for _ in $(seq "$(($2 * 5))"); do curl -sf -m 1 -o /dev/null "$1" && return; sleep 0.2; done
  echo "$1 does not answer: see $HA_DIR" >&2
  return 1
}

ha_kill_node() { ha_signal "$1" 'patroni|postgres' KILL; } # NUMBER
ha_kill_leader() { ha_kill_node "$(ha_leader)"; }
ha_pause() { ha_signal "$1" 'patroni|postgres' STOP; } # NUMBER
ha_resume() { ha_signal "$1" 'patroni|postgres' CONT; } # NUMBER
# NUMBER: no packet in or out; its own programs still reach each other
ha_cut() { ip link set "xd-$1" down; }
ha_heal() { ip link set "xd-$1" up; }
ha_fill() { head -c 2G /dev/zero >"$HA_DIR/$1/filling" 2>/dev/null || true; } # NUMBER: its disk has no byte left
ha_free() { rm -f "$HA_DIR/$1/filling"; }                                     # NUMBER
# NUMBER STATEMENT: as the superuser, on this machine's PostgreSQL
ha_sql() { PGPASSWORD=$HA_SUPERUSER_PASSWORD PGCONNECT_TIMEOUT=2 psql -h "$(ha_address "$1")" -U postgres -qAtc "$2"; }

ha_down() {
  trap '' INT TERM
  trap - EXIT
  set +e
  echo "stopping"
  [ -s "$HA_DIR/simulator.pid" ] && kill "$(cat "$HA_DIR/simulator.pid")" 2>/dev/null
  for number in 1 2 3; do
    for signal in TERM CONT KILL; do
      pids=$(ip netns pids "xd-$number" 2>/dev/null)
      [ -z "$pids" ] || kill "-$signal" $pids 2>/dev/null
      [ "$signal" = CONT ] && sleep 1
    done
    ip netns del "xd-$number" 2>/dev/null
    ip link del "xd-$number" 2>/dev/null
    umount "$HA_DIR/$number" 2>/dev/null
  done
  ip link del "$HA_BRIDGE" 2>/dev/null
  for _ in 1 2 3 4 5; do rm -rf "$HA_DIR" 2>/dev/null && break; sleep 0.5; done
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -euo pipefail
  cd "$(dirname "$0")/.."
  function=ha_$1
  shift
  "$function" "$@"
fi

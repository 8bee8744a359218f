#!/usr/bin/env bash
# Makes the database of scripts/ha.sh fail over once, in the next of several ways, and ends when all three machines are whole again.
# HA_DIR is the folder of the run; HA_WAYS the ways.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/ha-control.sh
set +e
ways=(${HA_WAYS:-kill cut pause kill full kill cut pause kill etcd kill haproxy cut standby})
count=$(cat "$HA_DIR/disturbances" 2>/dev/null || echo 0)
echo $((count + 1)) >"$HA_DIR/disturbances"
way=${ways[$((count % ${#ways[@]}))]}
leader=$(ha_leader) || { ha_wait_healthy 60; leader=$(ha_leader); }
other=$((leader % 3 + 1))
begin=$(date +%s%3N)

# until another machine leads
wait_new_leader() {
  for _ in $(seq 240); do
    new=$(ha_leader) && [ "$new" != "$leader" ] && return
    sleep 0.25
  done
  return 1
}
case $way in
  kill) # PostgreSQL and Patroni of the leader end at once
    ha_kill_node "$leader"
    wait_new_leader
    ha_start_patroni "$leader"
    ;;
  cut) # the leader is cut off, and still answers the programs on its own machine
    ha_cut "$leader"
    wait_new_leader
    ha_heal "$leader"
    ;;
  pause) # the leader stands still for 20 s, and goes on as if it still led
    ha_pause "$leader"
    sleep 20
    ha_resume "$leader"
    wait_new_leader
    ;;
  full) # the leader's disk has no space left: it refuses what needs a new page, and ends if the WAL needs a new segment
    ha_fill "$leader"
    ha_sql "$leader" "SELECT pg_switch_wal()" >/dev/null 2>&1
    sleep 15
    ha_free "$leader"
    ;;
  etcd) # one member of etcd ends; the others go on without it
    ha_signal "$other" '^etcd' KILL
    sleep 3
    ha_start_etcd "$other"
    ;;
  haproxy) # the shop's way to the database ends
    ha_signal "$other" haproxy KILL
    sleep 1
    ha_start_haproxy "$other"
    ;;
  standby) # one standby ends; the other one takes over as the synchronous one
    ha_kill_node "$other"
    sleep 5
    ha_start_patroni "$other"
    ;;
esac
changed=$(($(date +%s%3N) - begin))
ha_wait_healthy 120 || exit 1
new=$(ha_leader)
[ "$new" = "$leader" ] || echo "$way" >>"$HA_DIR/failovers"
printf '%s  %-8s node%s -> node%s after %s ms, whole after %s ms\n' "$(date +%T)" "$way" "$leader" "$new" "$changed" \
  "$(($(date +%s%3N) - begin))" | tee -a "$HA_DIR/disturbances.log" >&2

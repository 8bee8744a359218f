# For other scripts: how much space a disk has.

# The free space of a folder's disk, GB.
free_gb() {
  df -Pk "$1" | awk 'NR == 2 { print int($4 / 1048576) }'
}

#!/usr/bin/env bash
# Runs a command in a root of its own: root.sh ROOT MODE COMMAND…, within `unshare --mount`. Of this machine it has /usr without
# /usr/local, /dev and /proc, to read alone; nothing of the checkout, of a home or of a cache.
set -euo pipefail
root=$1 mode=$2
shift 2

mount --bind "$root" "$root"
mount --bind /usr "$root/usr"
mount -o remount,ro,bind "$root/usr"
mount --bind "$root.local" "$root/usr/local"
mount --rbind /dev "$root/dev"
mount --bind /proc "$root/proc"

if [ "$mode" = read-only ]; then
  mount -o remount,ro,bind "$root/usr/local"
  mount -o remount,ro,bind "$root"
  # Volumes get what the image has there, and whose it is.
  for volume in "$root.volumes"/*; do
    mount --bind "$volume" "$root$(basename "$volume" | tr , /)"
  done
fi
exec chroot "$root" "$@"

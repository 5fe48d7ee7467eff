#!/usr/bin/env bash
# Installs Debian's Chromium for the tests in the browser, where it is not there yet.
set -euo pipefail
if command -v chromium >/dev/null || [ -n "${CHROMIUM:-}" ]; then exit 0; fi
if ! command -v apt-get >/dev/null; then
  echo 'No chromium and no apt-get: set CHROMIUM to the path of a Chromium.' >&2
  exit 1
fi
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
as_root apt-get update -qq
as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null

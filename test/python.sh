#!/usr/bin/env bash
# Makes the Python environment in .venv that the tests against other programs need.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo 'please install: python3 python3-venv' >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qy --no-install-recommends python3 python3-venv || {
    apt-get update -q
    apt-get install -qy --no-install-recommends python3 python3-venv
  }
fi

wanted=$(cat test/requirements.txt)
if [ "$(cat .venv/installed 2>/dev/null)" != "$wanted" ]; then
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --requirement test/requirements.txt
  echo "$wanted" >.venv/installed
fi

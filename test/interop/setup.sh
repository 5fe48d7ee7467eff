#!/usr/bin/env bash
# Installs what the other readers need: Java for Spark, and a Python environment in .venv.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Runs apt-get where that is possible, and says what is wanted where it is not.
install() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "please install: $*" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qy --no-install-recommends "$@" || { apt-get update -q && apt-get install -qy --no-install-recommends "$@"; }
}

# Spark 3.5 runs on Java 8, 11 and 17.
java=$(java -version 2>&1 || true)
[[ $java =~ version\ \"(1\.8|11|17)\. ]] || install openjdk-17-jre-headless
python3 -c 'import ensurepip, venv' 2>/dev/null || install python3 python3-venv

wanted=$(cat test/interop/requirements.txt)
if [ "$(cat .venv/installed 2>/dev/null)" != "$wanted" ]; then
  rm -rf .venv
  python3 -m venv .venv
  .venv/bin/pip install --quiet --disable-pip-version-check --requirement test/interop/requirements.txt
  echo "$wanted" >.venv/installed
fi

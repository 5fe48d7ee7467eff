#!/usr/bin/env bash
# Installs what the other readers need: Java for Spark, and a Python environment in .venv.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Spark 3.5 runs on Java 8, 11 and 17.
java=$(java -version 2>&1 || true)
if ! [[ $java =~ version\ \"(1\.8|11|17)\. ]]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo 'please install: openjdk-17-jre-headless' >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qy --no-install-recommends openjdk-17-jre-headless || {
    apt-get update -q
    apt-get install -qy --no-install-recommends openjdk-17-jre-headless
  }
fi
bash test/python.sh

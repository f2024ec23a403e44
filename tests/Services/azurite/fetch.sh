#!/bin/sh
# fetch.sh <folder>: puts Azurite, exactly as package-lock.json names it, into a folder that does not exist yet.
# 0: it is there; 3: it cannot be had here, and the output says why.
set -eu
target=$1
cd "$(dirname "$0")"
unset MSBUILD_TASK_HOST NODE_OPTIONS || true

unavailable() { echo "$1"; exit 3; }

command -v node >/dev/null || unavailable "Node is not installed; install Node 20 or later with npm and build again."
command -v npm >/dev/null || unavailable "npm is not installed; install it beside Node and build again."

mkdir -p "$(dirname "$target")"
staging=$(mktemp -d "$(dirname "$target")/.staging-XXXXXX")
trap 'rm -rf "$staging"' EXIT
cp package.json package-lock.json .npmrc "$staging"
(cd "$staging" && npm ci --ignore-scripts --loglevel=error --fetch-retries=1 --fetch-retry-mintimeout=1000 >/dev/null 2>&1) ||
  unavailable "its npm packages cannot be had here; \`npm ci\` in tests/Services/azurite says why."
# One rename makes it visible; where another build was first its folder stays.
mv -nT "$staging" "$target"

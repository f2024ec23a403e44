#!/bin/sh
# Builds dist/ from the sources. 0: it is there; 3: it cannot be built here, and the output says why; else the sources are wrong.
set -eu
cd "$(dirname "$0")"
unset MSBUILD_TASK_HOST NODE_OPTIONS || true

unavailable() { echo "$1"; exit 3; }

command -v node >/dev/null || unavailable "Node is not installed; install Node 20.19 or later with npm and build again."
command -v npm >/dev/null || unavailable "npm is not installed; install it beside Node and build again."
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
  unavailable "Node $(node --version) is too old; install 20.19 or later and build again."

# Several builds of one checkout may run at a time; the later ones find the work done.
if command -v flock >/dev/null && [ -z "${DASHBOARD_LOCKED:-}" ]; then
  DASHBOARD_LOCKED=1 exec flock package.json sh build.sh
fi
if [ -f dist/index.html ] &&
  [ -z "$(find src public index.html package.json package-lock.json tsconfig.json vite.config.ts build.sh -type f -newer dist/index.html | head -n 1)" ]; then
  exit 0
fi

if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --fetch-retries=1 --fetch-retry-mintimeout=1000 >/dev/null 2>&1 ||
    unavailable "its npm packages cannot be had here; \`npm ci\` in src/Silo/Dashboard says why."
fi

# The old files stay until the new ones are whole.
fresh=node_modules/.dashboard
npm run --silent build -- --outDir "$fresh" --emptyOutDir --logLevel warn
touch "$fresh/index.html"
rm -rf dist
mv "$fresh" dist

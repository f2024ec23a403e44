# shellcheck shell=bash
# What the launcher and its helpers share.

: "${root:?is the checkout, set by the script that sources this}"
artifacts="$root/artifacts"
capabilities="$artifacts/capabilities.props"
client="$root/src/Client/bin/Release/net10.0/medgen.dll"
essential_tools=(dotnet ffmpeg ffprobe tesseract)

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*" >&2; }

die() { say "medgen: $*"; exit 1; }

# Logs go to people; which registry a machine uses is nobody's business.
mask() { sed -E 's#[a-zA-Z]+://[^[:space:]"'"'"'<>)]+#<address>#g'; }

digest() { sha256sum | cut -d' ' -f1; }

# Everything that the outcome of set-up depends on.
setup_fingerprint() {
  local file
  {
    for file in "$root"/{Directory.Packages.props,global.json,scripts/setup.sh,NuGet.Config,NuGet.config,nuget.config} \
      "${HOME:-/}"/{.nuget/NuGet,.config/NuGet}/NuGet.Config; do
      if [[ -f $file ]]; then printf '%s\n' "$file"; cat -- "$file"; fi
    done
  } | digest
}

setup_is_current() {
  local tool
  for tool in "${essential_tools[@]}"; do
    command -v "$tool" >/dev/null || return 1
  done
  [[ -f $capabilities && -f $artifacts/setup.stamp && $(<"$artifacts/setup.stamp") == "$(setup_fingerprint)" ]]
}

# Names, sizes and times of all that the client is built from.
build_fingerprint() {
  {
    find "$root/src" \( -name bin -o -name obj -o -name node_modules -o -name dist \) -prune -o -type f -printf '%P %s %T@\n'
    find "$root/models" -name manifest.json -printf '%P %s %T@\n' 2>/dev/null || true
    find "$root"/{Directory.Build.props,Directory.Packages.props,global.json} "$capabilities" -printf '%f %s %T@\n' 2>/dev/null || true
  } | LC_ALL=C sort | digest
}

build_is_current() {
  [[ -f $client && -f $artifacts/build.stamp && $(<"$artifacts/build.stamp") == "$(build_fingerprint)" ]]
}

# Runs the rest of a script once at a time for each checkout.
lock() {
  mkdir -p "$artifacts"
  if command -v flock >/dev/null; then
    exec 9>"$artifacts/$1.lock"
    flock 9
  fi
}

# restore <project>: a registry that stumbles gets one more chance.
restore() {
  local log="$artifacts/restore.log"
  dotnet restore "$1" -v q -clp:NoSummary -nodeReuse:false </dev/null >"$log" 2>&1 9>&- ||
    dotnet restore "$1" -v q -clp:NoSummary -nodeReuse:false </dev/null >"$log" 2>&1 9>&- ||
    { mask <"$log" >&2; return 1; }
}

# compile <project> <log>: quiet unless it fails. The compiler stays in memory between projects, which is most of a build's speed.
compile() {
  dotnet build "$1" -c Release --no-restore -p:UseSharedCompilation=true -v q -clp:NoSummary -nodeReuse:false </dev/null >"$2" 2>&1 9>&- ||
    { mask <"$2" >&2; return 1; }
}

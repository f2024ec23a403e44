#!/usr/bin/env bash
# Brings a machine to where MedGenCluster builds and runs: programs, the .NET SDK, and which optional packages its registry has.
#   setup.sh [--essential | --tests] [--force]
# --essential leaves out what only the tests and training need; --force asks the registry again though nothing changed.
set -euo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
# shellcheck source=scripts/common.sh
source "$root/scripts/common.sh"

probe_seconds=300
scope=all
force=false
for argument in "$@"; do
  case "$argument" in
    --essential) scope=essential ;;
    --tests) scope=all ;;
    --force) force=true ;;
    *) die "setup does not know '$argument'; it takes --essential, --tests and --force." ;;
  esac
done

missing_essential() {
  { command -v ffmpeg && command -v ffprobe; } >/dev/null || echo ffmpeg
  if ! command -v tesseract >/dev/null; then
    echo tesseract-ocr tesseract-ocr-eng
  elif ! tesseract --list-langs 2>&1 | grep -qx eng; then
    echo tesseract-ocr-eng
  fi
  [[ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ]] || { command -v fc-list >/dev/null && fc-list | grep -q DejaVuSans; } ||
    echo fonts-dejavu-core
}

# Debian's interpreter is the one that has Debian's packages; another python may stand before it on the path.
missing_python() {
  local module
  for module in numpy onnx PIL pytest torch; do
    /usr/bin/python3 -c 'import importlib.util as u, sys; sys.exit(u.find_spec(sys.argv[1]) is None)' "$module" 2>/dev/null ||
      echo "python3-${module,,}"
  done
  # The reference BLAS takes several times as long over matrix products.
  compgen -G '/usr/lib/*/openblas*/libopenblas.so.0' >/dev/null || ! command -v dpkg >/dev/null || echo libopenblas0
}

# Needed for the youtube source and its tests alone.
missing_youtube() {
  command -v yt-dlp >/dev/null || echo yt-dlp
}

# Needed to build the dashboard, and to drive its pages in tests.
missing_dashboard() {
  { command -v node && command -v npm; } >/dev/null || echo nodejs npm
  command -v chromium >/dev/null || echo chromium
}

# Needed by the cluster's tests alone: a PostgreSQL that they start for themselves (its service need not run), and what reads the manifests in deploy/.
missing_services() {
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || [[ -x ${MEDGEN_POSTGRES_BIN:-}/postgres ]] || echo postgresql
  command -v kubectl >/dev/null || echo kubernetes-client
}

# install <packages>: through apt-get where we may, quietly; the log is kept.
install() {
  local apt=(apt-get install -y -q --no-install-recommends "$@") log="$artifacts/apt.log" as=()
  command -v apt-get >/dev/null || return 1
  if [[ $(id -u) -ne 0 ]]; then
    sudo -n true 2>/dev/null || return 1
    as=(sudo -n)
  fi
  say "installing $* ..."
  as+=(env DEBIAN_FRONTEND=noninteractive)
  "${as[@]}" "${apt[@]}" </dev/null >"$log" 2>&1 9>&- ||
    { "${as[@]}" apt-get update -q && "${as[@]}" "${apt[@]}"; } </dev/null >"$log" 2>&1 9>&- ||
    { tail -n 5 "$log" | mask >&2; return 1; }
}

how_to_install() {
  if command -v apt-get >/dev/null; then
    echo "run: sudo apt-get update && sudo apt-get install -y $*"
  else
    echo "install what these Debian packages hold: $*"
  fi
}

programs() {
  local missing
  read -ra missing <<<"$(missing_essential | tr '\n' ' ')"
  if ((${#missing[@]} > 0)) && ! install "${missing[@]}"; then
    die "programs are missing; $(how_to_install "${missing[@]}")"
  fi
  if [[ $scope == all ]]; then
    read -ra missing <<<"$(missing_python | tr '\n' ' ')"
    if ((${#missing[@]} > 0)) && ! install "${missing[@]}"; then
      say "training and its tests are not available; to have them, $(how_to_install "${missing[@]}")"
    fi
    read -ra missing <<<"$(missing_youtube)"
    if ((${#missing[@]} > 0)) && ! install "${missing[@]}"; then
      say "the youtube source is not available; to have it, $(how_to_install "${missing[@]}")"
    fi
    read -ra missing <<<"$(missing_dashboard | tr '\n' ' ')"
    if ((${#missing[@]} > 0)) && ! install "${missing[@]}"; then
      say "the dashboard or the tests of its pages are not available; to have them, $(how_to_install "${missing[@]}")"
    fi
    read -ra missing <<<"$(missing_services | tr '\n' ' ')"
    if ((${#missing[@]} > 0)) && ! install "${missing[@]}"; then
      say "some tests of the cluster are not available; to have them, $(how_to_install "${missing[@]}")"
    fi
  fi
}

toolchain() {
  command -v dotnet >/dev/null || die "the .NET 10 SDK is missing; see https://dotnet.microsoft.com/download"
  dotnet --list-sdks 2>/dev/null | grep -q '^10\.' ||
    die "the .NET SDK here is not version 10; see https://dotnet.microsoft.com/download"
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    say "node or npm is missing: the dashboard and what else comes from npm are left out of the build (install nodejs 20 or later to have it)."
  fi
}

# write_probe <capability> <package>...: a project that needs exactly these packages, under the repository's central versions.
write_probe() {
  local folder="$artifacts/probes/$1"
  mkdir -p "$folder"
  printf '<Project />\n' >"$folder/Directory.Build.props"
  printf '<Project />\n' >"$folder/Directory.Build.targets"
  {
    echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework>'
    echo '<TreatWarningsAsErrors>true</TreatWarningsAsErrors><NuGetAudit>false</NuGetAudit></PropertyGroup><ItemGroup>'
    printf '<PackageReference Include="%s" />\n' "${@:2}"
    echo '</ItemGroup></Project>'
  } >"$folder/$1.csproj"
}

# probe <capability>: leaves yes, no or unknown in the probe's folder. "No" is the registry's answer; "unknown" is none, which is worth asking again.
probe() {
  local folder="$artifacts/probes/$1" attempt
  for attempt in 1 2; do
    if timeout "$probe_seconds" dotnet restore "$folder/$1.csproj" -v m -nodeReuse:false </dev/null >"$folder/log" 2>&1 9>&-; then
      echo yes >"$folder/answer"
      return
    fi
    if grep -qE 'NU1(10[0-9]|60[0-9])' "$folder/log"; then
      echo no >"$folder/answer"
      return
    fi
    say "the registry gave no answer about $1 (attempt $attempt of 2)"
  done
  echo unknown >"$folder/answer"
}

probe_packages() {
  local names=(WithOrleans WithOrleansAzure WithAzure WithOrtNuGet WithYoutubeExplode) name
  say "asking the package registry for optional packages ..."
  rm -rf "$artifacts/probes"
  write_probe WithOrleans Microsoft.Orleans.{Server,TestingHost,Dashboard,{Clustering,Persistence,Reminders}.AdoNet}
  write_probe WithOrleansAzure Microsoft.Orleans.{Server,{Clustering,Persistence,Reminders}.AzureStorage} Azure.Identity
  write_probe WithAzure Azure.Storage.Blobs Azure.Identity
  write_probe WithOrtNuGet Microsoft.ML.OnnxRuntime
  write_probe WithYoutubeExplode YoutubeExplode
  for name in "${names[@]}"; do probe "$name" & done
  wait
  rm -f "$artifacts/setup.unanswered"
  {
    echo '<Project>'
    echo '  <!-- Written by medgen setup from what the package registry has. To ask again, run setup with its option force. -->'
    echo '  <PropertyGroup>'
    for name in "${names[@]}"; do
      local answer value=false
      answer=$(<"$artifacts/probes/$name/answer")
      if [[ $answer == yes ]]; then value=true; fi
      if [[ $answer == unknown ]]; then echo "$name" >>"$artifacts/setup.unanswered"; fi
      printf "    <%s Condition=\"'\$(%s)' == ''\">%s</%s>\n" "$name" "$name" "$value" "$name"
    done
    echo '  </PropertyGroup>'
    echo '</Project>'
  } >"$capabilities.new"
  # An unchanged file keeps its time, so that nothing is built again for it.
  if cmp -s "$capabilities.new" "$capabilities"; then rm "$capabilities.new"; else mv "$capabilities.new" "$capabilities"; fi
}

summary() {
  local name text
  while read -r name text; do
    if grep -q "<$name .*>true<" "$capabilities"; then
      say "  yes  $text"
    elif grep -qx "$name" "$artifacts/setup.unanswered" 2>/dev/null; then
      say "  ?    $text (the registry gave no answer; left out, asked again at the next ./medgen setup)"
    else
      say "  no   $text (cannot be restored from this registry; left out of the build)"
    fi
  done <<'END'
WithOrleans Orleans cluster engine (the embedded engine is always there)
WithOrleansAzure Azure Storage for the cluster's membership, grain state and reminders (PostgreSQL is always there)
WithAzure Azure Blob Storage for media (a shared directory is always there)
WithOrtNuGet ONNX Runtime from NuGet (else from npm)
WithYoutubeExplode YoutubeExplode
END
}

lock setup
fingerprint=$(setup_fingerprint)
programs
toolchain
if $force || ! setup_is_current || { [[ $scope == all && -f $artifacts/setup.unanswered ]]; }; then
  probe_packages
  printf '%s' "$fingerprint" >"$artifacts/setup.stamp"
fi
if [[ $scope == all ]]; then
  say "set up. Optional packages:"
  summary
fi

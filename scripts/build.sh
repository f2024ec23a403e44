#!/usr/bin/env bash
# Builds the CLI in Release where it is stale.
set -euo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
# shellcheck source=scripts/common.sh
source "$root/scripts/common.sh"

lock build
if build_is_current; then exit 0; fi

if [[ -f $client ]]; then say "building ..."; else say "building ... (the first build fetches packages and takes some minutes)"; fi
# Taken before the build, so that an edit during it makes the next one.
fingerprint=$(build_fingerprint)
rm -f "$artifacts/build.stamp"
project="$root/src/Client/Client.csproj"
restore "$project" || die "the packages could not be restored; the reason is above. Check the network and the NuGet configuration."
compile "$project" "$artifacts/build.log" || die "the build failed; the errors are above."
printf '%s' "$fingerprint" >"$artifacts/build.stamp"

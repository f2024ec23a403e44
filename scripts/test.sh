#!/usr/bin/env bash
# Builds everything and runs every test: the xunit projects two at a time, then the end-to-end project, and beside it, with what that leaves of the
# machine, pytest on the trainer.
#   test.sh [--only <project>]...     for example --only Curation.Tests, or --only trainer
# The last line is "N passed, N failed", with ", N skipped" where some were. Exit code 1 if anything failed.
set -euo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
# shellcheck source=scripts/common.sh
source "$root/scripts/common.sh"

results="$artifacts/test-results"
at_once=2
limit_seconds=2400
python=/usr/bin/python3
first=Grains.Tests # takes the longest
last=EndToEnd

# Most of a test's processes end within seconds: code that is compiled again to run faster, or page by page in two mappings, costs them more than it gives.
export DOTNET_TC_CallCountThreshold=200 DOTNET_TieredPGO=0 DOTNET_EnableWriteXorExecute=0

# Every runner by name, in the order in which they start.
runners() {
  local project name
  if [[ -f $root/tests/$first/$first.csproj ]]; then echo "$first"; fi
  for project in "$root"/tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    if [[ $name != "$first" && $name != "$last" ]] && ! grep -q '<IsTestProject>false<' "$project"; then echo "$name"; fi
  done
  if [[ -d $root/trainer/tests ]]; then echo trainer; fi
  if [[ -f $root/tests/$last/$last.csproj ]]; then echo "$last"; fi
}

usage() { say "usage: ./medgen test [--only <$(runners | paste -sd '|')>]..."; exit 2; }

# run_dotnet <project>, run_trainer: leave log, exit code and counts (passed failed skipped) in the runner's folder.
run_dotnet() {
  local folder="$results/$1" counters code=0
  timeout -k 20 "$limit_seconds" dotnet test "$root/tests/$1/bin/Release/net10.0/MedGenCluster.$1.dll" \
    --logger "trx;LogFileName=results.trx" --logger "console;verbosity=normal" --results-directory "$folder" \
    </dev/null >"$folder/log" 2>&1 || code=$?
  echo "$code" >"$folder/code"
  counters=$(grep -o '<Counters [^>]*>' "$folder/results.trx" 2>/dev/null || true)
  local total passed failed
  total=$(attribute total "$counters")
  passed=$(attribute passed "$counters")
  failed=$(($(attribute failed "$counters") + $(attribute error "$counters") + $(attribute timeout "$counters") + $(attribute aborted "$counters")))
  echo "$passed $failed $((total - passed - failed))" >"$folder/counts"
}

run_trainer() {
  local folder="$results/trainer" suite code=0
  (cd "$root" && PYTHONDONTWRITEBYTECODE=1 nice -n 10 timeout -k 20 "$limit_seconds" "$python" -m pytest trainer/tests -q -rs -p no:cacheprovider \
    --junitxml "$folder/results.xml") </dev/null >"$folder/log" 2>&1 || code=$?
  # pytest says 5 where there is nothing to run.
  if [[ $code == 5 ]]; then code=0; fi
  echo "$code" >"$folder/code"
  suite=$(grep -o '<testsuite [^>]*>' "$folder/results.xml" 2>/dev/null | head -n 1 || true)
  local total failed skipped
  total=$(attribute tests "$suite")
  failed=$(($(attribute failures "$suite") + $(attribute errors "$suite")))
  skipped=$(attribute skipped "$suite")
  echo "$((total - failed - skipped)) $failed $skipped" >"$folder/counts"
}

# attribute <name> <element>: its number, 0 where it is absent.
attribute() {
  local value
  value=$(sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" <<<"$2")
  echo "${value:-0}"
}

# Names and reasons of skipped tests, and what failed, from a runner's log.
details() {
  if [[ $1 == trainer ]]; then
    grep -E '^(SKIPPED|FAILED|ERROR)' "$2" || true
  else
    awk '
      { line = $0; sub(/^\[xUnit\.net [0-9:.]+\] */, "", line) }
      reason { print "  skipped: " test " (" line ")"; reason = 0; next }
      /^\[xUnit\.net .*\[SKIP\]$/ { test = line; sub(/ \[SKIP\]$/, "", test); reason = 1; next }
      /^  Failed .*\[.*\]$/ { print; failing = 60; next }
      /^  (Passed|Skipped) / || /^\[xUnit/ || /^(Test Run|Total tests)/ { failing = 0 }
      failing-- > 0 { print }' "$2"
  fi
}

# Where a log tells of the crash, else its end.
crash() {
  grep -m 1 -A 15 -E 'test run was aborted|Traceback|Unhandled exception' "$1" || tail -n 30 "$1" || true
}

report() {
  local folder="$results/$1" passed failed skipped code
  code=$(cat "$folder/code" 2>/dev/null || echo 1)
  read -r passed failed skipped < <(cat "$folder/counts" 2>/dev/null || echo 0 0 0)
  details "$1" "$folder/log" | mask
  # A runner that ends badly without naming a failed test has crashed, or was stopped by its time limit.
  if [[ $code -ne 0 ]] && { ((failed == 0)) || grep -q 'Test Run Aborted' "$folder/log"; }; then
    failed=$((failed + 1))
    crash "$folder/log" | mask
    echo "$1: the runner crashed (exit code $code); counted as one failure"
  fi
  if ((passed + failed + skipped == 0)); then
    echo "$1: no tests in this build"
  else
    echo "$1: $passed passed, $failed failed, $skipped skipped in $(cat "$folder/seconds" 2>/dev/null || echo "?") s"
  fi
  total_passed=$((total_passed + passed))
  total_failed=$((total_failed + failed))
  total_skipped=$((total_skipped + skipped))
}

finish() {
  if ((total_skipped > 0)); then
    echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
  else
    echo "$total_passed passed, $total_failed failed"
  fi
  if ((total_failed > 0)); then exit 1; fi
  exit 0
}

start() {
  mkdir -p "$results/$1"
  local began=$SECONDS
  if [[ $1 == trainer ]]; then run_trainer; else run_dotnet "$1"; fi
  echo $((SECONDS - began)) >"$results/$1/seconds"
  touch "$results/$1/done"
}

# Waits until fewer than so many runners run, and reports those that have ended.
settle() {
  local name left=()
  while (($(jobs -rp | wc -l) >= $1)); do wait -n || true; done
  for name in "${running[@]}"; do
    if [[ -f $results/$name/done || $1 -eq 1 ]]; then report "$name"; else left+=("$name"); fi
  done
  running=("${left[@]}")
}

total_passed=0 total_failed=0 total_skipped=0
mapfile -t all < <(runners)
chosen=()
while (($# > 0)); do
  [[ $1 == --only && $# -ge 2 ]] || usage
  printf '%s\n' "${all[@]}" | grep -qxF -- "$2" || usage
  chosen+=("$2")
  shift 2
done
if ((${#chosen[@]} == 0)); then chosen=("${all[@]}"); fi

bash "$root/scripts/setup.sh" --tests 2>&1 | mask >&2 || die "set-up failed; the reason is above."
lock build
rm -rf "$results"
mkdir -p "$results"

targets=("$root/MedGenCluster.sln")
if ((${#chosen[@]} < ${#all[@]})); then
  targets=()
  for name in "${chosen[@]}"; do
    if [[ $name != trainer ]]; then targets+=("$root/tests/$name/$name.csproj"); fi
  done
fi
for target in "${targets[@]}"; do
  say "building $(basename "$target") ..."
  if ! restore "$target" || ! compile "$target" "$artifacts/test-build.log"; then
    echo "build: failed; counted as one failure"
    total_failed=1
    finish
  fi
done

running=()
for name in "${chosen[@]}"; do
  if [[ $name == trainer ]] && ! "$python" -c 'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ("numpy", "onnx", "PIL", "pytest", "torch"))))' 2>/dev/null; then
    echo "trainer: skipped as a whole, as Debian's python3 lacks numpy, onnx, pil, pytest or torch"
    continue
  fi
  # The trainer and the last one share the machine with nobody else.
  case $name in
    trainer) settle 1 ;;
    "$last") if [[ ${running[*]} != trainer ]]; then settle 1; fi ;;
    *) settle "$at_once" ;;
  esac
  say "testing $name ..."
  start "$name" 9>&- &
  running+=("$name")
done
settle 1
finish

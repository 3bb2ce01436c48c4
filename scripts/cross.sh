#!/usr/bin/env bash
# Builds the library and its tests for another platform and runs them here: `cross.sh arm64` and `cross.sh arm32` under qemu,
# `cross.sh windows` under Wine. Words after it are cargo's, instead of the usual selection: `cross.sh arm64 --test storage`;
# `hosts` before them takes tests whose C programs alone are of that platform: `cross.sh arm64 hosts --test crash`.
# `cross.sh arm64-short` builds nothing but the library for it, and takes a few of those.
# What is left out, and why, is in scripts/cross/skipped.txt, and is said at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
declare -A before
for name in CC CXX CLANG CLANGXX CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG CARGO_INCREMENTAL SR_HEADER; do
  [ -z "${!name+set}" ] || before[$name]=${!name}
done
. scripts/cross/tools.sh

platform=${1%-short}
is_short=${1#"$platform"}
shift
column=2 slowness=10
case $platform in
  arm64) target=aarch64-unknown-linux-gnu gnu=aarch64-linux-gnu emulator=qemu-aarch64-static ;;
  arm32) target=armv7-unknown-linux-gnueabihf gnu=arm-linux-gnueabihf emulator=qemu-arm-static ;;
  windows) target=x86_64-pc-windows-gnu gnu=x86_64-w64-mingw32 emulator=wine column=3 slowness=20 ;;
  *) echo "cross.sh knows arm64, arm32 and windows, not $platform" >&2 && exit 2 ;;
esac
# Programs of Rust, built for that platform; and those that build programs of C for it, against its library, and judge them from here.
suites_of() { awk -v column="$column" -v kind="$1" '!/^#/ && $column == kind { print $1 }' scripts/cross/suites.txt; }
mapfile -t suites < <(suites_of there)
mapfile -t hosts < <(suites_of hosts)

scripts/cross/install-tools.sh "$platform" || true
need_programs "$gnu-gcc" "$gnu-g++" "$emulator"
need_target "$target"
SR_RUNNER=$emulator
CC=$gnu-gcc CXX=$gnu-g++
CLANG="clang --target=$gnu" CLANGXX="clang++ --target=$gnu"
if [ "$platform" = windows ]; then
  . scripts/cross/windows.sh
else
  SR_RUNNER+=" -L /usr/$gnu"
fi
versions "$gnu-gcc" "$emulator"

# For cargo, for the crates that compile C, and for the tests that do (tests/common/c.rs).
name=${target//-/_}
export SR_RUNNER CC CXX CLANG CLANGXX "CC_$name=$gnu-gcc" "CXX_$name=$gnu-g++" "AR_$name=$gnu-ar"
export "CARGO_TARGET_${name^^}_LINKER=$gnu-gcc" "CARGO_TARGET_${name^^}_RUNNER=$SR_RUNNER"
# For the kills: a program takes its time under an emulator.
export SR_KILLS=${SR_KILLS:-40} SR_SLOWNESS=${SR_SLOWNESS:-$slowness}

# Each of its lines: a platform, an emulator or "everywhere", a test or the file of a suite, and why it is left out there. Where a reason
# names a program, the emulator has to show that fault itself.
left_out=
while read -r line; do
  probe=$(grep -o 'scripts/cross/qemu/[a-z_]*[.]c' <<< "$line" || true)
  if [ -n "$probe" ]; then
    built=$CARGO_TARGET_DIR/$platform-$(basename "$probe" .c)
    "$gnu-gcc" -std=gnu11 -D_FILE_OFFSET_BITS=64 -O1 -pthread -static -o "$built" "$probe"
    timeout 120 $SR_RUNNER "$built" < /dev/null && continue
  fi
  left_out+="$line"$'\n'
done < <(awk -v platform="$platform" -v emulator="${emulator%%-*}" \
  '$1 == platform || $1 == emulator || $1 == "everywhere" { print substr($0, length($1) + 2) }' scripts/cross/skipped.txt)
skip=()
while IFS=: read -r test _; do
  case $test in "" | tests/*) ;; *) skip+=(--skip "$test") ;; esac
done <<< "$left_out"

log=$CARGO_TARGET_DIR/$platform.log
: > "$log"
result=0
TIMEFORMAT='CPU seconds: %U and %S of the system, %R passed'
cargo_test() {
  time cargo test --no-fail-fast --package session-replay "$@" 2>&1 | tee -a "$log" || result=$?
}

# What is built for the platform runs there, and says how many were killed, and what arrived. `--` and what is behind it are the tests' own.
run_there() {
  local chosen=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do chosen+=("$1") && shift; done
  cargo_test --target "$target" "${chosen[@]}" -- --show-output "${@:2}" "${skip[@]}"
}

# A command as it would be called for this machine: what `make test` has built is not built once more.
here() {
  (
    unset CC CXX CLANG CLANGXX CARGO_TARGET_DIR CARGO_PROFILE_DEV_DEBUG CARGO_INCREMENTAL SR_HEADER
    for name in "${!before[@]}"; do export "$name=${before[$name]}"; done
    "$@"
  )
}

# Programs of tests, one after the other. How many were killed, and what arrived, is said with them.
run_programs() {
  local failed=0 program
  for program in $1; do
    echo "Running $(basename "${program%-*}") (here, its C programs there)"
    "$program" --show-output "${@:2}" "${skip[@]}" || failed=1
  done
  return $failed
}

# What is built for this machine builds C programs for the platform, with its library, and runs them there. `--` and what is behind it
# choose tests.
run_hosts() {
  local chosen=() built
  while [ $# -gt 0 ] && [ "$1" != -- ]; do chosen+=("$1") && shift; done
  TIMEFORMAT='CPU seconds for the library: %U and %S of the system, %R passed'
  time cargo rustc --package session-replay --lib --crate-type cdylib,staticlib --target "$target"
  export SR_LIBRARY_DIR=$CARGO_TARGET_DIR/$target/debug
  built=$(here cargo test --no-run --workspace "${chosen[@]}" --message-format=json-render-diagnostics)
  built=$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' <<< "$built")
  TIMEFORMAT='CPU seconds: %U and %S of the system, %R passed'
  time run_programs "$built" "${@:2}" 2>&1 | tee -a "$log" || result=1
}

if [ -n "$is_short" ]; then
  SR_KILLS=20
  run_hosts --test abi --test crash --test c_programs -- values_and_layouts what_was_released what_was_accepted_arrives \
    a_forked_child_starts_its_own the_library_can_be_unloaded a_thread_keeps_its_order the_library_exports
elif [ "${1:-}" = hosts ]; then
  run_hosts "${@:2}"
elif [ $# -gt 0 ]; then
  run_there "$@"
else
  run_there --lib "${suites[@]/#/--test=}"
  [ ${#hosts[@]} -eq 0 ] || run_hosts "${hosts[@]/#/--test=}"
fi

# What a host there sees: headers, CMake, pkg-config, paths. With words for cargo only those are run.
if [ "$platform" = windows ] && [ $# -eq 0 ]; then scripts/cross/windows-hosts.sh || result=$?; fi

echo
echo "$platform ($target, $emulator):"
awk '/Running|Doc-tests/ { suite = $0; sub(/ \(.*/, "", suite); sub(/^ *Running (unittests )?/, "", suite) }
  /^test result:/ { print "  " suite ": " $4 " passed, " $6 " failed, " $8 " ignored" }
  /kills: .* lost/ { print "    " $0 }' "$log"
echo "NOT run there:"
[ -z "$is_short" ] || echo "  what \`make test-$platform\` runs besides"
[ -z "$left_out" ] || sed 's/^/  /' <<< "$left_out"
exit "$result"

#!/usr/bin/env bash
# Builds the library and its tests for another platform and runs them here: `cross.sh arm64` and `cross.sh arm32` under qemu,
# `cross.sh windows` under Wine. Words after it are cargo's, instead of the usual selection: `cross.sh arm64 --test storage`.
# What is left out, and why, is in scripts/cross/skipped.txt, and is said at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/cross/tools.sh

platform=$1
shift
suites=(abi c_programs crash recovery storage view_sessions)
case $platform in
  arm64) target=aarch64-unknown-linux-gnu gnu=aarch64-linux-gnu emulator=qemu-aarch64-static ;;
  arm32) target=armv7-unknown-linux-gnueabihf gnu=arm-linux-gnueabihf emulator=qemu-arm-static ;;
  windows)
    target=x86_64-pc-windows-gnu gnu=x86_64-w64-mingw32 emulator=wine
    suites=(delivery end_to_end storage transport view_sessions views)
    ;;
  *) echo "cross.sh knows arm64, arm32 and windows, not $platform" >&2 && exit 2 ;;
esac

scripts/cross/install-tools.sh "$platform" || true
need_programs "$gnu-gcc" "$gnu-g++" "$emulator"
need_target "$target"
SR_RUNNER=$emulator
if [ "$platform" = windows ]; then
  export WINEPREFIX=$CARGO_TARGET_DIR/wine WINEDEBUG=-all LC_ALL=C.UTF-8
  # Beside each program that Rust makes.
  mkdir -p "$WINEPREFIX" "$CARGO_TARGET_DIR/$target/debug/deps"
  "$gnu-gcc" -O1 -shared -o "$CARGO_TARGET_DIR/$target/debug/deps/bcryptprimitives.dll" scripts/cross/bcryptprimitives.c -ladvapi32
  wineboot --init > /dev/null 2>&1 || not_here "Wine can not make a prefix in $WINEPREFIX"
else
  SR_RUNNER+=" -L /usr/$gnu"
fi
versions "$gnu-gcc" "$emulator"

# For cargo, for the crates that compile C, and for the tests that do (tests/common/c.rs).
name=${target//-/_}
export SR_RUNNER CC="$gnu-gcc" CXX="$gnu-g++" "CC_$name=$gnu-gcc" "CXX_$name=$gnu-g++" "AR_$name=$gnu-ar"
export "CARGO_TARGET_${name^^}_LINKER=$gnu-gcc" "CARGO_TARGET_${name^^}_RUNNER=$SR_RUNNER"
# For the kills: a program takes its time under an emulator.
export SR_KILLS=${SR_KILLS:-40} SR_SLOWNESS=${SR_SLOWNESS:-20}

chosen=("$@")
if [ $# -eq 0 ]; then
  chosen=(--lib)
  for suite in "${suites[@]}"; do chosen+=(--test "$suite"); done
fi
# Its lines: a platform or an emulator, a test, and why it is left out there.
left_out=$(awk -v platform="$platform" -v emulator="${emulator%%-*}" \
  '$1 == platform || $1 == emulator { print substr($0, length($1) + 2) }' scripts/cross/skipped.txt)
skip=()
while IFS=: read -r test _; do
  [ -z "$test" ] || skip+=(--skip "$test")
done <<< "$left_out"

log=$CARGO_TARGET_DIR/$platform.log
result=0
TIMEFORMAT='CPU seconds: %U and %S of the system, %R passed'
time cargo test --no-fail-fast --package session-replay --target "$target" "${chosen[@]}" -- "${skip[@]}" 2>&1 | tee "$log" || result=$?

echo
echo "$platform ($target, $emulator):"
awk '/Running|Doc-tests/ { suite = $0; sub(/ \(.*/, "", suite); sub(/^ *Running (unittests )?/, "", suite) }
  /^test result:/ { print "  " suite ": " $4 " passed, " $6 " failed, " $8 " ignored" }' "$log"
echo "NOT run there:"
if [ $# -eq 0 ]; then
  for file in tests/*.rs; do
    suite=$(basename "$file" .rs)
    [[ " ${suites[*]} " = *" $suite "* ]] || echo "  $file"
  done
fi
[ -z "$left_out" ] || sed 's/^/  /' <<< "$left_out"
exit "$result"

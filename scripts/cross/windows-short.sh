#!/usr/bin/env bash
# A short selection for Windows, for `make test`: the unit tests of the journal, unloading, and a C program that is killed and delivers
# afterwards, built by MinGW, run by Wine. The viewer has to be built. Where one of them can't be had, it says so and is content.
set -euo pipefail
cd "$(dirname "$0")/../.."
project_target=${CARGO_TARGET_DIR:-$PWD/target}
. scripts/cross/tools.sh

target=x86_64-pc-windows-gnu gnu=x86_64-w64-mingw32
[ "$(uname -m)" = x86_64 ] || not_here "on $(uname -m) Wine does not run programs of x86-64"
scripts/cross/install-tools.sh windows || true
need_programs "$gnu-gcc" "$gnu-g++" wine node
need_target "$target"
. scripts/cross/windows.sh
versions "$gnu-gcc" wine

export "CC_${target//-/_}=$gnu-gcc" "CXX_${target//-/_}=$gnu-g++" "AR_${target//-/_}=$gnu-ar"
export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=$gnu-gcc CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=wine
# The tests bring the library with them, so it is compiled once.
selection() {
  cargo test --quiet --package session-replay --target "$target" --lib --test unload_windows -- storage:: the_library_goes &&
    SR_WINDOWS=$programs CARGO_TARGET_DIR=$project_target node --test tests/windows/lives.test.mjs
}
TIMEFORMAT='Windows, the short selection: %U CPU seconds and %S of the system, %R passed. `make test-windows` runs the whole.'
time selection

#!/usr/bin/env bash
# Programs for Windows as hosts build them (tests/windows), against an installation that CMake makes of what cargo has built there.
# Part of `scripts/cross.sh windows`, which sets the environment.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=$CARGO_TARGET_DIR/windows-hosts
cmake -S . -B "$build/cmake" -DCMAKE_TOOLCHAIN_FILE="$PWD/tests/windows/mingw.cmake" -DCMAKE_INSTALL_LIBDIR=lib \
  -DSESSION_REPLAY_PROFILE=dev -DSESSION_REPLAY_TARGET_DIR="$CARGO_TARGET_DIR"
cmake --build "$build/cmake"
cmake --install "$build/cmake" --prefix "$build/installed"
# The server, for this machine.
env -u CC -u CXX cargo build --package session-replay-viewer
SR_WINDOWS_INSTALLED=$build/installed SR_WINDOWS_TARGET_DIR=$CARGO_TARGET_DIR \
  node --test --test-concurrency=1 tests/windows/headers.test.mjs tests/windows/programs.test.mjs tests/windows/guide.test.mjs

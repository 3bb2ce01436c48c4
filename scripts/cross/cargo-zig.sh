#!/usr/bin/env bash
# cargo as CMakeLists.txt calls it, but linked by zig: for the glibc that SR_GLIBC names, or, without it, for musl.
set -euo pipefail
arguments=()
while [ $# -gt 0 ]; do
  arguments+=("$1")
  if [ "$1" = --target ]; then
    shift
    arguments+=("$1${SR_GLIBC:+.$SR_GLIBC}")
  fi
  shift
done
# A shared library can't bring a C library of its own.
[ -n "${SR_GLIBC:-}" ] || export RUSTFLAGS="-C target-feature=-crt-static ${RUSTFLAGS:-}"
exec cargo-zigbuild "${arguments[@]}"

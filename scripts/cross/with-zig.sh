#!/usr/bin/env bash
# Runs a command with zig and cargo-zigbuild at hand, and Rust's targets for the archives.
set -euo pipefail
cd "$(dirname "$0")/../.."
before=${CARGO_TARGET_DIR:-}
. scripts/cross/tools.sh
need_zig
for target in {x86_64,aarch64}-unknown-linux-{gnu,musl} x86_64-pc-windows-gnu; do need_target "$target"; done
versions cargo-zigbuild
# What is built finds its own place below it.
if [ -n "$before" ]; then export CARGO_TARGET_DIR=$before; else unset CARGO_TARGET_DIR; fi
exec "$@"

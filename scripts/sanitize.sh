#!/usr/bin/env bash
# Runs the tests of the library under a sanitizer: `sanitize.sh address` or `sanitize.sh thread`. Instrumentation is an
# unstable flag of the compiler; the standard library itself comes without it.
set -euo pipefail
cd "$(dirname "$0")/.."

sanitizer=$1
target=$(rustc -vV | sed -n 's/^host: //p')
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="-Zsanitizer=$sanitizer -Cunsafe-allow-abi-mismatch=sanitizer"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/$sanitizer
export TSAN_OPTIONS="suppressions=$PWD/scripts/tsan.supp ${TSAN_OPTIONS:-}"

# Without a file descriptor to be had ThreadSanitizer can't name what it wants to suppress.
skip=()
[ "$sanitizer" = thread ] && skip=(--skip a_run_that_cannot_be_made)

cargo test --no-fail-fast -p session-replay --target "$target" --lib --test end_to_end --test delivery --test storage \
  --test storage_faults --test adoption --test awkward_servers --test host_transport --test remote_config --test corrupt -- "${skip[@]}"

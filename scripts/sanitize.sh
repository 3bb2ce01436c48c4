#!/usr/bin/env bash
# Runs the tests of the library, and the C and C++ programs against it, under a sanitizer: `sanitize.sh address` (with
# UndefinedBehaviorSanitizer for C and C++) or `sanitize.sh thread`; or the programs under valgrind's `memcheck` or `helgrind`.
# Words after it choose: of the suites that have programs, the tests with one of these words in their name, as in
# `sanitize.sh thread view frame`.
# Instrumentation is an unstable flag of the Rust compiler; the standard library itself comes without it.
set -euo pipefail
cd "$(dirname "$0")/.."

sanitizer=$1
shift
chosen=("$@")
programs=(--test c_programs --test cpp_programs --test frames)
if [ "$sanitizer" = memcheck ]; then
  exec cargo test --no-fail-fast -p session-replay "${programs[@]}" -- "${chosen[@]}"
fi
if [ "$sanitizer" = helgrind ]; then
  # Those that share memory through pthread alone; what a callback hands over looks like a race to it.
  [ $# -gt 0 ] || chosen=(the_shortest_example the_c_host_runs beginning_and_ending the_example_delivers)
  SR_VALGRIND=helgrind exec cargo test --no-fail-fast -p session-replay "${programs[@]}" -- "${chosen[@]}"
fi

target=$(rustc -vV | sed -n 's/^host: //p')
export RUSTC_BOOTSTRAP=1
export RUSTFLAGS="-Zsanitizer=$sanitizer -Cunsafe-allow-abi-mismatch=sanitizer"
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-target}/$sanitizer
# A child of a process with several threads may start its own, which ThreadSanitizer would rather not see.
export TSAN_OPTIONS="suppressions=$PWD/scripts/tsan.supp die_after_fork=0 ${TSAN_OPTIONS:-}"
# The programs are instrumented too, by the compiler whose run-time library goes with Rust's.
export CC=clang CXX=clang++ SR_CFLAGS="-fsanitize=$sanitizer"
if [ "$sanitizer" = address ]; then
  SR_CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
else
  mkdir -p "$CARGO_TARGET_DIR"
  help="$(realpath "$CARGO_TARGET_DIR")/tsan.o"
  clang -fno-builtin -c tests/c/tsan.c -o "$help"
  # Through the linker: a compiler that is told to read C++ would read this as C++, too.
  SR_CFLAGS+=" -rdynamic -Wl,$help"
fi

# Without a file descriptor to be had ThreadSanitizer can't name what it wants to suppress.
skip=()
[ "$sanitizer" = thread ] && skip=(--skip a_run_that_cannot_be_made)
# AddressSanitizer of clang 14 keeps its allocator's locks over a fork: the child's threads may wait for them for ever.
# And a thread that ends inside a getter leaves its call behind, for good: that is what the test is about.
[ "$sanitizer" = address ] && skip=(--skip forked --skip a_getter_whose_thread_ended)

rust=(--lib)
for suite in end_to_end delivery storage storage_faults recovery awkward_servers host_transport remote_config corrupt flush views \
  view_documents view_sessions; do
  rust+=(--test "$suite")
done
[ $# -gt 0 ] && rust=()
cargo test --no-fail-fast -p session-replay --target "$target" "${rust[@]}" "${programs[@]}" -- "${skip[@]}" "${chosen[@]}"

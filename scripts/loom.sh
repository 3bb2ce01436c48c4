#!/usr/bin/env bash
# Runs the loom model of the lock-free part: every order of its steps that the memory model allows. Takes seconds.
# Only this crate is built with `--cfg loom`, not what it is tested with: with that flag tokio has no network.
set -euo pipefail
cd "$(dirname "$0")/.."

built=$(cargo rustc --package session-replay --lib --profile test --message-format=json-render-diagnostics -- --cfg loom)
program=$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' <<< "$built" | tail -1)
exec "$program" loom_ "$@"

#!/usr/bin/env bash
# Installs packages of the distribution, where the user may; otherwise says which.
set -euo pipefail

missing=("$@")
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  as_root=(sudo -n)
fi
if command -v apt-get > /dev/null && { [ "$(id -u)" -eq 0 ] || sudo -n true 2> /dev/null; }; then
  # Another one may be at work, as on a machine that has just started: it is waited for.
  apt=(apt-get -o DPkg::Lock::Timeout=300)
  # The lists have a lock of their own, which that option does not wait for.
  for _ in {1..60}; do
    "${as_root[@]}" "${apt[@]}" update -qq && break
    sleep 5
  done
  # Some distributions have the run-time library in clang itself.
  apt-cache show libclang-rt-dev > /dev/null 2>&1 || mapfile -t missing < <(printf '%s\n' "${missing[@]}" | grep -vx libclang-rt-dev)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
else
  echo "The tests need: ${missing[*]}. Install them with your package manager and run this again." >&2
  echo "(CHROMIUM=/path/to/chromium names a browser that is not on the PATH.)" >&2
  exit 1
fi

#!/usr/bin/env bash
# Installs the compilers and emulators for another platform: arm64, arm32, windows or macos; for archives too (dist).
set -euo pipefail

missing=()
need() { command -v "$1" > /dev/null || missing+=("${@:2}"); }
arm64() {
  need aarch64-linux-gnu-g++ gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross
  need qemu-aarch64-static qemu-user-static
  need clang++ clang
}
arm32() {
  need arm-linux-gnueabihf-g++ gcc-arm-linux-gnueabihf g++-arm-linux-gnueabihf libc6-dev-armhf-cross
  need qemu-arm-static qemu-user-static
  need clang++ clang
}
windows() {
  need x86_64-w64-mingw32-g++ gcc-mingw-w64-x86-64 g++-mingw-w64-x86-64
  need wine wine wine64
  need cmake cmake
  need clang clang
  need lld-link lld
  need llvm-dlltool llvm
  need pkg-config pkg-config
}
macos() {
  python3 -c 'import ensurepip' 2> /dev/null || missing+=(python3-venv)
  need llvm-objdump llvm
}
dist() {
  arm64 && windows && macos
  need llvm-dlltool llvm
  need cmake cmake
  need musl-gcc musl-tools
}
"$1"
exec "$(dirname "$0")/../install-packages.sh" "${missing[@]}"

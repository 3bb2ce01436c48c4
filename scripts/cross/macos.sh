#!/usr/bin/env bash
# Compiles the library for macOS, on both of its processors, and links it: against the symbols of libSystem, which zig has. Apple's
# frameworks are not to be had elsewhere, so those that the library calls are stubs; which of their symbols it wants is said.
# Nothing is run.
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/cross/tools.sh

targets=("$@")
[ $# -gt 0 ] || targets=(aarch64-apple-darwin x86_64-apple-darwin)
scripts/cross/install-tools.sh macos || true
need_programs llvm-objdump llvm-nm
need_zig
for target in "${targets[@]}"; do need_target "$target"; done
versions cargo-zigbuild llvm-objdump
echo "zig: $("$tools/bin/python" -m ziglang version)"

stubs=$CARGO_TARGET_DIR/macos-stubs
for framework in Security CoreFoundation SystemConfiguration; do
  folder=$stubs/$framework.framework
  mkdir -p "$folder"
  cat > "$folder/$framework.tbd" << END
--- !tapi-tbd
tbd-version: 4
targets: [ arm64-macos, x86_64-macos ]
install-name: '/System/Library/Frameworks/$framework.framework/Versions/A/$framework'
...
END
done
cat > "$stubs/libiconv.tbd" << 'END'
--- !tapi-tbd
tbd-version: 4
targets: [ arm64-macos, x86_64-macos ]
install-name: '/usr/lib/libiconv.2.dylib'
...
END

TIMEFORMAT='CPU seconds: %U and %S of the system, %R passed'
for target in "${targets[@]}"; do
  # As CMakeLists.txt names it there: a host finds it by its own rpath.
  name=@rpath/libsession_replay.0.dylib
  time cargo-zigbuild rustc --package session-replay --lib --crate-type cdylib --target "$target" -- \
    -C link-arg=-F"$stubs" -L native="$stubs" -C link-arg=-Wl,-undefined,dynamic_lookup -C "link-arg=-Wl,-install_name,$name"
  library=$CARGO_TARGET_DIR/$target/debug/libsession_replay.dylib
  llvm-objdump --macho --dylib-id "$library" | grep -qx "$name" || { echo "$library does not name itself $name" >&2; exit 1; }
  # What libSystem lacks must be of the frameworks.
  strange=$(llvm-objdump --macho --bind --lazy-bind --weak-bind "$library" | awk '/flat-namespace|dynamic lookup/ { print $NF }' | sort -u)
  others=$(grep -vE '^_(kCF|kSec|CF|Sec|CMS|SSL|Authorization|SC|kSC)' <<< "$strange" || true)
  [ -z "$others" ] || { echo "$library wants of nobody knows whom: $others" >&2; exit 1; }
  echo "$target: compiled and linked. NOT checked, for want of Apple's frameworks: $(wc -w <<< "$strange") symbols of Security, CoreFoundation and SystemConfiguration"
  [ "$(llvm-nm -gUj "$library" 2> /dev/null | grep -c '^_sr_')" -gt 20 ] || { echo "$library exports too little" >&2; exit 1; }
done
echo "NOT run: anything. \`make test-portable\` runs it on a Mac."

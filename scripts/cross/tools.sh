# What the scripts for other platforms share; they source it from the project's folder.

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}/cross
export CARGO_PROFILE_DEV_DEBUG=0 CARGO_INCREMENTAL=0 SR_HEADER=check
tools=$CARGO_TARGET_DIR/tools
# In a fresh clone nothing has made it yet.
mkdir -p "$CARGO_TARGET_DIR"

# A tool chain that can't be had here is no fault of the code: a clear line, and a good end.
not_here() {
  echo "NOT run here: $1" >&2
  exit 0
}

# Rust's standard library for a target.
need_target() {
  [ -d "$(rustc --print target-libdir --target "$1" 2> /dev/null)" ] && return
  command -v rustup > /dev/null || not_here "Rust has no standard library for $1, and there is no rustup to add it"
  timeout 300 rustup --quiet target add "$1" || not_here "rustup can not add the target $1"
}

need_programs() {
  for program in "$@"; do
    command -v "$program" > /dev/null || not_here "$program is not there, and could not be installed"
  done
}

# A compiler and linker for macOS, and for each glibc: zig, from PyPI.
need_zig() {
  if [ ! -x "$tools/bin/cargo-zigbuild" ]; then
    python3 -m venv "$tools" && "$tools/bin/pip" install --quiet ziglang==0.17.1 cargo-zigbuild==0.24.1 ||
      { rm -rf "$tools"; not_here "zig and cargo-zigbuild can not be had from PyPI"; }
  fi
  export PATH=$tools/bin:$PATH
}

# The versions of what was used.
versions() {
  rustc --version
  for program in "$@"; do
    echo "$program: $("$program" --version 2> /dev/null | head -1)"
  done
}

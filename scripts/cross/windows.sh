# What running programs of Windows takes: a prefix of Wine, the library that Wine 8 lacks, and the compilers of this machine below Wine.
# Scripts source it behind tools.sh, from the project's folder; `target` and `gnu` are set.

export WINEPREFIX=$CARGO_TARGET_DIR/wine WINEDEBUG=-all LC_ALL=C.UTF-8
# Beside each program that Rust makes.
programs=$CARGO_TARGET_DIR/$target/debug/deps
mkdir -p "$WINEPREFIX" "$programs"
"$gnu-gcc" -O1 -shared -o "$programs/bcryptprimitives.dll" scripts/cross/bcryptprimitives.c -ladvapi32
wineboot --init > /dev/null 2>&1 || not_here "Wine can not make a prefix in $WINEPREFIX"

# Tests below Wine call the compilers here. C++ wants the threads of its own library, which the posix variant has.
unix_run=$CARGO_TARGET_DIR/unix-run.exe
"$gnu-gcc" -O1 -o "$unix_run" scripts/cross/unix-run.c
export SR_UNIX_RUN=$PWD/scripts/cross/unix-run.sh
CC="$unix_run $gnu-gcc-posix"
CXX="$unix_run $gnu-g++-posix"

# CMake's toolchain file for MinGW on Linux. A program takes MinGW's own runtime libraries into itself, so that nothing but
# session_replay.dll has to lie beside it.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++)
set(CMAKE_EXE_LINKER_FLAGS_INIT "-static")
set(SESSION_REPLAY_RUST_TARGET x86_64-pc-windows-gnu CACHE STRING "cargo's target")

#!/usr/bin/env bash
# Installs what the tests need of the distribution, where the user may; otherwise says what to install. With the argument
# `bench`, `qt`, `gtk`, `sdl` or `win32`: what the bench, or the tests of that adapter, need too.
set -euo pipefail

missing=()
command -v valgrind > /dev/null || missing+=(valgrind)
command -v curl-config > /dev/null || missing+=(libcurl4-openssl-dev)
[ -f /usr/include/spdlog/async.h ] || missing+=(libspdlog-dev)
if [ "${1:-}" = qt ]; then
  pkg-config --exists Qt6Widgets Qt6Test 2> /dev/null || missing+=(qt6-base-dev)
  pkg-config --exists Qt5Widgets Qt5Test 2> /dev/null || missing+=(qtbase5-dev)
  pkg-config --exists Qt6Quick Qt6QuickWidgets 2> /dev/null || missing+=(qt6-declarative-dev)
  [ -d "/usr/lib/$(uname -m)-linux-gnu/qt6/qml/QtQuick/Controls" ] || missing+=(qml6-module-qtquick-controls qml6-module-qtquick-templates qml6-module-qtquick-window qml6-module-qtqml-workerscript)
  [ -d "/usr/lib/$(uname -m)-linux-gnu/qt6/qml/QtWebEngine" ] || missing+=(qml6-module-qtwebengine)
  command -v openbox > /dev/null || missing+=(openbox)
fi
if [ "${1:-}" = gtk ]; then
  pkg-config --exists gtk4 webkitgtk-6.0 2> /dev/null || missing+=(libgtk-4-dev libwebkitgtk-6.0-dev)
  pkg-config --exists gtk+-3.0 webkit2gtk-4.1 2> /dev/null || missing+=(libgtk-3-dev libwebkit2gtk-4.1-dev)
  command -v wx-config > /dev/null || missing+=(libwxgtk3.2-dev)
  command -v openbox > /dev/null || missing+=(openbox)
  command -v xdotool > /dev/null || missing+=(xdotool)
  [ -d /usr/share/icons/Adwaita ] || missing+=(adwaita-icon-theme)
fi
if [ "${1:-}" = sdl ]; then
  pkg-config --exists sdl2 2> /dev/null || missing+=(libsdl2-dev)
  pkg-config --exists imgui 2> /dev/null || missing+=(libimgui-dev)
  [ -f /usr/include/GL/gl.h ] || missing+=(libgl-dev)
  [ -e /usr/lib/"$(uname -m)"-linux-gnu/dri/swrast_dri.so ] || missing+=(libgl1-mesa-dri)
  command -v xdotool > /dev/null || missing+=(xdotool)
  command -v openbox > /dev/null || missing+=(openbox)
fi
if [ "${1:-}" = win32 ]; then
  command -v x86_64-w64-mingw32-gcc > /dev/null || missing+=(gcc-mingw-w64-x86-64)
  command -v x86_64-w64-mingw32-g++ > /dev/null || missing+=(g++-mingw-w64-x86-64)
fi
command -v "${CHROMIUM:-chromium}" > /dev/null || command -v chromium-browser > /dev/null ||
  command -v google-chrome > /dev/null || missing+=(chromium)

# C and C++ hosts: a second compiler, the build systems of others, the reference.
command -v clang++ > /dev/null || missing+=(clang)
# For `make sanitize`: what names functions in reports, and the run-time library.
command -v llvm-symbolizer > /dev/null || missing+=(llvm)
run_time=$(clang -print-file-name="libclang_rt.tsan-$(uname -m).a" 2> /dev/null || true)
[ -e "$run_time" ] || missing+=(libclang-rt-dev)
command -v cmake > /dev/null || missing+=(cmake)
command -v pkg-config > /dev/null || missing+=(pkg-config)
command -v meson > /dev/null || missing+=(meson)
command -v ninja > /dev/null || missing+=(ninja-build)
[ -f /usr/include/X11/Xlib.h ] || missing+=(libx11-dev)
command -v doxygen > /dev/null || missing+=(doxygen)
command -v python3 > /dev/null || missing+=(python3)
python3 -m pip --version > /dev/null 2>&1 || missing+=(python3-pip)
# The web-view host, and a screen for it.
pkg-config --exists webkit2gtk-4.1 2> /dev/null || missing+=(libwebkit2gtk-4.1-dev)
pkg-config --exists Qt6WebEngineWidgets 2> /dev/null || missing+=(qt6-webengine-dev)
command -v Xvfb > /dev/null || missing+=(xvfb)

exec "$(dirname "$0")/install-packages.sh" "${missing[@]}"

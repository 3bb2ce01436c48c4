# An overlay port of the sources it stands in: `vcpkg install session-replay --overlay-ports=packaging/vcpkg`. cargo has to
# be on the PATH; it fetches the crates that Cargo.lock names.
set(SOURCE_PATH "${CURRENT_PORT_DIR}/../../..")

# vcpkg keeps nothing of the environment that it does not know; cargo is looked for where rustup puts it.
if(DEFINED ENV{CARGO_HOME})
  set(cargo_home "$ENV{CARGO_HOME}")
elseif(DEFINED ENV{HOME})
  set(cargo_home "$ENV{HOME}/.cargo")
else()
  set(cargo_home "$ENV{USERPROFILE}/.cargo")
endif()
find_program(CARGO cargo HINTS "${cargo_home}/bin" REQUIRED)

# One build serves both configurations: the library has no debug form.
set(VCPKG_BUILD_TYPE release)
vcpkg_cmake_configure(
  SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS "-DSESSION_REPLAY_CARGO=${CARGO}" -DSESSION_REPLAY_INSTALL=ON)
vcpkg_cmake_install()

# vcpkg's triplet wants one linkage; find_package takes whichever is there.
if(VCPKG_LIBRARY_LINKAGE STREQUAL "static")
  file(GLOB shared "${CURRENT_PACKAGES_DIR}/lib/*.so*" "${CURRENT_PACKAGES_DIR}/lib/*.dylib"
    "${CURRENT_PACKAGES_DIR}/lib/*.dll*")
  file(REMOVE_RECURSE ${shared} "${CURRENT_PACKAGES_DIR}/bin")
else()
  file(REMOVE "${CURRENT_PACKAGES_DIR}/lib/libsession_replay.a" "${CURRENT_PACKAGES_DIR}/lib/session_replay.lib")
endif()
file(MAKE_DIRECTORY "${CURRENT_PACKAGES_DIR}/share/${PORT}")
file(RENAME "${CURRENT_PACKAGES_DIR}/lib/cmake/SessionReplay" "${CURRENT_PACKAGES_DIR}/share/sessionreplay")
file(REMOVE_RECURSE "${CURRENT_PACKAGES_DIR}/lib/cmake")
vcpkg_fixup_pkgconfig()
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE" "${SOURCE_PATH}/THIRD-PARTY-NOTICES.txt")
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")

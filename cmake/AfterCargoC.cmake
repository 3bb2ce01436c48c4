# What `make install` does after cargo-c: its static library has names of others, its pkg-config file can't name that library
# beside the shared one, and it can't be moved.
#
#   cmake -DPREFIX=/usr/local -P cmake/AfterCargoC.cmake
cmake_minimum_required(VERSION 3.20)
include("${CMAKE_CURRENT_LIST_DIR}/SessionReplayTargets.cmake")
get_filename_component(PREFIX "${PREFIX}" ABSOLUTE)
set(libraries "${PREFIX}/lib")

set(static libsession_replay.a)
set(ARCHIVE "${libraries}/${static}")
set(RESULT "${ARCHIVE}.one")
file(REMOVE "${RESULT}")
include("${CMAKE_CURRENT_LIST_DIR}/OneObject.cmake")
file(RENAME "${RESULT}" "${ARCHIVE}")

file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/../Cargo.toml" about REGEX "^(version|description|repository) = ")
string(REGEX MATCH "version = \"([^\"]*)\"" ignored "${about}")
set(PROJECT_VERSION "${CMAKE_MATCH_1}")
string(REGEX MATCH "description = \"([^\"]*)\"" ignored "${about}")
set(PROJECT_DESCRIPTION "${CMAKE_MATCH_1}")
string(REGEX MATCH "repository = \"([^\"]*)\"" ignored "${about}")
set(PROJECT_HOMEPAGE_URL "${CMAKE_MATCH_1}")
session_replay_system_libraries(system)
string(REPLACE ";" " " SYSTEM_LIBRARIES "${system}")
session_replay_pkg_config_static(STATIC_LIBRARY "${static}")
set(to_prefix ../..)
set(to_libraries lib)
set(to_headers include)
foreach(package IN ITEMS session_replay session_replay_shared)
  configure_file("${CMAKE_CURRENT_LIST_DIR}/${package}.pc.in" "${libraries}/pkgconfig/${package}.pc" @ONLY)
endforeach()
file(COPY "${CMAKE_CURRENT_LIST_DIR}/tsan.supp" "${CMAKE_CURRENT_LIST_DIR}/static-library.supp"
  "${CMAKE_CURRENT_LIST_DIR}/../LICENSE" "${CMAKE_CURRENT_LIST_DIR}/../THIRD-PARTY-NOTICES.txt"
  DESTINATION "${PREFIX}/share/session-replay")
session_replay_adapters(adapters "${CMAKE_CURRENT_LIST_DIR}/../bindings")
list(TRANSFORM adapters TOLOWER)
foreach(adapter IN LISTS adapters)
  file(COPY "${CMAKE_CURRENT_LIST_DIR}/../bindings/${adapter}" DESTINATION "${PREFIX}/share/session-replay")
endforeach()

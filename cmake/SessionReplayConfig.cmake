# find_package(SessionReplay CONFIG): the target SessionReplay::SessionReplay, of an installation that may have been moved.
#
# It is the shared library, or the static one when that alone is installed or SessionReplay_USE_STATIC_LIBS is on.

include("${CMAKE_CURRENT_LIST_DIR}/SessionReplayTargets.cmake")

# Where CMake installed the headers, seen from here. cargo-c leaves the line as it is, and vcpkg moves this file: then this
# file is in <prefix>/lib/cmake/SessionReplay, or deeper, or in <prefix>/share.
get_filename_component(_session_replay_include "${CMAKE_CURRENT_LIST_DIR}/@SESSION_REPLAY_INCLUDE@" ABSOLUTE)
set(_session_replay_prefix "${CMAKE_CURRENT_LIST_DIR}")
foreach(_session_replay_step RANGE 6)
  if(EXISTS "${_session_replay_prefix}/include/session_replay.h")
    break()
  endif()
  get_filename_component(_session_replay_prefix "${_session_replay_prefix}" DIRECTORY)
endforeach()
if(NOT EXISTS "${_session_replay_include}/session_replay.h")
  set(_session_replay_include "${_session_replay_prefix}/include")
endif()
get_filename_component(_session_replay_libraries "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

set(_session_replay_shared "${CMAKE_SHARED_LIBRARY_PREFIX}session_replay${CMAKE_SHARED_LIBRARY_SUFFIX}")
set(_session_replay_static "${CMAKE_STATIC_LIBRARY_PREFIX}session_replay${CMAKE_STATIC_LIBRARY_SUFFIX}")
set(_session_replay_is_shared ON)
if(SessionReplay_USE_STATIC_LIBS)
  set(_session_replay_is_shared OFF)
endif()
set(_session_replay_dir "")
foreach(_session_replay_wanted IN ITEMS ${_session_replay_is_shared} OFF)
  # Its own folder first: another may hold an older one, or one for another processor.
  foreach(_session_replay_lib IN ITEMS "${_session_replay_libraries}" "${_session_replay_prefix}/lib"
      "${_session_replay_prefix}/lib64" "${_session_replay_prefix}/lib/${CMAKE_LIBRARY_ARCHITECTURE}"
      "${_session_replay_prefix}/bin")
    set(_session_replay_file "${_session_replay_lib}/${_session_replay_static}")
    if(_session_replay_wanted)
      set(_session_replay_file "${_session_replay_lib}/${_session_replay_shared}")
    endif()
    if(NOT _session_replay_dir AND EXISTS "${_session_replay_file}")
      set(_session_replay_is_shared ${_session_replay_wanted})
      get_filename_component(_session_replay_dir "${_session_replay_file}" DIRECTORY)
    endif()
  endforeach()
endforeach()

foreach(_session_replay_component IN LISTS SessionReplay_FIND_COMPONENTS)
  if(SessionReplay_FIND_REQUIRED_${_session_replay_component})
    set(_session_replay_unknown "${_session_replay_component}")
  endif()
endforeach()

if(_session_replay_unknown)
  set(SessionReplay_FOUND FALSE)
  set(SessionReplay_NOT_FOUND_MESSAGE "SessionReplay has no component ${_session_replay_unknown}: it has none at all")
elseif(EXISTS "${_session_replay_include}/session_replay.h" AND _session_replay_dir)
  if(_session_replay_dir STREQUAL "${_session_replay_prefix}/bin")
    set(_session_replay_dir "${_session_replay_prefix}/lib")
  endif()
  session_replay_targets("${_session_replay_include}" "${_session_replay_dir}" ${_session_replay_is_shared}
    "${_session_replay_shared}")
else()
  set(SessionReplay_FOUND FALSE)
  set(SessionReplay_NOT_FOUND_MESSAGE
    "no library, or no session_replay.h, that belongs to ${CMAKE_CURRENT_LIST_DIR}: was the installation taken apart?")
endif()

unset(_session_replay_include)
unset(_session_replay_libraries)
unset(_session_replay_component)
unset(_session_replay_unknown)
unset(_session_replay_prefix)
unset(_session_replay_step)
unset(_session_replay_shared)
unset(_session_replay_static)
unset(_session_replay_is_shared)
unset(_session_replay_wanted)
unset(_session_replay_lib)
unset(_session_replay_file)
unset(_session_replay_dir)

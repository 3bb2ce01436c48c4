# Which versions this one serves for: those of the same major version that are not newer. A test keeps the number.
set(PACKAGE_VERSION "0.1.0")

string(REGEX MATCH "^[0-9]+" _session_replay_major "${PACKAGE_VERSION}")
if(PACKAGE_FIND_VERSION_MAJOR STREQUAL _session_replay_major AND NOT PACKAGE_VERSION VERSION_LESS PACKAGE_FIND_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
  if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
  endif()
endif()
unset(_session_replay_major)

# For CMAKE_PROJECT_TOP_LEVEL_INCLUDES: the library that cargo has built already, in the folder SR_BUILT, in place of one that
# CMake would build.
set_property(GLOBAL PROPERTY TARGET_SUPPORTS_SHARED_LIBS TRUE) # No language is enabled yet.
include("${CMAKE_CURRENT_LIST_DIR}/../../cmake/SessionReplayTargets.cmake")
session_replay_targets("${CMAKE_CURRENT_LIST_DIR}/../../include" "${SR_BUILT}" ON libsession_replay.so)

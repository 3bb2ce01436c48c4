# Makes of a static library one whose only global symbols are the functions of session_replay.h. cargo's archive brings those
# of all that is in it (libdeflate's, ring's, Rust's own), which would clash with a host's, or take their place in silence.
#
#   cmake -DARCHIVE=… -DRESULT=… [-DCC=cc -DOBJCOPY=objcopy -DAR=ar -DTARGET=… -DWINDOWS=ON] -P cmake/OneObject.cmake
#
# What the functions need is linked into one object, in which every other name is made local. That is how each of its parts
# was compiled: debug information, sections and thread-local storage stay, and a host's own -flto or --gc-sections see an
# object like any other. On Windows, whose object files know no such step, the archive is copied as it is.
cmake_minimum_required(VERSION 3.20)

if(EXISTS "${RESULT}" AND "${RESULT}" IS_NEWER_THAN "${ARCHIVE}" AND "${RESULT}" IS_NEWER_THAN "${CMAKE_CURRENT_LIST_FILE}")
  return()
endif()
foreach(tool IN ITEMS CC:cc OBJCOPY:objcopy AR:ar)
  string(REPLACE ":" ";" tool "${tool}")
  list(GET tool 0 name)
  list(GET tool 1 usual)
  if(NOT ${name})
    set(${name} ${usual})
  endif()
endforeach()

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE complaint)
  set(failed "${failed}" PARENT_SCOPE)
  set(complaint "${complaint}" PARENT_SCOPE)
endfunction()

if(CMAKE_HOST_APPLE)
  set(APPLE ON)
endif()
if(CMAKE_HOST_WIN32 OR WINDOWS)
  file(COPY_FILE "${ARCHIVE}" "${RESULT}")
  return()
endif()

# The functions that the header declares. Not asked of nm: one that knows LLVM takes Rust's objects for its own, because of
# the bitcode that they carry besides.
file(READ "${CMAKE_CURRENT_LIST_DIR}/../include/session_replay.h" header)
string(REGEX REPLACE "/\\*([^*]|\\*+[^*/])*\\*+/" "" header "${header}")
string(REGEX MATCHALL "sr_[a-z_]+\\(" names "${header}")
list(TRANSFORM names REPLACE "\\(" "")
if(APPLE)
  list(TRANSFORM names PREPEND "_")
endif()
if(NOT names)
  message(FATAL_ERROR "session_replay.h declares nothing")
endif()

set(work "${RESULT}.work")
file(REMOVE_RECURSE "${work}")
file(MAKE_DIRECTORY "${work}")
string(REPLACE ";" "\n" lines "${names}")
file(WRITE "${work}/names" "${lines}\n")
list(TRANSFORM names PREPEND "-Wl,-u," OUTPUT_VARIABLE roots)
set(link "${CC}")
if(TARGET)
  list(APPEND link "--target=${TARGET}")
endif()
list(APPEND link -r -nostdlib -o "${work}/session_replay.o" ${roots})
# Apple's linker makes local what is not in the list. Others have objcopy for it; there the groups of sections that a linker
# keeps once by their name have to go, too: a host's own, of the same name, must not take the place of ours.
foreach(more IN ITEMS "-Wl,--gc-sections;-Wl,--force-group-allocation" "-Wl,--gc-sections" ""
    "-Wl,-exported_symbols_list,${work}/names")
  run(${link} ${more} "${ARCHIVE}")
  if(NOT failed)
    break()
  endif()
endforeach()
if(failed)
  message(FATAL_ERROR "${CC} can't link ${ARCHIVE} into one object: ${complaint}")
endif()
if(NOT more MATCHES "exported_symbols_list")
  # Rust's own objects carry bitcode, too, which makes no sense any more once it is joined.
  run("${OBJCOPY}" -R .llvmbc -R .llvmcmd "--keep-global-symbols=${work}/names" "${work}/session_replay.o")
  if(failed)
    message(FATAL_ERROR "${OBJCOPY} can't make the names in ${work}/session_replay.o local: ${complaint}")
  endif()
endif()
run("${AR}" rcs "${work}/library.a" "${work}/session_replay.o")
if(failed)
  message(FATAL_ERROR "${AR}: ${complaint}")
endif()
file(RENAME "${work}/library.a" "${RESULT}")
file(REMOVE_RECURSE "${work}")

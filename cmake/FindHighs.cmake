# Finds HiGHS by its C interface: an installed one first, else the library that tools/setup took from the "highsbox" wheel
# into .deps/highsbox (in an installed vorrat: the copy installed beside it). Defines the target Highs::highs and HIGHS_LIBRARY.
find_path(HIGHS_INCLUDE_DIR interfaces/highs_c_api.h
          HINTS ${VORRAT_HIGHS_ROOT}/include/highs
          PATH_SUFFIXES highs)
find_library(HIGHS_LIBRARY highs HINTS ${VORRAT_HIGHS_ROOT}/lib ${VORRAT_HIGHS_ROOT}/lib64)
if(NOT HIGHS_INCLUDE_DIR OR NOT HIGHS_LIBRARY)
  unset(HIGHS_INCLUDE_DIR CACHE)
  unset(HIGHS_LIBRARY CACHE)
  set(highs_wheel ${CMAKE_CURRENT_LIST_DIR}/../.deps/highsbox ${CMAKE_CURRENT_LIST_DIR}/../../vorrat/highs)
  find_path(HIGHS_INCLUDE_DIR interfaces/highs_c_api.h PATHS ${highs_wheel} PATH_SUFFIXES include/highs NO_DEFAULT_PATH)
  find_library(HIGHS_LIBRARY highs PATHS ${highs_wheel} PATH_SUFFIXES lib lib64 NO_DEFAULT_PATH)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Highs REQUIRED_VARS HIGHS_LIBRARY HIGHS_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "run tools/setup, which installs it, or set VORRAT_HIGHS_ROOT to the folder that holds include/ and lib/")
if(Highs_FOUND AND NOT TARGET Highs::highs)
  add_library(Highs::highs UNKNOWN IMPORTED)
  get_filename_component(highs_parent ${HIGHS_INCLUDE_DIR} DIRECTORY)
  set_target_properties(Highs::highs PROPERTIES IMPORTED_LOCATION ${HIGHS_LIBRARY}
                        INTERFACE_INCLUDE_DIRECTORIES "${HIGHS_INCLUDE_DIR};${highs_parent}")
endif()

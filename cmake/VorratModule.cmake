# vorrat_module(NAME HEADERS ... SOURCES ... TESTS ... STANDS_ON ... LIBRARIES ... TEST_LIBRARIES ...)
#
# One folder of vorrat/ as one library vorrat::NAME. HEADERS, SOURCES and TESTS are file names in that folder, listed and
# not globbed; STANDS_ON are other folders; LIBRARIES are outside libraries, which only sources may include.
function(vorrat_module name)
  cmake_parse_arguments(arg "" "" "HEADERS;SOURCES;TESTS;STANDS_ON;LIBRARIES;TEST_LIBRARIES" ${ARGN})
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "vorrat_module(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
  endif()
  set(target vorrat_${name})
  list(TRANSFORM arg_HEADERS PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(vorrat::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} PUBLIC cxx_std_23)
  target_sources(${target} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${arg_HEADERS})
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:vorrat_warnings> ${arg_LIBRARIES})
  foreach(folder IN LISTS arg_STANDS_ON)
    target_link_libraries(${target} PUBLIC vorrat_${folder})
  endforeach()
  install(TARGETS ${target} EXPORT vorratTargets FILE_SET HEADERS)

  if(VORRAT_TESTS AND arg_TESTS)
    add_executable(${target}_test ${arg_TESTS})
    target_compile_definitions(${target}_test PRIVATE VORRAT_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                               VORRAT_BINARY_DIR="${PROJECT_BINARY_DIR}")
    target_link_libraries(${target}_test PRIVATE $<BUILD_INTERFACE:vorrat_warnings> ${target} ${arg_TEST_LIBRARIES}
                          GTest::gmock GTest::gtest_main)
    gtest_discover_tests(${target}_test TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST PROPERTIES LABELS ${name}
                         TIMEOUT 900)
  endif()
endfunction()

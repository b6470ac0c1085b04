# weir_library() and weir_test() declare what a folder of src/ is and which folders it may lean on.
# `./dev lint` reads the same calls and refuses an include of a folder that is not in DEPS.

function(_weir_sources out)
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cc")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cc$")
  set(${out} ${sources} PARENT_SCOPE)
endfunction()

function(_weir_link target scope)
  foreach(dependency IN LISTS ARGN)
    target_link_libraries(${target} ${scope} weir_${dependency})
  endforeach()
endfunction()

# The tests that the preset `tsan` builds (target tsan_tests) and runs (ctest -L tsan): where threads
# meet, and neither DuckDB nor Arrow, whose libraries are not instrumented, is linked.
set(WEIR_TSAN_TESTS base_test control_test net_test)
add_custom_target(tsan_tests)

# weir_library(<name> [DEPS folders...] [PUBLIC foreign...] [PRIVATE foreign...] [PCH headers...]
#              [SOURCES files...])
# The library of this folder, of every *.cc in it that is no test and no main.cc. DEPS are folders of
# ours; PUBLIC and PRIVATE are foreign targets; PCH lists the slow foreign headers an adapter includes.
function(weir_library name)
  cmake_parse_arguments(ARG "" "" "DEPS;PUBLIC;PRIVATE;PCH;SOURCES" ${ARGN})
  if(ARG_SOURCES)
    set(sources ${ARG_SOURCES})
  else()
    _weir_sources(sources)
  endif()
  if(sources)
    add_library(weir_${name} STATIC ${sources})
    target_link_libraries(weir_${name} PUBLIC weir_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
    _weir_link(weir_${name} PUBLIC ${ARG_DEPS})
    if(ARG_PCH)
      target_precompile_headers(weir_${name} PRIVATE ${ARG_PCH})
    endif()
  else()
    add_library(weir_${name} INTERFACE)
    target_link_libraries(weir_${name} INTERFACE weir_options ${ARG_PUBLIC})
    _weir_link(weir_${name} INTERFACE ${ARG_DEPS})
  endif()
endfunction()

# weir_program(<name> [DEPS folders...] [PRIVATE foreign...])
# The program build/<preset>/<name> of this folder's main.cc. CMake gives it the places of its shared
# libraries, so it runs from the build folder without environment variables.
function(weir_program name)
  cmake_parse_arguments(ARG "" "" "DEPS;PRIVATE" ${ARGN})
  add_executable(${name} main.cc)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")
  target_link_libraries(${name} PRIVATE weir_options ${ARG_PRIVATE})
  _weir_link(${name} PRIVATE ${ARG_DEPS})
endfunction()

# weir_test(<name> [DEPS folders...] [PRIVATE foreign...] [SOURCES files...] [PCH headers...]
#           [TIMEOUT seconds])
# One GoogleTest program of every *_test.cc in this folder; ctest shows each case by itself only on
# demand, so that a suite starts once.
function(weir_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "DEPS;PRIVATE;SOURCES;PCH" ${ARGN})
  if(ARG_SOURCES)
    set(sources ${ARG_SOURCES})
  else()
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cc")
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE weir_options GTest::gmock GTest::gtest_main
                                        ${ARG_PRIVATE})
  _weir_link(${name} PRIVATE ${ARG_DEPS})
  if(ARG_PCH)
    target_precompile_headers(${name} PRIVATE ${ARG_PCH})
  endif()
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} ENVIRONMENT
                                                                 "${WEIR_TEST_ENVIRONMENT}")
  if(name IN_LIST WEIR_TSAN_TESTS)
    add_dependencies(tsan_tests ${name})
    set_tests_properties(${name} PROPERTIES LABELS tsan)
  endif()
endfunction()

# weir_bench(<name> [DEPS folders...] [PRIVATE foreign...])
# The program of bench/<name>_bench.cc; see bench/README.md for what it prints. Only `./dev bench`
# builds it.
function(weir_bench name)
  cmake_parse_arguments(ARG "" "" "DEPS;PRIVATE" ${ARGN})
  add_executable(bench_${name} EXCLUDE_FROM_ALL "${name}_bench.cc")
  target_link_libraries(bench_${name} PRIVATE weir_options ${ARG_PRIVATE})
  target_include_directories(bench_${name} PRIVATE "${CMAKE_SOURCE_DIR}")  # for bench/figure.h
  _weir_link(bench_${name} PRIVATE ${ARG_DEPS})
endfunction()

# weir_fuzz(<name> [DEPS folders...] [PRIVATE foreign...])
# The fuzzer tests/fuzz/<name>_fuzz.cc, which defines LLVMFuzzerTestOneInput. The preset `fuzz` makes
# it a libFuzzer program; every other preset makes it a test that replays tests/fuzz/corpus/<name>/.
function(weir_fuzz name)
  cmake_parse_arguments(ARG "" "" "DEPS;PRIVATE" ${ARGN})
  add_executable(fuzz_${name} "${name}_fuzz.cc")
  target_link_libraries(fuzz_${name} PRIVATE weir_options ${ARG_PRIVATE})
  _weir_link(fuzz_${name} PRIVATE ${ARG_DEPS})
  if(WEIR_FUZZ)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(fuzz_${name} PRIVATE "${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cc")
    add_test(NAME fuzz_${name} COMMAND fuzz_${name} "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
    set_tests_properties(fuzz_${name} PROPERTIES TIMEOUT 120)
  endif()
endfunction()

# What every target is compiled with. A preset chooses the sanitizer and the optimisation.
set(WEIR_SANITIZE "" CACHE STRING "Sanitizers: empty, 'address,undefined' or 'thread'")
option(WEIR_FUZZ "Build the fuzzers with clang's libFuzzer" OFF)
option(WEIR_CCACHE "Compile through ccache" OFF)

# One cache serves every clone: paths are hashed relative to the source folder, and the same folder
# is cut from what the compiler writes into its output.
if(WEIR_CCACHE)
  find_program(WEIR_CCACHE_PROGRAM ccache REQUIRED)
  set(_launcher
      env "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}" CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      "${WEIR_CCACHE_PROGRAM}")
  set(CMAKE_CXX_COMPILER_LAUNCHER ${_launcher})
  set(CMAKE_C_COMPILER_LAUNCHER ${_launcher})
endif()

add_library(weir_options INTERFACE)
target_compile_options(
  weir_options
  INTERFACE -Wall
            -Wextra
            -Wshadow
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wimplicit-fallthrough
            -Werror
            -fno-omit-frame-pointer
            -fstack-protector-strong
            "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
target_include_directories(weir_options INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_definitions(weir_options INTERFACE WEIR_VERSION="${WEIR_VERSION}")

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these falsely in the standard library's own inlined code.
  target_compile_options(weir_options INTERFACE -Wno-restrict -Wno-stringop-overflow
                                                -Wno-maybe-uninitialized)
  target_compile_options(weir_options INTERFACE -fcoroutines)
endif()

if(WEIR_SANITIZE)
  target_compile_options(weir_options INTERFACE -fsanitize=${WEIR_SANITIZE}
                                                -fno-sanitize-recover=all)
  target_link_options(weir_options INTERFACE -fsanitize=${WEIR_SANITIZE})
endif()
# libarrow and libduckdb are not instrumented, so AddressSanitizer cannot follow their containers.
set(WEIR_TEST_ENVIRONMENT
    "ASAN_OPTIONS=detect_container_overflow=0:detect_stack_use_after_return=1"
    "UBSAN_OPTIONS=print_stacktrace=1" "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1")
if(WEIR_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Asio's fences stand beside its mutexes, which ThreadSanitizer does follow.
  target_compile_options(weir_options INTERFACE -Wno-tsan)
endif()
if(WEIR_FUZZ)
  target_compile_options(weir_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

find_program(WEIR_MOLD mold)
if(WEIR_MOLD)
  target_link_options(weir_options INTERFACE -fuse-ld=mold)
endif()
target_link_options(weir_options INTERFACE -Wl,--as-needed -Wl,-z,relro,-z,now)

# What every target is compiled with. A preset chooses the sanitizer and the optimisation.
set(WEIR_SANITIZE "" CACHE STRING "Sanitizers: empty, 'address,undefined', 'thread' or 'fuzzer,address,undefined'")

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
            -fstack-protector-strong)
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

find_program(WEIR_MOLD mold)
if(WEIR_MOLD)
  target_link_options(weir_options INTERFACE -fuse-ld=mold)
endif()
target_link_options(weir_options INTERFACE -Wl,--as-needed -Wl,-z,relro,-z,now)

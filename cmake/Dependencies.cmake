# Everything foreign, by the names targets use. Debian's packages come from the system; Arrow and
# DuckDB from .deps/, which `./dev` fills from tools/dev/parts.toml.
set(WEIR_DEPS "${CMAKE_SOURCE_DIR}/.deps" CACHE PATH "Where ./dev links the fetched parts")

find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(LibLZMA REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(spdlog REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json url)
find_package(SQLite3 REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(GTest REQUIRED)
find_package(rapidcheck REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(libyaml REQUIRED IMPORTED_TARGET yaml-0.1)

add_library(weir_asio INTERFACE)
target_link_libraries(weir_asio INTERFACE Boost::headers OpenSSL::SSL OpenSSL::Crypto
                                          Threads::Threads)
target_compile_definitions(weir_asio INTERFACE BOOST_ASIO_NO_DEPRECATED)
# Boost is foreign: its headers are not held to our warnings.
foreach(target Boost::headers Boost::json Boost::url)
  get_target_property(_dirs ${target} INTERFACE_INCLUDE_DIRECTORIES)
  if(_dirs)
    set_target_properties(${target} PROPERTIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${_dirs}")
  endif()
endforeach()

# Arrow: headers and libraries of the pyarrow wheel (ABI 2600).
if(EXISTS "${WEIR_DEPS}/arrow/include/arrow/api.h")
  foreach(part arrow arrow_s3 parquet arrow_flight)
    add_library(Arrow::${part} SHARED IMPORTED)
    set_target_properties(
      Arrow::${part}
      PROPERTIES IMPORTED_LOCATION "${WEIR_DEPS}/arrow/lib/lib${part}.so.2600"
                 INTERFACE_INCLUDE_DIRECTORIES "${WEIR_DEPS}/arrow/include"
                 INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${WEIR_DEPS}/arrow/include")
  endforeach()
  set_target_properties(Arrow::arrow_s3 Arrow::parquet Arrow::arrow_flight
                        PROPERTIES INTERFACE_LINK_LIBRARIES Arrow::arrow)
endif()

# DuckDB: the shared library of the npm package, the headers of the crate of the same version.
if(EXISTS "${WEIR_DEPS}/duckdb/include/duckdb.hpp")
  add_library(DuckDB::duckdb SHARED IMPORTED)
  set_target_properties(
    DuckDB::duckdb
    PROPERTIES IMPORTED_LOCATION "${WEIR_DEPS}/duckdb/lib/libduckdb.so"
               INTERFACE_INCLUDE_DIRECTORIES "${WEIR_DEPS}/duckdb/include"
               INTERFACE_SYSTEM_INCLUDE_DIRECTORIES "${WEIR_DEPS}/duckdb/include")
endif()

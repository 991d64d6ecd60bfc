# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Options of the build, flags that hold for every target, and where results go.

option(MLXIR_PYTHON "Build the Python extension" ON)
option(MLXIR_PYTHON_IR "Build MLIR's Python bindings as mlxir.ir" ON)
option(MLXIR_WERROR "Treat compiler warnings as errors" OFF)
set(MLXIR_SANITIZE "" CACHE STRING "Sanitizers for the runtime and its C tests, e.g. address,undefined")
set(MLXIR_MLIR_SOURCE "" CACHE PATH "Folder with mlir/python and mlir/lib/Bindings/Python of the LLVM in use")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
# Optimization levels are chosen per target (see MlxirTargets.cmake).
set(CMAKE_CXX_FLAGS_RELEASE "-DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-DNDEBUG")

set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
set(MLXIR_PYTHON_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/python/mlxir)

include_directories(${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR}/runtime/include)
add_compile_options(-fdiagnostics-color=auto)
add_link_options(-fuse-ld=lld -Wl,-z,defs -Wl,--build-id=sha1)

find_program(MLXIR_CCACHE ccache)
if(MLXIR_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_SOURCE_DIR}/scripts/ccache.sh)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_SOURCE_DIR}/scripts/ccache.sh)
endif()

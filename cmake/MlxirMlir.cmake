# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Finds MLIR, makes its headers and TableGen reachable from here on, and
# declares the precompiled header that every MLIR-including target shares.

# The packaged version file accepts only its own patch release.
find_package(MLIR REQUIRED CONFIG)
if(NOT LLVM_VERSION_MAJOR EQUAL 22)
  message(FATAL_ERROR "mlxir expects LLVM 22, got ${LLVM_VERSION} (set MLIR_DIR)")
endif()
list(APPEND CMAKE_MODULE_PATH ${MLIR_CMAKE_DIR} ${LLVM_CMAKE_DIR})
set(LLVM_RUNTIME_OUTPUT_INTDIR ${CMAKE_BINARY_DIR}/bin)
set(LLVM_LIBRARY_OUTPUT_INTDIR ${CMAKE_BINARY_DIR}/lib)
set(MLIR_BINARY_DIR ${CMAKE_BINARY_DIR})
include(TableGen)
include(AddLLVM)
include(AddMLIR)
include(DetermineGCCCompatible)

include_directories(SYSTEM ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
separate_arguments(definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
add_definitions(${definitions})

# The packaged CMake targets mix static archives with the shared LLVM, and two
# copies of LLVM in one process crash at the first call. Files are named here
# instead, and only the shared libraries.
set(MLXIR_MLIR_LIBRARIES ${LLVM_LIBRARY_DIR}/libMLIR.so ${LLVM_LIBRARY_DIR}/libLLVM.so)

# Developers rebuild the compiler all day: light optimization, no debug info.
set(MLXIR_COMPILER_OPT_LEVEL 1 CACHE STRING "-O level of code that includes MLIR")

function(mlxir_set_mlir_options target)
  target_compile_options(${target} PRIVATE -O${MLXIR_COMPILER_OPT_LEVEL} -fvisibility-inlines-hidden)
  mlxir_set_warnings(${target})
  if(NOT target STREQUAL "mlxir-pch")
    target_precompile_headers(${target} REUSE_FROM mlxir-pch)
  endif()
endfunction()

file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/mlxir-pch.cpp
  CONTENT "// Carries the precompiled header of cmake/Pch.h.\n")
add_library(mlxir-pch OBJECT ${CMAKE_BINARY_DIR}/mlxir-pch.cpp)
mlxir_set_mlir_options(mlxir-pch)
target_precompile_headers(mlxir-pch PRIVATE <cmake/Pch.h>)
# Without a time stamp in it the precompiled header is the same each time it is
# built, which is what lets ccache answer for the files that use it.
target_compile_options(mlxir-pch PRIVATE "SHELL:-Xclang -fno-pch-timestamp")

# mlxir_add_tablegen_target(NAME): call after mlir_tablegen() and
# mlxir_tablegen() lines; everything they generate is ready before any library.
macro(mlxir_add_tablegen_target name)
  add_public_tablegen_target(${name})
  add_dependencies(mlxir-headers ${name})
  set(TABLEGEN_OUTPUT)
endmacro()

# mlxir_add_passes(NAME): the declarations of this folder's passes, one pass or
# more for each X.td, which is also the file's name in `X.h.inc`.
macro(mlxir_add_passes name)
  file(GLOB records CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.td)
  foreach(record ${records})
    get_filename_component(stem ${record} NAME_WE)
    set(LLVM_TARGET_DEFINITIONS ${record})
    mlir_tablegen(${stem}.h.inc -gen-pass-decls -name ${stem})
  endforeach()
  mlxir_add_tablegen_target(${name})
endmacro()

# mlxir_tablegen(OUTPUT -gen-...): as mlir_tablegen(), through mlxir-tblgen.
function(mlxir_tablegen output)
  set(MLXIR_TABLEGEN_EXE mlxir-tblgen)
  set(MLXIR_TABLEGEN_TARGET mlxir-tblgen)
  tablegen(MLXIR ${ARGV})
  set(TABLEGEN_OUTPUT ${TABLEGEN_OUTPUT} PARENT_SCOPE)
endfunction()

# mlxir_add_tblgen(NAME [SOURCES FILE...]): a TableGen backend program.
function(mlxir_add_tblgen name)
  cmake_parse_arguments(ARG "" "" "SOURCES" ${ARGN})
  mlxir_sources(sources ${ARG_SOURCES})
  add_executable(${name} ${sources})
  target_compile_options(${name} PRIVATE -O${MLXIR_COMPILER_OPT_LEVEL})
  mlxir_set_warnings(${name})
  # TableGen's libraries exist only as archives; they use the shared LLVM.
  target_link_libraries(${name} PRIVATE ${LLVM_LIBRARY_DIR}/libMLIRTableGen.a
    ${LLVM_LIBRARY_DIR}/libMLIRTblgenLib.a ${LLVM_LIBRARY_DIR}/libLLVMTableGen.a
    ${LLVM_LIBRARY_DIR}/libLLVM.so)
endfunction()

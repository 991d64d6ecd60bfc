# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# The functions with which each folder's CMakeLists.txt declares what it builds.

# Every generated header hangs on this target, and every library waits for it.
add_custom_target(mlxir-headers)

# The sources given, or every .cpp file of the current folder. The folder is
# looked at again by each build, so a new file needs no line anywhere.
function(mlxir_sources result)
  set(sources ${ARGN})
  if(NOT sources)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  endif()
  set(${result} ${sources} PARENT_SCOPE)
endfunction()

function(mlxir_set_warnings target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wno-unused-parameter
    $<$<BOOL:${MLXIR_WERROR}>:-Werror>)
endfunction()

# Code that ships without LLVM: fully optimized, nothing exported unless it is
# marked so, and instrumented when the build asks for sanitizers.
function(mlxir_set_runtime_options target)
  target_compile_options(${target} PRIVATE -O2)
  set_target_properties(${target} PROPERTIES
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  if(MLXIR_SANITIZE)
    set(flags -fsanitize=${MLXIR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g1)
    target_compile_options(${target} PRIVATE ${flags})
    # A sanitized shared library leaves the sanitizer's symbols to the program.
    target_link_options(${target} PUBLIC -fsanitize=${MLXIR_SANITIZE} -Wl,-z,undefs)
  endif()
  mlxir_set_warnings(${target})
endfunction()

# mlxir_add_library(NAME [MLIR] [SOURCES FILE...] [LINK LIBRARY...] [DEPENDS TARGET...])
# An object library. With MLIR it becomes a part of libmlxir_compiler and sees
# MLIR's headers, precompiled; without, it is plain C++ that the runtime may use.
# SOURCES may be left out: then it is every .cpp file of the folder.
function(mlxir_add_library name)
  cmake_parse_arguments(ARG "MLIR" "" "SOURCES;LINK;DEPENDS" ${ARGN})
  mlxir_sources(sources ${ARG_SOURCES})
  add_library(${name} OBJECT ${sources})
  add_dependencies(${name} mlxir-headers ${ARG_DEPENDS})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_MLIR)
    mlxir_set_mlir_options(${name})
    set_property(GLOBAL APPEND PROPERTY MLXIR_COMPILER_LIBRARIES ${name})
  else()
    mlxir_set_runtime_options(${name})
  endif()
endfunction()

# mlxir_link_plain_libraries(TARGET): the plain C++ that runtime and compiler
# both contain, each its own hidden copy.
function(mlxir_link_plain_libraries target)
  target_link_libraries(${target} PRIVATE MLXIRInfer MLXIRFormat)
endfunction()

# mlxir_add_tool(NAME [SOURCES FILE...] [LINK LIBRARY...]): a program in
# build/bin over libmlxir_compiler.
function(mlxir_add_tool name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  mlxir_sources(sources ${ARG_SOURCES})
  add_executable(${name} ${sources})
  add_dependencies(${name} mlxir-headers)
  mlxir_set_mlir_options(${name})
  # The precompiled header is -fPIC code; CMake would give a program -fPIE.
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE -fPIC)
  target_link_libraries(${name} PRIVATE mlxir_compiler ${ARG_LINK} ${MLXIR_MLIR_LIBRARIES})
endfunction()

# mlxir_add_runtime_test(NAME [SOURCES FILE...] [LINK LIBRARY...]): a program
# that ctest runs, linked with the runtime library; it fails by its exit status.
function(mlxir_add_runtime_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  mlxir_sources(sources ${ARG_SOURCES})
  add_executable(${name} ${sources})
  add_dependencies(${name} mlxir-headers)
  add_dependencies(mlxir-runtime-tests ${name})
  mlxir_set_runtime_options(${name})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/test/c)
  target_link_libraries(${name} PRIVATE mlxir_runtime ${ARG_LINK})
  add_test(NAME ${name} COMMAND ${name})
endfunction()
add_custom_target(mlxir-runtime-tests)

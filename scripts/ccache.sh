#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Runs a compiler through ccache so that checkouts in different folders share
# results: CMake's compiler launcher, started by ninja in the build folder.
# usage: ccache.sh COMPILER ARGUMENT...

export CCACHE_BASEDIR=${BASH_SOURCE[0]%/scripts/*}
export CCACHE_NOHASHDIR=1
# What ccache asks for before it caches precompiled headers and their users.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime

# ccache makes the paths that it understands relative to the build folder. The
# precompiled header's hide behind -Xclang, so they are made relative here.
exec ccache "${@/#$PWD\//}"

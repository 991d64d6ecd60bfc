# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""How lit finds tools and tests here, and the macros that keep RUN lines short."""

import os
import pathlib
import subprocess
import sys

import lit.formats

root = pathlib.Path(__file__).resolve().parents[2]
build = pathlib.Path(os.environ.get("MLXIR_BUILD_DIR", root / "build"))
llvm_tools = subprocess.run(["llvm-config-22", "--bindir"], check=True, capture_output=True, text=True).stdout.strip()

config.name = "mlxir"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".td", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = str(root / "test" / "lit")
config.test_exec_root = str(build / "test" / "lit")

config.environment["PATH"] = os.pathsep.join([str(build / "bin"), llvm_tools, os.environ["PATH"]])
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --dump-input=fail"
# Tests never read or fill the cache of the person who runs them.
config.environment["MLXIR_CACHE_DIR"] = str(build / "test" / "cache")
for name in ("MLXIR_CPU", "MLXIR_FAULT", "ASAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

includes = f"-I {root} -I {build} -I {pathlib.Path(llvm_tools).parent / 'include'}"
config.substitutions += [
    # %check: compare with the CHECK lines of this file.
    (r"%check\b", "FileCheck %s"),
    # %roundtrip: print, parse again, and check what is printed then.
    (r"%roundtrip\b", "mlxir-opt %s | mlxir-opt | FileCheck %s"),
    # %generic-roundtrip: the same through the generic form.
    (r"%generic-roundtrip\b", "mlxir-opt %s --mlir-print-op-generic | mlxir-opt | FileCheck %s"),
    # %bytecode-roundtrip: the same through MLIR's bytecode.
    (r"%bytecode-roundtrip\b", "mlxir-opt %s --emit-bytecode | mlxir-opt | FileCheck %s"),
    # %invalid: each part of the file fails with the diagnostics it expects.
    (r"%invalid\b", "mlxir-opt %s --split-input-file --verify-diagnostics"),
    # %run: call main() of a module in the LLVM dialect, read from standard input; vector.print prints.
    (
        r"%run\b",
        "mlir-runner -e main --entry-point-result=void "
        f"--shared-libs={pathlib.Path(llvm_tools).parent / 'lib' / 'libmlir_c_runner_utils.so'}",
    ),
    # %tblgen: our TableGen backend with the include paths it needs.
    (r"%tblgen\b", f"mlxir-tblgen {includes}"),
    # %python: the interpreter of .venv.
    (r"%python\b", sys.executable),
]

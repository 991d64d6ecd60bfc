# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mlxir.ir is MLIR's Python module: our dialects and passes, one LLVM in the process."""

import pathlib
import subprocess
import sys

import pytest

PROGRAM = """
func.func @f(%a: tensor<4xf32>) -> tensor<4xf32> {
  %unused = arith.mulf %a, %a : tensor<4xf32>
  %0 = arith.addf %a, %a : tensor<4xf32>
  return %0 : tensor<4xf32>
}
"""


@pytest.fixture
def ir():
    import mlxir.ir

    return mlxir.ir


def test_passes_run_on_a_module(ir):
    with ir.Context():
        module = ir.Module.parse(PROGRAM)
        ir.PassManager.parse("builtin.module(canonicalize)").run(module.operation)
        names = [op.operation.name for op in module.body.operations[0].regions[0].blocks[0].operations]
    assert names == ["arith.addf", "func.return"]


def test_parse_error_is_a_python_exception(ir):
    with ir.Context(), pytest.raises(ir.MLIRError, match="custom op 'nonsense' is unknown"):
        ir.Module.parse("nonsense")


def test_ops_of_the_dialect_are_classes(ir):
    with ir.Context(), ir.Location.unknown():
        module = ir.Module.create()
        f32 = ir.F32Type.get()
        tensor = ir.RankedTensorType.get([4], f32)
        with ir.InsertionPoint(module.body):

            @ir.dialects.func.FuncOp.from_py_func(tensor, tensor)
            def twice(a, b):
                return ir.dialects.mlxir.MultiplyOp(ir.dialects.mlxir.AddOp(a, b), b)

        assert module.operation.verify()
        again = ir.Module.parse(str(module))
        body = again.body.operations[0].regions[0].blocks[0].operations
        assert [type(op).__name__ for op in body] == ["AddOp", "MultiplyOp", "ReturnOp"]


def test_the_verifier_reports_the_op(ir):
    program = "func.func @f(%a: tensor<4xi1>) { %0 = mlxir.negative %a : tensor<4xi1> return }"
    message = r"'mlxir.negative' op expected integer or floating-point elements, got bool"
    with ir.Context(), pytest.raises(ir.MLIRError, match=message):
        ir.Module.parse(program)


def test_a_dialect_without_classes_is_an_attribute_error(ir):
    with pytest.raises(AttributeError, match="no Python classes are built for the dialect 'nonsense'"):
        _ = ir.dialects.nonsense


def test_bindings_and_compiler_share_one_llvm(ir):
    maps = pathlib.Path("/proc/self/maps").read_text().splitlines()
    libraries = {pathlib.Path(line.split()[-1]).name for line in maps if ".so" in line}
    assert len([name for name in libraries if name.startswith("libLLVM")]) == 1
    assert len([name for name in libraries if name.startswith("libMLIR.so")]) == 1
    assert "libmlxir_compiler.so" in libraries


def test_the_package_does_not_load_the_compiler():
    code = "import mlxir, pathlib; print('libMLIR' in pathlib.Path('/proc/self/maps').read_text())"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert result.stdout.strip() == "False"

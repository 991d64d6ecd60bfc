# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every array function against its row of the table: values, derivatives, batching."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import mlxir as mx
import numpy as np
import pytest
from op_table import CUT, ELSEWHERE, INTERNAL, NO_SLOPE, NOT_FLOAT, ROWS, WITHOUT_DERIVATIVE, Row

FUNCTION_MODULES = ("creation", "elementwise", "indexing", "products", "random", "reductions", "shapes", "fast")


def mlxir_type(name: str) -> Any:
    return getattr(mx, "bool_" if name == "bool" else name)


def numpy_type(name: str) -> Any:
    if name == "bfloat16":
        return pytest.importorskip("ml_dtypes").bfloat16
    return np.dtype(name)


def shapes_of(row: Row) -> list[tuple[tuple[int, ...], ...]]:
    """Return for each case the shapes of all operands."""
    result = []
    for shape in row.shapes:
        is_list = bool(shape) and isinstance(shape[0], tuple)
        result.append(shape if is_list else (shape,) * len(row.domains))
    return result


def operands(row: Row, dtype: str, shapes: tuple[tuple[int, ...], ...], seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    arrays = []
    for (low, high), shape in zip(row.domains, shapes, strict=True):
        if dtype == "bool":
            a = rng.integers(0, 2, shape).astype(bool)
        elif dtype in ("float16", "bfloat16", "float32", "float64"):
            a = rng.uniform(low, high, shape).astype(numpy_type(dtype))
        else:
            first, last = row.integers
            first = max(first, 0) if dtype.startswith("u") else first
            a = rng.integers(first, last + 1, shape).astype(dtype)
        arrays.append(np.asarray(a))
    return arrays


def to_mlxir(a: np.ndarray) -> Any:
    """Without the narrowing of float64 that array() does; bfloat16 in memory, not as a cast that what reads it does."""
    if a.dtype.name == "bfloat16":
        x = mx.array(a.astype(np.float32)).astype(mx.bfloat16)
        mx.eval(x)
        return x
    return mx.array(a, dtype=mlxir_type(a.dtype.name))


def to_numpy(a: Any) -> np.ndarray:
    return np.asarray(a.astype(mx.float32)) if a.dtype == mx.bfloat16 else np.asarray(a)


def exact(row: Row, arrays: list[np.ndarray]) -> np.ndarray:
    """Return the reference: floats are computed with more digits than the result has."""
    widths = {"float16": np.float64, "bfloat16": np.float64, "float32": np.float64, "float64": np.longdouble}
    wide = [a.astype(widths.get(a.dtype.name, a.dtype)) for a in arrays]
    with np.errstate(all="ignore"):
        return np.asarray(row.reference(*wide))


def spacing(values: np.ndarray, dtype: str) -> np.ndarray:
    """Return the distance of neighbouring floats of ``dtype`` at the values."""
    limits = {"float16": (10, -14), "bfloat16": (7, -126), "float32": (23, -126), "float64": (52, -1022)}
    digits, lowest = limits[dtype]
    magnitude = np.abs(values.astype(np.float64))
    _, exponent = np.frexp(np.where(magnitude > 0, magnitude, 2.0**lowest))
    return 2.0 ** (np.maximum(exponent - 1, lowest) - digits)


def check_values(row: Row, dtype: str, got: Any, expected: np.ndarray) -> None:
    name = got.dtype.name
    if row.result:
        assert name == row.result
    values = to_numpy(got)
    assert values.shape == expected.shape
    if name not in ("float16", "bfloat16", "float32", "float64"):
        np.testing.assert_array_equal(values, expected.astype(values.dtype))
        return
    finite = np.isfinite(expected)
    np.testing.assert_array_equal(values[~finite], expected[~finite].astype(values.dtype))
    error = np.abs(values[finite].astype(np.longdouble) - expected[finite].astype(np.longdouble))
    # Rounding the exact result itself takes half a unit.
    limit = max(row.ulp, 0.5) + 1e-3
    worst = np.max(error / spacing(expected[finite], name), initial=0.0)
    assert worst <= limit, f"{float(worst):.2f} units in the last place"


CASES = [pytest.param(row, dtype, id=f"{row}-{dtype}") for row in ROWS for dtype in row.dtypes]


@pytest.mark.parametrize(("row", "dtype"), CASES)
def test_values(row: Row, dtype: str) -> None:
    for shapes in shapes_of(row):
        arrays = operands(row, dtype, shapes)
        check_values(row, dtype, row.call(mx, *map(to_mlxir, arrays)), exact(row, arrays))


DIFFERENTIABLE = [row for row in ROWS if row.gradient is True]


def small_shapes(row: Row) -> tuple[tuple[int, ...], ...]:
    """Return the first case of more than one element; it is small in all rows."""
    cases = shapes_of(row)
    return next((c for c in cases if 1 < np.prod(c[0], dtype=int) < 200), cases[0])


def difference(row: Row, arrays: list[np.ndarray], direction: list[np.ndarray]) -> np.ndarray:
    """Return the central difference along a direction, of fourth order."""

    def at(step: float) -> np.ndarray:
        moved = [a + step * row.step * d for a, d in zip(arrays, direction, strict=True)]
        return to_numpy(row.call(mx, *map(to_mlxir, moved))).astype(np.float64)

    return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * row.step)


def smooth_operands(row: Row) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return float64 operands and a direction; kinks lie further away than the steps."""
    arrays = operands(row, "float64", small_shapes(row), seed=3)
    arrays = [np.where(np.abs(a - np.rint(a)) < 0.02, a + 0.04, a) for a in arrays]
    rng = np.random.default_rng(4)
    return arrays, [rng.uniform(-1, 1, a.shape) for a in arrays]


@pytest.mark.parametrize("row", DIFFERENTIABLE, ids=str)
def test_derivatives(row: Row) -> None:
    if "float64" not in row.dtypes:
        pytest.skip("float32 only: central differences need float64")
    arrays, direction = smooth_operands(row)
    inputs, tangents = [to_mlxir(a) for a in arrays], [to_mlxir(d) for d in direction]
    fun = lambda *args: row.call(mx, *args)  # noqa: E731
    numeric = difference(row, arrays, direction)

    (value,), (tangent,) = mx.jvp(fun, inputs, tangents)
    # Differences of results that are rounded to fewer digits than float64's are off by that.
    bound = 1e-6 * (1 + np.max(np.abs(numeric), initial=0.0))
    if value.dtype != mx.float64:
        values = to_numpy(value).astype(np.float64)
        bound = 4 * float(np.max(spacing(values, value.dtype.name))) * (1 + 1 / row.step)
    np.testing.assert_allclose(to_numpy(tangent), numeric, atol=bound)

    weights = np.random.default_rng(5).uniform(-1, 1, numeric.shape)
    cotangent = to_mlxir(weights).astype(value.dtype)
    _, gradients = mx.vjp(fun, inputs, [cotangent])
    along = sum(np.sum(to_numpy(g) * d) for g, d in zip(gradients, direction, strict=True))
    np.testing.assert_allclose(along, np.sum(weights * numeric), atol=bound * max(1, numeric.size) ** 0.5)


@pytest.mark.parametrize("row", [row for row in ROWS if row.batch is True], ids=str)
def test_batch(row: Row) -> None:
    dtype = "float32" if "float32" in row.dtypes else row.dtypes[0]
    shapes = small_shapes(row)
    stacked = [operands(row, dtype, shapes, seed) for seed in range(3)]
    arrays = [np.stack(column) for column in zip(*stacked, strict=True)]
    fun = lambda *args: row.call(mx, *args)  # noqa: E731
    # All operands batched, then only the first, along its last axis.
    got = mx.vmap(fun)(*map(to_mlxir, arrays))
    expected = np.stack([to_numpy(fun(*map(to_mlxir, one))) for one in stacked])
    np.testing.assert_allclose(to_numpy(got), expected, rtol=1e-6, atol=1e-6)
    shared = stacked[0][1:]
    got = mx.vmap(fun, in_axes=(-1, *[None] * len(shared)))(
        to_mlxir(np.moveaxis(arrays[0], 0, -1)), *map(to_mlxir, shared)
    )
    expected = np.stack([to_numpy(fun(*map(to_mlxir, [one[0], *shared]))) for one in stacked])
    np.testing.assert_allclose(to_numpy(got), expected, rtol=1e-6, atol=1e-6)


def test_every_function_has_a_row() -> None:
    rows = {row.name for row in ROWS}
    functions = set(mx._core.functions)
    for module in FUNCTION_MODULES:
        functions |= set(sys.modules[f"mlxir.{module}"].__all__)
    functions -= {"ArrayAt"}
    aliases = {name for name in functions if any(getattr(mx, name, 0) is getattr(mx, other, 1) for other in rows)}
    aliases |= {name for name in functions if is_alias(name, rows)}
    missing = functions - rows - aliases - set(ELSEWHERE)
    assert not missing, f"no row in op_table.py for {sorted(missing)}"
    for name, reason in ELSEWHERE.items():
        print(f"no row: {name}: {reason}")


def is_alias(name: str, rows: set[str]) -> bool:
    """Whether two public names of the op table are one op."""
    summary = getattr(mx._core.functions.get(name), "__doc__", None)
    return summary is not None and any(getattr(mx._core.functions.get(r), "__doc__", "") == summary for r in rows)


def test_every_op_is_covered() -> None:
    ops = {name for name in vars(mx._core.ops) if not name.startswith("_")}
    covered = {name for row in ROWS for name in row.covers} | set(INTERNAL)
    assert not ops - covered, f"no row in op_table.py covers {sorted(ops - covered)}"
    assert not covered - ops, f"rows cover ops that do not exist: {sorted(covered - ops)}"


EXCLUDED = [row for row in ROWS if row.gradient is not True]


@pytest.mark.parametrize("row", EXCLUDED, ids=str)
def test_what_has_no_derivative(row: Row) -> None:
    """The reasons are few, and each is checked: a result that is no float, or a derivative that is 0 exactly."""
    print(f"no derivative: {row}: {row.gradient}")
    assert row.gradient in WITHOUT_DERIVATIVE
    assert row.gradient != CUT or row.name in ("stop_gradient", "view")
    if row.gradient == NOT_FLOAT:
        for dtype in row.dtypes:
            inputs = map(to_mlxir, operands(row, dtype, small_shapes(row)))
            assert not mx.issubdtype(row.call(mx, *inputs).dtype, mx.floating)
        return
    arrays, direction = smooth_operands(row)
    if row.gradient == NO_SLOPE:
        assert np.mean(difference(row, arrays, direction) == 0) > 0.8  # few steps cross an edge
    inputs, tangents = [to_mlxir(a) for a in arrays], [to_mlxir(d) for d in direction]
    fun = lambda *args: row.call(mx, *args)  # noqa: E731
    (value,), (tangent,) = mx.jvp(fun, inputs, tangents)
    assert tangent.shape == value.shape
    assert not to_numpy(tangent).any()
    _, gradients = mx.vjp(fun, inputs, [mx.ones(value.shape, dtype=value.dtype)])
    for gradient, a in zip(gradients, arrays, strict=True):
        assert gradient.shape == a.shape
        assert not to_numpy(gradient).any()


def test_values_with_narrow_vectors() -> None:
    """The same rows on AVX2, in a process of its own."""
    if os.environ.get("MLXIR_CPU"):
        pytest.skip("the vector width is chosen already")
    environment = {**os.environ, "MLXIR_CPU": "x86-64-v3"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", __file__, "-k", "test_values and not narrow"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900)
    assert result.returncode == 0, result.stdout[-3000:]

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The errors of math functions stay within the bounds that docs/numerics.md publishes."""

import re
from pathlib import Path
from typing import NamedTuple

import ml_dtypes
import mlxir as mx
import mpmath
import numpy as np
import pytest
import scipy.special

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, about the inputs outside a domain


class Format(NamedTuple):
    """A float type: its names in the two libraries, an integer type of its size, its mantissa and exponents."""

    name: str
    numpy: type
    bits: type
    mantissa: int
    lowest: int
    highest: int


F16 = Format("float16", np.float16, np.uint16, 11, -24, 16)
BF16 = Format("bfloat16", ml_dtypes.bfloat16, np.uint16, 8, -133, 128)
F32 = Format("float32", np.float32, np.uint32, 24, -149, 128)
F64 = Format("float64", np.float64, np.uint64, 53, -1074, 1024)

# name: (reference in float64, reference in mpmath)
UNARY = {
    "exp": (np.exp, mpmath.exp),
    "expm1": (np.expm1, mpmath.expm1),
    "log": (np.log, mpmath.log),
    "log2": (np.log2, lambda x: mpmath.log(x, 2)),
    "log10": (np.log10, mpmath.log10),
    "log1p": (np.log1p, mpmath.log1p),
    "sin": (np.sin, mpmath.sin),
    "cos": (np.cos, mpmath.cos),
    "tan": (np.tan, mpmath.tan),
    "arcsin": (np.arcsin, mpmath.asin),
    "arccos": (np.arccos, mpmath.acos),
    "arctan": (np.arctan, mpmath.atan),
    "sinh": (np.sinh, mpmath.sinh),
    "cosh": (np.cosh, mpmath.cosh),
    "tanh": (np.tanh, mpmath.tanh),
    "arcsinh": (np.arcsinh, mpmath.asinh),
    "arccosh": (np.arccosh, mpmath.acosh),
    "arctanh": (np.arctanh, mpmath.atanh),
    "erf": (scipy.special.erf, mpmath.erf),
    "rsqrt": (lambda x: 1 / np.sqrt(x), lambda x: 1 / mpmath.sqrt(x)),
    "sqrt": (np.sqrt, mpmath.sqrt),
}
HOT = ("exp", "log", "tanh", "sin", "rsqrt")


def published():
    """The first table of docs/numerics.md: {function: {type: bound}}."""
    text = (Path(__file__).parents[2] / "docs" / "numerics.md").read_text()
    table = text[text.index("| function") :].split("\n\n")[0]
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in table.splitlines()]
    return {row[0]: dict(zip(rows[0][1:], map(float, row[1:]), strict=True)) for row in rows[2:]}


BOUNDS = published()


def compute(name, fmt, *operands):
    """The function on operands of the format, through bits, so that NumPy converts nothing."""
    arrays = [mx.array(x.view(fmt.bits)).view(getattr(mx, fmt.name)) for x in operands]
    result = getattr(mx, name)(*arrays)
    return np.array(result.view(getattr(mx, np.dtype(fmt.bits).name))).view(fmt.numpy)


def ulps(got, exact, fmt, rest=0.0):
    """The distance of `got` from `exact + rest` in units of the exact result's last place. What is not a number, an
    infinity that should be none, or a zero of the wrong sign is infinitely far."""
    got, limit = got.astype(np.float64), np.ldexp(1.0, min(fmt.highest, 1023))
    overflows = np.isinf(exact) | (np.abs(exact) >= limit)
    exponent = np.frexp(np.where(overflows, limit, exact))[1]
    exponent = np.where(exact == 0, fmt.lowest, np.maximum(exponent - fmt.mantissa, fmt.lowest))
    finite = np.where(np.isinf(got) & ~np.isinf(exact), np.copysign(limit, got), got)
    # Scaled before the subtraction, since one unit may be too small a number itself.
    scale = -exponent // 2
    distance = np.ldexp(np.ldexp(finite, scale) - np.ldexp(exact, scale), -exponent - scale)
    distance = np.abs(distance - np.ldexp(np.ldexp(rest, scale), -exponent - scale))
    distance = np.where(overflows & (got == np.copysign(np.inf, exact)), 0, distance)
    wrong = (np.isnan(got) != np.isnan(exact)) | ((got == 0) & (exact == 0) & (np.signbit(got) != np.signbit(exact)))
    return np.where(wrong, np.inf, np.where(np.isnan(exact), 0, distance))


def check(name, fmt, inputs, error):
    worst = int(np.argmax(error))
    where = ", ".join(float(x[worst]).hex() for x in inputs)
    assert error[worst] <= BOUNDS[name][fmt.name], f"{name}({where}) is off by {error[worst]:.3f} ulp"


@pytest.mark.parametrize("fmt", [F16, BF16], ids=lambda fmt: fmt.name)
@pytest.mark.parametrize("name", UNARY)
def test_every_input_of_16_bits(name, fmt):
    x = np.arange(1 << 16, dtype=np.uint16).view(fmt.numpy)
    exact = UNARY[name][0](x.astype(np.float64))
    check(name, fmt, [x], ulps(compute(name, fmt, x), exact, fmt))


@pytest.mark.parametrize("name", UNARY)
def test_float32_across_its_range(name):
    x = np.arange(0, 1 << 32, 4093, dtype=np.uint64).astype(np.uint32).view(np.float32)
    x = np.concatenate([x, np.random.default_rng(0).normal(size=1 << 18).astype(np.float32)])
    exact = UNARY[name][0](x.astype(np.float64))
    check(name, F32, [x], ulps(compute(name, F32, x), exact, F32))


@pytest.mark.stress
@pytest.mark.parametrize("part", range(32))
@pytest.mark.parametrize("name", HOT)
def test_every_float32(name, part):
    step = 1 << 22
    for start in range(part << 27, (part + 1) << 27, step):
        x = np.arange(start, start + step, dtype=np.uint64).astype(np.uint32).view(np.float32)
        exact = UNARY[name][0](x.astype(np.float64))
        check(name, F32, [x], ulps(compute(name, F32, x), exact, F32))


def exact_in_two(function, *operands):
    """The results of an mpmath function as sums of two floats, NaN where it is no real number."""
    high, low = np.full(len(operands[0]), np.nan), np.zeros(len(operands[0]))
    with mpmath.workprec(200):
        for i, values in enumerate(zip(*(x.tolist() for x in operands), strict=True)):
            result = function(*map(mpmath.mpf, values))
            if isinstance(result, mpmath.mpf) and not mpmath.isnan(result):
                high[i] = float(result)
                low[i] = float(result - high[i]) if np.isfinite(high[i]) else 0
    return high, low


@pytest.mark.parametrize("name", UNARY)
def test_float64_against_mpmath(name):
    rng = np.random.default_rng(1)
    spread = np.ldexp(rng.uniform(1, 2, 1500), rng.integers(-60, 60, 1500)) * rng.choice([-1, 1], 1500)
    hard = [6381956970095103 * 2.0**797, 1e22, 2.0**1023, 5e-324, -2.5e-310, 709.7, -745.1, 710.4, 26.5, 1 - 2.0**-53]
    x = np.concatenate([spread, rng.normal(size=1500), hard])
    exact, rest = exact_in_two(UNARY[name][1], x)
    check(name, F64, [x], ulps(compute(name, F64, x), exact, F64, rest))


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("fmt", [F32, F64], ids=lambda fmt: fmt.name)
def test_zeros_infinities_nan_and_ends_of_the_domain(name, fmt):
    x = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1.0, -1.0, 2.0, -2.0]).astype(fmt.numpy)
    exact = UNARY[name][0](x.astype(np.float64))
    got = compute(name, fmt, x).astype(np.float64)
    special = ~np.isfinite(exact) | (exact == 0)
    np.testing.assert_array_equal(got[special], exact[special])
    assert (np.signbit(got) == np.signbit(exact))[(exact == 0) & special].all()


def pairs(fmt, seed):
    rng = np.random.default_rng(seed)
    values = [0.0, -0.0, 1, -1, 2, -2, 0.5, -0.5, 3, -3, np.inf, -np.inf, np.nan, 2.5, 16777216, 1e-40, 1e38]
    x, y = (part.ravel() for part in np.meshgrid(values, values))
    x = np.concatenate([x, rng.normal(size=2000) * np.exp2(rng.integers(-9, 9, 2000)), rng.uniform(0, 30, 2000)])
    y = np.concatenate([y, rng.normal(size=2000), rng.uniform(-30, 30, 2000)])
    return x.astype(fmt.numpy), y.astype(fmt.numpy)


@pytest.mark.parametrize("name, reference", [("power", np.power), ("arctan2", np.arctan2)])
@pytest.mark.parametrize("fmt", [F16, BF16, F32], ids=lambda fmt: fmt.name)
def test_two_operands(name, reference, fmt):
    x, y = pairs(fmt, 2)
    exact = reference(x.astype(np.float64), y.astype(np.float64))
    check(name, fmt, [x, y], ulps(compute(name, fmt, x, y), exact, fmt))


@pytest.mark.parametrize("name, function", [("power", mpmath.power), ("arctan2", mpmath.atan2)])
def test_two_operands_in_float64(name, function):
    x, y = (part[17 * 17 :] for part in pairs(F64, 3))
    x = np.abs(x) if name == "power" else x
    exact, rest = exact_in_two(function, x, y)
    check(name, F64, [x, y], ulps(compute(name, F64, x, y), exact, F64, rest))

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Transposed operands over the shapes at which tiles, their remainders and gathers take turns."""

from __future__ import annotations

import itertools

import mlxir as mx
import numpy as np
import pytest

SHAPES = ((64, 64), (65, 130), (7, 9), (8, 200), (300, 11), (1000, 77), (3, 40, 50), (40, 3, 50), (2, 33, 5, 70))
CASES = [(shape, axes) for shape in SHAPES for axes in itertools.permutations(range(len(shape))) if len(shape) < 4]
CASES += [(SHAPES[-1], axes) for axes in ((3, 2, 1, 0), (0, 3, 1, 2), (2, 3, 0, 1))]


@pytest.mark.parametrize("dtype", ["float32", "float64", "int8", "int16", "bool"])
def test_transposed_operands(dtype: str) -> None:
    rng = np.random.default_rng(0)
    for shape, axes in CASES:
        a = (rng.standard_normal(shape) * 50).astype(dtype)
        straight = (rng.standard_normal(shape) * 50).astype(dtype).transpose(axes)
        x, y = mx.array(a, dtype=getattr(mx, "bool_" if dtype == "bool" else dtype)), mx.array(straight)
        np.testing.assert_array_equal(np.array(x.transpose(*axes)), a.transpose(axes))
        if dtype == "bool":
            got, expected = mx.logical_xor(x.transpose(*axes), y), a.transpose(axes) ^ straight
        else:
            got, expected = x.transpose(*axes) + y.astype(x.dtype), a.transpose(axes) + straight.astype(dtype)
        if dtype == "float64":  # array() narrows
            expected = a.transpose(axes) + straight.astype(np.float32)
        np.testing.assert_array_equal(np.array(got), expected)

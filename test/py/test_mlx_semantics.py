# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What mlxir takes over from MLX, row by row, and where it deliberately differs.

A row is statements, an expression, and the dtype and the value it must have. The rows
are checked in mlxir, and in mlx too where it is installed, so that none is wrong. The
differences stand at the end: there mlx reads or writes out of bounds, or crashes.
"""

import mlxir as mx
import numpy as np
import pytest

SETUP = """
a = mx.arange(12).reshape(2, 2, 3)
v = mx.arange(6)
f = mx.array([1.0, 2.0, 3.0])
b8 = mx.array([1, 2], mx.int8)
u8 = mx.array([1, 2], mx.uint8)
h = mx.array([1.0, 2.0], mx.float16)
w = mx.array([1.0, 2.0], mx.bfloat16)
t = mx.array([True, False])
"""

inf, nan = float("inf"), float("nan")

# Weak Python scalars, 0-d arrays that are not weak, mixed types, and creation.
PROMOTION = [
    ("b8 + 1", "int8", [2, 3]),
    ("b8 + 1.5", "float32", [2.5, 3.5]),
    ("b8 + True", "int8", [2, 3]),
    ("u8 + 255", "uint8", [0, 1]),
    ("h + 1.5", "float16", [2.5, 3.5]),
    ("h + 100000", "float16", [inf, inf]),
    ("w + 1", "bfloat16", [2.0, 3.0]),
    ("t + 1", "int32", [2, 1]),
    ("t + True", "bool", [True, True]),
    ("t - mx.array([False, True])", "bool", [True, True]),
    ("t - True", "bool", [False, True]),
    ("True - t", "bool", [False, True]),
    ("t * 1.5", "float32", [1.5, 0.0]),
    ("v[:2] + 1.5", "float32", [1.5, 2.5]),
    ("v[:2] + True", "int32", [1, 2]),
    ("mx.array(1.0) + h", "float32", [2.0, 3.0]),
    ("mx.array(1) + b8", "int32", [2, 3]),
    ("b8 + u8", "int16", [2, 4]),
    ("b8 + mx.array([1, 2], mx.int16)", "int16", [2, 4]),
    ("u8 + mx.array([1, 2], mx.uint32)", "uint32", [2, 4]),
    ("u8 + mx.array([1, 2], mx.int64)", "int64", [2, 4]),
    ("mx.array([1], mx.uint32) + mx.array([1], mx.int32)", "int64", [2]),
    ("mx.array([1], mx.uint64) + mx.array([1], mx.int64)", "float32", [2.0]),
    ("mx.array([1]) + mx.array([1.0], mx.float16)", "float16", [2.0]),
    ("mx.array([1], mx.int64) + mx.array([1.0], mx.float16)", "float16", [2.0]),
    ("mx.array([1], mx.int64) + mx.array([1.0], mx.bfloat16)", "bfloat16", [2.0]),
    ("w + h", "float32", [2.0, 4.0]),
    ("h + f[:2]", "float32", [2.0, 4.0]),
    ("mx.array([1.0], mx.float64) + mx.array([1.0])", "float64", [2.0]),
    ("t + b8", "int8", [2, 2]),
    ("mx.array([1], mx.int64) + 2**40", "int64", [1099511627777]),
    ("2**40 + f", "float32", [1099511600000.0, 1099511600000.0, 1099511600000.0]),
    ("1 - b8", "int8", [0, -1]),
    ("2 ** mx.array([2, 3])", "int32", [4, 8]),
    ("mx.where(t, 1, 2.5)", "float32", [1.0, 2.5]),
    ("mx.where(t, b8, 2)", "int8", [1, 2]),
    ("mx.where(t, b8, 2.5)", "float32", [1.0, 2.5]),
    ("mx.where(v[:2], h, f[:2])", "float32", [1.0, 2.0]),
    ("mx.maximum(b8, 2.5)", "float32", [2.5, 2.5]),
    ("mx.maximum(1, 2)", "int32", 2),
    ("mx.minimum(u8, b8)", "int16", [1, 2]),
    ("mx.clip(mx.array([1, 5]), 2, 3)", "int32", [2, 3]),
    ("mx.clip(mx.array([1, 5]), 2.5, None)", "float32", [2.5, 5.0]),
    ("mx.concatenate([b8, h])", "float16", [1.0, 2.0, 1.0, 2.0]),
    ("mx.stack([b8, v[:2]])", "int32", [[1, 2], [0, 1]]),
    ("mx.bitwise_or(b8, u8)", "int16", [1, 2]),
    ("mx.logaddexp(h, 0)", "float16", [1.3134766, 2.1269531]),
    ("mx.full((2,), 3)", "int32", [3, 3]),
    ("mx.full((2,), True)", "bool", [True, True]),
    ("mx.full((2,), mx.array(3, mx.int8))", "int8", [3, 3]),
    ("mx.array(2**31 - 1)", "int32", 2147483647),
    ("mx.array(2**31)", "int64", 2147483648),
    ("mx.array(-(2**31))", "int32", -2147483648),
    ("mx.array(1.5)", "float32", 1.5),
    ("mx.array([1, 2.5])", "float32", [1.0, 2.5]),
    ("mx.array([True, 2])", "int32", [1, 2]),
    ("mx.array([])", "float32", []),
    ("mx.array(np.array([1.0]))", "float32", [1.0]),
    ("mx.array(np.array([1]))", "int64", [1]),
    ("mx.array(np.array([1.5], np.float16))", "float16", [1.5]),
    ("mx.array(np.array([1], np.uint8))", "uint8", [1]),
    ("mx.asarray(np.array([1.0]))", "float32", [1.0]),
    ("mx.array([b8[0], 3])", "int32", [1, 3]),
    # Arrays of NumPy take the dtype of the array beside them.
    ("mx.array([1, 2]) + np.array([3, 4])", "int32", [4, 6]),
    ("mx.array([1.0, 2.0], mx.float16) + np.array([1.5, 2.5])", "float16", [2.5, 4.5]),
    ("mx.add(np.array([1]), mx.array([1], mx.int8))", "int8", [2]),
    ("mx.maximum(mx.array([1.0, 2.0]), np.array([1, 3]))", "float32", [1.0, 3.0]),
    ("mx.array([1, 2], mx.uint8) & np.array([1, 3], np.int64)", "uint8", [1, 2]),
    ("mx.add(np.array([1]), np.array([1], np.int8))", "int64", [2]),
    ("mx.array(f, mx.int32)", "int32", [1, 2, 3]),
    ("mx.arange(3)", "int32", [0, 1, 2]),
    ("mx.arange(3.0)", "float32", [0.0, 1.0, 2.0]),
    ("mx.arange(0, 1, 0.25)", "float32", [0.0, 0.25, 0.5, 0.75]),
    ("mx.arange(5, 0, -2)", "int32", [5, 3, 1]),
    ("mx.arange(0, 3, dtype=mx.float16)", "float16", [0.0, 1.0, 2.0]),
    ("mx.linspace(0, 1, 3)", "float32", [0.0, 0.5, 1.0]),
    ("(mx.linspace(0.0, 0.3, 2, dtype=mx.float64) - 0.3) * 1e9", "float64", [-3e8, 0.0]),
    ("mx.arange(0, 10, float('inf'))", "float32", [0.0]),
    ("mx.arange(0, 10, 1e40)", "float32", [0.0]),
    ("mx.zeros((2,))", "float32", [0.0, 0.0]),
    ("mx.ones_like(b8)", "int8", [1, 1]),
    ("mx.eye(2, dtype=mx.int32)", "int32", [[1, 0], [0, 1]]),
]

# Reductions, unary functions and operators.
RESULT_DTYPES = [
    ("mx.sum(t)", "int32", 1),
    ("mx.sum(mx.array([100, 100], mx.int8))", "int32", 200),
    ("mx.sum(mx.array([200, 200], mx.uint8))", "uint32", 400),
    ("mx.sum(mx.array([1], mx.int16))", "int32", 1),
    ("mx.sum(mx.array([1], mx.uint16))", "uint32", 1),
    ("mx.sum(mx.array([1], mx.int64))", "int64", 1),
    ("mx.sum(h)", "float16", 3.0),
    ("mx.sum(w)", "bfloat16", 3.0),
    ("mx.sum(mx.array([]))", "float32", 0.0),
    ("mx.prod(t)", "int32", 0),
    ("mx.prod(mx.array([2, 3], mx.uint8))", "uint32", 6),
    ("mx.prod(mx.array([]))", "float32", 1.0),
    ("mx.max(b8)", "int8", 2),
    ("mx.min(t)", "bool", False),
    ("mx.mean(mx.array([1, 2]))", "float32", 1.5),
    ("mx.mean(h)", "float16", 1.5),
    ("mx.mean(t)", "float32", 0.5),
    ("mx.var(mx.array([1, 2]))", "float32", 0.25),
    ("mx.var(mx.array([1.0, 2.0]), ddof=1)", "float32", 0.5),
    ("mx.std(h)", "float16", 0.5),
    ("mx.argmax(mx.array([1, 3, 2]))", "uint32", 1),
    ("mx.argmin(mx.array([[1, 3], [0, 2]]), axis=1)", "uint32", [0, 0]),
    ("mx.any(mx.array([0, 1]))", "bool", True),
    ("mx.all(mx.array([0.0, 1]))", "bool", False),
    ("mx.any(mx.array([]))", "bool", False),
    ("mx.all(mx.array([]))", "bool", True),
    ("mx.count_nonzero(mx.array([0, 1, 2]))", "int32", 2),
    ("mx.softmax(mx.array([1, 1]))", "float32", [0.5, 0.5]),
    ("mx.softmax(h - h)", "float16", [0.5, 0.5]),
    ("mx.logsumexp(mx.array([0]))", "float32", 0.0),
    ("mx.sqrt(mx.array([4, 9]))", "float32", [2.0, 3.0]),
    ("mx.exp(mx.array([0]))", "float32", [1.0]),
    ("mx.sin(mx.array([0], mx.int8))", "float32", [0.0]),
    ("mx.sqrt(mx.array([4], mx.float16))", "float16", [2.0]),
    ("mx.floor(mx.array([1, 2]))", "int32", [1, 2]),
    ("mx.floor(mx.array([-1.5]))", "float32", [-2.0]),
    ("mx.trunc(mx.array([-1.5]))", "float32", [-1.0]),
    ("mx.round(mx.array([0.5, 1.5, 2.5]))", "float32", [0.0, 2.0, 2.0]),
    ("mx.round(mx.array([1.25]), 1)", "float32", [1.2]),
    ("mx.round(mx.array([1, 2]))", "int32", [1, 2]),
    ("mx.abs(mx.array([-1], mx.int8))", "int8", [1]),
    ("mx.abs(t)", "bool", [True, False]),
    ("mx.sign(mx.array([-2.0, 0.0]))", "float32", [-1.0, 0.0]),
    ("mx.square(mx.array([100], mx.int8))", "int8", [16]),
    ("mx.negative(mx.array([1], mx.uint8))", "uint8", [255]),
    ("mx.isnan(mx.array([1]))", "bool", [False]),
    ("mx.logical_and(mx.array([1]), mx.array([0.5]))", "bool", [True]),
    ("mx.logical_not(mx.array([0, 2]))", "bool", [True, False]),
    ("mx.power(b8, b8)", "int8", [1, 4]),
    ("mx.degrees(mx.array([0]))", "float32", [0.0]),
    ("mx.view(mx.array([1.0]), mx.int32)", "int32", [1065353216]),
    ("v[1:3] / 2", "float32", [0.5, 1.0]),
    ("b8 / b8", "float32", [1.0, 1.0]),
    ("t / t", "float32", [1.0, nan]),
    ("v[:2] // 0", "int32", [0, 0]),
    ("v[1:3] % 0", "int32", [1, 2]),
    ("f / 0", "float32", [inf, inf, inf]),
    ("f // 0", "float32", [inf, inf, inf]),
    ("mx.array([-7, 7]) // 2", "int32", [-4, 3]),
    ("mx.array([-7, 7]) % 3", "int32", [2, 1]),
    ("mx.array([7, -7]) // mx.array([-2, 2])", "int32", [-4, -4]),
    ("mx.array([7, -7]) % mx.array([-2, 2])", "int32", [-1, 1]),
    ("mx.array([-7.5, 7.5]) // 2", "float32", [-4.0, 3.0]),
    ("mx.array([-7.0, 7.0]) % 3", "float32", [2.0, 1.0]),
    ("u8 // 2", "uint8", [0, 1]),
    ("mx.divmod(mx.array([7]), 2)[0]", "int32", [3]),
    ("v[:3] ** 2", "int32", [0, 1, 4]),
    ("v[:3] ** 0.5", "float32", [0.0, 1.0, 1.4142135]),
    ("~t", "bool", [False, True]),
    ("~v[:2]", "int32", [-1, -2]),
    ("v[:2] & True", "int32", [0, 1]),
    ("v[:3] << 1", "int32", [0, 2, 4]),
    ("v[3:] >> 1", "int32", [1, 2, 2]),
    ("v[:2] ^ 3", "int32", [3, 2]),
    ("v[:2] == mx.array([0, 2])", "bool", [True, False]),
    ("v[:3] < 1.5", "bool", [True, True, False]),
    ("v[:2] != 0", "bool", [False, True]),
    ("f @ f", "float32", 14.0),
    ("mx.inner(f, f)", "float32", 14.0),
    ("mx.outer(mx.array([1, 2]), mx.array([3, 4]))", "int32", [[3, 4], [6, 8]]),
    ("mx.matmul(h, mx.array([1.0, 1.0]))", "float32", 3.0),
    (
        "mx.addmm(mx.zeros((2,)), mx.ones((2, 3)), mx.ones((3, 2)), alpha=2.0, beta=0.5)",
        "float32",
        [[6.0, 6.0], [6.0, 6.0]],
    ),
    ("mx.array_equal(v, v)", "bool", True),
    ("mx.array_equal(v, v[:2])", "bool", False),
    ("mx.allclose(f, f + 1e-9)", "bool", True),
    ("mx.isclose(f, mx.array([1.0, 2.5, 3.0]))", "bool", [True, False, True]),
    ('mx.nan_to_num(mx.array([float("nan"), 1.0]))', "float32", [0.0, 1.0]),
]

# Reading by index, and what Python's protocols read.
READS = [
    ("a[1]", "int32", [[6, 7, 8], [9, 10, 11]]),
    ("a[-1, 0]", "int32", [6, 7, 8]),
    ("a[0, 1, 2]", "int32", 5),
    ("a[0][1][2]", "int32", 5),
    ("v[2:5]", "int32", [2, 3, 4]),
    ("v[::-1]", "int32", [5, 4, 3, 2, 1, 0]),
    ("v[4:1:-1]", "int32", [4, 3, 2]),
    ("v[5:0:-2]", "int32", [5, 3, 1]),
    ("v[::-4]", "int32", [5, 1]),
    ("v[-2:]", "int32", [4, 5]),
    ("v[:-4]", "int32", [0, 1]),
    ("v[-100:2]", "int32", [0, 1]),
    ("v[4:100]", "int32", [4, 5]),
    ("v[10:]", "int32", []),
    ("v[3:3]", "int32", []),
    ("v[2:4:-1]", "int32", []),
    ("a[:, ::-1, 0]", "int32", [[3, 0], [9, 6]]),
    ("a[..., 0]", "int32", [[0, 3], [6, 9]]),
    ("a[0, ..., 1:]", "int32", [[1, 2], [4, 5]]),
    ("a[..., ::-2]", "int32", [[[2, 0], [5, 3]], [[8, 6], [11, 9]]]),
    ("a[None, 0, 0]", "int32", [[0, 1, 2]]),
    ("a[:, None, 0, 0]", "int32", [[0], [6]]),
    ("a[0, 0, None]", "int32", [[0, 1, 2]]),
    ("v[:2, None]", "int32", [[0], [1]]),
    ("v[(2,)]", "int32", 2),
    ("v[()]", "int32", [0, 1, 2, 3, 4, 5]),
    ("v[...]", "int32", [0, 1, 2, 3, 4, 5]),
    ("v[mx.array([0, 2, -1])]", "int32", [0, 2, 5]),
    ("v[mx.array([[0, 1], [2, 3]])]", "int32", [[0, 1], [2, 3]]),
    ("v[mx.array(2)]", "int32", 2),
    ("v[mx.array([3], mx.uint8)]", "int32", [3]),
    ("v[mx.array([3], mx.int64)]", "int32", [3]),
    ("v[[0, 2]]", "int32", [0, 2]),
    ("a[mx.array([1, 0]), 0, 0]", "int32", [6, 0]),
    ("a[:, mx.array([1, 1]), 0]", "int32", [[3, 3], [9, 9]]),
    ("a[0, mx.array([1, 0])]", "int32", [[3, 4, 5], [0, 1, 2]]),
    ("a[mx.array([0, 1]), mx.array([1, 0])]", "int32", [[3, 4, 5], [6, 7, 8]]),
    ("a[mx.array([0, 1]), :, mx.array([2, 0])]", "int32", [[2, 5], [6, 9]]),
    ("a[mx.array([0, 1]), 1:, mx.array([2, 0])]", "int32", [[5], [9]]),
    ("a[:, mx.array([0, 1]), mx.array([2, 0])]", "int32", [[2, 3], [8, 9]]),
    ("a[0, :, mx.array([0, 1])]", "int32", [[0, 3], [1, 4]]),
    ("a[mx.array([[0], [1]]), mx.array([1, 0]), 0]", "int32", [[3, 0], [9, 6]]),
    ("a[mx.array([0, 1]), None, mx.array([1, 0]), 0]", "int32", [[3], [6]]),
    ("a[..., mx.array([2, 0])][0]", "int32", [[2, 0], [5, 3]]),
    ("a[::-1, mx.array([1])][0]", "int32", [[9, 10, 11]]),
    ("mx.take(v, mx.array([0, -1]))", "int32", [0, 5]),
    ("mx.take(v, 2)", "int32", 2),
    ("mx.take(a, mx.array([0, 11]))", "int32", [0, 11]),
    ("mx.take(a, mx.array([1]), axis=1)", "int32", [[[3, 4, 5]], [[9, 10, 11]]]),
    ("mx.take_along_axis(v, mx.array([5, 0]), axis=0)", "int32", [5, 0]),
    ("mx.take_along_axis(a, mx.array([[[0]], [[1]]]), axis=1)", "int32", [[[0, 1, 2]], [[9, 10, 11]]]),
    ("len(v)", None, 6),
    ("[x.item() for x in v[:3]]", None, [0, 1, 2]),
    ("2 in v", None, True),
    ("7 in v", None, False),
    ("v.tolist()", None, [0, 1, 2, 3, 4, 5]),
    ("mx.array(2.5).item()", None, 2.5),
    ("mx.array(True).item()", None, True),
    ("int(mx.array(3.7))", None, 3),
    ("float(mx.array(3))", None, 3.0),
    ("bool(mx.array([0]))", None, False),
    ("range(10)[mx.array(3)]", None, 3),
    ("list(range(10))[mx.array(3) :][0]", None, 3),
]

# Writing by index. A write converts to the dtype that is there.
WRITES = [
    ("v[0] = 9; v", "int32", [9, 1, 2, 3, 4, 5]),
    ("v[-1] = 9; v", "int32", [0, 1, 2, 3, 4, 9]),
    ("v[1:3] = 0; v", "int32", [0, 0, 0, 3, 4, 5]),
    ("v[1:3] = mx.array([7, 8]); v", "int32", [0, 7, 8, 3, 4, 5]),
    ("v[::-1] = mx.arange(6); v", "int32", [5, 4, 3, 2, 1, 0]),
    ("v[::2] = mx.array([7, 8, 9]); v", "int32", [7, 1, 8, 3, 9, 5]),
    ("v[4:0:-2] = mx.array([7, 8]); v", "int32", [0, 1, 8, 3, 7, 5]),
    ("v[3:3] = 1; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("v[10:] = 1; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("v[:] = 1.5; v", "int32", [1, 1, 1, 1, 1, 1]),
    ("v[...] = 7; v", "int32", [7, 7, 7, 7, 7, 7]),
    ("v[0] = 2.9; v", "int32", [2, 1, 2, 3, 4, 5]),
    ("v[0] = mx.array(3.5); v", "int32", [3, 1, 2, 3, 4, 5]),
    ("v[0] = True; v", "int32", [1, 1, 2, 3, 4, 5]),
    ("f[0] = 7; f", "float32", [7.0, 2.0, 3.0]),
    ("f[1:] = mx.array([4], mx.int8); f", "float32", [1.0, 4.0, 4.0]),
    ("b8[0] = mx.array(300); b8", "int8", [44, 2]),
    ("a[0] = 0; a[:, 0, 0]", "int32", [0, 6]),
    ("a[:, 1] = mx.array([1, 2, 3]); a[:, 1]", "int32", [[1, 2, 3], [1, 2, 3]]),
    ("a[..., 0] = 5; a[..., 0]", "int32", [[5, 5], [5, 5]]),
    ("a[0, ..., 1] = mx.array([7, 8]); a[0]", "int32", [[0, 7, 2], [3, 8, 5]]),
    ("a[None, 0] = 1; a[0]", "int32", [[1, 1, 1], [1, 1, 1]]),
    ("a[1, 0, 2] = 50; a[1]", "int32", [[6, 7, 50], [9, 10, 11]]),
    ("a[0] = mx.array([[7], [8]]); a[0]", "int32", [[7, 7, 7], [8, 8, 8]]),
    ("v[1:3] += 10; v", "int32", [0, 11, 12, 3, 4, 5]),
    ("v[0] += 1; v", "int32", [1, 1, 2, 3, 4, 5]),
    ("v[::2] *= 3; v", "int32", [0, 1, 6, 3, 12, 5]),
    ("v.at[1].add(5)", "int32", [0, 6, 2, 3, 4, 5]),
    ("v.at[-1].add(1)", "int32", [0, 1, 2, 3, 4, 6]),
    ("v.at[0].add(0.5)", "int32", [0, 1, 2, 3, 4, 5]),
    ("v.at[1:4].add(mx.array([1, 2, 3]))", "int32", [0, 2, 4, 6, 4, 5]),
    ("v.at[::-1].add(mx.arange(6))", "int32", [5, 5, 5, 5, 5, 5]),
    ("v.at[mx.array([0, 0, 1])].add(1)", "int32", [2, 2, 2, 3, 4, 5]),
    ("v.at[mx.array([0, 0, 1])].add(mx.array([1, 2, 3]))", "int32", [3, 4, 2, 3, 4, 5]),
    ("v.at[mx.array([[0, 1], [0, 5]])].add(10)", "int32", [20, 11, 2, 3, 4, 15]),
    ("f.at[mx.array([2, 2])].add(0.5)", "float32", [1.0, 2.0, 4.0]),
    ("a.at[:, 0].add(1)[:, 0]", "int32", [[1, 2, 3], [7, 8, 9]]),
    ("a.at[0, mx.array([0, 0])].add(1)[0]", "int32", [[2, 3, 4], [3, 4, 5]]),
    ("a.at[mx.array([0, 1]), mx.array([1, 1])].add(100)[:, 1]", "int32", [[103, 104, 105], [109, 110, 111]]),
    ("a.at[..., 0].add(100)[..., 0]", "int32", [[100, 103], [106, 109]]),
]

# An in-place form changes the object, for all its names; other arrays keep their values.
ALIASING = [
    ("b = v; v += 1; b", "int32", [1, 2, 3, 4, 5, 6]),
    ("b = v; v -= 1; b", "int32", [-1, 0, 1, 2, 3, 4]),
    ("b = v; v *= 2; b", "int32", [0, 2, 4, 6, 8, 10]),
    ("b = v; v //= 2; b", "int32", [0, 0, 1, 1, 2, 2]),
    ("b = v; v %= 2; b", "int32", [0, 1, 0, 1, 0, 1]),
    ("b = v; v &= 3; b", "int32", [0, 1, 2, 3, 0, 1]),
    ("b = v; v |= 8; b", "int32", [8, 9, 10, 11, 12, 13]),
    ("b = v; v ^= 1; b", "int32", [1, 0, 3, 2, 5, 4]),
    ("b = v; v <<= 1; b", "int32", [0, 2, 4, 6, 8, 10]),
    ("b = v; v >>= 1; b", "int32", [0, 0, 1, 1, 2, 2]),
    ("b = f; f /= 2; b", "float32", [0.5, 1.0, 1.5]),
    ("b = f; f **= 2; b", "float32", [1.0, 4.0, 9.0]),
    ("b = v; v += 1.5; b", "float32", [1.5, 2.5, 3.5, 4.5, 5.5, 6.5]),
    ("b = b8; b8 += mx.array([1, 1]); b", "int32", [2, 3]),
    ("b = v; v[0] = 9; b", "int32", [9, 1, 2, 3, 4, 5]),
    ("b = v; v[1:3] += 10; b", "int32", [0, 11, 12, 3, 4, 5]),
    ("b = [v]; v += 1; b[0]", "int32", [1, 2, 3, 4, 5, 6]),
    ("b = v; v = v + 1; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v[:]; v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v[...]; v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v[0:3]; b[0] = 9; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v[::-1]; v[5] = 9; b", "int32", [5, 4, 3, 2, 1, 0]),
    ("b = v.reshape(2, 3); b[0, 0] = 9; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v.reshape(6); v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = mx.array(v); v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v + 0; b[0] = 9; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v.T; v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v.astype(mx.int32); b[0] = 9; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v.flatten(); b[0] = 9; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = v.squeeze(); v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = mx.stop_gradient(v); b[0] = 9; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = mx.broadcast_to(v, (6,)); v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = mx.contiguous(v); v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("b, c = mx.split(v, 2); b[0] = 9; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("b = mx.zeros_like(v); c = b + 0; b[0] = 1; c", "int32", [0, 0, 0, 0, 0, 0]),
    ("b = v * 2; v[0] = 9; b", "int32", [0, 2, 4, 6, 8, 10]),
    ("b = v * 2; mx.eval(b); v[0] = 9; b", "int32", [0, 2, 4, 6, 8, 10]),
    ("b = [v, v]; b[0] += 1; b[1]", "int32", [1, 2, 3, 4, 5, 6]),
    ("n = np.array([1, 2]); b = mx.array(n); b[0] = 9; mx.array(n)", "int64", [1, 2]),
    ("n = np.array([1, 2]); b = mx.array(n); n[0] = 9; b", "int64", [1, 2]),
    ("n = np.array(v); n[0] = 9; v", "int32", [0, 1, 2, 3, 4, 5]),
    ("import copy; b = copy.copy(v); v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
    ("import copy; b = copy.deepcopy(v); v[0] = 9; b", "int32", [0, 1, 2, 3, 4, 5]),
]

# Shapes, sizes and type names.
SHAPES = [
    ("a.reshape(-1).shape", None, (12,)),
    ("a.reshape(4, -1).shape", None, (4, 3)),
    ("a.reshape((6, 2)).shape", None, (6, 2)),
    ("mx.reshape(a, (3, -1, 2)).shape", None, (3, 2, 2)),
    ("a.T.shape", None, (3, 2, 2)),
    ("a.transpose().shape", None, (3, 2, 2)),
    ("a.transpose(0, 2, 1).shape", None, (2, 3, 2)),
    ("a.transpose((1, 2, 0)).shape", None, (2, 3, 2)),
    ("a.swapaxes(0, -1).shape", None, (3, 2, 2)),
    ("mx.moveaxis(a, 0, -1).shape", None, (2, 3, 2)),
    ("mx.expand_dims(v, (0, 2)).shape", None, (1, 6, 1)),
    ("mx.squeeze(mx.zeros((1, 2, 1))).shape", None, (2,)),
    ("mx.squeeze(mx.zeros((1, 2, 1)), 0).shape", None, (2, 1)),
    ("mx.broadcast_to(v, (2, 6)).shape", None, (2, 6)),
    ("mx.broadcast_shapes((2, 1), (3,))", None, (2, 3)),
    ("mx.concatenate([a, a], axis=1).shape", None, (2, 4, 3)),
    ("mx.stack([v, v], axis=1).shape", None, (6, 2)),
    ("[x.shape for x in mx.split(v, 3)]", None, [(2,), (2,), (2,)]),
    ("[x.shape for x in mx.split(v, [1, 4])]", None, [(1,), (3,), (2,)]),
    ("mx.flatten(a, 1).shape", None, (2, 6)),
    ("mx.unflatten(v, 0, (2, -1)).shape", None, (2, 3)),
    ("mx.flip(v[:3])", "int32", [2, 1, 0]),
    ("mx.roll(v[:3], 1)", "int32", [2, 0, 1]),
    ("mx.roll(v[:3], (1, 1), 0)", "int32", [1, 2, 0]),
    ("type(mx.broadcast_arrays(v, 1 + v))", None, list),
    ("mx.take(mx.zeros((0, 3)), mx.array([], mx.int32), 0).shape", None, (0, 3)),
    ("mx.zeros((2, 0))[:, mx.array([], mx.int32)].shape", None, (2, 0)),
    ("mx.zeros((0, 3))[mx.zeros((2, 0), mx.int32)].shape", None, (2, 0, 3)),
    ("mx.repeat(v[:2], 2)", "int32", [0, 0, 1, 1]),
    ("mx.tile(v[:2], (2, 2))", "int32", [[0, 1, 0, 1], [0, 1, 0, 1]]),
    ("mx.pad(v[1:3], (1, 2), constant_values=9)", "int32", [9, 1, 2, 9, 9]),
    ('mx.pad(v[:3], (9, 1), mode="reflect")', "int32", [1, 0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1]),
    ("mx.tril(mx.ones((2, 2)))", "float32", [[1.0, 0.0], [1.0, 1.0]]),
    ("mx.diagonal(a, axis1=1, axis2=2)", "int32", [[0, 4], [6, 10]]),
    ("mx.atleast_2d(v[:2])", "int32", [[0, 1]]),
    ("mx.sum(a, axis=(0, 2)).shape", None, (2,)),
    ("mx.sum(a, axis=-1, keepdims=True).shape", None, (2, 2, 1)),
    ("mx.sum(a, keepdims=True).shape", None, (1, 1, 1)),
    ("mx.argmax(a, axis=1).shape", None, (2, 3)),
    ("mx.argmax(a, axis=1, keepdims=True).shape", None, (2, 1, 3)),
    ("mx.zeros((0, 3)).shape", None, (0, 3)),
    ("mx.zeros((0, 3)).reshape(-1).shape", None, (0,)),
    ("mx.sum(mx.zeros((0, 3)), axis=0)", "float32", [0.0, 0.0, 0.0]),
    ("mx.sum(mx.zeros((0, 3)), axis=1).shape", None, (0,)),
    ("mx.ones((2, 2))[mx.array([], mx.int32)].shape", None, (0, 2)),
    ("(mx.zeros((0, 3)) + mx.zeros((3,))).shape", None, (0, 3)),
    ("(mx.zeros((2, 0)) @ mx.zeros((0, 3)))", "float32", [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),
    ("(mx.zeros((3, 4)) @ mx.zeros((5, 4, 2))).shape", None, (5, 3, 2)),
    ("(mx.zeros((4,)) @ mx.zeros((5, 4, 2))).shape", None, (5, 2)),
    ("mx.tensordot(mx.ones((2, 3)), mx.ones((3, 4)), axes=1).shape", None, (2, 4)),
    ("(v.size, v.ndim, v.nbytes, v.itemsize)", None, (6, 1, 24, 4)),
    ("mx.array(1).shape", None, ()),
    ("a[None, ..., None].shape", None, (1, 2, 2, 3, 1)),
    ("repr(f)", None, "array([1, 2, 3], dtype=float32)"),
    ('str(v.dtype).split(".")[-1]', None, "int32"),
    ("v.dtype == mx.int32", None, True),
    ("mx.issubdtype(mx.float16, mx.floating)", None, True),
    ("mx.can_cast(mx.int8, mx.float16)", None, True),
    ("mx.result_type(b8, mx.float16) == mx.float16", None, True),
]

# The numbers that belong to a key.
RANDOM = [
    ("mx.random.key(0)", "uint32", [0, 0]),
    ("mx.random.key(2**40 + 5)", "uint32", [256, 5]),
    ("mx.random.split(mx.random.key(0))", "uint32", [[4146024105, 967050713], [2718843009, 1272950319]]),
    (
        "mx.random.split(mx.random.key(7), 3)",
        "uint32",
        [[276534068, 861967409], [1905761346, 1641862660], [2900896126, 1402713516]],
    ),
    ("mx.random.uniform(key=mx.random.key(0), shape=(3,))", "float32", [0.96532148, 0.31468171, 0.63303]),
    (
        "mx.random.uniform(-2, 2, (2, 2), key=mx.random.key(3))",
        "float32",
        [[-1.0458493, -1.9555222], [0.42497325, -0.66079283]],
    ),
    ("mx.random.uniform(shape=(2,), dtype=mx.float16, key=mx.random.key(3))", "float16", [0.453125, 0.51611328]),
    ("mx.random.normal((3,), key=mx.random.key(1))", "float32", [0.17269035, -0.64765567, 1.2229711]),
    ("mx.random.normal((2,), loc=1.0, scale=2.0, key=mx.random.key(1))", "float32", [0.76765937, 5.4250126]),
    ("mx.random.randint(0, 10, (5,), key=mx.random.key(1))", "int32", [8, 1, 4, 6, 5]),
    ("mx.random.randint(-5, 5, (3,), dtype=mx.int8, key=mx.random.key(1))", "int8", [0, -3, 3]),
    ("mx.random.randint(0, 2, (5,), mx.bool_, mx.random.key(7))", "bool", [False, False, True, False, True]),
    ("mx.random.randint(0, 1, (3,), mx.bool_, mx.random.key(7))", "bool", [False, False, False]),
    ("mx.random.bernoulli(0.5, (5,), key=mx.random.key(1))", "bool", [False, True, True, False, False]),
    ("mx.random.bernoulli(mx.array([0.0, 1.0]), key=mx.random.key(1))", "bool", [False, True]),
    ("mx.random.categorical(mx.zeros((4, 3)), key=mx.random.key(1))", "uint32", [0, 1, 2, 0]),
    ("mx.random.categorical(mx.zeros((2, 3)), num_samples=3, key=mx.random.key(1))", "uint32", [[2, 1, 0], [0, 1, 2]]),
    ("mx.random.categorical(mx.zeros((3, 2)), axis=0, key=mx.random.key(1))", "uint32", [1, 1]),
    ("mx.random.seed(3); mx.random.uniform(shape=(2,))", "float32", [0.52085847, 0.24485554]),
    ("mx.random.seed(3); mx.random.uniform(); mx.random.uniform(shape=(2,))", "float32", [0.46573803, 0.031703752]),
    ("mx.random.seed(3); b = mx.random.normal(); mx.random.seed(3); mx.random.normal() - b", "float32", 0.0),
]

# What is refused when it is recorded, not when it is evaluated.
ERRORS = [
    ("b8 + 300", ValueError),
    ("u8 + (-1)", ValueError),
    ("u8 + 256", ValueError),
    ("mx.array([1]) + 2**31", ValueError),
    ("mx.array([1, 2]) == mx.array([1, 2, 3])", ValueError),
    ("-t", ValueError),
    ("f & 1", ValueError),
    ('v + "a"', ValueError),
    ("v + [1]", ValueError),
    ("v + None", TypeError),
    ('mx.exp("a")', ValueError),
    ("mx.exp(None)", TypeError),
    ("mx.random.key(-1)", TypeError),
    ("mx.random.key(2**64)", TypeError),
    ("mx.issubdtype(3, mx.number)", ValueError),
    ("mx.take(mx.zeros((0, 3)), mx.array([0]), 0)", ValueError),
    ("mx.round(None)", TypeError),
    ("mx.abs(a=f)", TypeError),
    ("mx.abs(f, None)", TypeError),
    ("mx.maximum(a=f, b=f)", TypeError),
    ("mx.clip(f)", TypeError),
    ("mx.sum(f, stream=3)", TypeError),
    ("mx.random.uniform(0, 1, (2,), mx.float32, None, 3)", TypeError),
    ("f.sum(0, False, None)", TypeError),
    ("mx.array([[1, 2], [3]])", ValueError),
    ('mx.array("a")', ValueError),
    ('mx.array([1, "a"])', ValueError),
    ("mx.array(None)", TypeError),
    ('v["a"]', ValueError),
    ("v[1.5]", ValueError),
    ("v[True]", ValueError),
    ("v[1:2.5]", ValueError),
    ("a[0, 0, 0, 0]", ValueError),
    ("a[..., ...]", ValueError),
    ("v[mx.array([0.5])]", ValueError),
    ("v[mx.array([True, False, True, False, True, False])]", ValueError),
    ('v["a"] = 1', ValueError),
    ("v[1:3] = mx.array([1, 2, 3])", ValueError),
    ("b8[0] = 300", ValueError),
    ("v /= 2", ValueError),
    ("f.at[0].add(mx.array([1.0, 2.0]))", ValueError),
    ("len(mx.array(1))", TypeError),
    ("bool(v)", ValueError),
    ("int(v)", ValueError),
    ("v.item()", ValueError),
    ("a.reshape(5, 5)", ValueError),
    ("a.reshape(-1, -1)", ValueError),
    ("mx.zeros((0, 3)).reshape(0, -1)", ValueError),
    ("mx.transpose(a, (0, 0, 1))", ValueError),
    ("mx.transpose(a, (0, 1))", ValueError),
    ("mx.squeeze(a, 0)", ValueError),
    ("mx.broadcast_to(v, (6, 2))", ValueError),
    ("a + mx.zeros((5,))", ValueError),
    ("mx.where(t, v, mx.zeros((3,)))", ValueError),
    ("mx.concatenate([a, a[:, :1]], axis=0)", ValueError),
    ("mx.concatenate([])", ValueError),
    ("mx.stack([v, v[:2]])", ValueError),
    ("mx.split(v, 4)", ValueError),
    ("mx.sum(a, axis=(0, 0))", ValueError),
    ("mx.max(mx.array([]))", ValueError),
    ("mx.argmax(mx.array([]))", ValueError),
    ("a.astype(mx.float32) @ mx.zeros((5, 2))", ValueError),
    ("mx.zeros((2, 3)) @ mx.zeros((2, 3))", ValueError),
    ("mx.matmul(mx.array(1.0), f)", ValueError),
    ("mx.matmul(mx.array([[1, 2]]), mx.array([[1], [2]]))", ValueError),
    ("mx.zeros((-1,))", ValueError),
    ("mx.arange(0, 1, 0)", ValueError),
    ("mx.take(v, mx.array([0.5]))", ValueError),
    ("mx.random.randint(0, 10, (3,), dtype=mx.float32)", ValueError),
    ("mx.random.uniform(shape=(2,), dtype=mx.int32)", ValueError),
    ("mx.random.uniform(key=v[:2], shape=(2,))", ValueError),
]

ROWS = [*PROMOTION, *RESULT_DTYPES, *READS, *WRITES, *ALIASING, *SHAPES, *RANDOM]


def execute(library, source):
    """Run the statements and return the value of the expression after them."""
    scope = {"mx": library, "np": np}
    exec(SETUP, scope)
    *statements, expression = source.split("; ")
    exec("\n".join(statements), scope)
    return eval(expression, scope)


def check(library, source, dtype, expected):
    result = execute(library, source)
    if dtype is None:
        assert result == expected
        assert type(result) is type(expected)
        return
    assert isinstance(result, library.array)
    assert str(result.dtype).split(".")[-1] == dtype
    value = np.array(result.tolist())
    assert value.shape == np.array(expected).shape
    if "float" not in dtype:
        assert result.tolist() == expected
    else:
        # Normal numbers go through erfinv, which each library expands in its own way.
        tolerance = 1e-3 if dtype.endswith("16") else 1e-5 if "normal" in source else 1e-6
        np.testing.assert_allclose(value, expected, rtol=tolerance, atol=1e-7)


@pytest.fixture
def oracle():
    return pytest.importorskip("mlx.core", reason="mlx is not installed")


@pytest.mark.parametrize(("source", "dtype", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_value(source, dtype, expected):
    check(mx, source, dtype, expected)


@pytest.mark.parametrize(("source", "dtype", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_value_is_that_of_mlx(oracle, source, dtype, expected):
    check(oracle, source, dtype, expected)


@pytest.mark.parametrize(("source", "kind"), ERRORS, ids=[row[0] for row in ERRORS])
def test_error(source, kind):
    with pytest.raises(kind):
        exec(SETUP + source, {"mx": mx, "np": np})


@pytest.mark.parametrize(("source", "kind"), ERRORS, ids=[row[0] for row in ERRORS])
def test_error_is_that_of_mlx(oracle, source, kind):
    with pytest.raises(kind):
        exec(SETUP + source, {"mx": oracle, "np": np})


# Deliberate differences.

OUT_OF_RANGE = [
    "v[6]",
    "v[-7]",
    "a[0, 2]",
    "a[:, :, 3]",
    "a[..., -4]",
    "v[6] = 1",
    "v[-7] = 1",
    "a[0, 2] = 1",
    "a[0, 0, 3] += 1",
    "v.at[6].add(1)",
    "mx.zeros((0,))[0]",
    "mx.take(v, 6)",
]


@pytest.mark.parametrize("source", OUT_OF_RANGE)
def test_python_index_out_of_range_raises_index_error(source):
    scope = {"mx": mx}
    exec(SETUP, scope)
    with pytest.raises(IndexError, match=r"expected.*got"):
        exec(source, scope)
    assert scope["v"].tolist() == [0, 1, 2, 3, 4, 5]
    assert scope["a"].tolist() == np.arange(12).reshape(2, 2, 3).tolist()


BAD_AXES = [
    "mx.sum(a, axis=3)",
    "mx.sum(a, axis=-4)",
    "mx.max(a, axis=(0, 5))",
    "mx.argmax(a, axis=3)",
    "mx.softmax(f, axis=1)",
    "mx.concatenate([v, v], axis=1)",
    "mx.stack([v, v], axis=3)",
    "mx.split(v, 2, axis=1)",
    "mx.squeeze(a, 3)",
    "mx.expand_dims(v, 5)",
    "mx.transpose(a, (0, 1, 5))",
    "mx.swapaxes(a, 0, 3)",
    "mx.moveaxis(a, 3, 0)",
    "mx.flip(a, 3)",
    "mx.roll(a, 1, axis=3)",
    "mx.repeat(a, 2, axis=3)",
    "mx.take(a, v[:1], axis=3)",
    "mx.diagonal(a, axis1=0, axis2=3)",
]


@pytest.mark.parametrize("kind", [IndexError, ValueError])
@pytest.mark.parametrize("source", BAD_AXES)
def test_bad_axis_is_an_index_error_and_a_value_error(source, kind):
    with pytest.raises(kind):
        execute(mx, source)


@pytest.mark.parametrize("source", ["v[::0]", "v[0:4:0]", "a[:, ::0]", "v[::0] = 1"])
def test_slice_step_of_zero_is_an_error(source):
    with pytest.raises(ValueError, match="step"):
        exec(SETUP + source, {"mx": mx})


@pytest.mark.parametrize("index", [[6, 1], [-7, 1], [2**31 - 1, 1], [-(2**31), 1], [2**62, 1]])
def test_array_index_out_of_range_stays_in_the_array(index):
    """The values at wrong places are unspecified; the others are right, and nothing else is touched."""
    indices = mx.array(np.array(index))
    v = mx.arange(6)
    read = v[indices]
    assert read.shape == (2,)
    assert read.tolist()[1] == 1
    assert mx.take(v, indices).tolist()[1] == 1
    written = v.at[indices].add(10)
    assert written.shape == (6,)
    assert written.tolist()[1] == 11 if index[0] != -7 else written.tolist()[1] >= 11
    assert v.tolist() == [0, 1, 2, 3, 4, 5]


# Writes are differentiable.


def test_gradient_passes_through_a_write():
    def function(x):
        y = x * 2
        y[0] = x[1] * 5
        y[1:3] += x[0]
        return (y * mx.array([1.0, 10.0, 100.0])).sum()

    gradient = mx.grad(function)(mx.array([1.0, 2.0, 3.0]))
    assert gradient.tolist() == [110.0, 25.0, 200.0]


def test_gradient_passes_through_at_add():
    def function(x, updates):
        y = x.at[mx.array([0, 0, 2])].add(updates)
        return (y * mx.array([1.0, 10.0, 100.0])).sum()

    x, updates = mx.zeros((3,)), mx.ones((3,))
    by_x, by_updates = mx.grad(function, argnums=(0, 1))(x, updates)
    assert by_x.tolist() == [1.0, 10.0, 100.0]
    assert by_updates.tolist() == [1.0, 1.0, 100.0]


def test_gradient_accumulates_over_repeated_indices():
    gradient = mx.grad(lambda x: x[mx.array([1, 1, -1])].sum())(mx.zeros((3,)))
    assert gradient.tolist() == [0.0, 2.0, 1.0]

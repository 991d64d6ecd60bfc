# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What several test files share: the comparison with MLX, the oracle of semantics."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import mlxir as mx
import numpy as np
import pytest

# A shell starts what it runs in the background with SIGINT ignored; Python and all its children leave it so, and what
# tests of Ctrl-C send would be lost.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Where a kernel writes beyond its buffer the process ends.
mx._core.set_guards(True)

SETUP = """
a = mx.arange(24).reshape(2, 3, 4)
f = a.astype(mx.float32)
i = mx.array([0, 1])
m = mx.array([[0, 1], [1, 0]])
x = mx.array([1.0, 2.0])
z = mx.zeros((2, 0))
k = mx.random.key(5)
t = mx.array([True, False])
h = mx.array([1.0, 2.5, -3.0], mx.float16)
u8 = mx.array([1, 2, 250], mx.uint8)
i8 = mx.array([1, -2, 100], mx.int8)
nan, inf = float("nan"), float("inf")
"""


def evaluate(module: Any, source: str) -> Any:
    """Run statements, the last of which is an expression, and return its value."""
    names: dict[str, Any] = {"mx": module, "np": np}
    exec(SETUP, names)
    *statements, expression = source.split("; ")
    for statement in statements:
        exec(statement, names)
    return eval(expression, names)


def plain(module: Any, value: Any) -> Any:
    """Bring a result to what can be compared across the two packages."""
    if isinstance(value, module.array):
        wide = value.astype(module.float32) if value.dtype == module.bfloat16 else value
        return str(value.dtype).rpartition(".")[2], np.array(wide)
    if isinstance(value, (list, tuple)):
        return [plain(module, item) for item in value]
    if isinstance(value, module.Dtype):
        return str(value).rpartition(".")[2]
    return value


def require_equal(got: Any, expected: Any) -> None:
    if isinstance(expected, list):
        assert len(got) == len(expected)
        for one, other in zip(got, expected, strict=True):
            require_equal(one, other)
    elif isinstance(expected, tuple):
        assert got[0] == expected[0]
        assert got[1].shape == expected[1].shape
        half = expected[0] in ("float16", "bfloat16")
        np.testing.assert_allclose(
            got[1].astype(np.float64),
            expected[1].astype(np.float64),
            rtol=2e-3 if half else 1e-5,
            atol=1e-3 if half else 1e-6,
        )
    else:
        assert got == expected or (got != got and expected != expected)


@pytest.fixture
def like_mlx() -> Callable[[str], None]:
    """Check that a piece of source has MLX's result, or fails with a fitting exception."""
    oracle = pytest.importorskip("mlx.core")

    def check(source: str) -> None:
        try:
            expected = plain(oracle, evaluate(oracle, source))
        except Exception as error:
            # MLX reports some of its checks as RuntimeError; any exception will do then.
            kind = Exception if type(error) is RuntimeError else type(error)
            with pytest.raises(kind):
                plain(mx, evaluate(mx, source))
            return
        require_equal(plain(mx, evaluate(mx, source)), expected)

    return check

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The array object: making it, reading it, sharing it, changing it in place."""

from __future__ import annotations

import copy
import gc
import io
import pickle
import weakref

import mlxir as mx
import numpy as np
import pytest
from oracle_expressions import CREATION, ELEMENTWISE, OBJECT, PRODUCTS, REDUCTIONS, SHAPES

INTEGERS = [f"{kind}{bits}" for kind in ("uint", "int") for bits in (8, 16, 32, 64)]
REALS = ("bool", *INTEGERS, "float16", "float32", "float64")


def dtype_of(name: str):
    return getattr(mx, "bool_" if name == "bool" else name)


@pytest.mark.parametrize("source", [*CREATION, *OBJECT, *ELEMENTWISE, *REDUCTIONS, *SHAPES, *PRODUCTS])
def test_like_mlx(source: str, like_mlx) -> None:
    like_mlx(source)


def test_import_is_light() -> None:
    import subprocess
    import sys

    code = "import sys, mlxir; print(*({'numpy', 'inspect', 'dataclasses', 'typing', 'json'} & sys.modules.keys()))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == []


def test_core_is_the_same_module() -> None:
    import mlxir.core
    import mlxir.core.random

    assert mlxir.core is mx
    assert mlxir.core.random is mx.random
    assert mx.nn.Linear  # imported when it is asked for


@pytest.mark.parametrize("name", REALS)
def test_numpy_round_trip(name: str) -> None:
    values = np.arange(-3, 3).astype(name).reshape(2, 3)
    a = mx.array(values, dtype=dtype_of(name))
    assert a.dtype is dtype_of(name)
    assert a.shape == (2, 3)
    back = np.asarray(a)
    assert back.dtype == values.dtype
    np.testing.assert_array_equal(back, values)
    assert a.tolist() == values.tolist()
    assert bytes(a) == values.tobytes()
    np.testing.assert_array_equal(np.asarray(mx.array(values.T, dtype=dtype_of(name))), values.T)


def test_bfloat16_round_trip() -> None:
    a = mx.array([1.5, -2.0, 3e38], mx.bfloat16)
    assert a.tolist() == [1.5, -2.0, 3.00405527047391e38]
    kind = pytest.importorskip("ml_dtypes").bfloat16
    values = np.asarray(a)
    assert values.dtype == kind
    assert mx.array(values).dtype is mx.bfloat16
    assert mx.array(values).tolist() == a.tolist()


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_every_half_is_read_and_written(name: str) -> None:
    bits = np.arange(65536, dtype=np.uint16)
    a = mx.array(bits).view(dtype_of(name))
    wide = np.array([a.tolist()], np.float32)[0]
    expected = bits.view(np.float16 if name == "float16" else pytest.importorskip("ml_dtypes").bfloat16)
    np.testing.assert_array_equal(wide, expected.astype(np.float32))
    finite = np.isfinite(wide)
    again = mx.array(wide[finite].tolist(), dtype_of(name))
    np.testing.assert_array_equal(np.asarray(again.view(mx.uint16)), bits[finite])


def test_views_are_read_only_and_keep_values() -> None:
    a = mx.arange(4)
    view = np.asarray(a)
    assert not view.flags.writeable
    a += 1
    assert view.tolist() == [0, 1, 2, 3]
    assert a.tolist() == [1, 2, 3, 4]
    assert memoryview(a).readonly
    with pytest.raises(TypeError, match="read-write"):
        io.BytesIO(bytes(16)).readinto(a)


@pytest.mark.parametrize(
    ("dtype", "other", "result"),
    [
        ("int32", "float64", "float32"),
        ("int8", "float16", "float32"),
        ("bool_", "int64", "int64"),
        ("bool_", "float32", "float32"),
    ],
)
def test_an_array_of_numpy_loses_nothing_of_its_kind(dtype: str, other: str, result: str) -> None:
    """Where MLX would cut it to the array's dtype; within a kind the array's dtype stays (test_mlx_semantics.py)."""
    a, b = mx.array([1, 1]).astype(getattr(mx, dtype)), np.array([2.5, 3]).astype(other)
    for value in (a + b, mx.add(b, a), mx.maximum(a, b) + mx.minimum(b, a)):
        assert value.dtype == getattr(mx, result)
        np.testing.assert_allclose(np.array(value), b + 1)
    assert (a < b).tolist() == [True, True]


def test_memory_of_numpy_is_shared_and_never_changed() -> None:
    data = np.ones(1000, np.float32)
    a = mx.asarray(data)
    before = data.copy()
    b = a * 2 + a
    mx.eval(b)
    a += 5
    mx.eval(a)
    np.testing.assert_array_equal(data, before)
    data[0] = 7
    assert mx.asarray(data)[0].item() == 7
    with pytest.raises(ValueError, match=r"\[asarray\] expected memory that can be shared"):
        mx.asarray([1, 2], copy=False)


def test_dlpack() -> None:
    a = mx.arange(6).reshape(2, 3)
    assert a.__dlpack_device__() == (1, 0)
    shared = np.from_dlpack(a)
    assert shared.tolist() == a.tolist()
    back = mx.from_dlpack(np.arange(6, dtype=np.int16).reshape(3, 2).T)
    assert back.dtype is mx.int16
    assert back.tolist() == [[0, 2, 4], [1, 3, 5]]
    source = np.arange(3, dtype=np.float32)
    taken = mx.from_dlpack(source)
    owner = weakref.ref(source)
    del source
    gc.collect()
    assert taken.tolist() == [0, 1, 2]
    del taken, shared
    gc.collect()
    assert owner() is None


def test_torch_reads_and_writes_dlpack() -> None:
    torch = pytest.importorskip("torch")
    t = torch.arange(4, dtype=torch.float32)
    assert mx.from_dlpack(t).tolist() == [0, 1, 2, 3]
    assert torch.from_dlpack(mx.arange(3)).tolist() == [0, 1, 2]


def test_pickle_and_copies() -> None:
    for name in (*REALS, "bfloat16"):
        a = mx.array([[0, 1], [1, 0]], dtype_of(name))
        b = pickle.loads(pickle.dumps(a))
        assert b.dtype is a.dtype
        assert b.tolist() == a.tolist()
    a = mx.array([1, 2])
    for duplicate in (copy.copy(a), copy.deepcopy([a])[0], mx.array(a), +a):
        duplicate[0] = 9
        assert a.tolist() == [1, 2]
    assert pickle.loads(pickle.dumps(mx.float32)) is mx.float32
    assert copy.deepcopy(mx.bool_) is mx.bool_
    assert pickle.loads(pickle.dumps(mx.exp)) is mx.exp or callable(pickle.loads(pickle.dumps(mx.exp)))


def test_in_place_forms_change_the_object() -> None:
    a = mx.array([1.0, 2.0])
    alias, distinct = a, mx.array(a)
    a += 1
    a *= mx.array([2.0, 3.0])
    a[0] = 0.5
    a **= 2
    assert alias is a
    assert a.tolist() == [0.25, 81]
    assert distinct.tolist() == [1, 2]


def test_identity_hash_and_weak_references() -> None:
    a, b = mx.array(1), mx.array(1)
    assert len({a, b}) == 2
    assert a in {a}
    reference = weakref.ref(a)
    assert reference() is a
    del a
    gc.collect()
    assert reference() is None


def test_subclass() -> None:
    class Named(mx.array):
        pass

    a = Named([1, 2])
    assert isinstance(a, mx.array)
    assert (a + 1).tolist() == [2, 3]
    a.name = "x"
    assert a.name == "x"


def test_array_like_objects() -> None:
    class Own:
        def __mlx_array__(self):
            return mx.array([1, 2])

    assert mx.array(Own()).tolist() == [1, 2]
    assert (mx.array([1, 1]) + Own()).tolist() == [2, 3]
    assert mx.ArrayLike(Own()).__mlx_array__().tolist() == [1, 2]


def test_index_protocol() -> None:
    assert list(range(5))[mx.array(2)] == 2
    assert [1, 2, 3][mx.array(1, mx.uint8)] == 2
    assert range(mx.array(3).item())[-1] == 2


def test_iteration_and_unpacking() -> None:
    first, second = mx.array([[1, 2], [3, 4]])
    assert first.tolist() == [1, 2]
    assert second.tolist() == [3, 4]
    assert [int(x) for x in mx.arange(3)] == [0, 1, 2]


def test_fp8_exhaustively() -> None:
    ml_dtypes = pytest.importorskip("ml_dtypes")
    codes = np.arange(256, dtype=np.uint8)
    exact = codes.view(ml_dtypes.float8_e4m3fn).astype(np.float32)
    np.testing.assert_array_equal(np.asarray(mx.from_fp8(mx.array(codes), mx.float32)), exact)
    numbers = ~np.isnan(exact)
    np.testing.assert_array_equal(np.asarray(mx.to_fp8(mx.array(exact[numbers]))), codes[numbers])
    values = np.random.default_rng(0).normal(0, 60, 5000).astype(np.float32)
    expected = np.clip(values, -448, 448).astype(ml_dtypes.float8_e4m3fn).view(np.uint8)
    np.testing.assert_array_equal(np.asarray(mx.to_fp8(mx.array(values))), expected)


def test_print_options() -> None:
    with mx.printoptions(precision=3):
        assert str(mx.array([1 / 3, 2.0])) == "array([0.333, 2.000], dtype=float32)"
    assert str(mx.array(1 / 3)) == "array(0.333333, dtype=float32)"
    assert mx.get_printoptions().precision == -1


def test_memory_counters() -> None:
    gc.collect()
    mx.clear_cache()
    base = mx.get_active_memory()
    mx.reset_peak_memory()
    a = mx.ones((1000, 1000)) + 1
    mx.eval(a)
    assert mx.get_active_memory() - base >= 4_000_000
    assert mx.get_peak_memory() >= mx.get_active_memory()
    del a
    gc.collect()
    assert mx.get_active_memory() - base < 1_000_000
    assert mx.get_cache_memory() >= 0
    mx.clear_cache()
    assert mx.get_cache_memory() == 0
    assert mx.get_array_buffer_size([mx.zeros(3)], mx.ones(2)) == 20


def test_devices_and_streams() -> None:
    assert mx.default_device() == mx.cpu
    assert mx.Device(mx.cpu) == mx.Device(mx.cpu, 0)
    assert mx.is_available(mx.cpu)
    assert not mx.is_available(mx.gpu)
    stream = mx.new_stream(mx.cpu)
    assert stream != mx.default_stream(mx.cpu)
    with mx.stream(stream) as inside:
        assert inside == stream
        assert mx.default_stream(mx.cpu) == stream
        assert (mx.ones(2) + 1).tolist() == [2, 2]
    assert mx.default_stream(mx.cpu) != stream
    assert mx.add(1, 2, stream=mx.new_thread_local_stream(mx.cpu)).item() == 3
    mx.synchronize()
    mx.synchronize(stream)
    assert mx.device_info()["threads"] >= 1
    with pytest.raises(ValueError, match="set_default_device"):
        mx.set_default_device(mx.gpu)


def test_long_chain_is_freed() -> None:
    x = mx.array(0.0)
    mx._core.set_flush_limits(0, 0)
    try:
        for _ in range(100_000):
            x = x + 1
        del x
    finally:
        mx._core.set_flush_limits(4096, 1 << 30)


def test_collection_does_not_change_keys() -> None:
    """Garbage collection during a loop compiles nothing anew."""

    def steps(number: int) -> None:
        x = mx.ones((8,))
        for i in range(number):
            junk = [x * i for _ in range(3)]
            x = mx.tanh(x) + junk[i % 3] * 0.01
            if i % 7 == 0:
                mx.eval(x)

    steps(50)
    before = mx.cache.info()["compiles"]
    gc.disable()
    steps(300)
    gc.enable()
    steps(300)
    assert mx.cache.info()["compiles"] == before


def test_triangles_of_truth_values_are_truth_values() -> None:
    assert mx.triu(mx.ones((2, 3), mx.bool_)).tolist() == [[True, True, True], [False, True, True]]
    assert mx.tril(mx.ones((2, 3), mx.bool_)).tolist() == [[True, False, False], [True, True, False]]

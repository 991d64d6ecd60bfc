# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Files: what is written is read, by us and by others, and damage is an error."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import mlxir as mx
import numpy as np
import pytest

INTEGERS = [f"{kind}{bits}" for kind in ("uint", "int") for bits in (8, 16, 32, 64)]
NAMES = ("bool_", *INTEGERS, "float16", "bfloat16", "float32", "float64")


def sample(name: str):
    return mx.array([[0, 1, 1], [1, 0, 1]], getattr(mx, name))


@pytest.mark.parametrize("name", NAMES)
def test_npy_round_trip(name: str, tmp_path) -> None:
    a = sample(name)
    mx.save(tmp_path / "a", a)
    b = mx.load(tmp_path / "a.npy")
    assert b.dtype is a.dtype
    assert b.tolist() == a.tolist()
    if name != "bfloat16":
        np.testing.assert_array_equal(np.load(tmp_path / "a.npy"), np.asarray(a))


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 4)])
def test_numpy_files_are_read(shape, tmp_path) -> None:
    for order in "CF":
        data = np.asarray(np.arange(np.prod(shape, dtype=int)).reshape(shape), dtype=np.float32, order=order)
        np.save(tmp_path / "a.npy", data)
        np.testing.assert_array_equal(np.asarray(mx.load(str(tmp_path / "a.npy"))), data)


def test_open_files() -> None:
    stream = io.BytesIO()
    mx.save(stream, mx.arange(3))
    stream.seek(0)
    assert mx.load(stream, format="npy").tolist() == [0, 1, 2]


@pytest.mark.parametrize("save", ["savez", "savez_compressed"])
def test_npz_round_trip(save: str, tmp_path) -> None:
    path = tmp_path / "many"
    getattr(mx, save)(path, mx.arange(3), mx.ones((2, 2)), w=mx.array([1.5], mx.bfloat16))
    loaded = mx.load(tmp_path / "many.npz")
    assert sorted(loaded) == ["arr_0", "arr_1", "w"]
    assert loaded["w"].dtype is mx.bfloat16
    with np.load(tmp_path / "many.npz") as theirs:
        np.testing.assert_array_equal(theirs["arr_0"], [0, 1, 2])
    np.savez(tmp_path / "theirs.npz", x=np.eye(2, dtype=np.float32))
    assert mx.load(tmp_path / "theirs.npz")["x"].tolist() == [[1, 0], [0, 1]]
    with pytest.raises(ValueError, match=r"\[savez\] expected each name once"):
        mx.savez(path, mx.ones(1), arr_0=mx.ones(1))


def test_safetensors_round_trip(tmp_path) -> None:
    arrays = {name: sample(name) for name in NAMES}
    arrays |= {"scalar": mx.array(2.5), "empty": mx.zeros((0, 3)), "named.weight": mx.ones((3, 1))}
    mx.save_safetensors(tmp_path / "m", arrays, {"step": "7"})
    loaded, metadata = mx.load(tmp_path / "m.safetensors", return_metadata=True)
    assert metadata == {"step": "7"}
    assert sorted(loaded) == sorted(arrays)
    for name, a in arrays.items():
        assert loaded[name].dtype is a.dtype
        assert loaded[name].shape == a.shape
        assert loaded[name].tolist() == a.tolist()


def test_safetensors_of_the_reference_package(tmp_path) -> None:
    reference = pytest.importorskip("safetensors.numpy")
    arrays = {"a": np.arange(6, dtype=np.int16).reshape(2, 3), "b": np.float32([[1.5]]), "c": np.zeros((0,), np.uint8)}
    reference.save_file(arrays, tmp_path / "theirs.safetensors")
    for name, a in mx.load(tmp_path / "theirs.safetensors").items():
        np.testing.assert_array_equal(np.asarray(a), arrays[name])
    mx.save_safetensors(str(tmp_path / "ours"), {name: mx.array(a) for name, a in arrays.items()})
    for name, a in reference.load_file(tmp_path / "ours.safetensors").items():
        np.testing.assert_array_equal(a, arrays[name])


def test_files_of_mlx(tmp_path) -> None:
    oracle = pytest.importorskip("mlx.core")
    path = str(tmp_path / "m.safetensors")
    oracle.save_safetensors(path, {"w": oracle.array([1.5, 2.5], oracle.bfloat16)})
    assert mx.load(path)["w"].tolist() == [1.5, 2.5]
    mx.save_safetensors(path, {"w": mx.array([3.5], mx.bfloat16)})
    assert oracle.load(path)["w"].tolist() == [3.5]
    mx.save(str(tmp_path / "a.npy"), mx.arange(3))
    assert oracle.load(str(tmp_path / "a.npy")).tolist() == [0, 1, 2]


def written(save, *args) -> bytes:
    stream = io.BytesIO()
    save(stream, *args)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("arrays", "metadata", "kind", "message"),
    [
        ({"a": mx.ones(2)}, {"step": 5}, ValueError, "expected strings by strings as metadata, got int by str"),
        ({"a": mx.ones(2)}, {5: "step"}, ValueError, "expected strings by strings as metadata, got str by int"),
        ({"a": mx.ones(2)}, ["step"], TypeError, "expected a dict as metadata, got list"),
        ({"a": 1.0}, None, TypeError, "expected arrays by strings, got float by str"),
        ({1: mx.ones(2)}, None, TypeError, "expected arrays by strings, got array by int"),
        ({"__metadata__": mx.ones(2)}, None, ValueError, "expected other names of arrays"),
        ([mx.ones(2)], None, TypeError, "expected a dict of arrays, got list"),
    ],
)
def test_what_could_not_be_loaded_is_not_written(
    tmp_path: Path, arrays: Any, metadata: Any, kind: type[Exception], message: str
) -> None:
    path = tmp_path / "kept.safetensors"
    mx.save_safetensors(path, {"a": mx.zeros(1)})
    with pytest.raises(kind, match=rf"\[save_safetensors\] {message}"):
        mx.save_safetensors(path, arrays, metadata)
    assert mx.load(path)["a"].tolist() == [0]


def test_truncated_files_are_errors() -> None:
    npy = written(mx.save, mx.arange(20))
    tensors = written(mx.save_safetensors, {"a": mx.arange(20), "b": mx.ones((3,))})
    for data, kind in ((npy, "npy"), (tensors, "safetensors")):
        for size in range(len(data)):
            with pytest.raises(ValueError, match=r"\[load\] expected"):
                mx.load(io.BytesIO(data[:size]), format=kind)


def test_flipped_bytes_are_errors_or_harmless() -> None:
    rng = np.random.default_rng(0)
    for data, kind in (
        (written(mx.save, mx.arange(20)), "npy"),
        (written(mx.savez, mx.arange(20)), "npz"),
        (written(mx.save_safetensors, {"a": mx.arange(20), "b": mx.ones((3,))}), "safetensors"),
    ):
        for _ in range(400):
            damaged = bytearray(data)
            damaged[rng.integers(min(len(data), 160))] = rng.integers(256)
            try:
                mx.load(io.BytesIO(bytes(damaged)), format=kind)
            except ValueError as error:
                assert str(error).startswith("[load] expected")


def test_damage_in_a_compressed_archive_is_an_error() -> None:
    """In most places it is the stream that no longer inflates; bytes that no reader looks at may change."""
    data = written(mx.savez_compressed, mx.arange(200))
    errors = 0
    for at in range(len(data)):
        damaged = bytearray(data)
        damaged[at] ^= 0xFF
        try:
            mx.load(io.BytesIO(bytes(damaged)), format="npz")
        except ValueError as error:
            assert str(error).startswith("[load] expected")
            errors += 1
    assert errors > len(data) // 2


def npy(descr: object, shape: object) -> bytes:
    text = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape!r}, }}".encode()
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (npy([("x", "<f4")], (0,)), r"elements of a type that arrays have, got \[\('x'"),
        (npy("<f4", (0, 2**63)), r"a shape in the npy header, got \(0, 9223372036854775808\)"),
    ],
)
def test_npy_headers_of_other_arrays(data: bytes, text: str) -> None:
    with pytest.raises(ValueError, match=r"\[load\] expected " + text):
        mx.load(io.BytesIO(data), format="npy")


@pytest.mark.parametrize("name", [">f2", ">f4", ">f8", ">i2", ">i4", ">u8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_npy_of_the_other_byte_order(tmp_path, name: str, order: str) -> None:
    values = np.array([[1, 2, 3], [250, 5, 60000]]).astype(name, order=order)
    np.save(tmp_path / "a.npy", values)
    loaded = mx.load(tmp_path / "a.npy")
    assert str(loaded.dtype).endswith(np.dtype(name).newbyteorder("=").name)
    np.testing.assert_array_equal(np.array(loaded), values)


def test_safetensors_without_metadata_have_none(tmp_path) -> None:
    mx.save_safetensors(tmp_path / "m.safetensors", {"a": mx.ones(2)})
    assert mx.load(tmp_path / "m.safetensors", return_metadata=True)[1] == {}
    assert b"metadata" not in (tmp_path / "m.safetensors").read_bytes()


def test_what_cannot_be_saved_leaves_the_former_file(tmp_path) -> None:
    path = tmp_path / "a.npy"
    mx.save(path, mx.arange(3))
    with pytest.raises(ValueError, match=r"\[save\] expected an array"):
        mx.save(path, "no array")
    with pytest.raises(MemoryError):
        mx.save(path, mx.zeros((2**40,)) + 1)
    assert mx.load(path).tolist() == [0, 1, 2]


def header(entries: dict, size: int) -> bytes:
    text = json.dumps(entries).encode()
    return len(text).to_bytes(8, "little") + text + bytes(size)


HOSTILE = [
    (b"", "at least 8 bytes"),
    ((2**62).to_bytes(8, "little"), "header of at most"),
    (header({}, 0)[:-1] + b"x", "in JSON"),
    ((2).to_bytes(8, "little") + b"[]", "an object"),
    (header({"__metadata__": {"a": 1}}, 0), "strings as safetensors metadata"),
    (header({"a": {"dtype": "F99", "shape": [1], "data_offsets": [0, 4]}}, 4), "dtype, shape and data_offsets"),
    (header({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}}, 4), "sizes and offsets"),
    (header({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 400]}}, 4), "sizes and offsets"),
    (header({"a": {"dtype": "F32", "shape": [2**40], "data_offsets": [0, 4]}}, 4), "bytes for 'a'"),
    (header({"a": {"dtype": "F32", "shape": [0, 2**63], "data_offsets": [0, 0]}}, 0), "sizes and offsets"),
    (header({"a": {"dtype": "F32", "shape": [True], "data_offsets": [0, 4]}}, 4), "sizes and offsets"),
    (header({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}, 8), "holes"),
    (
        header({n: {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]} for n in "ab"}, 4),
        "holes or overlaps",
    ),
    (header({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, 9), "4 bytes of elements, got 9"),
]


@pytest.mark.parametrize(("data", "text"), HOSTILE)
def test_hostile_safetensors(data: bytes, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        mx.load(io.BytesIO(data), format="safetensors")


def test_pickled_objects_are_refused() -> None:
    stream = io.BytesIO()
    np.save(stream, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    stream.seek(0)
    with pytest.raises(ValueError, match=r"\[load\] expected elements of a type that arrays have"):
        mx.load(stream, format="npy")


def test_unknown_formats() -> None:
    with pytest.raises(ValueError, match=r"\[load\] expected a file that ends in"):
        mx.load("model.gguf")
    with pytest.raises(ValueError, match=r"\[load\] expected a safetensors file for return_metadata"):
        mx.load("a.npy", return_metadata=True)
    with pytest.raises(FileNotFoundError):
        mx.load("missing.npy")

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Arrays in files: npy, npz and safetensors. Nothing in a file is trusted or executed."""

from __future__ import annotations

from ._core import (
    Dtype,
    array,
    as_array,
    bfloat16,
    bool_,
    eval,
    fail_type,
    fail_value,
    float16,
    float32,
    float64,
    int8,
    int16,
    int32,
    int64,
    leaf,
    public,
    uint8,
    uint16,
    uint32,
    uint64,
)
from .axes import count, is_dict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from os import PathLike
    from typing import IO, Any

    File = str | PathLike[str] | IO[bytes]

__all__ = ["load", "save", "save_safetensors", "savez", "savez_compressed"]

_NPY_MAGIC = b"\x93NUMPY"
_NPY_TYPES = {
    "|b1": bool_,
    "|u1": uint8,
    "<u2": uint16,
    "<u4": uint32,
    "<u8": uint64,
    "|i1": int8,
    "<i2": int16,
    "<i4": int32,
    "<i8": int64,
    "<f2": float16,
    "|V2": bfloat16,
    "<f4": float32,
    "<f8": float64,
}
_NPY_NAMES = {dtype: name for name, dtype in _NPY_TYPES.items()}

_SAFETENSORS_TYPES = {
    "BOOL": bool_,
    "U8": uint8,
    "U16": uint16,
    "U32": uint32,
    "U64": uint64,
    "I8": int8,
    "I16": int16,
    "I32": int32,
    "I64": int64,
    "F16": float16,
    "BF16": bfloat16,
    "F32": float32,
    "F64": float64,
    "F8_E4M3": uint8,
}
_SAFETENSORS_NAMES = {dtype: name for name, dtype in _SAFETENSORS_TYPES.items() if name != "F8_E4M3"}
_MOST_HEADER = 100_000_000


def _path_of(file: Any) -> str:
    from os import fspath

    return fspath(file)  # pyright: ignore[reportUnknownVariableType]


class _Opened:
    """A file that was named is opened and closed; one that is open stays so."""

    def __init__(self, file: File, mode: str, suffix: str = "") -> None:
        self._owned = not hasattr(file, "read" if mode == "rb" else "write")
        if self._owned:
            if not isinstance(file, str) and not hasattr(file, "__fspath__"):
                fail_type(f"expected a path or an open file, got {type(file).__name__}")
            path = _path_of(file)
            if suffix and not path.endswith(suffix):
                path += suffix
            file = open(path, mode)  # noqa: SIM115
        self._file = file

    def __enter__(self) -> IO[bytes]:
        return self._file  # type: ignore[return-value]

    def __exit__(self, *_: object) -> None:
        if self._owned:
            self._file.close()  # type: ignore[union-attr]


def _name_of(file: File) -> str:
    if isinstance(file, str) or hasattr(file, "__fspath__"):
        return _path_of(file)
    if not hasattr(file, "read"):
        fail_type(f"expected a path or an open file, got {type(file).__name__}")
    return str(getattr(file, "name", ""))


def _fail(what: str) -> ValueError:
    return ValueError(f"[load] expected {what}")


def _are_sizes(numbers: Iterable[Any]) -> bool:
    """Whether a file's numbers can be sizes and offsets: an array without elements may have any, up to these."""
    return all([type(n) is int and 0 <= n < 2**63 for n in numbers])


# npy


def _npy_header(data: memoryview) -> tuple[str, bool, tuple[int, ...], int]:
    """Return NumPy's name of the type, whether in Fortran order, shape, and where the elements begin."""
    if len(data) < 10 or bytes(data[:6]) != _NPY_MAGIC:
        raise _fail("a file in npy format, got other bytes")
    width = 2 if data[6] == 1 else 4
    if data[6] not in (1, 2, 3):
        raise _fail(f"npy version 1, 2 or 3, got {data[6]}")
    length = int.from_bytes(data[8 : 8 + width], "little")
    begin = 8 + width + length
    if begin > len(data) or length > 1_000_000:
        raise _fail("a complete npy header, got a truncated one")
    from ast import literal_eval

    try:
        header: dict[str, Any] = literal_eval(bytes(data[8 + width : begin]).decode("latin1").strip())
        descr, fortran = header["descr"], header["fortran_order"]
        shape: Any = header["shape"]
    except (ValueError, SyntaxError, KeyError, TypeError, MemoryError, RecursionError):
        raise _fail("an npy header with descr, fortran_order and shape, got another") from None
    # Elements of several fields have a list, and those of another machine the other byte order.
    if not isinstance(descr, str) or descr.replace(">", "<") not in _NPY_TYPES:
        raise _fail(f"elements of a type that arrays have, got {descr!r}")
    sizes = isinstance(header["shape"], tuple) and _are_sizes(shape)
    if not sizes or len(shape) > 64:
        raise _fail(f"a shape in the npy header, got {shape!r}")
    return descr, bool(fortran), shape, begin


def _swapped(body: memoryview, dtype: Dtype, shape: tuple[int, ...]) -> array:
    """An array of elements whose bytes are in the other order."""
    from .joining import flip

    return flip(leaf(body, uint8, (*shape, dtype.size)), -1).view(dtype).reshape(shape)


def _read_npy(data: memoryview) -> array:
    descr, fortran, shape, begin = _npy_header(data)
    dtype = _NPY_TYPES[descr.replace(">", "<")]
    size = count(shape) * dtype.size
    if len(data) - begin < size:
        raise _fail(f"{size} bytes of elements, got {len(data) - begin}")
    body = data[begin : begin + size]
    make = _swapped if descr[0] == ">" else leaf
    if not fortran:
        return make(body, dtype, shape)
    from .shapes import transpose

    return transpose(make(body, dtype, shape[::-1]))


def _write_npy(file: IO[bytes], a: array) -> None:
    shape = tuple(a.shape)
    header = f"{{'descr': '{_NPY_NAMES[a.dtype]}', 'fortran_order': False, 'shape': {shape}, }}"
    # The elements begin at a multiple of 64 bytes.
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    file.write(_NPY_MAGIC + b"\x01\x00" + len(header).to_bytes(2, "little"))
    file.write(header.encode("latin1"))
    file.write(bytes(a))


@public
def save(file: File, arr: array) -> None:
    """Write an array to a file in npy format.

    Args:
        file: a path, to which ``.npy`` is added if it is missing, or an open file.
        arr: any array.

    Raises:
        ValueError: ``arr`` is no array.
        OSError: the file cannot be written.

    Example:
        >>> mx.save("numbers.npy", mx.array([1, 2]))
        >>> mx.load("numbers.npy")
        array([1, 2], dtype=int32)
    """
    arr = as_array(arr)
    eval(arr)  # before the file is opened: what fails here leaves a former file as it was
    with _Opened(file, "wb", ".npy") as stream:
        _write_npy(stream, arr)


# npz


def _write_npz(file: File, arrays: dict[str, array], compression: int) -> None:
    from zipfile import ZipFile

    eval(list(arrays.values()))
    with _Opened(file, "wb", ".npz") as stream, ZipFile(stream, "w", compression) as archive:
        for name, a in arrays.items():
            with archive.open(name + ".npy", "w", force_zip64=True) as member:
                _write_npy(member, a)  # type: ignore[arg-type]


def _named(args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, array]:
    arrays = {f"arr_{i}": as_array(a) for i, a in enumerate(args)}
    for name, a in kwargs.items():
        if name in arrays:
            fail_value(f"expected each name once, got {name!r} twice")
        arrays[name] = as_array(a)
    return arrays


@public
def savez(file: File, *args: array, **kwargs: array) -> None:
    """Write several arrays to a file in npz format.

    Args:
        file: a path, to which ``.npz`` is added if it is missing, or an open file.
        args: arrays that are called arr_0, arr_1 and so on.
        kwargs: arrays with their names.

    Raises:
        ValueError: a name comes twice, or something is no array.
        OSError: the file cannot be written.

    Example:
        >>> mx.savez("weights.npz", w=mx.ones((2,)), b=mx.zeros((1,)))
        >>> mx.load("weights.npz")["w"]
        array([1, 1], dtype=float32)
    """
    _write_npz(file, _named(args, kwargs), 0)


@public
def savez_compressed(file: File, *args: array, **kwargs: array) -> None:
    """Write several arrays to a compressed file in npz format; see :func:`savez`.

    Example:
        >>> mx.savez_compressed("small.npz", w=mx.zeros((1000,)))
        >>> mx.load("small.npz")["w"].shape
        (1000,)
    """
    _write_npz(file, _named(args, kwargs), 8)


def _members(stream: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """Names and contents of the files in an archive. What damage leads to there has many types."""
    from zipfile import BadZipFile, ZipFile
    from zlib import error as ZlibError  # noqa: N812

    try:
        with ZipFile(stream) as archive:
            for info in archive.infolist():
                if info.compress_type not in (0, 8):
                    raise BadZipFile(f"{info.filename!r} is compressed in a way that npz files do not use")
                yield info.filename, archive.read(info)
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _fail(f"a complete file in npz format: {error}") from None


def _read_npz(file: File) -> dict[str, array]:
    with _Opened(file, "rb") as stream:
        return {name.removesuffix(".npy"): _read_npy(memoryview(data)) for name, data in _members(stream)}


# safetensors


def _safetensors_header(data: memoryview) -> tuple[dict[str, Any], dict[str, str], int]:
    """Return the entries, the metadata, and where the elements begin."""
    if len(data) < 8:
        raise _fail("a safetensors file of at least 8 bytes, got fewer")
    length = int.from_bytes(data[:8], "little")
    if length > min(_MOST_HEADER, len(data) - 8):
        raise _fail(f"a safetensors header of at most {len(data) - 8} bytes, got {length}")
    from json import loads

    try:
        header: Any = loads(bytes(data[8 : 8 + length]))
    except (ValueError, RecursionError):
        raise _fail("a safetensors header in JSON, got other bytes") from None
    if not is_dict(header):
        raise _fail("a safetensors header that is an object, got another")
    metadata: Any = header.pop("__metadata__", None) or {}  # MLX writes null for none
    strings = is_dict(metadata) and all([isinstance(v, str) for v in metadata.values()])
    if not strings:
        raise _fail("strings as safetensors metadata, got others")
    return header, metadata, 8 + length


def _safetensors_entry(name: str, entry: Any, total: int) -> tuple[Dtype, tuple[int, ...], int, int]:
    try:
        dtype, shape = _SAFETENSORS_TYPES[entry["dtype"]], tuple(entry["shape"])
        begin, end = entry["data_offsets"]
    except (KeyError, TypeError, ValueError):
        raise _fail(f"dtype, shape and data_offsets for {name!r}, got others") from None
    numbers = _are_sizes((*shape, begin, end))
    if not numbers or len(shape) > 64 or not begin <= end <= total:
        raise _fail(f"sizes and offsets within the file for {name!r}, got others")
    if count(shape) * dtype.size != end - begin:
        raise _fail(f"{count(shape) * dtype.size} bytes for {name!r}, got {end - begin}")
    return dtype, shape, begin, end


def _read_safetensors(file: File) -> tuple[dict[str, array], dict[str, str]]:
    with _Opened(file, "rb") as stream:
        data = memoryview(stream.read())
    header, metadata, start = _safetensors_header(data)
    body = data[start:]
    arrays: dict[str, array] = {}
    places: list[tuple[int, int]] = []
    for name, entry in header.items():
        dtype, shape, begin, end = _safetensors_entry(name, entry, len(body))
        arrays[name] = leaf(body[begin:end], dtype, shape)
        places.append((begin, end))
    position = 0
    for begin, end in sorted(places):
        if begin != position:
            raise _fail("elements without holes or overlaps in a safetensors file")
        position = end
    if position != len(body):
        raise _fail(f"{position} bytes of elements, got {len(body)}")
    return arrays, metadata


def save_safetensors(file: File, arrays: dict[str, array], metadata: dict[str, str] | None = None) -> None:
    """Write several arrays to a file in safetensors format.

    Args:
        file: a path, to which ``.safetensors`` is added if it is missing, or an open
            file.
        arrays: arrays by name.
        metadata: strings by name, to keep beside them.

    Raises:
        ValueError: a name is reserved, or ``metadata`` holds something else than strings.
        TypeError: ``arrays`` is no dict of arrays by strings.
        OSError: the file cannot be written.

    Example:
        >>> mx.save_safetensors("model.safetensors", {"w": mx.ones((2,))}, {"step": "5"})
        >>> mx.load("model.safetensors", return_metadata=True)
        ({'w': array([1, 1], dtype=float32)}, {'step': '5'})
    """
    from json import dumps

    if not isinstance(arrays, dict):
        raise TypeError(f"[save_safetensors] expected a dict of arrays, got {type(arrays).__name__}")
    for name, a in arrays.items():
        if not isinstance(name, str) or not isinstance(a, array):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(
                f"[save_safetensors] expected arrays by strings, got {type(a).__name__} by {type(name).__name__}"
            )
    if "__metadata__" in arrays:
        raise ValueError("[save_safetensors] expected other names of arrays than the reserved one, got __metadata__")
    if not isinstance(metadata or {}, dict):
        raise TypeError(f"[save_safetensors] expected a dict as metadata, got {type(metadata).__name__}")
    # A file with anything else could not be loaded again.
    for key, value in (metadata or {}).items():
        if not isinstance(key, str) or not isinstance(value, str):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(
                f"[save_safetensors] expected strings by strings as metadata, got {type(value).__name__} "
                f"by {type(key).__name__}"
            )
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    eval(list(arrays.values()))
    position = 0
    # Wide elements first, so that each array begins at a multiple of its element.
    ordered = sorted(arrays.items(), key=lambda item: (-item[1].dtype.size, item[0]))
    for name, a in ordered:
        end = position + a.nbytes
        header[name] = {
            "dtype": _SAFETENSORS_NAMES[a.dtype],
            "shape": list(a.shape),
            "data_offsets": [position, end],
        }
        position = end
    text = dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with _Opened(file, "wb", ".safetensors") as stream:
        stream.write(len(text).to_bytes(8, "little"))
        stream.write(text)
        for _, a in ordered:
            stream.write(bytes(a))


@public
def load(
    file: File,
    /,
    format: str | None = None,
    return_metadata: bool = False,
    *,
    stream: object = None,
) -> Any:
    """Read arrays from a file.

    Args:
        file: a path or an open file.
        format: "npy", "npz" or "safetensors"; the ending of the name if absent.
        return_metadata: also return the strings kept in a safetensors file.

    Returns:
        An array from an npy file, a dict of arrays from the others; with
        ``return_metadata`` a pair of that and a dict.

    Raises:
        ValueError: an unknown format, or a file that is damaged.
        OSError: the file cannot be read.

    Example:
        >>> mx.savez("both.npz", mx.array([1]), b=mx.array([2]))
        >>> sorted(mx.load("both.npz"))
        ['arr_0', 'b']
    """
    name = _name_of(file)
    format = format or name.rpartition(".")[2]
    if format == "safetensors":
        arrays, metadata = _read_safetensors(file)
        return (arrays, metadata) if return_metadata else arrays
    if return_metadata:
        raise ValueError(f"[load] expected a safetensors file for return_metadata, got {format}")
    if format == "npz":
        return _read_npz(file)
    if format == "npy":
        with _Opened(file, "rb") as opened:
            return _read_npy(memoryview(opened.read()))
    raise ValueError(f"[load] expected a file that ends in npy, npz or safetensors, got {name!r}")

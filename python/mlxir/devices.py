# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Devices and streams: where ops run. The functions take them as ``stream``."""

from __future__ import annotations

from enum import Enum

from . import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    StreamOrDevice = "Stream | Device | DeviceType | ThreadLocalStream | None"

__all__ = [
    "Device",
    "DeviceType",
    "Stream",
    "StreamContext",
    "ThreadLocalStream",
    "clear_streams",
    "cpu",
    "default_device",
    "default_stream",
    "device_count",
    "device_info",
    "gpu",
    "is_available",
    "new_stream",
    "new_thread_local_stream",
    "new_thread_unsafe_stream",
    "set_default_device",
    "set_default_stream",
    "stream",
    "synchronize",
]


class DeviceType(Enum):
    """A kind of device.

    Example:
        >>> mx.cpu == mx.DeviceType.cpu
        True
    """

    cpu = 0
    gpu = 1

    def __repr__(self) -> str:
        return f"DeviceType.{self.name}"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Device):
            return other == Device(self)
        return self is other

    __hash__ = Enum.__hash__


cpu = DeviceType.cpu
gpu = DeviceType.gpu


class Device:
    """A device: its kind, and which one of that kind.

    Args:
        type: ``mx.cpu`` or ``mx.gpu``.
        index: which of that kind.

    Example:
        >>> mx.Device(mx.cpu)
        Device(cpu, 0)
    """

    __slots__ = ("index", "type")

    def __init__(self, type: DeviceType, index: int = 0) -> None:
        if not isinstance(type, DeviceType):
            raise TypeError(f"[Device] expected mx.cpu or mx.gpu, got {type!r}")
        self.type = type
        self.index = index

    def __eq__(self, other: object) -> bool:
        if isinstance(other, DeviceType):
            other = Device(other)
        if not isinstance(other, Device):
            return NotImplemented
        return (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __repr__(self) -> str:
        return f"Device({self.type.name}, {self.index})"


class Stream:
    """A queue of a device: what is evaluated on it runs in order.

    Args:
        index: its number.
        device: the device that it is of.

    Example:
        >>> mx.default_stream(mx.cpu)
        Stream(Device(cpu, 0), 0)
    """

    __slots__ = ("device", "index")

    def __init__(self, index: int, device: Device) -> None:
        self.index = index
        self.device = device

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Stream):
            return NotImplemented
        return (self.index, self.device) == (other.index, other.device)

    def __hash__(self) -> int:
        return hash((self.index, self.device))

    def __repr__(self) -> str:
        return f"Stream({self.device!r}, {self.index})"


class ThreadLocalStream:
    """Stands for one stream in each thread, which is made when it is first used.

    Args:
        device: the device of the streams.

    Example:
        >>> mx.new_thread_local_stream(mx.cpu).current().device
        Device(cpu, 0)
    """

    __slots__ = ("_streams", "device")

    def __init__(self, device: Device) -> None:
        from threading import local

        self.device = device
        self._streams = local()

    def current(self) -> Stream:
        """Return this thread's stream.

        Example:
            >>> here = mx.new_thread_local_stream(mx.cpu)
            >>> here.current() == here.current()
            True
        """
        own = getattr(self._streams, "stream", None)
        if own is None:
            own = self._streams.stream = new_stream(self.device)
        return own

    def __repr__(self) -> str:
        return f"ThreadLocalStream({self.device!r})"


def _device(device: Device | DeviceType, function: str) -> Device:
    if isinstance(device, DeviceType):
        return Device(device)
    if isinstance(device, Device):
        return device
    raise TypeError(f"[{function}] expected a device, got {type(device).__name__}")


def _available(device: Device | DeviceType, function: str) -> Device:
    device = _device(device, function)
    if not 0 <= device.index < device_count(device.type):
        raise ValueError(
            f"[{function}] expected one of {device_count(device.type)} devices of type "
            f"{device.type.name}, got {device!r}"
        )
    return device


def _stream_of(chosen: object, function: str) -> Stream:
    """The stream that is meant: itself, this thread's, or the default one of a device."""
    if isinstance(chosen, ThreadLocalStream):
        return chosen.current()
    if isinstance(chosen, (Device, DeviceType)):
        return default_stream(_available(chosen, function))
    if isinstance(chosen, Stream):
        return chosen
    raise TypeError(f"[{function}] expected a stream or a device, got {type(chosen).__name__}")


def check_stream(chosen: object) -> None:
    """Raise unless ``chosen`` may be passed as ``stream``."""
    if isinstance(chosen, (Stream, ThreadLocalStream)):
        chosen = chosen.device
    if chosen is not None:
        _available(chosen, "stream")  # type: ignore[arg-type]


def device_count(device_type: DeviceType) -> int:
    """Return how many devices of a kind there are.

    Args:
        device_type: ``mx.cpu`` or ``mx.gpu``.

    Example:
        >>> mx.device_count(mx.cpu)
        1
    """
    if not isinstance(device_type, DeviceType):
        raise TypeError(f"[device_count] expected mx.cpu or mx.gpu, got {device_type!r}")
    return _core.device_count(device_type.value)


def is_available(device: Device | DeviceType) -> bool:
    """Return whether a device is there.

    Args:
        device: a device, or a kind of device.

    Example:
        >>> mx.is_available(mx.cpu), mx.is_available(mx.gpu)
        (True, False)
    """
    device = _device(device, "is_available")
    return 0 <= device.index < device_count(device.type)


def device_info(d: Device | DeviceType | None = None) -> dict[str, str | int]:
    """Describe a device, the default one if absent.

    Args:
        d: a device, or a kind of device.

    Raises:
        ValueError: there is no such device.

    Example:
        >>> sorted(mx.device_info(mx.cpu))
        ['architecture', 'device_name', 'threads']
    """
    device = default_device() if d is None else _available(d, "device_info")
    if device.type is cpu:
        from os import uname

        return {
            "device_name": _core.cpu_target(),
            "architecture": uname().machine,
            "threads": _core.num_threads(),
        }
    return {"device_name": device.type.name}


def default_device() -> Device:
    """Return the device that is used where none is named.

    Example:
        >>> mx.default_device()
        Device(cpu, 0)
    """
    kind, index = _core.default_device()
    return Device(DeviceType(kind), index)


def set_default_device(device: Device | DeviceType) -> None:
    """Use a device where none is named.

    Args:
        device: a device, or a kind of device; it must be there.

    Raises:
        ValueError: there is no such device.
        TypeError: ``device`` is no device.

    Example:
        >>> mx.set_default_device(mx.cpu)
    """
    device = _available(device, "set_default_device")
    _core.set_default_device(device.type.value, device.index)


def _stream(parts: tuple[int, int, int]) -> Stream:
    index, kind, number = parts
    return Stream(index, Device(DeviceType(kind), number))


def default_stream(device: Device | DeviceType) -> Stream:
    """Return the stream of a device that this thread uses where none is named.

    Args:
        device: a device, or a kind of device.

    Example:
        >>> mx.default_stream(mx.cpu).device
        Device(cpu, 0)
    """
    device = _available(device, "default_stream")
    return _stream(_core.default_stream(device.type.value, device.index))


def set_default_stream(stream: Stream | ThreadLocalStream) -> None:
    """Use a stream in this thread where none is named.

    Example:
        >>> mx.set_default_stream(mx.default_stream(mx.cpu))
    """
    if not isinstance(stream, (Stream, ThreadLocalStream)):
        raise TypeError(f"[set_default_stream] expected a stream, got {type(stream).__name__}")
    stream = _stream_of(stream, "set_default_stream")
    device = stream.device
    _core.set_default_stream(stream.index, device.type.value, device.index)


def new_stream(device: Device | DeviceType) -> Stream:
    """Make a stream on a device.

    Args:
        device: a device, or a kind of device.

    Raises:
        ValueError: there is no such device.
        TypeError: ``device`` is no device.

    Example:
        >>> mx.add(1, 2, stream=mx.new_stream(mx.cpu))
        array(3, dtype=int32)
    """
    device = _available(device, "new_stream")
    return _stream(_core.new_stream(device.type.value, device.index))


new_thread_unsafe_stream = new_stream


def new_thread_local_stream(device: Device | DeviceType) -> ThreadLocalStream:
    """Make a stream for each thread that uses it.

    Args:
        device: a device, or a kind of device.

    Example:
        >>> mx.new_thread_local_stream(mx.cpu)
        ThreadLocalStream(Device(cpu, 0))
    """
    return ThreadLocalStream(_available(device, "new_thread_local_stream"))


def clear_streams() -> None:
    """Wait for all streams; they hold nothing between evaluations.

    Example:
        >>> mx.clear_streams()
    """
    _core.synchronize()


def synchronize(
    stream: Stream | ThreadLocalStream | Device | DeviceType | None = None,
) -> None:
    """Wait until everything that was started on a stream is done; on all if absent.

    Example:
        >>> mx.async_eval(mx.ones((8,)) + 1)
        >>> mx.synchronize()
    """
    if stream is None:
        _core.synchronize()
        return
    stream = _stream_of(stream, "synchronize")
    device = stream.device
    _core.synchronize_stream(stream.index, device.type.value, device.index)


class StreamContext:
    """Makes a stream or a device the default inside a ``with`` block.

    Args:
        s: a stream, or a device, whose default stream it is then.

    Example:
        >>> with mx.StreamContext(mx.cpu) as stream:
        ...     stream.device
        Device(cpu, 0)
    """

    def __init__(self, s: Stream | ThreadLocalStream | Device | DeviceType) -> None:
        self._stream = _stream_of(s, "stream")

    def __enter__(self) -> Stream:
        device = self._stream.device
        self._former = default_device(), default_stream(device)
        set_default_device(device)
        set_default_stream(self._stream)
        return self._stream

    def __exit__(self, *_: object) -> None:
        device, stream = self._former
        set_default_stream(stream)
        set_default_device(device)


def stream(s: Stream | ThreadLocalStream | Device | DeviceType) -> StreamContext:
    """Make a stream or a device the default inside a ``with`` block.

    Args:
        s: a stream, a device, or a kind of device.

    Example:
        >>> with mx.stream(mx.cpu):
        ...     a = mx.ones(2)
    """
    return StreamContext(s)

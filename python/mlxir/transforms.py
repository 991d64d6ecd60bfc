# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Derivatives and batching of functions, and evaluation."""

from __future__ import annotations

from operator import is_ as _is

from ._core import (
    Scope,
    array,
    async_eval,
    bfloat16,
    broadcast,
    cast,
    eval as evaluate,
    fill,
    float16,
    float32,
    float64,
    tree_arrays,
    tree_rebuild,
    tree_substitute,
)
from .axes import is_dict, is_sequence
from .shapes import moveaxis

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["async_eval", "eval", "grad", "jvp", "value_and_grad", "vjp", "vmap"]

eval = evaluate

_FLOATS = frozenset([float16, bfloat16, float32, float64])


def name_of(fun: object) -> str:
    """Return what errors call a function."""
    return getattr(fun, "__name__", None) or type(fun).__name__


def require_callable(fun: object, transform: str) -> None:
    """Raise TypeError unless ``fun`` can be called."""
    if not callable(fun):
        raise TypeError(f"[{transform}] expected a function, got {type(fun).__name__}")


def wraps(fun: object, wrapper: Any) -> None:
    """Make a wrapper look like the function it wraps."""
    for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
        value = getattr(fun, attribute, None)
        if value is not None:
            setattr(wrapper, attribute, value)
    wrapper.__wrapped__ = fun


def _leaves(tree: Any, transform: str, what: str) -> list[array]:
    """Return the arrays of a tree that may hold nothing else."""
    leaves = tree_arrays(tree)
    if not leaves or not _only_arrays(tree):
        raise ValueError(f"[{transform}] expected only arrays in {what}, got {_describe(tree)}")
    return leaves


def _only_arrays(tree: Any) -> bool:
    if is_dict(tree):
        return all([_only_arrays(child) for child in tree.values()])
    if is_sequence(tree):
        return all([_only_arrays(child) for child in tree])
    return isinstance(tree, array)


def _require_floats(transform: str, inputs: list[array]) -> None:
    for a in inputs:
        if a.dtype not in _FLOATS:
            raise ValueError(
                f"[{transform}] expected arrays of floats to differentiate, got {a.dtype.name}: "
                "a function may close over what has no derivative"
            )


def _describe(tree: Any) -> str:
    if is_dict(tree) or is_sequence(tree):
        return f"a {type(tree).__name__} with other things"
    return type(tree).__name__


# Reverse mode.


def _several(transform: str, chosen: Any, kind: type, what: str) -> list[Any]:
    several = [chosen] if isinstance(chosen, (kind, str)) or not hasattr(chosen, "__iter__") else list(chosen)
    for one in several:
        if not isinstance(one, kind):
            raise TypeError(f"[{transform}] expected {what} of type {kind.__name__}, got {type(one).__name__}")
    if len(set(several)) != len(several):
        raise ValueError(f"[{transform}] expected each of {what} once, got {several}")
    return several


def _pulled_back(scope: Scope, inputs: list[array], outputs: list[array], cotangents: list[array]) -> list[array]:
    """Return the gradients; results that are no floats do not move with the inputs."""
    moving = [i for i, output in enumerate(outputs) if output.dtype in _FLOATS]
    if not moving:
        return [fill(0, a.dtype, a.shape) for a in inputs]
    return scope.vjp([outputs[i] for i in moving], [cotangents[i] for i in moving])


def _argument_numbers(transform: str, argnums: Any, argnames: Any) -> tuple[list[int], list[str]]:
    names = _several(transform, argnames, str, "argnames")
    if argnums is None:
        # Without any choice it is the first argument.
        return ([] if names else [0]), names
    numbers = _several(transform, argnums, int, "argnums")
    if not numbers and not names:
        raise ValueError(f"[{transform}] expected an argument to differentiate, got none")
    for number in numbers:
        if number < 0:
            raise ValueError(f"[{transform}] expected argnums from 0, got {number}")
    return numbers, names


def _check_arguments(
    transform: str, numbers: list[int], names: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    for number in numbers:
        if number >= len(args):
            raise ValueError(
                f"[{transform}] expected argnums from 0 to {len(args) - 1} for a call with "
                f"{len(args)} positional arguments, got {number}"
            )
    for name in names:
        if name not in kwargs:
            raise ValueError(
                f"[{transform}] expected argnames among the keyword arguments {sorted(kwargs)}, got {name!r}"
            )


def _differentiated(
    transform: str, fun: Callable[..., Any], argnums: object, argnames: object
) -> Callable[[tuple[Any, ...], dict[str, Any]], tuple[Any, Any]]:
    """Return a function of (args, kwargs) that returns value and gradients."""
    require_callable(fun, transform)
    numbers, names = _argument_numbers(transform, argnums, argnames)

    def call(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        _check_arguments(transform, numbers, names, args, kwargs)
        wanted = [args[n] for n in numbers], [kwargs[n] for n in names]
        inputs = [
            leaf for tree in (*wanted[0], *wanted[1]) for leaf in _leaves(tree, transform, "differentiated arguments")
        ]
        _require_floats(transform, inputs)
        with Scope("grad", name_of(fun)) as scope:
            places = [scope.identity(leaf) for leaf in inputs]
            traced = tree_substitute(wanted, places)
            containers = _Containers((*wanted[0], *wanted[1]), (*traced[0], *traced[1]))
            positional = list(args)
            for number, tree in zip(numbers, traced[0], strict=True):
                positional[number] = tree
            value = fun(*positional, **{**kwargs, **dict(zip(names, traced[1], strict=True))})
            loss = _loss(transform, value)
            gradients = _pulled_back(scope, inputs, [loss], [fill(1, loss.dtype, ())])
        by_number, by_name = tree_rebuild(wanted, gradients)
        containers.keep_changes(places, inputs)
        chosen: Any = (by_number[0] if len(numbers) == 1 else tuple(by_number)) if numbers else None
        return value, (chosen, dict(zip(names, by_name, strict=True))) if names else chosen

    return call


class _Containers:
    """The dicts and lists among differentiated arguments, of which a function gets copies that hold its inputs.

    What it writes into them must be seen by the caller, as it is for arguments that are not differentiated.
    """

    __slots__ = ("_seen",)

    def __init__(self, given: Any, traced: Any) -> None:
        self._seen: list[tuple[Any, Any, list[Any], list[Any]]] = []
        self._collect(given, traced)

    def _collect(self, given: Any, traced: Any) -> None:
        ours, theirs = (given.values(), traced.values()) if is_dict(given) else (given, traced)
        if not isinstance(given, tuple):
            self._seen.append((given, traced, list(traced) if is_dict(given) else [], list(theirs)))
        for our, their in zip(ours, theirs, strict=True):
            if type(our) is not array:
                self._collect(our, their)

    def keep_changes(self, places: list[array], inputs: list[array]) -> None:
        """Write into the caller's what differs now; ``inputs`` are the caller's arrays behind ``places``."""
        originals: dict[int, Any] = {}
        for given, traced, keys, values in self._seen:
            now = traced.values() if is_dict(given) else traced
            same = len(now) == len(values) and all(map(_is, now, values))
            if same and (not is_dict(given) or list(traced) == keys):
                continue
            if not originals:
                originals = {id(place): a for place, a in zip(places, inputs, strict=True)}
                originals |= {id(container): own for own, container, _, _ in self._seen}
            if is_dict(given):
                before = dict(zip(keys, values, strict=True))
                for key in before.keys() - traced.keys():
                    given.pop(key, None)
                for key, value in traced.items():
                    if key not in before or before[key] is not value:
                        given[key] = originals.get(id(value), value)
            else:
                given[:] = [originals.get(id(value), value) for value in traced]


def _loss(transform: str, value: Any) -> array:
    loss: Any = value
    returned: object = value
    if transform == "value_and_grad" and isinstance(value, tuple) and value:
        loss = loss[0]
    expected = "a scalar array"
    if transform == "value_and_grad":
        expected += " or a tuple that begins with one"
    if not isinstance(loss, array):
        raise ValueError(f"[{transform}] expected the function to return {expected}, got {type(returned).__name__}")
    if loss.ndim:
        raise ValueError(f"[{transform}] expected the function to return {expected}, got shape {tuple(loss.shape)}")
    return loss


def value_and_grad(
    fun: Callable[..., Any],
    argnums: int | Sequence[int] | None = None,
    argnames: str | Sequence[str] = (),
) -> Callable[..., tuple[Any, Any]]:
    """Return a function that computes the value of ``fun`` and its gradient.

    Args:
        fun: returns a scalar array, or a tuple that begins with one; what follows
            is passed through.
        argnums: positions of the arguments to differentiate, the first by default.
            Each is an array or a tree of arrays.
        argnames: names of keyword arguments to differentiate.

    Returns:
        A function with the arguments of ``fun`` that returns ``(value, gradient)``.
        The gradient has the form of the argument; of several, it is a tuple; with
        ``argnames`` a pair of that and a dict.

    Raises:
        ValueError: an argument that is not there, or has other things than arrays of
            floats; a value that is no scalar.

    What ``fun`` puts into a dict or a list that is differentiated stays in it.

    Example:
        >>> mx.value_and_grad(lambda x: (x * x).sum())(mx.array([1.0, 2.0]))
        (array(5, dtype=float32), array([2, 4], dtype=float32))
    """
    call = _differentiated("value_and_grad", fun, argnums, argnames)

    def wrapper(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        return call(args, kwargs)

    wraps(fun, wrapper)
    return wrapper


def grad(
    fun: Callable[..., Any],
    argnums: int | Sequence[int] | None = None,
    argnames: str | Sequence[str] = (),
) -> Callable[..., Any]:
    """Return a function that computes the gradient of ``fun``; see :func:`value_and_grad`.

    Example:
        >>> mx.grad(lambda x: (x * x).sum())(mx.array([1.0, 2.0]))
        array([2, 4], dtype=float32)
    """
    call = _differentiated("grad", fun, argnums, argnames)

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return call(args, kwargs)[1]

    wraps(fun, wrapper)
    return wrapper


def _outputs(transform: str, result: Any) -> list[array]:
    if isinstance(result, array):
        return [result]
    if is_sequence(result) and all([isinstance(one, array) for one in result]):
        return list(result)
    raise ValueError(
        f"[{transform}] expected the function to return an array or a list of arrays, got {_describe(result)}"
    )


def _primals(transform: str, arrays: Any, what: str) -> list[array]:
    if isinstance(arrays, array):
        return [arrays]
    if not is_sequence(arrays) or not all([isinstance(a, array) for a in arrays]):
        raise ValueError(f"[{transform}] expected a list of arrays as {what}, got {_describe(arrays)}")
    return list(arrays)


def _check_tangents(transform: str, values: list[array], tangents: list[array], what: str) -> list[array]:
    if len(values) != len(tangents):
        raise ValueError(f"[{transform}] expected {len(values)} {what}s, got {len(tangents)}")
    for value, tangent in zip(values, tangents, strict=True):
        if value.shape != tangent.shape:
            raise ValueError(
                f"[{transform}] expected a {what} of shape {tuple(value.shape)}, got {tuple(tangent.shape)}"
            )
    return [cast(t, v.dtype) for v, t in zip(values, tangents, strict=True)]


def vjp(
    fun: Callable[..., Any], primals: Sequence[array], cotangents: Sequence[array]
) -> tuple[list[array], list[array]]:
    """Compute a function and the product of cotangents with its Jacobian.

    Args:
        fun: takes arrays, returns an array or a list of arrays.
        primals: its arguments.
        cotangents: one for each output, of its shape.

    Returns:
        The outputs, and one gradient for each argument.

    Raises:
        ValueError: other things than arrays of floats, or a cotangent for which there is no
            output of its shape.

    Example:
        >>> mx.vjp(lambda x: x * x, [mx.array(3.0)], [mx.array(1.0)])
        ([array(9, dtype=float32)], [array(6, dtype=float32)])
    """
    require_callable(fun, "vjp")
    inputs = _primals("vjp", primals, "primals")
    given = _primals("vjp", cotangents, "cotangents")
    _require_floats("vjp", inputs)
    with Scope("grad", name_of(fun)) as scope:
        outputs = _outputs("vjp", fun(*[scope.identity(a) for a in inputs]))
        gradients = _pulled_back(scope, inputs, outputs, _check_tangents("vjp", outputs, given, "cotangent"))
    return outputs, gradients


def jvp(
    fun: Callable[..., Any], primals: Sequence[array], tangents: Sequence[array]
) -> tuple[list[array], list[array]]:
    """Compute a function and the product of its Jacobian with tangents.

    Args:
        fun: takes arrays, returns an array or a list of arrays.
        primals: its arguments.
        tangents: one for each argument, of its shape.

    Returns:
        The outputs, and one tangent for each.

    Raises:
        ValueError: other things than arrays of floats, or a tangent for which there is no
            argument of its shape.

    Example:
        >>> mx.jvp(lambda x: x * x, [mx.array(3.0)], [mx.array(1.0)])
        ([array(9, dtype=float32)], [array(6, dtype=float32)])
    """
    require_callable(fun, "jvp")
    inputs = _primals("jvp", primals, "primals")
    _require_floats("jvp", inputs)
    moved = _check_tangents("jvp", inputs, _primals("jvp", tangents, "tangents"), "tangent")
    with Scope("grad", name_of(fun)) as scope:
        outputs = _outputs("jvp", fun(*[scope.identity(a) for a in inputs]))
        result = scope.jvp(outputs, moved)
    return outputs, result


# Batching.


def _axes_for(tree: Any, axes: Any, what: str) -> list[int | None]:
    """Return the axis of each leaf of a tree: ``axes`` has its structure, or that of its top."""
    parts: Any = axes
    if axes is None or (isinstance(axes, int) and not isinstance(axes, bool)):
        return [parts] * len(tree_arrays(tree))
    children: list[tuple[Any, Any]] = []
    if is_dict(tree) and is_dict(parts):
        children = [(child, parts[key]) for key, child in tree.items() if key in parts]
        fits = len(children) == len(tree) == len(parts)
    elif is_sequence(tree) and is_sequence(parts):
        fits = len(tree) == len(parts)
        children = list(zip(tree, parts, strict=fits))
    else:
        fits = False
    if not fits:
        raise ValueError(f"[vmap] expected {what} to be ints, None, or trees of them like the arrays, got {axes!r}")
    return [axis for child, part in children for axis in _axes_for(child, part, what)]


def _batch_size(leaves: list[array], axes: list[int | None]) -> int:
    size: int | None = None
    for leaf, axis in zip(leaves, axes, strict=True):
        if axis is None:
            continue
        found = leaf.shape[_axis(axis, leaf.ndim, leaf.shape)]
        if size not in (None, found):
            raise ValueError(f"[vmap] expected batches of one size, got {size} and {found}")
        size = found
    if size is None:
        raise ValueError("[vmap] expected at least one batched argument, got none")
    return size


def _axis(axis: int, ndim: int, shape: tuple[int, ...]) -> int:
    if not -ndim <= axis < ndim:
        from ._core import AxisError

        raise AxisError(f"[vmap] expected an axis of an array of shape {tuple(shape)}, got {axis}")
    return axis + ndim if axis < 0 else axis


def vmap(fun: Callable[..., Any], in_axes: object = 0, out_axes: object = 0) -> Callable[..., Any]:
    """Return a function that applies ``fun`` to each element of a batch, all at once.

    Args:
        fun: takes and returns arrays or trees of arrays, without the batch axis.
        in_axes: the batch axis of each argument: an int, ``None`` for an argument
            that all elements share, or a sequence or tree of these.
        out_axes: where results have the batch axis.

    Raises:
        ValueError: batches of different sizes, or axes that do not fit the arguments.
        TypeError: an argument is given by keyword.

    Inside of ``fun`` arrays stand for all elements at once: reading a value of one is
    an error.

    Example:
        >>> mx.vmap(lambda x, y: x @ y, in_axes=(0, None))(mx.ones((2, 3)), mx.ones(3))
        array([3, 3], dtype=float32)
    """
    require_callable(fun, "vmap")

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            raise TypeError(f"[vmap] expected positional arguments only, got {sorted(kwargs)}")
        leaves = [leaf for arg in args for leaf in _leaves(arg, "vmap", "arguments")]
        # Axes of the only argument may be given for itself.
        of_all = len(args) != 1 or (is_sequence(in_axes) and len(in_axes) == 1)
        axes = _axes_for(args if of_all else args[0], in_axes, "in_axes")
        size = _batch_size(leaves, axes)
        operands = [a if axis is None else moveaxis(a, axis, 0) for a, axis in zip(leaves, axes, strict=True)]
        batched = [axis is not None for axis in axes]
        with Scope("vmap", name_of(fun)) as scope:
            places = [
                scope.placeholder(a.dtype, a.shape[1:] if is_batched else a.shape, "an argument")
                for a, is_batched in zip(operands, batched, strict=True)
            ]
            result = fun(*tree_substitute(args, places))
            outputs = _leaves(result, "vmap", "the result")
            values, has_batch = scope.vmap(outputs, operands, batched, size)
        alone = isinstance(result, array) and isinstance(out_axes, tuple)
        out = _axes_for((result,) if alone else result, out_axes, "out_axes")
        return tree_rebuild(result, [_placed(*each, size) for each in zip(values, has_batch, out, strict=True)])

    wraps(fun, wrapper)
    return wrapper


def _placed(value: array, is_batched: bool, axis: int | None, size: int) -> array:
    """Put the batch axis of a result where it is asked for."""
    if axis is None:
        if is_batched:
            raise ValueError("[vmap] expected out_axes of None for shared results only")
        return value
    if not is_batched:
        value = broadcast(value, (size, *value.shape))
    return moveaxis(value, 0, _axis(axis, value.ndim, value.shape))

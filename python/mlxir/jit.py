# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions traced once and run as one program."""

from __future__ import annotations

from _thread import RLock
from os import register_at_fork
from weakref import WeakSet

from ._core import JitCall, JitTrace, array, is_tracing
from .axes import is_dict, is_sequence
from .transforms import name_of, require_callable, wraps
from .turn import turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Arguments = tuple[Any, ...]
    Leaves = dict[str, tuple[str, tuple[int, ...]]]
    Seen = tuple[Any, Leaves]  # the key of a call, and what it was given

__all__ = ["compile", "disable_compile", "enable_compile", "jit"]

# Tracings of one function after which it is said what keeps changing.
_STORM = 24
# Tracings that are kept for a function; the oldest go first.
_MOST_TRACES = 256


class CacheInfo(tuple[int, ...]):
    """Counters of a jitted function."""

    @property
    def hits(self) -> int:
        """Calls that needed no tracing."""
        return self[0]

    @property
    def misses(self) -> int:
        """Calls that were traced."""
        return self[1]

    @property
    def size(self) -> int:
        """Tracings that are kept."""
        return self[2]

    def __repr__(self) -> str:
        return f"CacheInfo(hits={self[0]}, misses={self[1]}, size={self[2]})"


class Jitted:
    """A function that is traced for each structure of its arguments, then run as a whole."""

    def __init__(
        self,
        fun: Callable[..., Any],
        state: object,
        static_argnums: Sequence[int],
        static_argnames: Sequence[str],
        transform: str,
        dynamic: bool | None = None,
    ) -> None:
        self._fun = fun
        self._state = state
        numbers, names = _both_ways(fun, static_argnums, static_argnames)
        self._static_argnums = frozenset(numbers)
        self._static_argnames = frozenset(names)
        self._dynamic = dynamic
        self._transform = transform
        self._constants = transform == "compile"
        self._traces: dict[Any, JitTrace] = {}
        self._hits = self._misses = 0
        self._last: Seen | None = None
        self._changes = 0
        self._is_reported = False
        # Calls that change a state take turns.
        self._lock = RLock()
        _all.add(self)
        wraps(fun, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if is_tracing() or _disabled:
            return self._fun(*args, **kwargs)
        if self._state is None:
            call, trace = self._traced(args, kwargs)
            if _tracing:
                with turn:
                    pass
            return trace.run(call, name_of(self._fun))
        with self._lock:
            with turn:
                call, trace = self._traced(args, kwargs)
            return trace.run(call, name_of(self._fun))

    def __get__(self, instance: object, owner: object = None) -> Any:
        # A jitted method: the instance is the first argument.
        if instance is None:
            return self
        from types import MethodType

        return MethodType(self, instance)

    def cache_info(self) -> CacheInfo:
        """Return how many calls were traced, and how many were not."""
        return CacheInfo((self._hits, self._misses, len(self._traces)))

    def cache_clear(self) -> None:
        """Forget all tracings."""
        self._traces.clear()
        self._hits = self._misses = 0

    def lower(self, *args: Any, **kwargs: Any) -> Any:
        """Trace for these arguments without running; see :class:`mlxir.lowered.Lowered`."""
        from .lowered import Lowered

        with turn:
            return Lowered(name_of(self._fun), self._traced(args, kwargs)[1])

    def _traced(self, args: Arguments, kwargs: dict[str, Any]) -> tuple[JitCall, JitTrace]:
        fun, given = self._fun, (args, kwargs)
        statics: Arguments = ()
        if self._static_argnums or self._static_argnames:
            fun, given, statics = self._without_statics(args, kwargs)
        call = JitCall(given, self._state, self._constants)
        key = (call.key(), statics)
        try:
            trace = self._traces.get(key)
        except TypeError:
            if self._constants:
                _check_constants(given, name_of(self._fun))
            raise self._unhashable(key) from None
        if trace is not None:
            self._hits += 1
            return call, trace
        if self._constants:
            _check_constants(given, name_of(self._fun))
        with turn:
            if key in self._traces:  # another thread was faster
                self._hits += 1
                return call, self._traces[key]
            self._misses += 1
            self._watch(key, given)
            trace = self._trace(fun, call)
        if self._dynamic is not None:
            trace.set_dynamic(self._dynamic)
        if len(self._traces) >= _MOST_TRACES:
            del self._traces[next(iter(self._traces))]
        self._traces[key] = trace
        return call, trace

    def _trace(self, fun: Callable[..., Any], call: JitCall) -> JitTrace:
        _tracing.append(self)
        try:
            return JitTrace(fun, call, name_of(self._fun))
        finally:
            _tracing.pop()

    def _without_statics(
        self, args: Arguments, kwargs: dict[str, Any]
    ) -> tuple[Callable[..., Any], tuple[Arguments, dict[str, Any]], Arguments]:
        """Split off static arguments; the function returned puts them back."""
        count = len(args)
        numbers = [n % count for n in self._static_argnums if -count <= n < count]
        fixed = {n: args[n] for n in numbers}
        named = {k: v for k, v in kwargs.items() if k in self._static_argnames}
        rest = tuple([a for n, a in enumerate(args) if n not in fixed])

        def fun(*given: Any, **keywords: Any) -> Any:
            others = iter(given)
            full = [fixed[n] if n in fixed else next(others) for n in range(count)]
            return self._fun(*full, **keywords, **named)

        dynamic = {k: v for k, v in kwargs.items() if k not in named}
        statics: Arguments = tuple([(n, _distinct(v)) for n, v in (*sorted(fixed.items()), *sorted(named.items()))])
        for where, value in (*fixed.items(), *named.items()):
            _check_hashable(self._transform, name_of(self._fun), where, value)
        return fun, (rest, dynamic), statics

    def _unhashable(self, key: Arguments) -> TypeError:
        for value in key[0][1:]:
            try:
                hash(value)
            except TypeError:
                return TypeError(
                    f"[{self._transform}] expected arrays, numbers and hashable objects as "
                    f"arguments of {name_of(self._fun)}, got {type(value).__name__}"
                )
        return TypeError(f"[{self._transform}] expected hashable static arguments")

    def _watch(self, key: Arguments, given: Arguments) -> None:
        """Say once that a function is traced over and over, and why."""
        last, now = self._last, (key, _leaves(given))
        self._last = now
        if last is None or _only_sizes_differ(last, now):  # sizes that change are no new program
            return
        self._changes += 1
        if self._changes < _STORM or self._is_reported:
            return
        self._is_reported = True
        from warnings import warn

        warn(
            f"[{self._transform}] {name_of(self._fun)} was traced {self._misses} times; since "
            f"the last time {_difference(last, now)} changed",
            RuntimeWarning,
            stacklevel=4,
        )


# Functions that are being traced.
_tracing: list[Jitted] = []
_all: WeakSet[Jitted] = WeakSet()


def _renew_locks() -> None:
    """A thread that held one is not in a child."""
    for jitted in list(_all):
        jitted._lock = RLock()  # pyright: ignore[reportPrivateUsage]


register_at_fork(after_in_child=_renew_locks)


def _both_ways(
    fun: Callable[..., Any], numbers: Sequence[int], names: Sequence[str]
) -> tuple[Sequence[int], Sequence[str]]:
    """Each static argument's position and name, since a call may give it either way."""
    if not numbers and not names:
        return numbers, names
    from inspect import Parameter, signature

    try:
        parameters = list(signature(fun).parameters.values())
    except (TypeError, ValueError):  # a builtin that does not say
        return numbers, names
    kinds = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    positional = [p.name for p in parameters if p.kind in kinds]
    if not any(p.kind is Parameter.VAR_POSITIONAL for p in parameters):
        for n in numbers:
            if not -len(positional) <= n < len(positional):
                raise ValueError(
                    f"[jit] expected static_argnums within the {len(positional)} arguments of {name_of(fun)}, got {n}"
                )
        numbers = [n + len(positional) if n < 0 else n for n in numbers]
    if not any(p.kind is Parameter.VAR_KEYWORD for p in parameters):
        for n in names:
            if n not in [p.name for p in parameters]:
                raise ValueError(f"[jit] expected static_argnames among the arguments of {name_of(fun)}, got {n!r}")
    known = [positional[n] for n in numbers if 0 <= n < len(positional)]
    return [*numbers, *(positional.index(n) for n in names if n in positional)], [*names, *known]


def _options(given: Any, kind: type, what: str) -> tuple[Any, ...]:
    """One option or several, as a tuple."""
    options: tuple[Any, ...] = tuple(given) if hasattr(given, "__iter__") and not isinstance(given, kind) else (given,)
    if not all([isinstance(one, kind) for one in options]):
        raise TypeError(f"[jit] expected {what}, got {given!r}")
    return options


def _check_state(state: object) -> None:
    """Refuse what holds no arrays; what a tree's leaves are is seen when it is traced."""
    holder = getattr(state, "state", None)  # an optimizer's
    if state is not None and not isinstance(state, (array, dict, list, tuple)) and not isinstance(holder, (dict, list)):
        raise TypeError(f"[jit] expected a tree of modules, optimizers and arrays as state, got {type(state).__name__}")


def _distinct(value: object) -> object:
    """A key that tells apart what is equal but makes other programs: 1, 1.0 and True, or 0.0 and -0.0."""
    parts: Any = value
    if isinstance(value, tuple):
        return _Static(tuple([_distinct(part) for part in parts]), parts)
    if isinstance(value, frozenset):
        return _Static(frozenset([_distinct(part) for part in parts]), parts)
    return _Static(repr(value) if isinstance(value, float) else value, value)


class _Static(tuple[type, object]):
    """A static argument's key, which prints as what was given."""

    given: object

    def __new__(cls, key: object, given: object) -> _Static:
        made = super().__new__(cls, (type(given), key))
        made.given = given
        return made

    def __repr__(self) -> str:
        return repr(self.given)


def _check_hashable(transform: str, function: str, where: int | str, value: object) -> None:
    try:
        if isinstance(value, array):  # equal to nothing that could be looked up
            raise TypeError
        hash(value)
    except TypeError:
        name = f"argument {where}" if isinstance(where, int) else f"argument {where!r}"
        raise TypeError(
            f"[{transform}] expected the static {name} of {function} to be hashable, got {type(value).__name__}"
        ) from None


def _check_constants(tree: Any, function: str) -> None:
    """Refuse other objects as constants: what they hold may change without a new tracing."""
    if is_dict(tree) or is_sequence(tree):
        for child in tree.values() if is_dict(tree) else tree:
            _check_constants(child, function)
    elif not (tree is None or isinstance(tree, (array, int, float, str))):
        raise ValueError(
            f"[compile] expected arrays, numbers, strings, None or trees of them as arguments of {function}, "
            f"got {type(tree).__name__}"
        )


def _leaves(given: Arguments) -> Leaves:
    """Name, type and shape of what a call is given."""
    from .utils import tree_flatten

    leaves: Leaves = {}
    for path, leaf in tree_flatten(given):
        side, _, name = path.partition(".")
        argument, _, rest = name.partition(".")
        where = f"argument {argument if side == '0' else repr(argument)}{rest and ' at ' + rest}"
        is_array = isinstance(leaf, array)
        leaves[where] = (str(leaf.dtype), tuple(leaf.shape)) if is_array else (type(leaf).__name__, ())
    return leaves


def _only_sizes_differ(old: Seen, new: Seen) -> bool:
    (old_key, old_leaves), (new_key, new_leaves) = old, new
    same = old_key[1] == new_key[1] and old_key[0][1:] == new_key[0][1:] and [*old_leaves] == [*new_leaves]
    return (
        old_leaves != new_leaves
        and same
        and all(
            a == b and len(m) == len(n) for (a, m), (b, n) in zip(old_leaves.values(), new_leaves.values(), strict=True)
        )
    )


def _difference(old: Seen, new: Seen) -> str:
    (old_key, old_leaves), (new_key, new_leaves) = old, new
    if old_key[1] != new_key[1]:
        before, now = (dict(key[1]) for key in (old_key, new_key))
        return f"static arguments (from {before} to {now})"
    if old_key[0][1:] != new_key[0][1:]:
        for a, b in zip(old_key[0][1:], new_key[0][1:], strict=False):
            if a != b:
                return f"a value that is no array (from {a!r} to {b!r})"
        return "the number of values that are no arrays"
    for where, (dtype, shape) in new_leaves.items():
        before = old_leaves.get(where)
        if before and before[0] != dtype:
            return f"the type of {where} (from {before[0]} to {dtype})"
        if before and before[1] != shape:
            return f"the shape of {where} (from {before[1]} to {shape})"
    if [*old_leaves] != [*new_leaves]:
        return f"the number of arguments' leaves (from {len(old_leaves)} to {len(new_leaves)})"
    return "the state"


def jit(
    fun: Callable[..., Any] | None = None,
    *,
    state: object = None,
    static_argnums: int | Sequence[int] = (),
    static_argnames: str | Sequence[str] = (),
    dynamic: bool | None = None,
) -> Any:
    """Return a function that traces ``fun`` once and then runs it as one program.

    Args:
        fun: takes and returns arrays and trees of arrays. Called once for each
            structure, shape and dtype of its arguments. Absent in decorators with
            options.
        state: a tree of modules, optimizers, dicts, ``mx.random.state``: read at
            each call, and written back with what the function left in it.
        static_argnums: positions of arguments that are part of the program.
        static_argnames: names of such arguments.
        dynamic: whether sizes should be run-time values from the first call on.
            By default they become so when they first change; False: never.

    Returns:
        The function. Python ints and floats among its arguments are run-time values;
        numbers in the body are constants. Array objects that the body captures are read
        anew at each call, and those that it changes in place are changed at each call;
        another array under the same name, or in a module that was updated, is not seen:
        name the module in ``state``. Elements of a captured array cannot be read in the
        body, and what it writes in place into an argument the caller does not see. Other
        objects among the arguments are part of the program as they were when it was traced.
        Threads that call a function with ``state`` take turns.
        ``cache_info()`` counts tracings, ``lower(*args)`` shows what was compiled.

    Raises:
        TypeError: an option is of the wrong kind, or a static argument is not hashable.
        ValueError: ``fun`` lacks a static argument, or the body reads a value of an
            array that is being traced.

    Example:
        >>> double = mx.jit(lambda x: x * 2)
        >>> double(mx.array([1, 2]))
        array([2, 4], dtype=int32)
    """
    if fun is None:
        from functools import partial

        return partial(
            jit, state=state, static_argnums=static_argnums, static_argnames=static_argnames, dynamic=dynamic
        )
    require_callable(fun, "jit")
    _check_state(state)
    numbers = _options(static_argnums, int, "ints as static_argnums")
    names = _options(static_argnames, str, "strings as static_argnames")
    if dynamic is not None and not isinstance(dynamic, bool):
        raise TypeError(f"[jit] expected True, False or None as dynamic, got {dynamic!r}")
    return Jitted(fun, state, numbers, names, "jit", dynamic)


_disabled = False


def enable_compile() -> None:
    """Undo :func:`disable_compile`.

    Example:
        >>> mx.enable_compile()
    """
    global _disabled
    _disabled = False


def disable_compile() -> None:
    """Call jitted and compiled functions as they are, to look for errors in them.

    Example:
        >>> mx.disable_compile()
        >>> mx.jit(lambda x: print("called") or x)(1)
        called
        1
        >>> mx.enable_compile()
    """
    global _disabled
    _disabled = True


def compile(
    fun: Callable[..., Any],
    inputs: object = None,
    outputs: object = None,
    shapeless: bool = False,
) -> Any:
    """Return a compiled function, with the meaning that MLX gives it.

    Args:
        fun: takes and returns arrays and trees of arrays. Python numbers, strings
            and None among its arguments are constants.
        inputs: captured arrays that are read at each call, in lists or dicts; all
            others are constants.
        outputs: captured lists or dicts whose arrays the function changes.
        shapeless: accepted for compatibility; sizes that change become run-time
            values by themselves.

    Raises:
        ValueError: when the result is called with anything else.

    Example:
        >>> mx.compile(lambda x: mx.exp(-x) + 1)(mx.array([0.0]))
        array([2], dtype=float32)
    """
    require_callable(fun, "compile")
    state = inputs if outputs is None or outputs is inputs else [inputs, outputs]
    return Jitted(fun, state, (), (), "compile")

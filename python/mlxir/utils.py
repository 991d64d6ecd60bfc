# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Trees: nested lists, tuples and dicts whose leaves are anything else.

Parameters, gradients and optimizer states are such trees. A path names a leaf
by its keys and indices joined with dots, as in ``layers.0.weight``.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, TypeGuard

__all__ = [
    "tree_flatten",
    "tree_map",
    "tree_map_with_path",
    "tree_merge",
    "tree_reduce",
    "tree_unflatten",
]


def tree_map(
    fn: Callable[..., Any],
    tree: Any,
    *rest: Any,
    is_leaf: Callable[[Any], bool] | None = None,
) -> Any:
    """Apply ``fn`` to every leaf and return a tree of the results.

    Args:
        fn: called as ``fn(leaf, *others)``.
        tree: the tree that decides the structure.
        rest: trees that are at least as deep; each gives one more argument.
        is_leaf: says of a subtree whether to treat it as a leaf.

    Returns:
        A tree of the same structure. Subclasses of dict become plain dicts,
        tuples and named tuples keep their type.

    Example:
        >>> utils.tree_map(lambda a, b: a + b, {"x": 1, "y": [2, 3]}, {"x": 10, "y": [20, 30]})
        {'x': 11, 'y': [22, 33]}
    """
    if is_leaf is not None and is_leaf(tree):
        return fn(tree, *rest)
    if is_dict(tree):
        return {
            key: tree_map(fn, child, *[other[key] for other in rest], is_leaf=is_leaf) for key, child in tree.items()
        }
    if is_sequence(tree):
        mapped = [tree_map(fn, child, *[other[i] for other in rest], is_leaf=is_leaf) for i, child in enumerate(tree)]
        return _rebuild(tree, mapped)
    return fn(tree, *rest)


def tree_map_with_path(
    fn: Callable[..., Any],
    tree: Any,
    *rest: Any,
    is_leaf: Callable[[Any], bool] | None = None,
    path: str | None = None,
) -> Any:
    """Apply ``fn(path, leaf, *others)`` to every leaf; see :func:`tree_map`.

    Args:
        fn: called with the leaf's path first. A tree that is one leaf has the
            path that was passed in, ``None`` unless given.
        tree: the tree that decides the structure.
        rest: trees that are at least as deep.
        is_leaf: says of a subtree whether to treat it as a leaf.
        path: path of the tree itself, the prefix of all others.

    Returns:
        A tree of the same structure.

    Example:
        >>> utils.tree_map_with_path(lambda path, leaf: path, {"w": [0, 0]})
        {'w': ['w.0', 'w.1']}
    """
    if is_leaf is not None and is_leaf(tree):
        return fn(path, tree, *rest)

    def visit(key: Any, child: Any) -> Any:
        others = [other[key] for other in rest]
        below = f"{path}.{key}" if path else str(key)
        return tree_map_with_path(fn, child, *others, is_leaf=is_leaf, path=below)

    if is_dict(tree):
        return {key: visit(key, child) for key, child in tree.items()}
    if is_sequence(tree):
        return _rebuild(tree, [visit(i, child) for i, child in enumerate(tree)])
    return fn(path, tree, *rest)


def tree_flatten(
    tree: Any,
    prefix: str = "",
    is_leaf: Callable[[Any], bool] | None = None,
    destination: list[tuple[str, Any]] | dict[str, Any] | None = None,
) -> Any:
    """List the leaves with their paths, in order.

    Args:
        tree: any tree.
        prefix: put before each path; its first character is dropped, so that
            ``".model"`` gives ``model.weight``.
        is_leaf: says of a subtree whether to treat it as a leaf.
        destination: a list to extend or a dict to update; a new list if absent.

    Returns:
        The destination, holding ``(path, leaf)`` pairs or ``{path: leaf}``.

    Raises:
        ValueError: the destination is neither a list nor a dict.

    Example:
        >>> utils.tree_flatten({"a": [1, {"b": 2}]})
        [('a.0', 1), ('a.1.b', 2)]
    """
    found: Any = [] if destination is None else destination
    if is_dict(found):
        found.update(_leaves(tree, prefix, is_leaf))
    elif is_list(found):
        found.extend(_leaves(tree, prefix, is_leaf))
    else:
        raise ValueError(
            f"[tree_flatten] expected a list, a dict or None as destination, got {type(destination).__name__}"
        )
    return found


def tree_unflatten(tree: Iterable[tuple[str, Any]] | dict[str, Any]) -> Any:
    """Rebuild a tree from paths and leaves, the inverse of :func:`tree_flatten`.

    Args:
        tree: ``(path, leaf)`` pairs or ``{path: leaf}``.

    Returns:
        Nested dicts and lists. A level whose keys are all integers becomes a
        list; a missing index holds an empty dict.

    Example:
        >>> utils.tree_unflatten([("a.0", 1), ("a.1.b", 2)])
        {'a': [1, {'b': 2}]}
    """
    named: Any = tree
    items: list[tuple[str, Any]] = list(named.items() if is_dict(named) else named)
    if len(items) == 1 and items[0][0] == "":
        return items[0][1]
    levels: dict[str, list[tuple[str, Any]]] = {}
    for path, leaf in items:
        head, _, tail = path.partition(".")
        levels.setdefault(head, []).append((tail, leaf))
    children = {head: tree_unflatten(below) for head, below in levels.items()}
    indices = _as_indices(children)
    if indices is None:
        return children
    result: list[Any] = [{} for _ in range(max(indices, default=-1) + 1)]
    for index, head in indices.items():
        result[index] = children[head]
    return result


def tree_reduce(
    fn: Callable[[Any, Any], Any],
    tree: Any,
    initializer: Any = None,
    is_leaf: Callable[[Any], bool] | None = None,
) -> Any:
    """Fold the leaves, in order, into one value.

    Args:
        fn: called as ``fn(accumulated, leaf)``.
        tree: any tree.
        initializer: the first accumulated value; without it the first leaf is.
        is_leaf: says of a subtree whether to treat it as a leaf.

    Returns:
        The accumulated value, ``initializer`` for a tree without leaves.

    Example:
        >>> utils.tree_reduce(lambda total, leaf: total + leaf, {"a": 1, "b": [2, 3]})
        6
    """
    accumulated = initializer
    for _, leaf in tree_flatten(tree, is_leaf=is_leaf):
        accumulated = leaf if accumulated is None else fn(accumulated, leaf)
    return accumulated


def tree_merge(tree_a: Any, tree_b: Any, merge_fn: Callable[[Any, Any], Any] | None = None) -> Any:
    """Merge two trees; where one of them has nothing, the other's part is taken.

    Args:
        tree_a: a tree; ``None`` and empty containers count as nothing.
        tree_b: the other tree.
        merge_fn: called with the two leaves where both trees have one.

    Returns:
        The merged tree; a sequence has the type of the one in ``tree_a``.

    Raises:
        ValueError: both trees have a leaf in one place and there is no
            ``merge_fn``, or two empty containers differ in type.

    Example:
        >>> utils.tree_merge({"a": {"x": 1}}, {"a": {"y": 2}})
        {'a': {'x': 1, 'y': 2}}
    """
    absent_a, absent_b = _is_nothing(tree_a), _is_nothing(tree_b)
    if absent_a and absent_b and tree_a is not None and tree_b is not None:
        if type(tree_a) is not type(tree_b):
            raise ValueError(
                "[tree_merge] expected empty containers of one type, got "
                f"{type(tree_a).__name__} and {type(tree_b).__name__}"
            )
        return type(tree_a)()
    if absent_a != absent_b:
        return tree_b if absent_a else tree_a
    if is_dict(tree_a) and is_dict(tree_b):
        keys: dict[Any, Any] = {**tree_a, **tree_b}
        return {k: tree_merge(tree_a.get(k), tree_b.get(k), merge_fn) for k in keys}
    if is_sequence(tree_a) and is_sequence(tree_b):
        a: list[Any] = list(tree_a)
        b: list[Any] = list(tree_b)
        a += [None] * (len(b) - len(a))
        b += [None] * (len(a) - len(b))
        return _rebuild(tree_a, [tree_merge(x, y, merge_fn) for x, y in zip(a, b, strict=True)])
    if merge_fn is None:
        raise ValueError(
            "[tree_merge] expected a merge_fn, since both trees have a leaf in one "
            f"place, got {type(tree_a).__name__} and {type(tree_b).__name__}"
        )
    return merge_fn(tree_a, tree_b)


def is_dict(tree: object) -> TypeGuard[dict[Any, Any]]:
    """Return whether ``tree`` is a dict, whatever its items.

    Example:
        >>> utils.is_dict({"a": 1}), utils.is_dict([1])
        (True, False)
    """
    return isinstance(tree, dict)


def is_list(tree: object) -> TypeGuard[list[Any]]:
    """Return whether ``tree`` is a list, whatever its items.

    Example:
        >>> utils.is_list([1]), utils.is_list((1,))
        (True, False)
    """
    return isinstance(tree, list)


def is_sequence(tree: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Return whether ``tree`` is a list or a tuple, whatever its items.

    Example:
        >>> utils.is_sequence([1]), utils.is_sequence((1,))
        (True, True)
    """
    return isinstance(tree, (list, tuple))


def _leaves(tree: Any, path: str, is_leaf: Callable[[Any], bool] | None) -> Iterator[tuple[str, Any]]:
    # Not a function inside of tree_flatten: one that calls itself is a reference cycle, which would keep the
    # leaves, and with them memory, until the garbage collector comes by.
    if is_leaf is not None and is_leaf(tree):
        yield path[1:], tree
    elif is_dict(tree):
        for key, child in tree.items():
            yield from _leaves(child, f"{path}.{key}", is_leaf)
    elif is_sequence(tree):
        for i, child in enumerate(tree):
            yield from _leaves(child, f"{path}.{i}", is_leaf)
    else:
        yield path[1:], tree


def _rebuild(like: Any, items: list[Any]) -> Any:
    """Return ``items`` in a container of the type of ``like``."""
    if type(like) is list:
        return items
    return type(like)(*items) if hasattr(like, "_fields") else type(like)(items)


def _as_indices(keys: Iterable[str]) -> dict[int, str] | None:
    """Map each key's integer value to the key, or None if they are no list indices."""
    keys = list(keys)
    try:
        indices = {int(key): key for key in keys}
    except ValueError:
        return None
    return indices if len(indices) == len(keys) and min(indices, default=0) >= 0 else None


def _is_nothing(tree: Any) -> bool:
    return tree is None or (isinstance(tree, (dict, list, tuple)) and not tree)

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""mlxir.utils: the six tree functions, by value and against mlx where it is installed."""

from collections import namedtuple

import pytest
from mlxir import utils

Pair = namedtuple("Pair", "x y")


class Registry(dict):
    """A subclass of dict, as a Module is."""


def is_list(tree):
    return isinstance(tree, list)


def add(a, b):
    return a + b


TREE = {"b": [1, (2, {"c": 3})], "a": Pair(4, [])}

# name, call, result
CASES = [
    ("map", lambda u: u.tree_map(lambda a: a * 2, TREE), {"b": [2, (4, {"c": 6})], "a": Pair(8, [])}),
    ("map a leaf", lambda u: u.tree_map(lambda a: a * 2, 3), 6),
    ("map several", lambda u: u.tree_map(add, {"a": [1, 2]}, {"a": (3, 4), "b": 0}), {"a": [4, 6]}),
    ("map dict subclass", lambda u: type(u.tree_map(abs, Registry(a=-1))), dict),
    ("map is_leaf", lambda u: u.tree_map(len, {"a": [1, 2], "b": [[]]}, is_leaf=is_list), {"a": 2, "b": 1}),
    ("map None", lambda u: u.tree_map(lambda a: a is None, [None, 1]), [True, False]),
    (
        "map with path",
        lambda u: u.tree_map_with_path(lambda path, a, b: (path, a, b), {"a": [1, Pair(2, 3)]}, {"a": [4, (5, 6)]}),
        {"a": [("a.0", 1, 4), Pair(("a.1.0", 2, 5), ("a.1.1", 3, 6))]},
    ),
    ("map with path, a leaf", lambda u: u.tree_map_with_path(lambda path, a: (path, a), 1), (None, 1)),
    ("map with path, prefix", lambda u: u.tree_map_with_path(lambda path, a: path, [0], path="m"), ["m.0"]),
    (
        "map with path, is_leaf",
        lambda u: u.tree_map_with_path(lambda path, a: (path, len(a)), {"a": [1, 2]}, is_leaf=is_list),
        {"a": ("a", 2)},
    ),
    ("flatten", lambda u: u.tree_flatten(TREE), [("b.0", 1), ("b.1.0", 2), ("b.1.1.c", 3), ("a.0", 4)]),
    ("flatten a leaf", lambda u: u.tree_flatten(5), [("", 5)]),
    ("flatten nothing", lambda u: u.tree_flatten({}), []),
    ("flatten prefix", lambda u: u.tree_flatten([7], prefix=".layer"), [("layer.0", 7)]),
    ("flatten is_leaf", lambda u: u.tree_flatten({"a": [1, 2]}, is_leaf=is_list), [("a", [1, 2])]),
    ("flatten into a dict", lambda u: u.tree_flatten({"a": [1]}, destination={"z": 0}), {"z": 0, "a.0": 1}),
    ("flatten into a list", lambda u: u.tree_flatten([1], destination=[("z", 0)]), [("z", 0), ("0", 1)]),
    ("unflatten", lambda u: u.tree_unflatten([("a.0", 1), ("a.1.b", 2)]), {"a": [1, {"b": 2}]}),
    ("unflatten a dict", lambda u: u.tree_unflatten({"a.x": 1, "a.y": 2}), {"a": {"x": 1, "y": 2}}),
    ("unflatten a leaf", lambda u: u.tree_unflatten([("", 5)]), 5),
    ("unflatten out of order", lambda u: u.tree_unflatten([("1", "b"), ("0", "a")]), ["a", "b"]),
    ("unflatten with a hole", lambda u: u.tree_unflatten([("2", 1)]), [{}, {}, 1]),
    ("unflatten mixed keys", lambda u: u.tree_unflatten([("0", 1), ("a", 2)]), {"0": 1, "a": 2}),
    ("unflatten equal integers", lambda u: u.tree_unflatten([("0", 1), ("00", 2)]), {"0": 1, "00": 2}),
    ("unflatten nothing", lambda u: u.tree_unflatten([]), []),
    ("reduce", lambda u: u.tree_reduce(add, {"a": [1, 2], "b": (3,)}), 6),
    ("reduce from", lambda u: u.tree_reduce(add, [1, 2], 10), 13),
    ("reduce nothing", lambda u: u.tree_reduce(add, [[], {}], 10), 10),
    ("reduce is_leaf", lambda u: u.tree_reduce(add, {"a": [1], "b": [2]}, is_leaf=is_list), [1, 2]),
    ("merge", lambda u: u.tree_merge({"a": {"x": 1}}, {"a": {"y": 2}, "b": 3}), {"a": {"x": 1, "y": 2}, "b": 3}),
    ("merge lists", lambda u: u.tree_merge([1, {}], ({}, 2, 3)), [1, 2, 3]),
    ("merge leaves", lambda u: u.tree_merge([1, 2], [3, 4], add), [4, 6]),
    ("merge nothing", lambda u: u.tree_merge({}, {}), {}),
    ("merge with None", lambda u: u.tree_merge(None, [1]), [1]),
]

# name, call, part of the message
ERRORS = [
    ("flatten destination", lambda u: u.tree_flatten([1], destination=()), "tree_flatten.*list, a dict or None.*tuple"),
    ("merge leaves", lambda u: u.tree_merge({"a": 1}, {"a": 2}), "tree_merge.*merge_fn"),
    ("merge empties", lambda u: u.tree_merge({}, []), "tree_merge.*one type.*dict and list"),
    ("merge leaf and list", lambda u: u.tree_merge([1], 1), "tree_merge.*merge_fn"),
]


@pytest.fixture
def oracle():
    return pytest.importorskip("mlx.utils", reason="mlx is not installed")


@pytest.mark.parametrize(("name", "call", "expected"), CASES, ids=[c[0] for c in CASES])
def test_value(name, call, expected):
    result = call(utils)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(("name", "call", "message"), ERRORS, ids=[c[0] for c in ERRORS])
def test_error(name, call, message):
    with pytest.raises(ValueError, match=message):
        call(utils)


@pytest.mark.parametrize(("name", "call", "expected"), CASES, ids=[c[0] for c in CASES])
def test_value_is_that_of_mlx(oracle, name, call, expected):
    assert call(oracle) == expected


@pytest.mark.parametrize(("name", "call", "message"), ERRORS, ids=[c[0] for c in ERRORS])
def test_error_is_one_in_mlx(oracle, name, call, message):
    with pytest.raises(ValueError):
        call(oracle)


def test_negative_integers_are_keys_of_a_dict():
    assert utils.tree_unflatten([("-1", 1), ("0", 2)]) == {"-1": 1, "0": 2}

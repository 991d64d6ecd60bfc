# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Functions take their arguments as MLX's do: names, order, kinds and defaults.

The table is checked in mlxir, and in mlx too where it is installed, so that no row is wrong.
"""

from __future__ import annotations

import ast
import inspect
import re
from typing import Any

import mlxir as mx
import mlxir.nn
import mlxir.optimizers
import mlxir.utils
import pytest
from mlx_signatures import ARANGE, SIGNATURES, WIDER

ROWS = [(place, name, text) for place, rows in SIGNATURES.items() for text, names in rows for name in names.split()]
IDS = [f"{place}.{name}".lstrip(".") for place, name, _ in ROWS]


def owner(package: Any, array_module: Any, place: str) -> Any:
    """What has the names of a place. Methods are read off an object, so that `self` is none of their parameters."""
    if place == "array":
        return array_module.array(1.0)
    if place in ("nn.Module", "optimizers.Optimizer"):
        return owner(package, array_module, place.partition(".")[0]).__dict__[place.partition(".")[2]]()
    if place in ("", "fast", "random"):
        return getattr(array_module, place) if place else array_module
    result = package
    for part in place.split("."):
        result = getattr(result, part)
    return result


def default_text(value: Any) -> str:
    """A default as the table writes it: sequences are tuples, dtypes their names."""
    if isinstance(value, (list, tuple)):
        return "(" + ", ".join(map(default_text, value)) + ")"
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    name = str(value).rpartition(".")[2]
    return name if re.fullmatch(r"b?float\d+|u?int\d+|bool_?", name) else "..."


def signature_text(function: Any) -> str:
    """The parameters of a function, as the table writes them."""
    parts: list[str] = []
    last = None
    for parameter in inspect.signature(function).parameters.values():
        kind = parameter.kind
        if last is parameter.POSITIONAL_ONLY and kind is not last:
            parts.append("/")
        if kind is parameter.KEYWORD_ONLY and last not in (parameter.VAR_POSITIONAL, kind):
            parts.append("*")
        stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(kind, "")
        default = "" if parameter.default is parameter.empty else "=" + default_text(parameter.default)
        parts.append(stars + parameter.name + default)
        last = kind
    return ", ".join([*parts, "/"] if last is inspect.Parameter.POSITIONAL_ONLY else parts)


def positions_named_alike(text: str) -> str:
    """The name of a parameter that only a position gives means nothing."""
    head, slash, tail = text.rpartition("/")
    return re.sub(r"\w+(?=[,\s]|$)", "_", head) + slash + tail if slash else text


@pytest.mark.parametrize(("place", "name", "text"), ROWS, ids=IDS)
def test_signature(place, name, text):
    ours = signature_text(getattr(owner(mlxir, mx, place), name))
    assert positions_named_alike(ours) == positions_named_alike(text)


@pytest.mark.parametrize("name", WIDER)
def test_wider_signature(name):
    assert signature_text(getattr(mx, name)) == WIDER[name][1]


@pytest.mark.parametrize(("source", "expected"), ARANGE, ids=[row[0] for row in ARANGE])
def test_arange(source, expected):
    assert eval(source, {"mx": mx}).tolist() == expected


def test_the_table_is_whole():
    """Every function that both have has a row."""
    oracle = pytest.importorskip("mlx.core", reason="mlx is not installed")
    listed = {name for _, names in SIGNATURES[""] for name in names.split()} | set(WIDER)
    shared = {
        name
        for name in dir(oracle)
        if not name.startswith("_") and callable(getattr(oracle, name)) and hasattr(mx, name) and name != "arange"
    }
    # Types that neither constructs, and enums.
    types = {"ArrayAt", "ArrayIterator", "DeviceType", "Dtype", "DtypeCategory", "Stream", "ThreadLocalStream"}
    assert shared - listed - types == set()


def text_in_mlx(function: Any) -> str:
    """The signature that mlx states: nanobind keeps it as text, with the defaults that have no text beside it."""
    if isinstance(function, type) and hasattr(function.__init__, "__nb_signature__"):
        function = function.__init__
    if not hasattr(function, "__nb_signature__"):
        return signature_text(function)
    text, _, *defaults = function.__nb_signature__[0]
    values = [default_text(value) for value in (defaults[0] if defaults and defaults[0] else ())]
    text = re.sub(r"\\(\d+)", lambda match: values[int(match[1])], text.partition("\n")[0])
    arguments = ast.parse(text + ": pass").body[0].args
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        argument.annotation = None
    for rest in (arguments.vararg, arguments.kwarg):
        if rest:
            rest.annotation = None
    result = ast.unparse(arguments).replace("[", "(").replace("]", ")")
    return re.sub(r"^self(, |$)", "", result)


@pytest.mark.parametrize(("place", "name", "text"), ROWS, ids=IDS)
def test_signature_is_that_of_mlx(place, name, text):
    oracle = pytest.importorskip("mlx.core", reason="mlx is not installed")
    import mlx
    import mlx.nn
    import mlx.optimizers
    import mlx.utils

    assert text_in_mlx(getattr(owner(mlx, oracle, place), name)) == text


@pytest.mark.parametrize("name", WIDER)
def test_narrower_signature_is_that_of_mlx(name):
    oracle = pytest.importorskip("mlx.core", reason="mlx is not installed")
    assert text_in_mlx(getattr(oracle, name)) == WIDER[name][0]

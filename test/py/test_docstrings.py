# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every public name has an example in its docstring, and every example gives what it says."""

from __future__ import annotations

import doctest
import enum
import inspect
import re
import types
from collections.abc import Iterator
from typing import Any

import mlxir as mx
import mlxir.nn as nn
import mlxir.optimizers as optim
import numpy as np
import pytest
from mlxir import utils

NAMES = {"mx": mx, "np": np, "nn": nn, "optim": optim, "utils": utils}
OPTIONS = doctest.REPORT_ONLY_FIRST_FAILURE

MODULES = {
    "mlxir": mx,
    "mlxir.cache": mx.cache,
    "mlxir.fast": mx.fast,
    "mlxir.nn": nn,
    "mlxir.nn.init": nn.init,
    "mlxir.nn.losses": nn.losses,
    "mlxir.nn.utils": nn.utils,
    "mlxir.optimizers": optim,
    "mlxir.random": mx.random,
    "mlxir.utils": utils,
}


def public_names(module: types.ModuleType) -> list[str]:
    """What a module offers: its `__all__`, or in a package what is imported for it."""
    return [name for name in getattr(module, "__all__", dir(module)) if not name.startswith("_")]


def members(path: str, owner: type) -> Iterator[tuple[str, Any]]:
    """The methods and properties that a class defines and documents. One that overrides has its base's text."""
    for name, member in vars(owner).items():
        is_code = callable(member) or isinstance(member, (property, staticmethod, classmethod))
        if is_code and not name.startswith("_") and not isinstance(member, type) and member.__doc__:
            yield f"{path}.{name}", member


def documented() -> dict[str, Any]:
    """Every public function and class, and the members of the classes, each under one of its names."""
    found: dict[str, Any] = {}
    seen: set[int] = set()
    for path, module in MODULES.items():
        for name in public_names(module):
            value = getattr(module, name)
            home = getattr(value, "__module__", None) or ""
            if isinstance(value, types.ModuleType) or not callable(value) or not home.startswith("mlxir"):
                continue
            inside = members(f"{path}.{name}", value) if isinstance(value, type) else ()
            for where, item in [(f"{path}.{name}", value), *inside]:
                if id(item) not in seen:
                    seen.add(id(item))
                    found[where] = item
    return found


DOCUMENTED = documented()
PARSER = doctest.DocTestParser()


def run(source: str, name: str, names: dict[str, Any], line: int = 0) -> None:
    """Run a doctest and fail with its report."""
    test = PARSER.get_doctest(source, names, name, name, line)
    report: list[str] = []
    doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=report.append, clear_globs=False)
    assert not report, "".join(report)


@pytest.fixture(autouse=True)
def somewhere_else(tmp_path, monkeypatch):
    """Examples write files into a folder that goes."""
    monkeypatch.chdir(tmp_path)


def test_names_are_found():
    """The lists that this file walks are not empty by mistake."""
    for name in (
        "mlxir.add",
        "mlxir.array",
        "mlxir.jit",
        "mlxir.nn.Module.update",
        "mlxir.optimizers.Adam",
        "mlxir.where",
    ):
        assert name in DOCUMENTED
    assert len(DOCUMENTED) > 350


def test_every_public_name_has_an_example():
    missing = [name for name, value in DOCUMENTED.items() if ">>> " not in (value.__doc__ or "")]
    assert missing == []


def undescribed(value: Any) -> list[str]:
    """Parameters that the docstring neither lists nor writes about as ``name``."""
    if isinstance(value, property) or (isinstance(value, type) and issubclass(value, (Exception, enum.Enum))):
        return []
    try:
        parameters = inspect.signature(value).parameters
    except ValueError:  # cannot be called
        return []
    variadic = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    known = {"self", "cls", "stream"}  # streams are as in mlxir.devices everywhere
    doc = value.__doc__ or ""
    return [
        name
        for name, parameter in parameters.items()
        if name not in known
        and parameter.kind not in variadic
        and not re.search(rf"^ +[*\w, ]*\b{name}\b[\w, ]*:|``[^`]*\b{name}\b[^`]*``", doc, re.MULTILINE)
    ]


def test_every_parameter_is_described():
    """In the docstring or in that of the function that it refers to."""
    missing = {
        name: parameters
        for name, value in DOCUMENTED.items()
        if ":func:" not in (value.__doc__ or "") and (parameters := undescribed(value))
    }
    assert missing == {}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_docstring(name):
    mx.random.seed(0)
    run(DOCUMENTED[name].__doc__, name, dict(NAMES))


@pytest.mark.parametrize("module", MODULES)
def test_module_docstring(module):
    mx.random.seed(0)
    run(MODULES[module].__doc__ or "", module, dict(NAMES))

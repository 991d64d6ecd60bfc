# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The dialects that have op classes, each imported when it is first named."""

import importlib
import types


def __getattr__(name: str) -> types.ModuleType:
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"{__name__}.{name}":
            raise
        raise AttributeError(f"no Python classes are built for the dialect {name!r}") from None

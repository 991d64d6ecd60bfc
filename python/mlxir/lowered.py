# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What became of a traced function: its text at every stage of compilation."""

from __future__ import annotations

from ._core import JitTrace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Lowered"]

STAGES = ("mlxir", "simplified", "kernels", "linalg", "llvm", "asm")


class Lowered:
    """A traced function, made by ``f.lower(*args)``.

    Example:
        >>> lowered = mx.jit(lambda x: x + 1).lower(mx.ones(2))
        >>> "mlxir.add" in lowered.ir("mlxir")
        True
    """

    def __init__(self, name: str, trace: JitTrace) -> None:
        self._name = name
        self._trace = trace
        self._texts: dict[str, str] = {}

    def ir(self, stage: str = "mlxir") -> str:
        """Return the program as text.

        Args:
            stage: "mlxir" (as recorded), "simplified", "kernels" (after kernel
                forming), "linalg", "llvm" or "asm".

        Raises:
            ValueError: there is no such stage.
        """
        if stage not in STAGES:
            raise ValueError(f"[lower] expected a stage of {', '.join(STAGES)}, got {stage!r}")
        if stage not in self._texts:
            self._texts.update(self._trace.stages(stage))
        return self._texts.get(stage, "")

    def kernels(self) -> list[dict[str, Any]]:
        """Return what compiling each kernel took, without any cache.

        Returns:
            A dict for each kernel: its name as "kernel", the operations of its loops as
            "ir_lines", and the milliseconds from linalg to machine code as "ms".
        """
        from json import loads

        if "linalg" not in self._texts:
            self.ir("linalg")
        return loads(self._texts["stats"])["kernels"]

    @property
    def module(self) -> Any:
        """The program at the stage "mlxir", as a module of :mod:`mlxir.ir`."""
        from . import ir as bindings

        ir: Any = bindings  # without types

        with ir.Context():
            return ir.Module.parse(self.ir("mlxir"))

    def __repr__(self) -> str:
        return f"Lowered({self._name}, {self._trace.num_nodes} ops)"

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Neural networks: modules, activation functions, losses and initializers."""

from . import activations, init, layers, losses
from .activations import *  # noqa: F403
from .layers import *  # noqa: F403
from .utils import value_and_grad

__all__ = ["init", "losses", "value_and_grad"]
__all__ += activations.__all__
__all__ += layers.__all__

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Optimizers: SGD, Adam, AdamW, their common base, and gradient clipping."""

from __future__ import annotations

from .. import core as mx
from ..utils import is_dict, is_sequence, tree_map, tree_reduce

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..nn import Module

    Rate = float | mx.array | Callable[[mx.array], mx.array]


class Optimizer:
    """Base of the optimizers: a state tree and one update rule per parameter.

    The state mirrors the parameter tree, with a dict in place of each array, and
    has ``step`` (uint64) and the scheduled values, such as ``learning_rate``, beside
    it. A subclass defines :meth:`init_single` and :meth:`apply_single`.

    Args:
        schedulers: functions of the step, by the name of the state's entry they set.

    Example:
        >>> class Halve(optim.Optimizer):
        ...     def init_single(self, parameter, state):
        ...         state["seen"] = mx.array(0)
        ...     def apply_single(self, gradient, parameter, state):
        ...         state["seen"] = state["seen"] + 1
        ...         return parameter - gradient / 2
        >>> Halve().apply_gradients({"w": mx.array([2.0])}, {"w": mx.array([5.0])})
        {'w': array([4], dtype=float32)}
    """

    def __init__(self, schedulers: dict[str, Callable[..., Any]] | None = None) -> None:
        self._initialized = False
        self._state: dict[str, Any] = {"step": mx.array(0, mx.uint64)}
        self._schedulers = dict(schedulers or {})

    @property
    def state(self) -> dict[str, Any]:
        """The state tree: what to save, and what ``jit`` takes.

        Example:
            >>> sorted(optim.SGD(0.1).state)
            ['learning_rate', 'step']
        """
        return self._state

    @state.setter
    def state(self, state: dict[str, Any]) -> None:
        self._initialized = False
        self._state = state

    @property
    def step(self) -> mx.array:
        """The number of updates made, a uint64 scalar.

        Example:
            >>> optim.SGD(0.1).step
            array(0, dtype=uint64)
        """
        return self.state["step"]

    @property
    def learning_rate(self) -> mx.array:
        """The learning rate, a scalar array; a number may be assigned.

        Example:
            >>> optimizer = optim.SGD(0.1)
            >>> optimizer.learning_rate = 0.5
            >>> optimizer.learning_rate
            array(0.5, dtype=float32)
        """
        return self.state["learning_rate"]

    @learning_rate.setter
    def learning_rate(self, learning_rate: float | mx.array) -> None:
        self.state["learning_rate"] = mx.array(learning_rate)

    def init(self, parameters: Any) -> None:
        """Make the state of all parameters that have none yet.

        Only needed to have the state before the first update.

        Args:
            parameters: a tree of arrays, as ``model.trainable_parameters()``.

        Example:
            >>> optimizer = optim.Adam(0.1)
            >>> optimizer.init({"w": mx.zeros((2,))})
            >>> sorted(optimizer.state["w"])
            ['m', 'v']
        """

        def fill(parameter: mx.array, state: dict[str, Any]) -> None:
            if not state:
                self.init_single(parameter, state)

        self._state = _cover(self._state, parameters)
        tree_map(fill, parameters, self._state)
        self._initialized = True

    def init_single(self, parameter: mx.array, state: dict[str, Any]) -> None:
        """Put the first state of one parameter into an empty dict.

        Args:
            parameter: the parameter, or a gradient of its shape and dtype.
            state: filled in place.

        Example:
            >>> state = {}
            >>> optim.SGD(0.1, momentum=0.9).init_single(mx.ones((2,)), state)
            >>> state
            {'v': array([0, 0], dtype=float32)}
        """
        raise NotImplementedError(f"[{type(self).__name__}.init_single] expected a definition, got none")

    def update(self, model: Module, gradients: Any) -> None:
        """Update a model's parameters in place.

        Args:
            model: the module.
            gradients: the tree that ``nn.value_and_grad`` returned.

        Example:
            >>> model = nn.RMSNorm(1)
            >>> optim.SGD(0.5).update(model, {"weight": mx.array([1.0])})
            >>> model.weight
            array([0.5], dtype=float32)
        """
        model.update(self.apply_gradients(gradients, model))

    def apply_gradients(self, gradients: Any, parameters: Any) -> Any:
        """Compute updated parameters and advance the state by one step.

        Args:
            gradients: a tree of arrays.
            parameters: a tree that has at least the leaves of ``gradients``.

        Returns:
            The updated parameters, a tree like ``gradients``.

        Example:
            >>> optim.SGD(0.5).apply_gradients({"w": mx.array([2.0])}, {"w": mx.array([5.0])})
            {'w': array([4], dtype=float32)}
        """
        if not self._initialized:
            self.init(gradients)
        for name, schedule in self._schedulers.items():
            self.state[name] = schedule(self.step)
        self.state["step"] = self.step + 1
        return tree_map(self.apply_single, gradients, parameters, self.state)

    def apply_single(self, gradient: mx.array, parameter: mx.array, state: dict[str, Any]) -> mx.array:
        """Compute one updated parameter.

        Args:
            gradient: its gradient.
            parameter: its value.
            state: what :meth:`init_single` filled; updated in place.

        Returns:
            The new value, of the parameter's shape.

        Example:
            >>> optim.SGD(0.5).apply_single(mx.array([2.0]), mx.array([5.0]), {})
            array([4], dtype=float32)
        """
        raise NotImplementedError(f"[{type(self).__name__}.apply_single] expected a definition, got none")

    def _maybe_schedule(self, name: str, param: Rate) -> None:
        """Set a state entry from a value, or from a schedule at each step."""
        if callable(param):
            self._schedulers[name] = param
            self.state[name] = param(self.step)
        else:
            self.state[name] = mx.array(param)


class SGD(Optimizer):
    """Stochastic gradient descent with momentum.

    ``v = momentum * v + (1 - dampening) * g``, ``w -= learning_rate * v``.

    Args:
        learning_rate: a number or a schedule.
        momentum: factor of the velocity.
        weight_decay: factor of the parameter that is added to its gradient.
        dampening: part of the gradient that stays out of the velocity.
        nesterov: look ahead, ``w -= learning_rate * (g + momentum * v)``.

    Raises:
        ValueError: ``nesterov`` without momentum or with dampening.

    Example:
        >>> optim.SGD(0.1, momentum=0.9).learning_rate
        array(0.1, dtype=float32)
    """

    def __init__(
        self,
        learning_rate: Rate,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        dampening: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "[SGD] expected a positive momentum and no dampening with nesterov, "
                f"got momentum={momentum} and dampening={dampening}"
            )
        super().__init__()
        self._maybe_schedule("learning_rate", learning_rate)
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.dampening = dampening
        self.nesterov = nesterov

    def init_single(self, parameter: mx.array, state: dict[str, Any]) -> None:
        state["v"] = mx.zeros_like(parameter)

    def apply_single(self, gradient: mx.array, parameter: mx.array, state: dict[str, Any]) -> mx.array:
        rate = self.learning_rate.astype(gradient.dtype)
        if self.weight_decay != 0:
            gradient = gradient + self.weight_decay * parameter
        update = gradient
        if self.momentum > 0:
            fresh = (1 - self.dampening) * gradient if self.dampening > 0 else gradient
            velocity = self.momentum * state["v"] + fresh
            state["v"] = velocity
            update = velocity
            if self.nesterov:
                update = gradient + self.momentum * velocity
        return parameter - rate * update


class Adam(Optimizer):
    """Adam: steps scaled by running moments of the gradient; arXiv:1412.6980.

    ``m = b1 * m + (1 - b1) * g``, ``v = b2 * v + (1 - b2) * g**2``,
    ``w -= learning_rate * m / (sqrt(v) + eps)``.

    Args:
        learning_rate: a number or a schedule.
        betas: the factors ``b1`` and ``b2``, in [0, 1).
        eps: added to the denominator.
        bias_correction: divide ``m`` and ``v`` by one minus ``b1**t`` and ``b2**t``.

    Raises:
        ValueError: a factor is outside of its range, or ``eps`` is negative.

    Example:
        >>> optimizer = optim.Adam(1e-3)
        >>> optimizer.init({"w": mx.zeros(2)})
        >>> sorted(optimizer.state)
        ['learning_rate', 'step', 'w']
    """

    def __init__(
        self,
        learning_rate: Rate,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        bias_correction: bool = False,
    ) -> None:
        super().__init__()
        name = type(self).__name__
        for i, beta in enumerate(betas):
            if not 0.0 <= beta < 1.0:
                raise ValueError(f"[{name}] expected beta{i + 1} in [0, 1), got {beta}")
        if not eps >= 0.0:
            raise ValueError(f"[{name}] expected an eps of at least 0, got {eps}")
        self._maybe_schedule("learning_rate", learning_rate)
        self.betas = betas
        self.eps = eps
        self.bias_correction = bias_correction

    def init_single(self, parameter: mx.array, state: dict[str, Any]) -> None:
        state["m"] = mx.zeros_like(parameter)
        state["v"] = mx.zeros_like(parameter)

    def apply_single(self, gradient: mx.array, parameter: mx.array, state: dict[str, Any]) -> mx.array:
        rate = self.learning_rate.astype(gradient.dtype)
        b1, b2 = self.betas
        mean = b1 * state["m"] + (1 - b1) * gradient
        square = b2 * state["v"] + (1 - b2) * mx.square(gradient)
        state["m"] = mean
        state["v"] = square
        scale = mx.sqrt(square)
        if self.bias_correction:
            rate = (rate / (1 - b1**self.step)).astype(gradient.dtype)
            scale = scale * mx.rsqrt(1 - b2**self.step).astype(gradient.dtype)
        return parameter - rate * mean / (scale + self.eps)


class AdamW(Adam):
    """Adam with decoupled weight decay; arXiv:1711.05101.

    The parameter is multiplied by ``1 - learning_rate * weight_decay`` before Adam's
    update.

    Args:
        learning_rate: a number or a schedule.
        betas: see :class:`Adam`.
        eps: see :class:`Adam`.
        weight_decay: factor of the decay.
        bias_correction: see :class:`Adam`.

    Raises:
        ValueError: a factor is outside of its range, or ``eps`` is negative.

    Example:
        >>> optim.AdamW(1e-3).weight_decay
        0.01
    """

    def __init__(
        self,
        learning_rate: Rate,
        betas: Sequence[float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
        bias_correction: bool = False,
    ) -> None:
        super().__init__(learning_rate, betas, eps, bias_correction)
        self.weight_decay = weight_decay

    def apply_single(self, gradient: mx.array, parameter: mx.array, state: dict[str, Any]) -> mx.array:
        rate = self.learning_rate.astype(gradient.dtype)
        decayed = parameter * (1 - rate * self.weight_decay)
        return super().apply_single(gradient, decayed, state)


def clip_grad_norm(grads: Any, max_norm: float) -> tuple[Any, mx.array]:
    """Scale all gradients together so that their joint norm is at most ``max_norm``.

    Args:
        grads: a tree of arrays.
        max_norm: the bound, at least 0.

    Returns:
        The scaled tree, with the dtypes of ``grads``, and the norm before scaling.

    Raises:
        ValueError: ``max_norm`` is negative.

    Example:
        >>> clipped, norm = optim.clip_grad_norm({"w": mx.array([3.0, 4.0])}, 10.0)
        >>> norm
        array(5, dtype=float32)
    """
    if max_norm < 0:
        raise ValueError(f"[clip_grad_norm] expected a max_norm of at least 0, got {max_norm}")

    def squares(gradient: mx.array) -> mx.array:
        # The square of a float16 overflows above 255.
        wide = gradient.dtype == mx.float16
        return mx.square(gradient.astype(mx.float32) if wide else gradient).sum()

    total = tree_reduce(lambda sum, gradient: sum + squares(gradient), grads, 0.0)
    norm = mx.sqrt(total)
    factor = mx.minimum(max_norm / (norm + 1e-6), 1.0)

    def scale(gradient: mx.array) -> mx.array:
        scaled = gradient * factor
        if mx.issubdtype(gradient.dtype, mx.floating):
            return scaled.astype(gradient.dtype)
        return scaled

    return tree_map(scale, grads), norm


def _cover(state: Any, parameters: Any) -> Any:
    """Extend a state tree by an empty dict for each parameter that it lacks."""
    if is_dict(parameters):
        for key, below in parameters.items():
            state[key] = _cover(state[key], below) if key in state else _blank(below)
        return state
    if is_sequence(parameters):
        known = [_cover(old, below) for old, below in zip(state, parameters, strict=False)]
        return type(parameters)(known + _blank(list(parameters[len(known) :])))
    return state


def _blank(parameters: Any) -> Any:
    def blank(_: Any) -> dict[str, Any]:
        return {}

    return tree_map(blank, parameters)

# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Module, the base of every layer: a dict whose items are parameters and layers."""

from __future__ import annotations

from ... import core as mx
from ...utils import is_dict, is_list, is_sequence, tree_flatten, tree_unflatten

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    Filter = Callable[["Module", str, Any], bool]
    Items = dict[str, Any]
else:
    Items = dict


class Module(Items):
    """A layer or a model: arrays, other modules, and what to do with an input.

    An attribute that is an array, a dict, a list or a tuple is stored as an item
    of the dict; anything else is an ordinary attribute. The items are the
    parameter tree: arrays are parameters, modules and containers of modules are
    children, names that begin with an underscore are private. All parameters are
    trainable until they are frozen.

    Example:
        >>> class Scale(nn.Module):
        ...     def __init__(self, dims):
        ...         super().__init__()
        ...         self.factor = mx.ones((dims,))
        ...     def __call__(self, x):
        ...         return self.factor * x
        >>> scale = Scale(3)
        >>> scale.parameters()
        {'factor': array([1, 1, 1], dtype=float32)}
        >>> scale.freeze().trainable_parameters()
        {}
    """

    if TYPE_CHECKING:
        __call__: Callable[..., Any]

    def __init__(self) -> None:
        self._no_grad: set[str] = set()
        self._training: bool = True

    @property
    def training(self) -> bool:
        """Whether the module is in training mode.

        Example:
            >>> nn.Dropout(0.5).training
            True
        """
        return self._training

    @property
    def state(self) -> Module:
        """The module itself: the tree that ``jit`` and ``eval`` take.

        Example:
            >>> sorted(nn.Linear(2, 3).state)
            ['bias', 'weight']
        """
        return self

    # Attributes and items are one name space.

    def __getattr__(self, key: str) -> Any:
        value = self.get(key)
        if value is None:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{key}'")
        return value

    def __setattr__(self, key: str, val: Any) -> None:
        if isinstance(val, (mx.array, dict, list, tuple)):
            if key not in self and hasattr(self, key):
                super().__delattr__(key)
            self[key] = val
        else:
            super().__setattr__(key, val)
            self.pop(key, None)

    def __delattr__(self, name: str) -> None:
        if self.get(name) is None:
            super().__delattr__(name)
        else:
            del self[name]

    def _extra_repr(self) -> str:
        return ""

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__}({self._extra_repr()}"]
        for path, child in tree_flatten(self.children(), is_leaf=self.is_module):
            lines.append(f"({path}): {child!r}".replace("\n", "\n  "))
        return "\n  ".join(lines) + ("\n)" if len(lines) > 1 else ")")

    # Weights in files.

    def load_weights(
        self,
        file_or_weights: str | os.PathLike[str] | list[tuple[str, mx.array]],
        strict: bool = True,
    ) -> Module:
        """Set the parameters from a file or from a list of weights.

        Args:
            file_or_weights: path of a .npz or .safetensors file, or pairs of a
                parameter's path and its array.
            strict: require exactly this module's parameters, with their shapes.

        Returns:
            The module.

        Raises:
            ValueError: ``strict`` and a name is unknown or missing, a shape differs, or
                something is no array.

        Example:
            >>> layer = nn.Linear(2, 1, bias=False)
            >>> layer.load_weights([("weight", mx.ones((1, 2)))]).weight
            array([[1, 1]], dtype=float32)
        """
        named: Any = file_or_weights
        if not (is_dict(named) or is_sequence(named)):
            named = mx.load(str(named))
        weights: dict[str, Any] = dict(named)
        if strict:
            _check_weights(weights, tree_flatten(self.parameters(), destination={}))
        if weights:
            self.update(tree_unflatten(weights), strict=False)
        return self

    def save_weights(self, file: str | os.PathLike[str]) -> None:
        """Write the parameters to a .npz or .safetensors file.

        Args:
            file: the path; its ending decides the format.

        Raises:
            ValueError: the ending is neither of the two.

        Example:
            >>> layer = nn.Linear(2, 1)
            >>> layer.save_weights("layer.safetensors")
            >>> sorted(mx.load("layer.safetensors"))
            ['bias', 'weight']
        """
        weights = tree_flatten(self.parameters(), destination={})
        name = str(file)
        if name.endswith(".npz"):
            mx.savez(name, **weights)
        elif name.endswith(".safetensors"):
            mx.save_safetensors(name, weights)
        else:
            raise ValueError(f"[Module.save_weights] expected a file that ends in .npz or .safetensors, got {name}")

    # Views of the tree.

    @staticmethod
    def is_module(value: Any) -> bool:
        """Return whether ``value`` is a Module.

        Example:
            >>> nn.Module.is_module(nn.ReLU())
            True
        """
        return isinstance(value, Module)

    @staticmethod
    def valid_child_filter(module: Module, key: str, value: Any) -> bool:
        """Accept what is or may hold a child: modules, dicts and lists.

        Args:
            module: whose item it is.
            key: its name.
            value: the item.

        Example:
            >>> layer = nn.Sequential(nn.ReLU())
            >>> [k for k, v in layer.items() if nn.Module.valid_child_filter(layer, k, v)]
            ['layers']
        """
        return isinstance(value, (dict, list))

    @staticmethod
    def valid_parameter_filter(module: Module, key: str, value: Any) -> bool:
        """Accept what is or may hold a parameter, unless its name is private.

        Args:
            module: whose item it is.
            key: its name.
            value: the item.

        Example:
            >>> layer = nn.RMSNorm(2)
            >>> [k for k, v in layer.items() if nn.Module.valid_parameter_filter(layer, k, v)]
            ['weight']
        """
        return isinstance(value, (mx.array, dict, list)) and not key.startswith("_")

    @staticmethod
    def trainable_parameter_filter(module: Module, key: str, value: Any) -> bool:
        """Accept what :meth:`valid_parameter_filter` does, unless it is frozen.

        Args:
            module: whose item it is.
            key: its name.
            value: the item.

        Example:
            >>> layer = nn.RMSNorm(2).freeze()
            >>> [k for k, v in layer.items() if nn.Module.trainable_parameter_filter(layer, k, v)]
            []
        """
        return Module.valid_parameter_filter(module, key, value) and key not in module._no_grad

    def filter_and_map(
        self,
        filter_fn: Filter,
        map_fn: Callable[[Any], Any] | None = None,
        is_leaf_fn: Filter | None = None,
    ) -> dict[str, Any]:
        """Build a tree of plain dicts and lists from part of the items.

        Args:
            filter_fn: called as ``filter_fn(module, key, value)``; what it refuses
                is left out, or is ``{}`` inside a list or dict.
            map_fn: applied to each leaf; the leaf itself if absent.
            is_leaf_fn: says where to stop; by default at whatever is neither a
                module nor a dict nor a list.

        Returns:
            The tree. A key inside a container is its path from the module.

        Raises:
            RuntimeError: a value that cannot be entered is not a leaf.

        Example:
            >>> layer = nn.Linear(2, 3)
            >>> layer.filter_and_map(nn.Module.valid_parameter_filter, lambda p: p.shape)
            {'weight': (3, 2), 'bias': (3,)}
        """
        return _Selection(filter_fn, map_fn, is_leaf_fn or _is_no_container).members(self)

    def parameters(self) -> dict[str, Any]:
        """Return all parameters as a tree of dicts and lists of arrays.

        Example:
            >>> nn.RMSNorm(2).parameters()
            {'weight': array([1, 1], dtype=float32)}
        """
        return self.filter_and_map(self.valid_parameter_filter)

    def trainable_parameters(self) -> dict[str, Any]:
        """Return the parameters that are not frozen, as a tree.

        Example:
            >>> sorted(nn.Linear(2, 3).freeze(keys="weight").trainable_parameters())
            ['bias']
        """
        return self.filter_and_map(self.trainable_parameter_filter)

    def children(self) -> dict[str, Any]:
        """Return the direct children as a tree of dicts and lists of modules.

        Example:
            >>> nn.Sequential(nn.ReLU(), nn.Tanh()).children()
            {'layers': [ReLU(), Tanh()]}
        """
        return self.filter_and_map(self.valid_child_filter, is_leaf_fn=lambda _, __, v: isinstance(v, Module))

    def leaf_modules(self) -> dict[str, Any]:
        """Return the modules without children of their own, as a tree.

        Example:
            >>> nn.Sequential(nn.RMSNorm(2), nn.Dropout(0.5)).leaf_modules()
            {'layers': [RMSNorm(2, eps=1e-05), Dropout(p=0.5)]}
        """

        def is_leaf(_: Module, __: str, value: Any) -> bool:
            return isinstance(value, Module) and not tree_flatten(value.children())

        return self.filter_and_map(self.valid_child_filter, is_leaf_fn=is_leaf)

    def apply_to_modules(self, apply_fn: Callable[[str, Module], Any]) -> Module:
        """Call ``apply_fn(path, module)`` on this module and all below it.

        Returns:
            The module.

        Example:
            >>> _ = nn.Sequential(nn.ReLU()).apply_to_modules(lambda path, m: print(repr(path), type(m).__name__))
            '' Sequential
            'layers.0' ReLU
        """
        pending: list[tuple[str, Module]] = [("", self)]
        while pending:
            path, module = pending.pop()
            apply_fn(path, module)
            tree_flatten(
                module.children(),
                prefix=f".{path}" if path else "",
                is_leaf=self.is_module,
                destination=pending,
            )
        return self

    def modules(self) -> list[Module]:
        """List this module and all below it.

        Example:
            >>> [type(m).__name__ for m in nn.Sequential(nn.ReLU(), nn.Tanh()).modules()]
            ['Sequential', 'Tanh', 'ReLU']
        """
        return [module for _, module in self.named_modules()]

    def named_modules(self) -> list[tuple[str, Module]]:
        """List this module and all below it with their paths; its own is ``""``.

        Example:
            >>> [path for path, _ in nn.Sequential(nn.ReLU(), nn.Tanh()).named_modules()]
            ['', 'layers.1', 'layers.0']
        """
        found: list[tuple[str, Module]] = []
        self.apply_to_modules(lambda path, module: found.append((path, module)))
        return found

    # Changes in place.

    # A tree, not a dict's items, and it returns the module, as apply and the others do.
    def update(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, parameters: dict[str, Any], strict: bool = True
    ) -> Module:
        """Replace parameters by those of a tree, which may cover only some.

        Args:
            parameters: a tree as :meth:`parameters` returns.
            strict: refuse names that the module lacks and values that are no arrays.

        Returns:
            The module.

        Raises:
            ValueError: ``strict`` and the trees do not match.

        Example:
            >>> nn.RMSNorm(2).update({"weight": mx.array([3.0, 4.0])}).weight
            array([3, 4], dtype=float32)
        """
        _assign_arrays(self, parameters, strict)
        return self

    def update_modules(self, modules: dict[str, Any], strict: bool = True) -> Module:
        """Replace children by those of a tree, which may cover only some.

        Args:
            modules: a tree as :meth:`children` or :meth:`leaf_modules` returns.
            strict: refuse names that the module lacks and values that are no modules.

        Returns:
            The module.

        Raises:
            ValueError: ``strict`` and the trees do not match.

        Example:
            >>> nn.Sequential(nn.ReLU()).update_modules({"layers": [nn.Tanh()]})
            Sequential(
              (layers.0): Tanh()
            )
        """
        _assign_modules(self, modules, strict)
        return self

    def apply(
        self,
        map_fn: Callable[[mx.array], mx.array],
        filter_fn: Filter | None = None,
    ) -> Module:
        """Replace each parameter ``p`` by ``map_fn(p)``.

        Args:
            map_fn: called on each array.
            filter_fn: which items to visit; all parameters if absent.

        Returns:
            The module.

        Example:
            >>> layer = nn.RMSNorm(2).apply(lambda p: p * 3)
            >>> layer.weight
            array([3, 3], dtype=float32)
        """
        return self.update(self.filter_and_map(filter_fn or Module.valid_parameter_filter, map_fn))

    def set_dtype(
        self,
        dtype: mx.Dtype,
        predicate: Callable[[mx.Dtype], bool] | None = lambda x: mx.issubdtype(x, mx.floating),
    ) -> None:
        """Cast the parameters.

        Args:
            dtype: the type to cast to.
            predicate: says of a parameter's dtype whether to cast it; by default
                the floating ones are, with ``None`` all.

        Example:
            >>> layer = nn.RMSNorm(2)
            >>> layer.set_dtype(mx.float16)
            >>> layer.weight
            array([1, 1], dtype=float16)
        """

        def cast(parameter: mx.array) -> mx.array:
            wanted = predicate is None or predicate(parameter.dtype)
            return parameter.astype(dtype) if wanted else parameter

        self.apply(cast)

    def freeze(
        self,
        *,
        recurse: bool = True,
        keys: str | list[str] | None = None,
        strict: bool = False,
    ) -> Module:
        """Exclude parameters from training.

        Args:
            recurse: also in the modules below.
            keys: names of parameters; all if absent.
            strict: require that each name exists in one of the modules.

        Returns:
            The module.

        Raises:
            KeyError: ``strict`` and a name does not exist.

        Example:
            >>> nn.RMSNorm(2).freeze().trainable_parameters()
            {}
        """

        def own_parameters(module: Module) -> list[str]:
            own = module.filter_and_map(lambda m, k, v: not isinstance(v, Module) and m.valid_parameter_filter(m, k, v))
            return [path for path, _ in tree_flatten(own)]

        names = self._existing_names("freeze", keys, recurse, strict)
        for module in self.modules() if recurse else [self]:
            module._no_grad.update(own_parameters(module) if names is None else names)
        return self

    def unfreeze(
        self,
        *,
        recurse: bool = True,
        keys: str | list[str] | None = None,
        strict: bool = False,
    ) -> Module:
        """Undo :meth:`freeze`.

        Args:
            recurse: also in the modules below.
            keys: names of parameters; all if absent.
            strict: require that each name exists in one of the modules.

        Returns:
            The module.

        Raises:
            KeyError: ``strict`` and a name does not exist.

        Example:
            >>> nn.RMSNorm(2).freeze().unfreeze().trainable_parameters()
            {'weight': array([1, 1], dtype=float32)}
        """
        names = self._existing_names("unfreeze", keys, recurse, strict)
        for module in self.modules() if recurse else [self]:
            if names is None:
                module._no_grad.clear()
            else:
                module._no_grad.difference_update(names)
        return self

    def _existing_names(
        self, function: str, keys: str | list[str] | None, recurse: bool, strict: bool
    ) -> list[str] | None:
        if keys is None:
            return None
        names = [keys] if isinstance(keys, str) else list(keys)
        members = self.modules() if recurse else [self]
        for name in names if strict else []:
            if not any(name in module for module in members):
                raise KeyError(f"[Module.{function}] expected names of members, got '{name}'")
        return names

    def _set_training_mode(self, mode: bool) -> None:
        self._training = mode

    def train(self, mode: bool = True) -> Module:
        """Set training mode here and below; Dropout, for one, depends on it.

        Args:
            mode: False leaves training mode.

        Returns:
            The module.

        Example:
            >>> nn.Dropout(0.5).train(False).training
            False
        """
        return self.apply_to_modules(lambda _, module: module._set_training_mode(mode))

    def eval(self) -> Module:
        """Leave training mode, here and below.

        Returns:
            The module.

        Example:
            >>> nn.Dropout(0.5).eval()(mx.ones((2,)))
            array([1, 1], dtype=float32)
        """
        return self.train(False)


class _Selection:
    """What `filter_and_map` was asked for, on its way down the tree."""

    def __init__(self, wanted: Filter, map_fn: Callable[[Any], Any] | None, is_leaf: Filter) -> None:
        self.wanted, self.map_fn, self.is_leaf = wanted, map_fn, is_leaf

    def members(self, module: Module) -> dict[str, Any]:
        return {k: self.convert(module, k, v) for k, v in module.items() if self.wanted(module, k, v)}

    def convert(self, module: Module, key: str, value: Any) -> Any:
        if self.is_leaf(module, key, value):
            return value if self.map_fn is None else self.map_fn(value)
        if isinstance(value, Module):
            return self.members(value)
        if is_dict(value):
            return {k: self.inner(module, f"{key}.{k}", v) for k, v in value.items()}
        if is_list(value):
            return [self.inner(module, f"{key}.{i}", v) for i, v in enumerate(value)]
        raise RuntimeError(
            "[Module.filter_and_map] expected a module, a dict or a list where "
            f"is_leaf_fn refused '{key}', got {type(value).__name__}"
        )

    def inner(self, module: Module, key: str, value: Any) -> Any:
        return self.convert(module, key, value) if self.wanted(module, key, value) else {}


def _is_no_container(module: Module, key: str, value: Any) -> bool:
    return not isinstance(value, (dict, list))


def _check_weights(new: dict[str, Any], current: dict[str, mx.array]) -> None:
    """Raise ValueError unless ``new`` has the names and shapes of ``current``."""
    where = "[Module.load_weights] expected"
    if extra := sorted(new.keys() - current.keys()):
        raise ValueError(
            f"{where} parameters of the model, got {len(extra)} that are parameters not in model: {', '.join(extra)}"
        )
    if missing := sorted(current.keys() - new.keys()):
        raise ValueError(f"{where} all parameters, got none for {len(missing)}; missing: {', '.join(missing)}")
    for name, parameter in current.items():
        value = new[name]
        if not isinstance(value, mx.array):
            raise ValueError(f"{where} an array for parameter {name}, got {type(value).__name__}")
        if value.shape != parameter.shape:
            raise ValueError(f"{where} shape {parameter.shape} for parameter {name}, got {value.shape}")


def _assign_arrays(target: Any, source: Any, strict: bool) -> None:
    for key, current, new in _pairs("update", "parameter", target, source, strict):
        # filter_and_map leaves an empty dict where it refused an item of a list.
        if is_dict(new) and not new:
            continue
        if not isinstance(current, mx.array):
            _assign_arrays(current, new, strict)
        elif strict and not isinstance(new, mx.array):
            raise ValueError(f"[Module.update] expected an array for '{key}', got {type(new).__name__}")
        else:
            target[key] = new


def _assign_modules(target: Any, source: Any, strict: bool) -> None:
    name = "update_modules"
    for key, current, new in _pairs(name, "sub-module", target, source, strict):
        if isinstance(current, Module) and isinstance(new, Module):
            target[key] = new
        elif is_dict(current) or is_list(current):
            _assign_modules(current, new, strict)
        elif strict and not (is_dict(new) and not new):
            raise ValueError(
                f"[Module.{name}] expected nothing for '{key}', which is no module, got {type(new).__name__}"
            )


def _pairs(function: str, kind: str, target: Any, source: Any, strict: bool) -> Iterator[tuple[Any, Any, Any]]:
    """Yield ``(key, old, new)`` for each entry of ``source`` that ``target`` has."""
    entries: Iterable[tuple[Any, Any]] = ()
    known: Any = ()
    if is_dict(source):
        entries = list(source.items())
        known = target if is_dict(target) else ()
    elif is_list(source):
        entries = enumerate(source)
        known = range(len(target)) if is_list(target) else ()
    elif strict:
        raise ValueError(f"[Module.{function}] expected a dict or a list of {kind}s, got {type(source).__name__}")
    for key, new in entries:
        if key in known:
            yield key, target[key], new
        elif strict:
            raise ValueError(f"[Module.{function}] expected only {kind}s of the module, got '{key}'")

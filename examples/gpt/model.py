# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A GPT over bytes: attention with rotary positions, squared-relu layers, RMS norms."""

from functools import partial

import mlxir as mx
import numpy as np
from mlxir import nn

BYTES = 256


class Attention(nn.Module):
    """Causal self-attention; positions enter by rotating queries and keys."""

    def __init__(self, dims: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dims, 3 * dims, bias=False)
        self.out = nn.Linear(dims, dims, bias=False)

    def __call__(self, x: mx.array) -> mx.array:
        batch, length, dims = x.shape
        head_dims = dims // self.heads

        def split_heads(y: mx.array) -> mx.array:
            return y.reshape(batch, length, self.heads, head_dims).transpose(0, 2, 1, 3)

        rotate = partial(mx.fast.rope, dims=head_dims, traditional=False, base=10000.0, scale=1.0, offset=0)
        queries, keys, values = map(split_heads, mx.split(self.qkv(x), 3, axis=-1))
        mixed = mx.fast.scaled_dot_product_attention(
            rotate(queries), rotate(keys), values, scale=head_dims**-0.5, mask="causal"
        )
        return self.out(mixed.transpose(0, 2, 1, 3).reshape(batch, length, dims))


class Block(nn.Module):
    """One layer: attention, then a small network at each position."""

    def __init__(self, dims: int, heads: int) -> None:
        super().__init__()
        self.attention_norm = nn.RMSNorm(dims)
        self.attention = Attention(dims, heads)
        self.mlp_norm = nn.RMSNorm(dims)
        self.up = nn.Linear(dims, 4 * dims, bias=False)
        self.down = nn.Linear(4 * dims, dims, bias=False)

    def __call__(self, x: mx.array) -> mx.array:
        x = x + self.attention(self.attention_norm(x))
        return x + self.down(nn.relu2(self.up(self.mlp_norm(x))))


class GPT(nn.Module):
    """Map bytes, (batch, length), to logits of the next byte, (batch, length, 256)."""

    def __init__(self, layers: int, dims: int, heads: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(BYTES, dims)
        self.layers = [Block(dims, heads) for _ in range(layers)]
        self.norm = nn.RMSNorm(dims)
        self.head = nn.Linear(dims, BYTES, bias=False)

    def __call__(self, tokens: mx.array) -> mx.array:
        x = self.embedding(tokens)
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))

    def loss(self, tokens: mx.array) -> mx.array:
        """Score each byte but the first by those before it, in nats per byte."""
        logits = self(tokens[:, :-1])
        return nn.losses.cross_entropy(logits, tokens[:, 1:], reduction="mean")


def generate(model: GPT, prompt: np.ndarray, length: int, seed: int, temperature: float = 0.8) -> bytes:
    """Continue a prompt by sampling ``length`` bytes, each from a window as long as the prompt."""

    @partial(mx.jit, state=model.state)
    def extend(window: mx.array, key: mx.array) -> mx.array:
        logits = model(window)[:, -1] / temperature
        byte = mx.random.categorical(logits, key=key).astype(window.dtype)
        return mx.concatenate([window[:, 1:], byte[:, None]], axis=1)

    window, key, written = mx.array(prompt[None]), mx.random.key(seed), bytearray()
    for _ in range(length):
        key, draw = mx.random.split(key)
        window = extend(window, draw)
        written.append(window[0, -1].item())
    return bytes(written)

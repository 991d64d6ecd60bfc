# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Memory: counters, buffers that are taken over, buffers that must not be, and no leaks."""

import gc
import threading

import mlxir as mx
import numpy as np
import pytest
from mlxir import nn, optimizers as optim

N = 1024  # a float32 matrix of 4 MiB
BYTES = 4 * N * N
SLACK = 1 << 20


@pytest.fixture(autouse=True, scope="module")
def no_guards():
    """Between guards, temporaries do not share memory."""
    mx._core.set_guards(False)
    yield
    mx._core.set_guards(True)


def matrix(seed=0):
    values = np.random.default_rng(seed).standard_normal((N, N)).astype(np.float32)
    array = mx.array(values)
    mx.eval(array)
    return values, array


def peak_of(call):
    """The most that `call` needed above what was live before it."""
    gc.collect()
    before = mx.get_active_memory()
    mx.reset_peak_memory()
    call()
    return mx.get_peak_memory() - before


def address(array):
    return np.asarray(array).__array_interface__["data"][0]


# Counters.


def test_counters_follow_what_is_live():
    mx.clear_cache()
    before = mx.get_active_memory()
    _, a = matrix()
    assert BYTES <= mx.get_active_memory() - before <= BYTES + SLACK
    mx.reset_peak_memory()
    assert mx.get_peak_memory() == mx.get_active_memory()
    del a
    assert mx.get_active_memory() - before < SLACK
    assert mx.get_peak_memory() - before >= BYTES
    assert mx.get_cache_memory() >= BYTES
    mx.clear_cache()
    assert mx.get_cache_memory() == 0


def test_temporaries_share_memory():
    _, a = matrix()

    @mx.jit
    def chain(x):
        for _ in range(8):
            x = mx.tanh(x @ x)
        return x

    mx.eval(chain(a))
    # Each product is read by the next: two temporaries take turns, beside the result.
    assert peak_of(lambda: mx.eval(chain(a))) <= 3 * BYTES + SLACK


def test_results_are_written_over_temporaries_that_end():
    _, a = matrix()

    @mx.jit
    def softmax_of_product(x):
        scores = x @ x
        scores = mx.exp(scores - scores.max(axis=-1, keepdims=True))
        return scores / scores.sum(axis=-1, keepdims=True)

    mx.eval(softmax_of_product(a))
    assert peak_of(lambda: mx.eval(softmax_of_product(a))) <= BYTES + SLACK


# Donation.


def updater(state, update=lambda x: x * 2 + 1):
    def step():
        state["x"] = update(state["x"])

    return mx.jit(step, state=state)


def test_state_is_updated_in_place():
    values, a = matrix()
    state = {"x": a}
    del a
    step = updater(state)
    step()
    place = address(state["x"])
    assert peak_of(step) < SLACK
    assert address(state["x"]) == place
    np.testing.assert_array_equal(np.array(state["x"]), (values * 2 + 1) * 2 + 1)


def test_eager_update_is_in_place():
    _, a = matrix()

    def update():
        nonlocal a
        a = a * 2 + 1
        mx.eval(a)

    update()
    assert peak_of(update) < SLACK


def adam_step(model):
    optimizer = optim.Adam(1e-3)
    optimizer.init(model.trainable_parameters())
    loss_and_gradients = nn.value_and_grad(model, lambda x: mx.mean(mx.square(model(x))))

    def step(x):
        loss, gradients = loss_and_gradients(x)
        optimizer.update(model, gradients)
        return loss

    return step, optimizer


def test_optimizer_state_is_updated_in_place():
    model = nn.Linear(N, N, bias=False)
    step, optimizer = adam_step(model)
    step = mx.jit(step, state=[model.state, optimizer.state])
    x = mx.ones((4, N))
    for _ in range(2):
        mx.eval(step(x))
    assert mx.get_active_memory() >= 3 * BYTES
    # The gradient alone is new.
    assert peak_of(lambda: mx.eval(step(x))) <= BYTES + SLACK


def test_a_numpy_view_keeps_its_values():
    values, a = matrix()
    state = {"x": a}
    del a
    view = np.asarray(state["x"])
    assert view.__array_interface__["data"][0] == address(state["x"])
    step = updater(state)
    step()
    np.testing.assert_array_equal(view, values)
    np.testing.assert_array_equal(np.array(state["x"]), values * 2 + 1)


@pytest.mark.parametrize("export", [memoryview, np.from_dlpack], ids=["memoryview", "dlpack"])
def test_an_exported_buffer_keeps_its_values(export):
    values, a = matrix()
    state = {"x": a}
    del a
    view = export(state["x"])
    updater(state)()
    np.testing.assert_array_equal(np.asarray(view), values)


def test_another_reference_keeps_its_values():
    values, a = matrix()
    state = {"x": a}
    step = updater(state)
    step()
    np.testing.assert_array_equal(np.array(a), values)
    same = state["x"]
    step()
    np.testing.assert_array_equal(np.array(same), values * 2 + 1)


def test_two_arrays_of_one_value_are_both_right():
    values, a = matrix()
    state = {"x": a, "y": mx.array(a)}
    del a

    def step():
        state["x"] = state["x"] * 2
        state["y"] = state["y"] + 1

    mx.jit(step, state=state)()
    np.testing.assert_array_equal(np.array(state["x"]), values * 2)
    np.testing.assert_array_equal(np.array(state["y"]), values + 1)


def test_one_array_twice_in_the_state():
    values, a = matrix()
    state = {"x": a, "y": a}
    del a

    def step():
        state["x"] = state["x"] * 2

    mx.jit(step, state=state)()
    np.testing.assert_array_equal(np.array(state["x"]), values * 2)
    np.testing.assert_array_equal(np.array(state["y"]), values)


def test_a_captured_array_in_the_state_keeps_its_values():
    _, a = matrix()
    state = {"x": a}
    # When the array is gone from here, the state alone refers to it.
    total = mx.jit(lambda: mx.sum(a[0]))  # noqa: F821
    before = total().item()
    step = updater(state)
    del a
    step()
    assert total().item() == before


def test_arguments_keep_their_values():
    values, a = matrix()
    f = mx.jit(lambda x: x * 2)
    np.testing.assert_array_equal(np.array(f(a)), values * 2)
    np.testing.assert_array_equal(np.array(a), values)


def test_mapped_weights_keep_their_file(tmp_path):
    values, a = matrix()
    mx.save_safetensors(str(tmp_path / "w"), {"x": a})
    state = mx.load(str(tmp_path / "w.safetensors"))
    step = updater(state)
    step()
    step()
    np.testing.assert_array_equal(np.array(state["x"]), (values * 2 + 1) * 2 + 1)
    np.testing.assert_array_equal(np.array(mx.load(str(tmp_path / "w.safetensors"))["x"]), values)


def test_borrowed_memory_is_not_written():
    values = np.ones((N, N), np.float32)
    state = {"x": mx.from_dlpack(values)} if hasattr(mx, "from_dlpack") else {"x": mx.array(values)}
    updater(state)()
    assert (values == 1).all()


FAULTY = """
import mlxir as mx
import numpy as np
values = np.arange(1 << 16, dtype=np.float32)
state = {"x": mx.array(values), "y": mx.array(values)}

def update():
    state["x"] = mx.tanh(state["x"] * 1e-3) + 1
    state["y"] = (state["y"].reshape(256, 256) @ state["x"].reshape(256, 256)).reshape(-1)

step = mx.jit(update, state=state)
mx.eval(state)
step()
before = [np.array(state[k]) for k in "xy"]
mx.eval(state)
set_faults(FAULT)
failed = False
try:
    step()
except (RuntimeError, MemoryError):
    failed = True
set_faults("")
assert failed
for k, old in zip("xy", before):
    np.testing.assert_array_equal(np.array(state[k]), old)
step()
step()
copy = {"x": mx.array(before[0]), "y": mx.array(before[1])}
for _ in range(2):
    copy["x"] = mx.tanh(copy["x"] * 1e-3) + 1
    copy["y"] = (copy["y"].reshape(256, 256) @ copy["x"].reshape(256, 256)).reshape(-1)
for k in "xy":
    np.testing.assert_array_equal(np.array(state[k]), np.array(copy[k]))
"""


@pytest.mark.parametrize("fault", ["launch:1", "alloc:1"])
def test_a_step_that_fails_leaves_the_state_as_it_was(fault):
    from mlxir._core import set_faults

    try:
        exec(FAULTY, {"FAULT": fault, "set_faults": set_faults})
    finally:
        set_faults("")


def test_a_counter_keeps_no_step_from_being_stopped():
    from mlxir._core import set_faults

    state = {"n": mx.array(0), "x": matrix()[1]}

    def update():
        state["n"] = state["n"] + 1
        state["x"] = mx.tanh(state["x"] @ state["x"]) @ state["x"]

    step = mx.jit(update, state=state)
    step()
    before = np.array(state["x"])
    try:
        set_faults("launch:3")  # the counter, a product, and the other
        with pytest.raises(RuntimeError, match="launch"):
            step()
    finally:
        set_faults("")
    assert state["n"].item() == 1
    np.testing.assert_array_equal(np.array(state["x"]), before)


def test_threads_share_a_state_that_is_updated_in_place():
    state = {"x": mx.zeros((256, 256)), "n": mx.array(0)}
    mx.eval(state)

    def update():
        state["x"] = state["x"] + 1
        state["n"] = state["n"] + 1

    step = mx.jit(update, state=state)
    step()
    errors = []

    def work(reads):
        try:
            for _ in range(60):
                if reads:
                    x = np.array(state["x"])
                    assert (x == x[0, 0]).all()
                else:
                    step()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(i % 2 == 1,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    # Two steps at once may start from the same state, but every value is that of some number of steps.
    assert 60 <= state["n"].item() <= 121
    x = np.array(state["x"])
    assert (x == x[0, 0]).all()


UPDATES = {
    "map": lambda s, t: (s * t + 1, t - s),
    "swap": lambda s, t: (t * 1.5, s * 0.5),
    "transposed": lambda s, t: (s + s.T, t.T * 2),
    "reversed": lambda s, t: (s[::-1] + t, t[:, ::-1] * 2),
    "rolled": lambda s, t: (mx.roll(s, 1, 0) + s, mx.roll(t, 3, 1)),
    "softmax": lambda s, t: (mx.softmax(s, axis=-1), t - t.max(axis=-1, keepdims=True)),
    "columns": lambda s, t: (s - s.mean(axis=0, keepdims=True), t / (1 + mx.abs(t).sum(axis=0))),
    "everything": lambda s, t: (s - s.mean(), s * 0.5 + t.sum() * 1e-6),
    "product": lambda s, t: (s @ t * 1e-2 + s, t @ s * 1e-2 + s.T),
    "chain": lambda s, t: (mx.tanh(s @ s * 1e-2) @ t * 1e-2 + t, s),
    "scatter": lambda s, t: (s.at[mx.array([3, 3, 1])].add(t[:3]), t.at[mx.array([0])].add(t[5:6])),
    "taken": lambda s, t: (mx.take(s, mx.array([2, 1, 0] * (s.shape[0] // 3 + 1))[: s.shape[0]], axis=0) + s, t * s),
    "pieces": lambda s, t: (mx.concatenate([s[3:], t[:3]], axis=0), mx.concatenate([t[:, 1:], s[:, :1]], axis=1)),
    "broadcast": lambda s, t: (s + t[0], t * s[:, :1]),
    "written in place": lambda s, t: (_write(s, t), t + 1),
}


def _write(s, t):
    s[1:3] = t[:2] * 2
    return s


@pytest.mark.parametrize("sizes", [[150], [70, 96, 150]], ids=["constant", "symbolic"])
@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)
def test_updates_in_place_are_exact(update, sizes):
    for n in sizes:
        rng = np.random.default_rng(n)
        given = [mx.array(rng.standard_normal((n, n)).astype(np.float32)) for _ in range(2)]
        mx.eval(given)
        # What the caller still holds is not taken over.
        apart = mx.jit(lambda s, t: update(s, t))
        expected = apart(*apart(*given))
        state = {"s": mx.array(np.array(given[0])), "t": mx.array(np.array(given[1]))}
        mx.eval(state)

        def step():
            state["s"], state["t"] = update(state["s"], state["t"])  # noqa: B023

        step = mx.jit(step, state=state)
        step()
        step()
        np.testing.assert_array_equal(np.array(state["s"]), np.array(expected[0]))
        np.testing.assert_array_equal(np.array(state["t"]), np.array(expected[1]))


# Leaks.


def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


@pytest.mark.parametrize("how", ["jit", "eager"])
def test_no_leak_over_1000_steps(how):
    model = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 64))
    step, optimizer = adam_step(model)
    if how == "jit":
        step = mx.jit(step, state=[model.state, optimizer.state])
    x = mx.ones((8, 64))
    seen = []
    for i in range(1100):
        mx.eval(step(x), model.state, optimizer.state)
        if i % 500 == 99:
            gc.collect()
            seen.append((mx.get_active_memory(), mx.cache.info()["compiles"], resident()))
    (active, compiles, bytes_then), (_, _, _), (active_now, compiles_now, bytes_now) = seen
    assert active_now == active
    assert compiles_now == compiles
    assert bytes_now - bytes_then < 4 << 20

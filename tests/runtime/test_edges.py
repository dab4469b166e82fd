"""Interrupts, sizes that kernels insist on, results that are too large, many inputs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import numpy as np
import pytest

import modc.runtime
from modc import config
from modc.errors import ShapeError
from modc.runtime import Input, Output, Spec


@pytest.fixture
def patient(runtime, kernel):
    if runtime.__name__.endswith("pure"):
        pytest.skip("kernels called through cffi are not polled")
    lock = runtime.Lock()
    cell = runtime.Cell("s", "float64", 0, lock=lock)
    cell.value = 0.0
    return runtime.bind(kernel("patient"), Spec("Patient.run", [], [cell], [True]), lock), cell


def _raise_soon(handler):
    old = signal.signal(signal.SIGINT, handler)
    timer = subprocess.Popen(
        [sys.executable, "-c", f"import os, time; time.sleep(0.2); os.kill({os.getpid()}, 2)"]
    )
    return old, timer


def test_ctrl_c_stops_a_kernel_before_it_stores(patient):
    call, cell = patient
    old, timer = _raise_soon(signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            call()
    finally:
        signal.signal(signal.SIGINT, old)
        timer.wait()
    assert 0.0 == cell.value
    cell.value = 1.0
    call()
    assert 2.0 == cell.value


def test_a_handler_that_swallows_the_signal_lets_the_call_start_again(patient):
    call, cell = patient

    def handler(number, frame):
        cell.value = 5.0

    old, timer = _raise_soon(handler)
    try:
        call()
    finally:
        signal.signal(signal.SIGINT, old)
        timer.wait()
    assert 6.0 == cell.value


@pytest.mark.parametrize("size", [2**62, 2**61, -1, 2**57])
def test_results_that_cannot_be_are_memory_errors(runtime, kernel, size):
    spec = Spec("Huge.run", [Input("n", "int64", 0)], outputs=[Output("float64", 1)], result="one")
    call = runtime.bind(kernel("huge"), spec, runtime.Lock())
    with pytest.raises(MemoryError):
        call(size)
    assert (3,) == call(3).shape
    assert (0,) == call(0).shape


def test_sizes_that_the_kernel_insists_on_are_checked(runtime, kernel):
    lock = runtime.Lock()
    v = runtime.Cell("v", "float64", 1, lock=lock)
    v.value = [0.0] * 3
    spec = Spec("Three.run", [Input("x", "float64", 1)], [v], [True])
    call = runtime.bind(kernel("three"), spec, lock)
    call([1, 2, 3])
    assert [1.0, 2.0, 3.0] == v.value.tolist()
    with pytest.raises(ShapeError, match=r"Three\.run: argument 'x' has shape \(4,\): axis 0"):
        call([1, 2, 3, 4])
    v.value = [1.0]
    with pytest.raises(ShapeError, match=r"Three\.run: member 'v' has shape \(1,\): axis 0"):
        call([1, 2, 3])
    assert [1.0] == v.value.tolist()


def test_a_member_that_is_only_written_may_hold_nothing(runtime, kernel):
    lock = runtime.Lock()
    v = runtime.Cell("v", "float64", 1, 3, lock=lock)
    spec = Spec("Three.run", [Input("x", "float64", 1)], [v], [True], unread=[True])
    call = runtime.bind(kernel("three"), spec, lock)
    with pytest.raises(TypeError):
        call("x")
    assert v.value is None
    call([1, 2, 3])
    assert [1.0, 2.0, 3.0] == v.value.tolist()
    view = v.value
    call(view[::-1])
    assert [3.0, 2.0, 1.0] == view.tolist()


def test_many_inputs(runtime, kernel):
    spec = Spec(
        "Forty.run", [Input(f"x{i}", "float64", 0, default=i) for i in range(40)],
        outputs=[Output("float64", 0)], result="one",
    )  # fmt: skip
    call = runtime.bind(kernel("forty"), spec, runtime.Lock())
    assert sum(range(40)) == call()
    assert sum(range(40)) - 39 + 1000 == call(x39=1000.0)
    assert sum(range(40)) + 5 == call(*range(5, 6), x1=1)
    with pytest.raises(TypeError, match="x39"):
        call(*range(40), x39=1)


def test_recycling_can_be_switched_off(runtime, kernel, accumulator):
    acc = accumulator()
    with config.using(MODC_RECYCLE="0"):
        add = runtime.bind(kernel("add"), acc.spec, acc.lock)
    result = add(1.0)
    assert 2 == sys.getrefcount(result)


def test_a_result_that_was_changed_is_not_handed_out_again(vector):
    v = vector(np.zeros(4))
    for change in (
        lambda array: array.setflags(write=False),
        lambda array: array.resize((9,), refcheck=False),
        lambda array: array.fill(np.nan),
    ):
        for _ in range(4):
            v.cell.value = np.zeros(4)
            result = v.add(np.ones(4))
            assert [1.0] * 4 == result.tolist()
            assert result.flags.writeable
            change(result)
            del result


def test_chains_of_results(vector):
    v = vector(np.zeros(4))
    x = np.ones(4)
    for i in range(6):
        x = v.add(x)
        assert [2.0**i] * 4 == x.tolist()


def test_the_environment_chooses_the_runtime():
    code = "import modc.runtime as r; print(r.KIND, r.Cell.__module__)"
    for wanted in ("cffi", "numpy"):
        out = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "MODC_RUNTIME": wanted},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        assert [wanted, "modc.runtime.cell"] == out
    assert modc.runtime.KIND in ("c", "cffi", "numpy")

"""Threads, forks, signal handlers, collection: a call is seen whole or not at all."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
import weakref
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from modc.runtime import Input, Output, Spec

THREADS, CALLS = 4, 300
memory = pytest.mark.skipif(
    not sys.platform.startswith("linux") or "asan" in os.environ.get("LD_PRELOAD", ""),
    reason="reads /proc; a sanitizer keeps freed memory",
)
unix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and POSIX signals")


def _in_threads(work: Any) -> None:
    errors: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [] == errors
    assert not any(thread.is_alive() for thread in threads)


@pytest.fixture
def slow(runtime, kernel):
    """`slow.call(n)` runs without the GIL; its member is -1 while it does."""
    lock = runtime.Lock()
    cell = runtime.Cell("s", "int64", 0, lock=lock)
    cell.value = 0
    spec = Spec("Slow.run", [Input("n", "int64", 0)], [cell], [True])
    return SimpleNamespace(call=runtime.bind(kernel("slow"), spec, lock), cell=cell, lock=lock)


def test_one_instance_from_many_threads_loses_no_update(accumulator):
    acc = accumulator()
    _in_threads(lambda: [acc.add(1.0) for _ in range(CALLS)])
    assert THREADS * CALLS == acc.cell.value


def test_calls_without_the_gil_lose_no_update_and_copies_see_no_half_of_one(slow):
    seen = []

    def work():
        for _ in range(50):
            slow.call(2000)
            seen.append(int(slow.cell.copy()[()]))

    _in_threads(work)
    assert 50 * THREADS == slow.cell.value
    assert all(value > 0 for value in seen)


def test_shared_cells_have_their_own_lock(runtime, kernel):
    shared = runtime.Cell("shared", "float64", 0)
    shared.value = 0.0
    spec = Spec("Acc.add", [Input("inc", "float64", 0)], [shared], [True])
    calls = [runtime.bind(kernel("add_only"), spec, runtime.Lock()) for _ in range(THREADS)]
    pending = list(calls)

    def work():
        call = pending.pop()
        for _ in range(CALLS):
            call(1.0)

    _in_threads(work)
    assert THREADS * CALLS == shared.value


def test_assignment_from_threads_is_whole(vector):
    v = vector(np.zeros(1000))

    def work():
        for i in range(50):
            v.cell.value = np.full(1000, float(i))
            value = v.cell.copy()
            assert value[0] == value[-1]

    _in_threads(work)


def _wait(pid: int) -> int:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -1


def _in_child(work: Any) -> int:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = 0 if work() else 2
        finally:
            os._exit(code)
    return _wait(pid)


@unix
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_fork_during_calls_of_another_thread_gives_a_whole_state(slow):
    stop = threading.Event()

    def work():
        while not stop.is_set():
            slow.call(20000)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for _ in range(10):

            def child():
                before = int(slow.cell.value)
                slow.call(1)
                return before >= 0 and int(slow.cell.value) == before + 1

            assert 0 == _in_child(child)
    finally:
        stop.set()
        thread.join()


@unix
def test_parent_and_child_have_separate_states(accumulator):
    acc = accumulator(1.0)
    assert 0 == _in_child(lambda: acc.add(5.0) == 6.0 and acc.cell.value == 6.0)
    assert 1.0 == acc.cell.value
    with acc.lock:
        assert 0 == _in_child(lambda: acc.add(5.0) == 6.0)
    assert 3.0 == acc.add(2.0)


@unix
def test_a_signal_handler_may_call_the_same_method(accumulator, vector):
    acc, v = accumulator(), vector([0.0, 0.0])
    inside = 0

    def handler(number, frame):
        nonlocal inside
        inside += 1
        acc.add(1.0)
        v.add([1.0, 1.0])

    old = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    outside = 0
    try:
        deadline = time.monotonic() + 20
        while inside < 30 and time.monotonic() < deadline:
            acc.add(1.0)
            v.add([1.0, 1.0])
            outside += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    assert inside >= 30
    assert outside + inside == acc.cell.value
    assert [outside + inside] * 2 == v.cell.value.tolist()


@unix
def test_a_thread_that_waits_for_the_lock_can_be_interrupted(accumulator):
    acc = accumulator()
    ready, leave = threading.Event(), threading.Event()

    def hold():
        with acc.lock:
            ready.set()
            leave.wait(30)

    thread = threading.Thread(target=hold)
    thread.start()
    ready.wait(10)
    old = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            acc.add(1.0)
    finally:
        signal.signal(signal.SIGALRM, old)
        leave.set()
        thread.join()
    assert 0.0 == acc.cell.value
    assert 1.0 == acc.add(1.0)


def test_an_input_whose_conversion_calls_the_method(accumulator):
    acc = accumulator()

    class Sly:
        def __array__(self, dtype=None, copy=None):
            acc.add(10.0)
            acc.add.set_default(0, 3.0)
            return np.array(1.0)

    assert 11.0 == acc.add(Sly())
    assert 14.0 == acc.add()


def test_cycles_through_a_callable_are_collected(runtime, kernel):
    class Owner:
        pass

    owner = Owner()
    lock = runtime.Lock()
    cell = runtime.Cell("state", "float64", 0, lock=lock)
    spec = Spec("Acc.add", [Input("inc", "float64", 0)], [cell], [True])
    owner.add = runtime.bind(kernel("add_only"), spec, lock, owner)
    dead = weakref.ref(owner), weakref.ref(owner.add)
    del owner, spec
    gc.collect()
    assert (None, None) == (dead[0](), dead[1]())


def _resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@memory
def test_calls_do_not_leak(runtime, accumulator, vector, kernel):
    acc, v = accumulator(default=1.0), vector(np.zeros(64))
    x = np.zeros(64, "f4")
    count = 100_000 if runtime.__name__.endswith("native") else 5_000

    def work(n):
        for i in range(n):
            acc.add(1.0)
            if i % 10 == 0:
                acc.add(inc=np.float32(1))
                acc.add()
                v.add(x)
                v.cell.value = x
                v.cell.value = None
                v.cell.value = np.zeros(64)
                for bad in ("1", None, [1, "2"]):
                    with pytest.raises(TypeError):
                        acc.add(bad)

    work(count // 20)
    gc.collect()
    before, blocks = _resident(), sys.getallocatedblocks()
    work(count)
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 900
    assert _resident() - before < 2 << 20


@memory
def test_bound_methods_do_not_leak(runtime, kernel):
    def work(n):
        for _ in range(n):
            lock = runtime.Lock()
            cell = runtime.Cell("v", "float64", 1, lock=lock)
            cell.value = np.zeros(100)
            spec = Spec(
                "V.add", [Input("x", "float64", 1, default=[1.0] * 100)], [cell], [True],
                [Output("float64", 1)], result="one",
            )  # fmt: skip
            runtime.bind(kernel("vector"), spec, lock)()

    work(500)
    gc.collect()
    before, blocks = _resident(), sys.getallocatedblocks()
    work(1000)
    gc.collect()
    assert sys.getallocatedblocks() - blocks < 900
    assert _resident() - before < 2 << 20

"""A fused chain of ten elementwise operations against NumPy, Numba and JAX, at three sizes.

    pip install ".[bench]" && python benchmarks/chain.py
"""

from __future__ import annotations

import os

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import numpy as np
from timing import interleaved, report

import modc.tensor as T
from modc import function


def chain(x, y, xp):
    """Ten operations: products, sums, a quotient, tanh, exp, sqrt."""
    a = x * y + 0.5
    b = xp.tanh(a) - y
    c = xp.exp(-b * b)
    return xp.sqrt(c + a * a) / (c + 1.0)


def contenders(size: int):
    """The same chain by each peer, over the same arrays; each checked against NumPy."""
    import jax
    import numba

    jax.config.update("jax_enable_x64", True)
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=size), rng.normal(size=size)

    vx, vy = T.dvectors("x", "y")
    compiled = function([vx, vy], chain(vx, vy, T))
    jitted = jax.jit(lambda x, y: chain(x, y, jax.numpy))
    jx, jy = jax.numpy.asarray(x), jax.numpy.asarray(y)

    @numba.njit
    def loop(x, y):
        out = np.empty_like(x)
        for i in range(len(x)):
            a = x[i] * y[i] + 0.5
            b = np.tanh(a) - y[i]
            c = np.exp(-b * b)
            out[i] = np.sqrt(c + a * a) / (c + 1.0)
        return out

    calls = {
        "modc": lambda: compiled(x, y),
        "numpy": lambda: chain(x, y, np),
        "numba": lambda: loop(x, y),
        "jax": lambda: jitted(jx, jy).block_until_ready(),
    }
    for call in calls.values():
        np.testing.assert_allclose(np.asarray(call()), chain(x, y, np), rtol=1e-12)
    return calls


def main() -> None:
    for size in (1000, 100_000, 10_000_000):
        rounds = 15 if size < 1e6 else 7
        report(f"chain of 10, {size:,} float64", interleaved(contenders(size), rounds), "modc")


if __name__ == "__main__":
    main()

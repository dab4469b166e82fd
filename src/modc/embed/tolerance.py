"""How far a right result may lie from the expected one: Monte Carlo arithmetic over a Program.

Input: a Program and arguments. Output: results of the same Program with every op that rounds disturbed at random
within its declared budget. Neighbours: `golden` takes the deviations of several such runs; `check` does the
like for one op.

Parker 1997, "Monte Carlo arithmetic: exploiting randomness in floating-point arithmetic"; the discrete variant is
CESTAC, Vignes 1993. The deviation shows how much the Program magnifies roundings, cancellation included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from modc.embed.numbers import Array, mixed
from modc.graph import Node, Program
from modc.graph.evaluate import Interpreter, Step
from modc.graph.ops_core import DIM

#: A tolerance is SAFE times the largest deviation of RUNS disturbed runs; of FEW runs where a call takes HEAVY flops.
RUNS, FEW, SAFE = 8, 4, 8.0
HEAVY = 20_000_000

#: Ops of family "map" whose results are exact whatever the compiler does.
_COPIES = frozenset(
    ["neg", "abs", "sign", "maximum", "minimum", "where", "floor", "ceil", "trunc", "round", "real", "imag", "conj", "complex"]
)


class Noise:
    """Random numbers of all disturbed runs of one export, the same in every process."""

    def __init__(self, seed: int) -> None:
        self.seed = seed * 1_000_003

    def signs(self, shape: tuple[int, ...]) -> Array:
        """Numbers in [-1, 1)."""
        self.seed += 1
        flat = mixed(self.seed, int(np.prod(shape, dtype=np.int64))) >> np.uint64(11)
        return np.asarray(flat.astype(np.float64) * 2.0**-52 - 1.0).reshape(shape)


class Disturbed(Interpreter):
    """The interpreter with a random error in every result that rounds."""

    def __init__(self, program: Program, noise: Noise) -> None:
        super().__init__(program.roots, (*program.inputs, *program.members))
        self.noise = noise

    def _run(self, step: Step, registers: list[Any], names: Mapping[str, int]) -> Array:
        found = super()._run(step, registers, names)
        if not step.node.dtype.is_inexact or not found.size:
            return found
        operands = [registers[place] for place in step.args]
        with np.errstate(all="ignore"):
            if step.node.op.family == "call" and step.node.op.ulp:
                found = np.asarray(step.node.op.numpy(*map(self._nudged, operands), **step.params), dtype=found.dtype)
            error = amplitude(step.node, operands, found)
            if error is None:
                return found
            return np.asarray(found + (self._noise(found) * error).astype(found.dtype), dtype=found.dtype)

    def _noise(self, like: Array) -> Array:
        """Random numbers for an array, for both parts of complex ones."""
        signs = self.noise.signs(like.shape)
        return signs + 1j * self.noise.signs(like.shape) if like.dtype.kind == "c" else signs

    def _nudged(self, one: Array) -> Array:
        """An operand of a routine with the error that a backward stable one makes: n units of its largest element."""
        if one.dtype.kind not in "fc" or not one.size:
            return one
        finite = np.abs(one[np.isfinite(one)])
        unit = np.finfo(one.dtype).eps * (finite.max() if finite.size else 0.0)
        return np.asarray(one + self._noise(one) * max(one.shape, default=1) * unit, dtype=one.dtype)


def amplitude(node: Node, operands: list[Array], result: Array) -> Array | None:
    """The largest error of a float op, per element; None for one that does not round.

    map: half a unit in the last place and the row's budget; sums of n terms: (2 + sqrt(n)) halves of the sum of
    their magnitudes, since their order and precision differ.
    """
    epsilon = float(np.finfo(result.dtype).eps)
    size = np.abs(result).astype(np.float64)
    family, name = node.op.family, node.op.name
    if name == "cast":
        return np.asarray(0.5 * epsilon * size) if operands[0].dtype != result.dtype else None
    rounds = name not in _COPIES or (name in ("abs", "sign") and operands[0].dtype.kind == "c")
    if family == "map" and rounds:
        return np.asarray((node.op.ulp + 0.5) * epsilon * size)
    if family == "contract" or name == "sum":
        terms = _magnitudes(node, operands)
        count = operands[0].size / max(1, result.size) if name == "sum" else operands[0].shape[-1]
        return np.asarray((2.0 + np.sqrt(count)) * epsilon / 2 * terms)
    if family == "call":
        return _routine(node, operands, size, epsilon)
    if name == "prod":
        return np.asarray((2.0 + operands[0].size / max(1, result.size)) * epsilon / 2 * size)
    if node.attrs and node.attrs[-1] == "add":  # scatter, update_slice
        return np.asarray(2 * epsilon * size)
    return None


def _routine(node: Node, operands: list[Array], size: Array, epsilon: float) -> Array | None:
    """Running sums as sums, running products as products; copies are exact; what else there is, n units of the largest element."""
    count = max((n for one in operands for n in one.shape), default=1)
    if node.op.name == "cumsum":
        return np.asarray((2.0 + np.sqrt(count)) * epsilon / 2 * _magnitudes(node, operands))
    if node.op.name == "cumprod":
        return np.asarray((2.0 + count) * epsilon / 2 * size)
    finite = size[np.isfinite(size)]
    largest = finite.max() if finite.size else 0.0
    if not node.op.ulp:
        return None
    rounds = size != 0.0  # zeros are structure, or say that all went well
    return np.asarray((node.op.ulp + count) * epsilon * np.where(rounds, np.maximum(size, largest), 0.0))


def _magnitudes(node: Node, operands: list[Array]) -> Array:
    wide = [np.abs(one).astype(np.float64) for one in operands]
    params = dict(zip(node.op.params, node.attrs, strict=True))
    return np.asarray(node.op.numpy(*wide, **params))


def exact_nodes(program: Program, members: list[bool], same_order: bool, products: bool) -> set[Node]:
    """The nodes of `program` whose bits are the same wherever products and sums are not contracted.

    members     whether the old value of each member is so
    same_order  whether sums have the exported order (not where NumPy or another precision made them)
    products    whether matrix products have the exported order (not in `modc_gemm`, which fuses them where it can)
    """
    old = dict(zip(program.members, members, strict=True))
    found = set[Node]()
    for node in program.walk():
        if node.op is DIM:
            found.add(node)
            continue
        ours = old.get(node, True) and (not node.dtype.is_inexact or _own_bits(node, same_order, products))  # type: ignore[call-overload]
        if ours and all(arg in found for arg in node.args):
            found.add(node)
    return found


def _own_bits(node: Node, same_order: bool, products: bool) -> bool:
    if node.op.family == "contract":
        return products and same_order
    if node.op.name in ("sum", "prod"):
        return same_order
    return node.op.family not in ("map", "composite", "call") or node.op.ulp == 0.0

"""The verifier: every invariant that later stages rely on, one short check each.

Takes a Program; raises AssertionError that starts with "modc bug" and names the pass that broke it.
A user's mistake never gets here: `build` and the module system refuse it before.
"""

from __future__ import annotations

import numpy as np

from modc.errors import ModcError
from modc.graph.dtype import INT64, DType
from modc.graph.node import Leaf, Node, intern, plain_name
from modc.graph.op import OPS
from modc.graph.ops_core import CONST, DIM, INPUT, NAMED_DIM
from modc.graph.program import Program
from modc.graph.show import infix, type_text


def verify(program: Program, stage: str = "graph") -> None:
    """Check every node and the program as a whole. stage: the pass that made it, for the message.

    Raises AssertionError.
    """
    try:
        bound = set(program.inputs) | set(program.members)
        _check_program(program)
        for node in program.walk():
            _check_node(node, bound)
    except AssertionError as error:
        raise AssertionError(
            f"modc bug: after {stage}, {plain_name(program.name)}: {error}"
        ) from None


def _check_program(program: Program) -> None:
    """Names and leaves pair up; updates write members once, in the member's dtype and ndim."""
    assert len(program.inputs) == len(program.input_names), (
        "inputs and their names differ in number"
    )
    assert len(program.members) == len(program.member_names), (
        "members and their names differ in number"
    )
    for leaf in (*program.inputs, *program.members):
        assert isinstance(leaf, Leaf), f"{leaf!r} is bound but is no leaf"
    assert len(set(program.members)) == len(program.members), "a member is bound twice"
    written = [member for member, _ in program.updates]
    assert len(set(written)) == len(written), "a member is updated twice"
    for member, node in program.updates:
        assert 0 <= member < len(program.members), (
            f"update of member {member}, which does not exist"
        )
        leaf = program.members[member]
        assert node.dtype is leaf.dtype, (
            f"update of {type_text(leaf)} by {type_text(node)}: dtypes differ"
        )
        assert node.ndim == leaf.ndim, (
            f"update of {type_text(leaf)} by {type_text(node)}: ndims differ"
        )
        for axis, (have, want) in enumerate(zip(node.shape, leaf.shape, strict=True)):
            same = not isinstance(have, int) or not isinstance(want, int) or have == want
            assert same, f"update of {type_text(leaf)} by {type_text(node)}: axis {axis} differs"


def _check_node(node: Node, bound: set[Leaf]) -> None:
    """One node: its row, operands, type and interning."""
    try:
        assert node.op.user or OPS.get(node.op.name) is node.op, f"op {node.op.name} is not in the table"
        assert isinstance(node.dtype, DType), f"dtype {node.dtype!r} is no row"
        _check_sizes(node)
        _check_identity(node, bound)
        if node.op is CONST:
            _check_constant(node)
        elif node.op is DIM:
            _check_dim(node)
        elif node.op not in (INPUT, NAMED_DIM):
            _check_types(node)
    except AssertionError as error:
        raise AssertionError(f"{_described(node)}: {error}") from None


def _described(node: Node) -> str:
    """The expression, or its op where it is too broken to be printed."""
    try:
        return infix(node)
    except (IndexError, ValueError, TypeError):
        return node.op.name


def _check_identity(node: Node, bound: set[Leaf]) -> None:
    if isinstance(node, Leaf):
        assert node.op is INPUT, f"a leaf of op {node.op.name}"
        assert node in bound, "neither an argument nor a member"
    else:
        assert node.op is not INPUT, "an input that is no leaf"
        again = intern(node.op, node.args, node.attrs, node.dtype, node.shape, node.source)
        assert again is node, "not interned"


def _check_dim(node: Node) -> None:
    leaf = node.args[0]
    assert isinstance(leaf, Leaf), "the size of something that is no leaf"
    assert 0 <= node.attrs[0] < leaf.ndim, "no such axis"


def _check_sizes(node: Node) -> None:
    for size in node.shape:
        if isinstance(size, Node):
            assert size.dtype is INT64 and size.shape == (), f"an extent is {type_text(size)}"
            assert size.op is not CONST, "a known extent is no plain int"
        else:
            assert type(size) is int and size >= 0, f"extent {size!r}"


def _check_constant(node: Node) -> None:
    shape, data = node.attrs
    assert shape == node.shape, "shape of a constant"
    count = int(np.prod(shape, dtype=np.int64))
    assert len(data) == count * node.dtype.bytes, f"{len(data)} bytes of a constant"


def _check_types(node: Node) -> None:
    """The types that the row's rules give; sizes known to disagree are found too."""
    assert len(node.attrs) == len(node.op.params), f"parameters {node.attrs}"
    assert node.op.dtypes is not None, "the row has no dtype rule"
    try:
        wanted, result = node.op.dtypes([arg.dtype for arg in node.args], *node.attrs)
        shape = node.op.shape(node.args, *node.attrs) if node.op.shape else ()
    except (ModcError, IndexError) as error:
        raise AssertionError(str(error)) from None
    given = tuple(arg.dtype for arg in node.args)
    assert tuple(wanted) == given, f"operands are {given}, the row wants {tuple(wanted)}"
    assert node.dtype is result, f"dtype {node.dtype}, the row gives {result}"
    assert node.shape == shape, f"shape {node.shape}, the row gives {shape}"
    if node.op.agree is not None:
        for kind, got, want, operand, axis in node.op.agree(node.args, *node.attrs):
            known = isinstance(got, int) and isinstance(want, int)
            fits = not known or (got == want if kind == "eq" else 0 <= got < want)
            assert fits, f"axis {axis} of operand {operand} has size {got}, expected {want}"

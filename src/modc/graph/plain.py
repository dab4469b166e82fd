"""A Program as plain data that JSON can hold, and back. Reading it runs no code.

Input: a Program, or data of any origin. Output: dicts, lists, texts and ints; or a Program with the
same fingerprint, C text and note. Unlike a pickle it names nothing but rows of the op table, and
every node is typed and checked anew when it is read. Neighbours: `recording` writes and reads it.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import Any

import numpy as np

from modc.graph.build import apply, const, leaf
from modc.graph.dtype import DType, dtype
from modc.graph.fingerprint import number_nodes
from modc.graph.node import Leaf, Node, intern
from modc.graph.op import OPS
from modc.graph.ops_core import CONST, DIM, INPUT, NAMED_DIM
from modc.graph.program import Program


class BadData(ValueError):
    """Data that is no Program of this modc; the text is one reason."""


class NotPlain(ValueError):
    """A Program that cannot be written down as data; the text is one reason."""


def to_plain(program: Program) -> dict[str, Any]:
    """The Program as data for JSON: floats as hexadecimal text, bytes as base64.

    Raises NotPlain where it uses ops of a user: data must not run their code.
    """
    numbers = number_nodes(program)
    return {
        "name": str(program.name),
        "nodes": [_row(node, numbers) for node in numbers],
        "inputs": [numbers[node] for node in program.inputs],
        "input_names": [str(name) for name in program.input_names],
        "members": [numbers[node] for node in program.members],
        "member_names": [str(name) for name in program.member_names],
        "outputs": [numbers[node] for node in program.outputs],
        "updates": [[member, numbers[node]] for member, node in program.updates],
    }


def _row(node: Node, numbers: dict[Node, int]) -> list[Any]:
    """Op, dtype, and arguments and parameters; of a leaf its sizes and its name."""
    if isinstance(node, Leaf):
        return ["input", node.dtype.name, list(node.dims), None if node.name is None else str(node.name)]
    if node.op.user:
        raise NotPlain(f"it uses {node.op.name}, an op of the user's own: only what defines it can make it again")
    arguments = [numbers[arg] for arg in node.args]
    return [node.op.name, node.dtype.name, arguments, [_packed(one) for one in node.attrs]]


def _packed(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, bytes):
        return {"bytes": b64encode(value).decode("ascii")}
    if isinstance(value, DType):
        return {"dtype": value.name}
    if isinstance(value, tuple):
        return [_packed(one) for one in value]
    raise TypeError(f"modc bug: the parameter {value!r} cannot be written down")


def from_plain(data: Any) -> Program:
    """The Program that `to_plain` wrote down.

    Raises BadData for anything else, whatever is wrong with it.
    """
    try:
        return _program(data)
    except BadData:
        raise
    except RecursionError:
        raise BadData("it is nested too deeply") from None
    except Exception as error:  # what the op table, NumPy or Python itself find wrong with it
        raise BadData(f"it is no Program: {type(error).__name__}: {error}") from error


class _Named:
    """Stands behind a leaf for its name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def _program(data: Any) -> Program:
    nodes: list[Node] = []
    for row in _list(data["nodes"]):
        nodes.append(_node(row, nodes))
    inputs = [_leaf(nodes, at) for at in _list(data["inputs"])]
    members = [_leaf(nodes, at) for at in _list(data["members"])]
    if len({*inputs, *members}) != len(inputs) + len(members):
        raise BadData("a variable is bound twice")
    if {node for node in nodes if isinstance(node, Leaf)} != {*inputs, *members}:
        raise BadData("a variable is neither input nor member")
    outputs = [nodes[_position(at, nodes)] for at in _list(data["outputs"])]
    updates = [(_position(to, members), nodes[_position(at, nodes)]) for to, at in _list(data["updates"])]
    for to, node in updates:
        if node.dtype is not members[to].dtype or node.ndim != members[to].ndim:
            raise BadData(f"update {to} is of another type than its member")
    names, member_names = _names(data["input_names"], inputs), _names(data["member_names"], members)
    return Program(_text(data["name"]), inputs, names, members, member_names, outputs, updates)


def _node(row: Any, nodes: list[Node]) -> Node:
    name, dtype_name, *rest = _list(row)
    if name == INPUT.name:
        return _restored_leaf(dtype(_text(dtype_name)), *rest)
    positions, packed = rest
    op = OPS.get(_text(name))
    if op is None:
        raise BadData(f"there is no op {name!r}")
    args = tuple(nodes[_position(at, nodes)] for at in _list(positions))
    attrs = tuple(_unpacked(one) for one in _list(packed))
    if len(attrs) != len(op.params):
        raise BadData(f"{name} has {len(attrs)} parameters")
    if op is CONST:
        return _constant(dtype(_text(dtype_name)), *attrs)
    if op is NAMED_DIM:
        return intern(op, (), (_text(attrs[0]),), dtype("int64"), (), None)
    if op is DIM:
        return _size(args, *attrs)
    made = apply(op, *args, source=None, **dict(zip(op.params, attrs, strict=True)))
    if made.op is not op or made.dtype.name != dtype_name or made.args != args:
        raise BadData(f"{name} of these operands is another node")
    return made


def _restored_leaf(row: DType, dims: Any, name: Any) -> Leaf:
    for dim in _list(dims):
        if not (dim is None or isinstance(dim, str) or (type(dim) is int and 0 <= dim < 2**62)):
            raise BadData(f"{dim!r} is no size")
    return leaf(row, dims, None if name is None else _Named(_text(name)))


def _constant(row: DType, shape: Any, data: Any) -> Node:
    if type(shape) is not tuple or type(data) is not bytes:
        raise BadData("a constant has no value")
    return const(np.frombuffer(data, row.numpy).reshape(shape), row)


def _size(args: tuple[Node, ...], axis: Any) -> Node:
    (node,) = args
    if type(axis) is not int or not isinstance(node, Leaf) or not 0 <= axis < node.ndim:
        raise BadData(f"axis {axis!r} is none of its variable's")
    return intern(DIM, args, (axis,), dtype("int64"), (), None)


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_unpacked(one) for one in value)
    if not isinstance(value, dict):
        if isinstance(value, float):
            raise BadData("a number is written in decimals")
        return value
    ((kind, text),) = value.items()
    if kind == "float":
        return float.fromhex(_text(text))
    if kind == "bytes":
        return b64decode(_text(text), validate=True)
    if kind == "dtype":
        return dtype(_text(text))
    raise BadData(f"{kind!r} is no kind of parameter")


def _list(value: Any) -> list[Any]:
    if type(value) is not list:
        raise BadData(f"{type(value).__name__} is no list")
    return value


def _text(value: Any) -> str:
    if type(value) is not str:
        raise BadData(f"{type(value).__name__} is no text")
    return value


def _position(value: Any, of: list[Any]) -> int:
    if type(value) is not int or not 0 <= value < len(of):
        raise BadData(f"{value!r} is no position")
    return value


def _leaf(nodes: list[Node], at: Any) -> Leaf:
    node = nodes[_position(at, nodes)]
    if not isinstance(node, Leaf):
        raise BadData("an operation is bound like a variable")
    return node


def _names(names: Any, of: list[Leaf]) -> list[str]:
    if len(_list(names)) != len(of):
        raise BadData("there are more or fewer names than variables")
    return [_text(name) for name in names]

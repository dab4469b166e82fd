"""For each rule that is written as a function: expressions at which it fires."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from modc.graph import ALL_DTYPES, DTYPES, OPS, Leaf, Node, apply, const, leaf, size_node
from modc.graph.sizes import size_add, size_mul


class Name:
    """What stands behind a leaf: a name."""

    def __init__(self, name: str) -> None:
        self.name = name


def op(name: str, *args: Node | float, **params: object) -> Node:
    return apply(OPS[name], *args, **params)


def array(*dims: int | str | None, kind: str = "float64", name: str = "x") -> Leaf:
    return leaf(DTYPES[kind], dims, Name(name))


def matrix(name: str = "x", kind: str = "float64") -> Leaf:
    return array(None, 3, kind=kind, name=name)


def vector(name: str = "v", kind: str = "float64") -> Leaf:
    return array(None, kind=kind, name=name)


def scalar(name: str = "s", kind: str = "float64") -> Leaf:
    return array(kind=kind, name=name)


def broadcast(node: Node, *shape: object) -> Node:
    return op("broadcast", node, *map(size_node, shape))


def reshape(node: Node, *shape: object) -> Node:
    return op("reshape", node, *map(size_node, shape))


def ranges(node: Node, spec: tuple[int, ...], *bounds: object) -> Node:
    return op("slice", node, *map(size_node, bounds), spec=spec)


def zeros_with_part(base: Node, value: Node, positions: Node) -> Node:
    zeros = broadcast(const(0, base.dtype), *base.shape)
    return op("scatter", zeros, value, positions, axes=(0,), at=0, mode="add")


def _part(kind: str = "float64") -> tuple[Node, Node]:
    """A matrix, and zeros of its shape with a vector added at a row's positions."""
    x, value = array(None, kind=kind), array(4, kind=kind, name="value")
    return x, zeros_with_part(x, value, array(4, kind="int64", name="positions"))


def softmax_loss_gradient(after_log: bool) -> Node:
    """What reverse mode makes of log(softmax(x))[arange(n), y], summed: s * (g - sum(g * s))."""
    x, y = array(None, 3), array(None, kind="int64", name="positions")
    s = op("softmax", x, axes=(1,))
    places = (op("iota", size_node(x.shape[0])), y)
    zeros = broadcast(const(0.0), *x.shape)
    if after_log:
        ones = broadcast(const(-0.25), x.shape[0])
        g = op("div", op("scatter", zeros, ones, *places, axes=(0, 1), at=0, mode="add"), s)
    else:
        picked = op("gather", s, *places, axes=(0, 1), at=0)
        g = op("scatter", zeros, op("div", -0.25, picked), *places, axes=(0, 1), at=0, mode="add")
    total = op("dimshuffle", op("sum", op("mul", g, s), axes=(1,)), pattern=(0, -1))
    return op("mul", s, op("sub", g, total))


def sigmoid_loss_gradient(other_order: bool) -> Node:
    x, t = vector(), vector("t")
    s = op("sigmoid", x)
    other = op("sub", 1.0, s)
    g = op("sub", op("div", op("neg", t), s), op("neg", op("div", op("sub", 1.0, t), other)))
    if other_order:
        return op("mul", op("mul", g, s), op("sigmoid", op("neg", x)))
    return op("mul", g, op("mul", s, other))


def exp_over_sum(node: Node) -> tuple[Node, Node]:
    e = op("exp", node)
    return e, op("sum", e, axes=(1,))


def _softmax_from_exp() -> list[Node]:
    e, total = exp_over_sum(matrix())
    v = op("exp", vector())
    return [
        op("div", e, op("dimshuffle", total, pattern=(0, -1))),
        op("div", v, op("sum", v, axes=(0,))),
    ]


def _logsumexp_gradient() -> list[Node]:
    e, total = exp_over_sum(matrix())
    back = op("dimshuffle", op("div", vector("g"), total), pattern=(0, -1))
    return [op("mul", broadcast(back, *e.shape), e), op("mul", e, back)]


def _softmax_from_exp_gradient() -> list[Node]:
    e, total = exp_over_sum(matrix())
    kept = op("dimshuffle", total, pattern=(0, -1))
    g = op("mul", 0.5, matrix("g"))
    loss = op("neg", op("div", op("mul", g, op("softmax", e.args[0], axes=(1,))), kept))
    back = op("dimshuffle", op("sum", loss, axes=(1,)), pattern=(0, -1))
    v = op("exp", vector())
    whole = op("sum", v, axes=(0,))
    wide = op("sum", op("div", op("mul", v, vector("h")), whole), axes=(0,))
    return [
        op("mul", op("add", op("div", g, kept), back), e),
        op("mul", v, op("sub", op("div", 2.0, whole), wide)),
    ]


def _shifted() -> list[Node]:
    x = matrix()
    largest = op("dimshuffle", op("max", x, axes=(1,)), pattern=(0, -1))
    return [
        op("softmax", op("sub", x, largest), axes=(1,)),
        op("log_softmax", op("sub", x, largest), axes=(1,)),
    ]


def _minus_logsumexp() -> list[Node]:
    x, v = matrix(), vector()
    total = op("dimshuffle", op("logsumexp", x, axes=(1,)), pattern=(0, -1))
    return [op("sub", x, total), op("sub", v, op("logsumexp", v, axes=(0,)))]


def _broadcast_values() -> list[Node]:
    x, places = array(4, 3), array(2, kind="int64", name="positions")
    return [
        op("scatter", x, broadcast(scalar(), 2, 3), places, axes=(0,), at=0, mode="add"),
        op(
            "update_slice",
            x,
            broadcast(array(3), 2, 3),
            *map(size_node, (1, 2, 0, 3)),
            spec=(1, 1),
            mode="set",
        ),
    ]


def _two_slices() -> list[Node]:
    x, v = array(9, 3), vector()
    inner = ranges(x, (2, 0), 1, 4, 2)
    reverse = ranges(v, (-1,), size_add(v.shape[0], -1), v.shape[0])
    return [ranges(inner, (1,), 1, 2), ranges(reverse, (-1,), size_add(v.shape[0], -1), v.shape[0])]


def _sizes() -> list[Node]:
    n = vector().shape[0]
    m = vector("w").shape[0]
    assert isinstance(n, Node)
    assert isinstance(m, Node)
    return [
        op("sub", op("add", n, 2), 2),
        op("sub", op("add", n, m), n),
        op("add", op("mul", n, 3), op("mul", n, -3)),
        op("sub", op("mul", op("add", n, 1), op("add", n, 1)), op("mul", n, n)),
    ]


def _sum_of_rows() -> list[Node]:
    zeros = broadcast(const(0.0), 4, 3)
    places = (op("iota", const(4)), array(4, kind="int64", name="positions"))
    return [
        op("sum", op("scatter", zeros, value, *places, axes=(0, 1), at=0, mode="add"), axes=(1,))
        for value in (array(4, name="value"), scalar())
    ]


def _composites(name: str) -> Callable[[], list[Node]]:
    params = {"low": -1.0, "high": 1.0, "factor": 2.0, "rcond": 1e-15}
    given = {key: params[key] for key in OPS[name].params if key in params}
    if "axes" not in OPS[name].params:
        return lambda: [op(name, array(3, 3), **given)]
    return lambda: [op(name, matrix(), axes=(1,)), op(name, vector(), axes=(0,))]


_SCALED = ("float64", "float32", "int64")

def complex_matrix(name: str) -> Leaf:
    return leaf(ALL_DTYPES["complex128"], (None, 3), Name(name))


EXAMPLES: dict[str, Callable[[], list[Node]]] = {
    "product of complex matrices": lambda: [
        op("dot", complex_matrix("a"), op("dimshuffle", complex_matrix("b"), pattern=(1, 0))),
        op("dot", complex_matrix("a"), array(3, None, name="b")), op("dot", array(None, 3), op("cast", array(3, 40), dtype=ALL_DTYPES["complex128"])),
    ],
    "real of cast": lambda: [op("real", op("cast", vector(kind=kind), dtype=ALL_DTYPES["complex128"])) for kind in ("float64", "int8")],
    "shorter size": _sizes,
    "divided size": lambda: [op("floordiv", size_node(size_mul(vector().shape[0], 6)), 3)],
    "extreme of a size": lambda: [
        op("maximum", size_node(vector().shape[0]), 0),
        op("minimum", 0, size_node(vector().shape[0])),
    ],
    "constant": lambda: [
        op("add", const(0.1), const(0.2)),
        op("sqrt", const(2.0)),
        op("cast", const(300), dtype=DTYPES["int8"]),
        op("dimshuffle", const(np.eye(3)), pattern=(1, 0)),
        op("sum", const([1, 2, 3]), axes=(0,)),
        op("div", const(1.0), const(0.0)),
        op("where", const(True), const(1.0), const(2.0)),
    ],
    "cast of cast": lambda: [
        op("cast", op("cast", vector(kind=kind), dtype=DTYPES[middle]), dtype=DTYPES[target])
        for kind, middle, target in (
            ("float32", "float64", "float32"),
            ("int8", "int64", "uint8"),
            ("uint8", "int16", "float32"),
            ("bool", "int8", "int64"),
        )
    ],
    # movement
    "dimshuffle that keeps the axes": lambda: [op("dimshuffle", matrix(), pattern=(0, 1))],
    "dimshuffle of dimshuffle": lambda: [
        op("dimshuffle", op("dimshuffle", matrix(), pattern=(1, 0)), pattern=(1, -1, 0)),
        op("dimshuffle", op("dimshuffle", vector(), pattern=(-1, 0)), pattern=(1,)),
    ],
    "dimshuffle of a repeated scalar": lambda: [
        op("dimshuffle", broadcast(scalar(), vector().shape[0], 3), pattern=(1, -1, 0))
    ],
    "broadcast that keeps the sizes": lambda: [broadcast(array(4, 3), 4, 3)],
    "broadcast of broadcast": lambda: [broadcast(broadcast(scalar(), 1, 3), 2, 4, 3)],
    "broadcast of new leading axes": lambda: [
        broadcast(op("dimshuffle", array(3), pattern=(-1, 0)), 4, 3)
    ],
    "sizes known before": lambda: [op("specify", array(4, 3), size_node(4), size_node(3), kind="specified")],
    "reshape that keeps the sizes": lambda: [reshape(array(4, 3), 4, 3)],
    "reshape of reshape": lambda: [reshape(reshape(array(4, 3), 12), 2, 6)],
    "reshape of a repeated scalar": lambda: [reshape(broadcast(scalar(), 4, 3), 12)],
    "reshape that moves ones": lambda: [
        reshape(array(4, 1, 3), 1, 4, 3, 1),
        reshape(array(None, 1), 1),
    ][:1],
    "slice of everything": lambda: [ranges(array(4, 3), (1, 1), 0, 4, 0, 3)],
    "slice of slice": _two_slices,
    "slice of a repeated scalar": lambda: [ranges(broadcast(scalar(), 4, 3), (1, -1), 1, 2, 2, 3)],
    "broadcast that is implicit": lambda: [
        op("add", array(4, 3), broadcast(scalar(), 4, 3)),
        op("mul", op("dimshuffle", array(3), pattern=(-1, 0)), array(4, 3, name="y")),
        op("add", array(4, 3), const(np.ones(3))),
    ],
    "broadcast of equal constants": lambda: [broadcast(const(np.ones((1, 3))), 4, 3)],
    "value that is broadcast": _broadcast_values,
    "elementwise of broadcasts": lambda: [
        op("sqrt", broadcast(scalar(), 4, 3)),
        op("add", broadcast(scalar(), 4, 3), broadcast(array(1, 3), 4, 3)),
        op("cast", broadcast(scalar(), 4), dtype=DTYPES["float32"]),
    ],
    # reductions
    "reduction over axes of size 1": lambda: [
        op(name, array(4, 1, kind=kind), axes=axes)
        for name in ("sum", "max", "prod")
        for kind in ("float64", "int64")
        for axes in ((1,), (0, 1))
    ],
    "reduction of a reduction": lambda: [
        op("max", op("max", matrix(), axes=(0,)), axes=(0,)),
        op("sum", op("sum", array(2, 3, 4, kind="int64"), axes=(1,)), axes=(1,)),
        op("any", op("any", matrix(kind="bool"), axes=(1,)), axes=(0,)),
    ],
    "reduction of dimshuffle": lambda: [
        op("max", op("dimshuffle", array(4, 3), pattern=(1, -1, 0)), axes=(0,)),
        op("sum", op("dimshuffle", array(4, 3, kind="int8"), pattern=(1, 0)), axes=(0, 1)),
    ],
    "sum of sum": lambda: [op("sum", op("sum", array(2, 3, 4), axes=(0,)), axes=(1,))],
    "sum of dimshuffle": lambda: [
        op("sum", op("dimshuffle", array(4, 3), pattern=(1, -1, 0)), axes=(2,))
    ],
    "sum with a part": lambda: [op("add", *_part(kind)) for kind in _SCALED],
    "difference with a part": lambda: [op("sub", *_part(kind)) for kind in _SCALED],
    "part minus": lambda: [op("sub", *_part(kind)[::-1]) for kind in _SCALED],
    "sum of rows with a part": _sum_of_rows,
    "scaled part": lambda: [
        op("mul", _part()[1], scalar()),
        op("div", _part()[1], scalar()),
        op("mul", 2, _part("int64")[1]),
    ],
    "negative part": lambda: [op("neg", _part(kind)[1]) for kind in _SCALED],
    # stability
    "log of softmax": lambda: [
        op("log", op("softmax", matrix(), axes=(1,))),
        op(
            "log",
            ranges(
                op("dimshuffle", op("softmax", array(4, 3), axes=(0,)), pattern=(1, 0)),
                (0, 1),
                1,
                1,
                2,
            ),
        ),
        op("log", op("dimshuffle", op("sigmoid", matrix()), pattern=(1, 0))),
    ],
    "log of softmax from logsumexp": _minus_logsumexp,
    "softmax from exp": _softmax_from_exp,
    "softmax of shifted": _shifted,
    "gradient of log of softmax": lambda: [
        softmax_loss_gradient(True),
        softmax_loss_gradient(False),
    ],
    "gradient of log of sigmoid": lambda: [
        sigmoid_loss_gradient(False),
        sigmoid_loss_gradient(True),
    ],
    "gradient of softmax from exp": _softmax_from_exp_gradient,
    "gradient of log of sum of exp": _logsumexp_gradient,
    **{
        f"expand {name}": _composites(name)
        for name, row in OPS.items()
        if row.family == "composite"
    },
}

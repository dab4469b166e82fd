"""The programs whose schedules are golden: one feature of the scheduler each."""

from __future__ import annotations

from collections.abc import Callable

from random_programs import op, variable

from modc.graph import Node, Program, Size, const, size_node
from modc.graph.dtype import FLOAT32, FLOAT64, INT8, INT64, DType
from modc.graph.sizes import size_sub


def column(a: Node) -> Node:
    return op("dimshuffle", a, pattern=(0, -1))


def transpose(a: Node) -> Node:
    return op("dimshuffle", a, pattern=(1, 0))


def window(u: Node, i: int, j: int, n: Size, m: Size) -> Node:
    """u[i : i + n, j : j + m]."""
    return op("slice", u, const(i), size_node(n), const(j), size_node(m), spec=(1, 1))


def inner(u: Node) -> tuple[Size, Size]:
    return size_sub(u.shape[0], 2), size_sub(u.shape[1], 2)


def set_inner(u: Node, value: Node) -> Node:
    n, m = inner(u)
    bounds = (const(1), size_node(n), const(1), size_node(m))
    return op("update_slice", u, value, *bounds, spec=(1, 1), mode="set")


def accumulator() -> Program:
    state, inc = variable("state", FLOAT64, ()), variable("inc", FLOAT64, ())
    new = op("add", state, inc)
    return Program("accumulator", [inc], ["inc"], [state], ["state"], [new], [(0, new)])


def logistic() -> Program:
    x, y = variable("x", FLOAT64, (None, None)), variable("y", FLOAT64, (None,))
    w, b = variable("w", FLOAT64, (None,)), variable("b", FLOAT64, ())
    z = op("add", op("dot", x, w), b)
    count = op("cast", size_node(y.shape[0]), dtype=FLOAT64)
    losses = op("sub", op("softplus", z), op("mul", y, z))
    e = op("sub", op("sigmoid", z), y)
    new_w = op("sub", w, op("mul", op("dot", transpose(x), e), 0.1))
    new_b = op("sub", b, op("mul", op("sum", e, axes=(0,)), 0.1))
    cost = op("div", op("sum", losses, axes=(0,)), count)
    return Program("logistic", [x, y], ["x", "y"], [w, b], ["w", "b"], [cost], [(0, new_w), (1, new_b)])


def _crossentropy(z: Node, t: Node) -> tuple[Node, Node]:
    """The loss of rows z for targets t, and its gradient."""
    top = op("max", z, axes=(1,))
    e = op("exp", op("sub", z, column(top)))
    s = op("sum", e, axes=(1,))
    hit = op("sum", op("mul", t, z), axes=(1,))
    loss = op("sum", op("sub", op("add", op("log", s), top), hit), axes=(0,))
    return loss, op("sub", op("div", e, column(s)), t)


def perceptron() -> Program:
    f = FLOAT32
    x, t = variable("x", f, (None, 784)), variable("t", f, (None, 10))
    w1, c1, w2, c2 = (variable(*spec) for spec in _layers(f, "W", "c"))
    v1, v2 = variable("V1", f, (784, 500)), variable("V2", f, (500, 10))
    h = op("tanh", op("add", op("dot", x, w1), c1))
    loss, d = _crossentropy(op("add", op("dot", h, w2), c2), t)
    dh = op("mul", op("dot", d, transpose(w2)), op("sub", 1.0, op("mul", h, h)))
    new_v1 = op("sub", op("mul", v1, 0.9), op("mul", op("dot", transpose(x), dh), 0.1))
    new_v2 = op("sub", op("mul", v2, 0.9), op("mul", op("dot", transpose(h), d), 0.1))
    new_c1 = op("sub", c1, op("mul", op("sum", dh, axes=(0,)), 0.1))
    new_c2 = op("sub", c2, op("mul", op("sum", d, axes=(0,)), 0.1))
    news = [op("add", w1, new_v1), new_c1, op("add", w2, new_v2), new_c2, new_v1, new_v2]
    names = ["W1", "c1", "W2", "c2", "V1", "V2"]
    return Program("perceptron", [x, t], ["x", "t"], [w1, c1, w2, c2, v1, v2], names, [loss], list(enumerate(news)))


def _layers(f: DType, weights: str, biases: str) -> list[tuple[str, DType, tuple[int, ...]]]:
    return [(f"{weights}1", f, (784, 500)), (f"{biases}1", f, (500,)), (f"{weights}2", f, (500, 10)), (f"{biases}2", f, (10,))]


def crossentropy() -> Program:
    z, t = variable("z", FLOAT32, (None, 10)), variable("t", FLOAT32, (None, 10))
    loss, gradient = _crossentropy(z, t)
    return Program("crossentropy", [z, t], ["z", "t"], [], [], [loss, gradient], [])


def layernorm() -> Program:
    f = FLOAT32
    x, dy = variable("x", f, (None, 500)), variable("dy", f, (None, 500))
    g, b = variable("g", f, (500,)), variable("b", f, (500,))
    centred = op("sub", x, column(op("div", op("sum", x, axes=(1,)), 500.0)))
    var = op("div", op("sum", op("mul", centred, centred), axes=(1,)), 500.0)
    r = op("div", 1.0, op("sqrt", op("add", var, 1e-5)))
    xh = op("mul", centred, column(r))
    dxh = op("mul", dy, g)
    c1 = op("div", op("sum", dxh, axes=(1,)), 500.0)
    c2 = op("div", op("sum", op("mul", dxh, xh), axes=(1,)), 500.0)
    dx = op("mul", op("sub", op("sub", dxh, column(c1)), op("mul", xh, column(c2))), column(r))
    dg, db = op("sum", op("mul", dy, xh), axes=(0,)), op("sum", dy, axes=(0,))
    y = op("add", op("mul", xh, g), b)
    return Program("layernorm", [x, dy, g, b], ["x", "dy", "g", "b"], [], [], [y, dx, dg, db], [])


def adam() -> Program:
    f = FLOAT32
    g, p, m, v = (variable(name, f, (None,)) for name in "gpmv")
    t = variable("t", FLOAT64, ())
    now = op("add", t, 1.0)
    root = op("sqrt", op("sub", 1.0, op("pow", const(0.999), now)))
    rate = op("cast", op("div", op("mul", 0.001, root), op("sub", 1.0, op("pow", const(0.9), now))), dtype=f)
    new_m = op("add", op("mul", m, 0.9), op("mul", g, 0.1))
    new_v = op("add", op("mul", v, 0.999), op("mul", op("mul", g, g), 0.001))
    new_p = op("sub", p, op("div", op("mul", rate, new_m), op("add", op("sqrt", new_v), 1e-8)))
    updates = [(0, new_p), (1, new_m), (2, new_v), (3, now)]
    return Program("adam", [g], ["g"], [p, m, v, t], ["p", "m", "v", "t"], [], updates)


def heat() -> Program:
    u = variable("u", FLOAT64, (None, None))
    sizes = inner(u)
    middle = window(u, 1, 1, *sizes)
    around = [window(u, i, j, *sizes) for i, j in ((0, 1), (2, 1), (1, 0), (1, 2))]
    total = op("add", op("add", op("add", around[0], around[1]), around[2]), around[3])
    value = op("add", middle, op("mul", op("sub", total, op("mul", middle, 4.0)), 0.1))
    return Program("heat", [], [], [u], ["u"], [], [(0, set_inner(u, value))])


def life() -> Program:
    u = variable("u", INT8, (None, None))
    sizes = inner(u)
    around = [window(u, i, j, *sizes) for i in range(3) for j in range(3) if (i, j) != (1, 1)]
    total = around[0]
    for one in around[1:]:
        total = op("add", total, one)
    born = op("or_", op("eq", total, 3), op("and_", op("eq", total, 2), op("eq", window(u, 1, 1, *sizes), 1)))
    return Program("life", [], [], [u], ["u"], [], [(0, set_inner(u, op("cast", born, dtype=INT8)))])


def kalman() -> Program:
    """A filter of 4 states and 2 readings, with a fixed gain."""
    d = FLOAT64
    shapes: dict[str, tuple[int, ...]] = {"A": (4, 4), "H": (2, 4), "Q": (4, 4), "K": (4, 2), "z": (2,)}
    inputs = [variable(name, d, shape) for name, shape in shapes.items()]
    a, h, q, k, z = inputs
    x, p = variable("x", d, (4,)), variable("P", d, (4, 4))
    guess = op("dot", a, x)
    spread = op("add", op("dot", op("dot", a, p), transpose(a)), q)
    new_x = op("add", guess, op("dot", k, op("sub", z, op("dot", h, guess))))
    new_p = op("sub", spread, op("dot", op("dot", k, h), spread))
    return Program("kalman", inputs, list(shapes), [x, p], ["x", "P"], [new_x], [(0, new_x), (1, new_p)])


def variances() -> Program:
    """The variance over both axes of one array."""
    x = variable("x", FLOAT64, (None, None))
    n, m = (op("cast", size_node(size), dtype=FLOAT64) for size in x.shape)
    down = op("sub", x, op("div", op("sum", x, axes=(0,)), n))
    across = op("sub", x, column(op("div", op("sum", x, axes=(1,)), m)))
    first = op("div", op("sum", op("mul", down, down), axes=(0,)), n)
    second = op("div", op("sum", op("mul", across, across), axes=(1,)), m)
    return Program("variances", [x], ["x"], [], [], [first, second], [])


def embedding() -> Program:
    idx, y = variable("idx", INT64, (None,)), variable("y", FLOAT32, (None, 64))
    table = variable("E", FLOAT32, (None, 64))
    d = op("sub", op("gather", table, idx, axes=(0,), at=0), y)
    loss = op("sum", op("mul", d, d), axes=(0, 1))
    new = op("scatter", table, op("mul", d, -0.1), idx, axes=(0,), at=0, mode="add")
    return Program("embedding", [idx, y], ["idx", "y"], [table], ["E"], [loss], [(0, new)])


def swap() -> Program:
    a, b = variable("a", FLOAT64, ("n",)), variable("b", FLOAT64, ("n",))
    return Program("swap", [], [], [a, b], ["a", "b"], [], [(0, b), (1, a)])


def normalize() -> Program:
    w = variable("w", FLOAT64, (None,))
    return Program("normalize", [], [], [w], ["w"], [], [(0, op("div", w, op("sum", w, axes=(0,))))])


def transposed() -> Program:
    m = variable("M", FLOAT64, ("n", "n"))
    return Program("transposed", [], [], [m], ["M"], [], [(0, transpose(m))])


def elementwise() -> Program:
    x = variable("x", FLOAT32, (None, None))
    return Program("elementwise", [x], ["x"], [], [], [op("tanh", x)], [])


EXAMPLES: dict[str, Callable[[], Program]] = {
    make.__name__: make
    for make in (
        accumulator, logistic, perceptron, crossentropy, layernorm, adam, heat, life, kalman, variances, embedding,
        swap, normalize, transposed, elementwise,
    )
}  # fmt: skip


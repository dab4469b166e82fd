"""The families of lines that random programs are made of: each draws the text of one, by the shapes it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Family = Callable[[Any], Any]

UNARY = ["-{0}", "T.abs({0})", "T.sign({0})", "T.sqr({0})", "T.floor({0})", "T.ceil({0})", "T.trunc({0})", "T.round({0})", "~{0}",
         "T.isnan({0})", "T.isinf({0})", "T.logical_not({0})", "T.maximum({0}, 2)", "T.minimum({0}, 3)", "{0} ** 2", "{0} + 1",
         "2 * {0}", "{0} / 4", "{0} // 3", "{0} % 3", "3 - {0}", "1 / {0}", "{0} * 1", "{0} + 0", "{0} - 0", "{0} * 0", "{0} / 1",
         "T.clip({0}, 1, 3)", "{0} >> 1", "{0} << 2", "{0} & 3", "T.sqrt(T.cast(T.abs({0}), 'float64'))"]  # fmt: skip
STEPS = {"T.sign({0})", "T.floor({0})", "T.ceil({0})", "T.trunc({0})", "T.round({0})", "T.logical_not({0})", "{0} // 3", "{0} % 3"}
BINARY = ["{0} + {1}", "{0} - {1}", "{0} * {1}", "T.maximum({0}, {1})", "T.minimum({0}, {1})", "{0} / {1}", "{0} & {1}",
          "{0} | {1}", "{0} ^ {1}", "({0} + {1}) * 2 - {0}", "{0} * {1} + {0}", "T.switch({0} > {1}, {0}, {1})"]  # fmt: skip
BINARY_STEPS = ["{0} < {1}", "{0} >= {1}", "T.eq({0}, {1})", "T.neq({0}, {1})", "{0} // {1}", "{0} % {1}",
                "T.switch({0} < {1}, {0} - 1, {1} + 1)", "T.logical_and({0}, {1})", "T.logical_xor({0}, {1})"]  # fmt: skip
SMOOTH = ["T.exp({0} / 8)", "T.log(T.abs({0}) + 1)", "T.tanh({0})", "T.sigmoid({0})", "T.softplus({0})", "T.sin({0})", "T.cos({0})",
          "T.sqrt(T.abs({0}))", "T.log1p(T.abs({0}))", "T.expm1({0} / 8)", "T.arctan({0})", "T.erf({0})", "T.arctan2({0}, 1.5)",
          "T.exp(-T.sqr({0}))"]  # fmt: skip


def is_float(x: Any) -> bool:
    return bool(x.dtype.startswith("float"))


def is_array(x: Any) -> bool:
    return bool(x.ndim > 0)


def unary(maker: Any) -> Any:
    a, text = maker.any(), maker.random.choice(UNARY)
    return maker.add(text.format(a), [a], "step" if text in STEPS else "exact")


def binary(maker: Any) -> Any:
    a = maker.any()
    b = maker.partner(a)
    if maker.random.random() < 0.3:
        return maker.add(maker.random.choice(BINARY_STEPS).format(a, b), [a, b], "step")
    return maker.add(maker.random.choice(BINARY).format(a, b), [a, b], "exact")


def choice(maker: Any) -> Any:
    a = maker.any()
    b, c = maker.partner(a), maker.partner(a)
    return maker.add(f"T.switch(T.cast({c}, 'bool'), {a}, {b})", [c, a, b], "step")


def smooth(maker: Any) -> Any:
    a = maker.any(is_float)
    return a and maker.plan.flavour == "whole" and maker.add(maker.random.choice(SMOOTH).format(a), [a], "approx")


def stable(maker: Any) -> Any:
    """What the compiler writes anew to keep its digits."""
    a = maker.any(is_float)
    if a is None or maker.plan.flavour != "whole":
        return None
    texts = maker.random.choice([
        ["T.sigmoid({0})", "T.log({0})"], ["T.exp({0})", "1 + {0}", "T.log({0})"], ["1 + {0}", "T.log({0})"], ["T.exp({0})", "{0} - 1"],
        ["T.sigmoid({0})", "1 - {0}", "T.log({0})"], ["T.softmax({0}, axis=-1)", "T.log({0})"], ["T.exp({0})", "T.sum({0})", "T.log({0})"],
        ["-{0}", "T.exp({0})", "1 + {0}", "1 / {0}"],
    ])  # fmt: skip
    for text in texts:
        a = a and maker.add(text.format(a), [a], "approx")
    return a


def axes_of(maker: Any, a: str) -> str:
    ndim = maker.symbols[a].ndim
    several = sorted(maker.random.sample(range(ndim), maker.random.randint(1, ndim)))
    text = maker.random.choice(["None", str(maker.axis(a)), str(maker.axis(a)), str(tuple(several))])
    return f"axis={text}" + maker.random.choice(["", "", ", keepdims=True"])


def reduction(maker: Any) -> Any:
    a = maker.any(is_array)
    if a is None:
        return None
    name = maker.random.choice(["sum", "sum", "sum", "prod", "mean", "max", "min", "any", "all", "argmax", "argmin", "logsumexp"])
    if name in ("sum", "prod", "mean", "logsumexp") and maker.plan.flavour == "wild" and is_float(maker.symbols[a]):
        return None
    if name.startswith("arg"):
        return maker.add(f"T.{name}({a}, axis={maker.random.choice([None, maker.axis(a)])})", [a], "step")
    if name in ("mean", "logsumexp") and maker.plan.flavour == "wild":
        return None
    kind = {"max": "exact", "min": "exact", "any": "step", "all": "step", "logsumexp": "approx"}.get(name, "sum")
    if name == "logsumexp" and (maker.plan.flavour != "whole" or not is_float(maker.symbols[a])):
        return None
    return maker.add(f"T.{name}({a}, {axes_of(maker, a)})", [a], kind)


def row_wise(maker: Any) -> Any:
    a = maker.any(lambda x: is_array(x) and is_float(x))
    if a is None or maker.plan.flavour != "whole":
        return None
    axis = maker.axis(a)
    text = maker.random.choice([
        f"T.softmax({a}, axis={axis})", f"T.log_softmax({a}, axis={axis})", f"{a} - T.mean({a}, axis={axis}, keepdims=True)",
        f"T.var({a}, axis={axis})", f"{a} / (1 + T.sum(T.sqr({a}), axis={axis}, keepdims=True))",
        f"T.std({a}, axis={axis}, keepdims=True)", f"T.exp({a} / 4 - T.max({a}, axis={axis}, keepdims=True))",
    ])  # fmt: skip
    return maker.add(text, [a], "approx")


def product(maker: Any) -> Any:
    a = maker.any(lambda x: x.ndim in (1, 2))
    if a is None or maker.plan.flavour == "wild":
        return None
    turned = maker.random.choice([".T", ""])
    shape = maker.arrays[a].shape[:: -1 if turned else 1]
    pairs = []
    for b in maker.names:
        other = maker.arrays[b]
        if other.ndim in (1, 2) and maker.symbols[b].dtype == maker.symbols[a].dtype:
            pairs += [b + end for end in ("", ".T") if other.shape[:: -1 if end else 1][0] == shape[-1]]
    if not pairs:
        return None
    b = maker.random.choice(pairs)
    name = b.removesuffix(".T")
    text = f"T.dot({a}{turned}, {b})"
    choose = maker.random.random()
    if choose < 0.1 and maker.symbols[a].ndim == maker.symbols[name].ndim == 1:
        text = f"T.outer({a}, {b})"
    same = [c for c in maker.names if maker.arrays[c].shape == shape[:-1] + maker.arrays[name].shape[:: -1 if b != name else 1][1:]]
    same = [c for c in same if maker.symbols[c].dtype == maker.symbols[a].dtype]
    if same and choose > 0.5:
        c = maker.random.choice(same)
        return maker.add(maker.random.choice(["{0} - 2 * {1}", "{0} + {1}", "3 * {0} + {1}", "{1} * {0}"]).format(c, text), [a, name, c], "sum")
    return maker.add(text, [a, name], "sum")


def items_of(maker: Any, a: str) -> str:
    """Basic items: ranges in both directions, positions, new axes, symbolic bounds."""
    choose, parts = maker.random.choice, []
    for axis, size in enumerate(maker.arrays[a].shape):
        options = [":", ":", "::-1", "1:", ":-1", "1:-1", "::2", "::-2", "-3:", f":{a}.shape[{axis}] // 2", f"{a}.shape[{axis}] // 2:", "5:2", "-2::-1", "3:1:-1",
                   "40:", ":40", f"{size // 2}:{size // 2 + 2}"]  # fmt: skip
        if size:
            options += ["0", "-1", str(size // 2), f"{a}.shape[{axis}] - 1"]
        parts.append(choose(options))
    if choose([True, False, False]):
        parts.insert(maker.random.randint(0, len(parts)), "None")
    if choose([True, False, False]):
        parts = [*parts[:-1], "..."] if choose([True, False]) else ["...", *parts[1:]]
    return ", ".join(parts)


def view(maker: Any) -> Any:
    a = maker.any(is_array)
    if a is None:
        return None
    shape, choose = maker.arrays[a].shape, maker.random.choice
    order = list(range(len(shape)))
    maker.random.shuffle(order)
    spread: list[Any] = list(order)
    spread.insert(maker.random.randint(0, len(order)), "x")
    text = choose([
        f"{a}.T", f"{a}[::-1]", f"T.transpose({a}, {order})", f"T.dimshuffle({a}, {str(spread)[1:-1]})", f"T.flatten({a})",
        f"{a}[{items_of(maker, a)}]", f"{a}[{items_of(maker, a)}]", f"{a}[{items_of(maker, a)}]", f"T.reshape({a}, (-1,))",
        f"T.reshape({a}, (-1, {shape[-1]}))", f"T.reshape({a}, ({a}.shape[0], -1))", f"T.reshape({a}.T, (-1, {shape[0]}))",
        f"T.broadcast_to({a}, (3, *{a}.shape))", f"T.swapaxes({a}, {maker.axis(a)}, {maker.axis(a)})", f"T.repeat({a}, 2, axis={maker.axis(a)})",
        f"T.tile({a}, 2)", f"T.squeeze({a}[:1], axis=0)", f"T.expand_dims({a}, {maker.axis(a)})", f"T.take({a}, 0, axis={maker.axis(a)})",
        f"T.triu({a}, 1)", f"T.tril({a}, -1)", f"T.eye({shape[0]}, dtype={maker.symbols[a].dtype!r})",
    ])  # fmt: skip
    return maker.add(text.replace("T.flatten", "T.ravel"), [a], "exact")


def positions(maker: Any, a: str, axis: int) -> str:
    if not maker.arrays[a].shape[axis]:  # of nothing only modc says that no position is in range
        return "T.arange(0)", a
    index = maker.any(lambda x: x.dtype in ("int64", "int32", "uint8", "int8") and x.ndim in (0, 1, 1, 2)) or "i0"
    return f"position({index}, {a}.shape[{axis}])", index


def gathered(maker: Any, a: str) -> tuple[str, list[str]]:
    ndim = maker.symbols[a].ndim
    first, i = positions(maker, a, 0)
    if ndim == 1 or maker.random.random() < 0.4:
        return first, [i]
    second, j = positions(maker, a, 1)
    kind = maker.random.random()
    if kind < 0.3:
        return f":, {second}", [j]
    if kind < 0.5:
        return f"{maker.random.choice(['::-1', '1:', ':'])}, {second}", [j]
    if kind < 0.7:
        return f"T.arange({a}.shape[0]), position({j}, {a}.shape[1])", [j]
    if kind < 0.8 and ndim > 2:
        third, k = positions(maker, a, 2)
        return f"{first}, :, {third}", [i, k]
    return f"{first}, {second}", [i, j]


def gather(maker: Any) -> Any:
    a = maker.any(is_array)
    if a is None:
        return None
    items, used = gathered(maker, a)
    return maker.add(f"{a}[{items}]", [a, *used], "exact")


def change(maker: Any) -> Any:
    """set_subtensor and inc_subtensor, of ranges and of positions."""
    a = maker.any(is_array)
    if a is None:
        return None
    slow = maker.random.random() < 0.5
    items, used = gathered(maker, a) if slow else (items_of(maker, a), [])
    word = maker.random.choice(["put", "inc"])
    value, more = f"{maker.random.choice([2, 1, 0])}", []
    with_value = maker.random.random()
    if with_value < 0.6:
        part = maker.add(f"{a}[{items}]", [a, *used], "exact")
        if part is None:
            return None
        b = maker.partner(part)
        if maker.arrays[b].ndim > maker.arrays[part].ndim or maker.random.random() < 0.3:
            b = part
        value, more = (b, [b]) if with_value < 0.3 else (f"{b} * 2", [b])
    items = f"np.s_[{items}]" if not slow and ("None" not in items) else f"({items})" if slow and ":" not in items else None
    if items is None:
        return None
    kind = "exact" if word == "put" or not slow else "sum"
    return maker.add(f"{word}({a}, {items}, {value})", [a, *used, *more], kind)


def join(maker: Any) -> Any:
    a = maker.any(is_array)
    if a is None:
        return None
    axis = maker.axis(a) % maker.arrays[a].ndim
    shape = maker.arrays[a].shape
    same = [
        b for b in maker.names if maker.arrays[b].ndim == len(shape) and maker.symbols[b].dtype == maker.symbols[a].dtype
        and all(x == y for at, (x, y) in enumerate(zip(shape, maker.arrays[b].shape, strict=True)) if at != axis)
    ]  # fmt: skip
    b = maker.random.choice(same)
    if maker.arrays[b].shape == shape and maker.random.random() < 0.4:
        return maker.add(f"T.stack([{a}, {b}], axis={axis})", [a, b], "exact")
    c = maker.random.choice(["", "", f", {a}[:2]"]) if axis == 0 else ""
    return maker.add(f"T.concatenate([{a}, {b}{c}], axis={axis})", [a, b], "exact")


def cast(maker: Any) -> Any:
    a = maker.any()
    target = maker.random.choice(["float64", "float32", "int64", "int32", "int8", "uint8", "bool", "int16", "uint64"])
    if maker.plan.flavour != "whole" and is_float(maker.symbols[a]) and not target.startswith("f"):
        return None
    if is_float(maker.symbols[a]) and target.startswith(("i", "u")):
        return maker.add(f"T.cast(T.clip({a}, {0 if target[0] == 'u' else -100}, 100), {target!r})", [a], "step")
    return maker.add(f"T.cast({a}, {target!r})", [a], "step" if target == "bool" else "exact")


def stencil(maker: Any) -> Any:
    a = maker.any(lambda x: is_array(x) and x.dtype != "bool")
    if a is None:
        return None
    text = maker.random.choice([
        "put({0}, np.s_[1:-1], {0}[2:] + {0}[:-2] - {0}[1:-1])", "inc({0}, np.s_[1:], {0}[:-1])", "put({0}, np.s_[:-1], {0}[1:])",
        "inc({0}, np.s_[1:-1], {0}[:-2] - 2 * {0}[1:-1] + {0}[2:])", "T.concatenate([{0}[1:], {0}[:1]])",
        "put({0}, np.s_[1:], {0}[1:] - {0}[:-1])", "put({0}, np.s_[::2], {0}[::2] + 1)",
    ])  # fmt: skip
    return maker.add(text.format(a), [a], "exact")


def roots_again(maker: Any) -> Any:
    """A step of a member: what trains models."""
    root = maker.random.choice(maker.plan.members).name
    b = maker.partner(root)
    if maker.arrays[b].ndim > maker.arrays[root].ndim:
        return None
    return maker.add(maker.random.choice(["{0} + {1}", "{0} - 2 * {1}", "{1}", "{0} * 2 + {1}"]).format(root, b) + " * 1", [root, b], "exact")


FAMILIES: list[tuple[Family, int]] = [
    (unary, 3), (binary, 5), (choice, 1), (smooth, 2), (stable, 1), (reduction, 3), (row_wise, 1), (product, 3), (view, 3), (gather, 2),
    (change, 2), (join, 1), (cast, 1), (stencil, 1), (roots_again, 2),
]  # fmt: skip

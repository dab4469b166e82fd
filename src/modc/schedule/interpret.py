"""The loop language run by plain Python: the second oracle, beside NumPy on the graph.

Input: a Kernel and NumPy arrays; output: what the compiled kernel must give, bit for bit. On the way
every index is checked, every read must be of something written, and a scratch buffer that another
one has overwritten counts as unwritten. `emit` prints the same kernels as C.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, NoReturn, assert_never

import numpy as np

from modc.graph.op import OPS, Op
from modc.schedule import primitives
from modc.schedule.loops import (
    MOST_BYTES,
    Address,
    Apply,
    Block,
    Buffer,
    Call,
    Check,
    Const,
    Declare,
    Expr,
    Fold,
    If,
    Kernel,
    Let,
    LetProduct,
    Load,
    Local,
    Loop,
    Meaning,
    Note,
    Place,
    SetNeed,
    SetSlot,
    Slot,
    Stmt,
    Store,
    Table,
    Temp,
    Var,
)  # fmt: skip

Array = np.ndarray[Any, Any]
Run = Callable[[], Any]

LARGEST = 2**63 - 1

#: As csrc has them: of 0.0 and -0.0 the first, while NumPy's choice depends on where they stand in an array.
CHOOSE: dict[str, Callable[[Any, Any], Any]] = {
    "maximum": lambda a, b: a if a >= b or a != a else b,
    "minimum": lambda a, b: a if a <= b or a != a else b,
}


class Failed(Exception):
    """A Check (or a LetProduct) of the kernel did not hold; no member has changed."""

    def __init__(self, site: int, axis: int, got: int, want: int) -> None:
        super().__init__(f"check {site} failed on axis {axis}: got {got}, want {want}")
        self.site, self.axis, self.got, self.want = site, axis, got, want


class Cells:
    """Elements of one place, with a tag per byte (or element) that says who wrote it last."""

    __slots__ = ("data", "name", "owner", "tag")

    def __init__(self, name: str, data: Array, owner: Array, tag: int) -> None:
        self.name, self.data, self.owner, self.tag = name, data, owner, tag

    def get(self, index: int) -> Any:
        """One element, which must be there and written."""
        assert 0 <= index < len(self.data), f"modc bug: read of {self.name}[{index}] of {len(self.data)}"
        owner = self.owner[index]
        assert owner[0] == self.tag == owner[-1], f"modc bug: {self.name}[{index}] is read and not written"
        return self.data[index]

    def set(self, index: int, value: Any) -> None:
        """Write one element, which must be there."""
        assert 0 <= index < len(self.data), f"modc bug: store to {self.name}[{index}] of {len(self.data)}"
        self.owner[index] = self.tag
        self.data[index] = value


class Span:
    """`&place[index]`: what a primitive gets for an Address; elements count from there."""

    __slots__ = ("cells", "start")

    def __init__(self, cells: Cells, start: int) -> None:
        self.cells, self.start = cells, start

    def __getitem__(self, index: int) -> Any:
        return self.cells.get(self.start + index)

    def __setitem__(self, index: int, value: Any) -> None:
        self.cells.set(self.start + index, value)


class Machine:
    """One run of a kernel. Statements and expressions become closures over its state."""

    def __init__(self, kernel: Kernel, arrays: Sequence[Array]) -> None:
        self.kernel = kernel
        self.dim: list[int | None] = [None] * kernel.slots
        self.names: dict[str, Any] = {}
        self.cells: dict[tuple[str, str | int], Cells] = {}
        self.need = kernel.arena_bytes
        self.arena = self.owner = np.zeros(0, np.uint8)
        for buffer, array in zip(self._given(), arrays, strict=True):
            if array.ndim != buffer.ndim or array.dtype != buffer.dtype.numpy:
                raise TypeError(f"{buffer.name} is {array.dtype} with {array.ndim} axes")
            self.dim[buffer.dim : buffer.dim + buffer.ndim] = array.shape
            self.cells[key(buffer)] = Cells(buffer.name, array.flatten(), np.ones((array.size, 1), bool), 1)
        if kernel.plan is None:
            for buffer in self._made():
                self.dim[buffer.dim : buffer.dim + buffer.ndim] = buffer.size

    def _given(self) -> list[Buffer]:
        return [buffer for buffer in self.kernel.buffers if buffer.kind in ("input", "member")]

    def _made(self) -> list[Buffer]:
        return [buffer for buffer in self.kernel.buffers if buffer.kind in ("output", "next")]

    def shape(self, buffer: Buffer) -> tuple[int, ...]:
        """The sizes of a buffer, which plan must have set."""
        sizes = self.dim[buffer.dim : buffer.dim + buffer.ndim]
        assert all(size is not None and size >= 0 for size in sizes), f"modc bug: sizes of {buffer.name}: {sizes}"
        return tuple(size for size in sizes if size is not None)

    def allocate(self) -> None:
        """What the host does between plan and run: outputs, next buffers, the arena."""
        for buffer in self._made():
            size = prod(self.shape(buffer))
            self.cells[key(buffer)] = Cells(
                buffer.name, poison(np.empty(size, buffer.dtype.numpy)), np.zeros((size, 1), bool), 1
            )
        self.arena = poison(np.empty(self.need, np.uint8))
        self.owner = np.zeros(self.need, np.int32)

    def array(self, buffer: Buffer) -> Array:
        """The buffer's elements after the run, in its shape; all of them must have been written."""
        cells = self.cells[key(buffer)]
        assert (cells.owner == cells.tag).all(), f"modc bug: {buffer.name} is not written everywhere"
        return cells.data.reshape(self.shape(buffer))

    # Places

    def _place(self, place: Place) -> Callable[[], Cells]:
        """The cells of a place, found when it is used: a scratch buffer begins at its first use."""
        all_cells, name = self.cells, key(place)
        if isinstance(place, Table):
            data = np.frombuffer(place.data, place.dtype.numpy)
            all_cells[name] = Cells(place.name, data, np.ones((len(data), 1), bool), 1)
        if not isinstance(place, Temp):
            return lambda: all_cells[name]
        temp, offset = place, self._expr(place.offset)
        return lambda: all_cells.get(name) or self._scratch(temp, offset())

    def _scratch(self, temp: Temp, offset: int) -> Cells:
        width = temp.dtype.bytes
        assert 0 <= offset <= self.need and offset % width == 0, f"modc bug: {temp.name} is at {offset}"
        count = (self.need - offset) // width
        data = self.arena[offset : offset + count * width].view(temp.dtype.numpy)
        owner = self.owner[offset : offset + count * width].reshape(count, width)
        self.cells[key(temp)] = cells = Cells(temp.name, data, owner, len(self.cells) + 1)
        return cells

    def _declare(self, local: Local, init: Run | None) -> None:
        data = poison(np.empty(max(local.length, 1), local.dtype.numpy))
        self.cells[key(local)] = cells = Cells(local.name, data, np.zeros((len(data), 1), bool), 1)
        if init is not None:
            cells.data[:] = init()
            cells.owner[:] = True

    # Expressions

    def _expr(self, expr: Expr) -> Run:
        match expr:
            case Const(value, dtype):
                constant = int(value) if dtype.name == "int64" else dtype.numpy.type(value)
                return lambda: constant
            case Var(name):
                return lambda: self.names[name]
            case Slot(position):
                return lambda: known(self.dim[position], position)
            case Load(place, index):
                cells, at = self._place(place), self._expr(index)
                return lambda: cells().get(int(at()))
            case Apply():
                return self._apply(expr)
            case Fold(how, place):
                row, lanes, length = numpy_of(OPS[how]), self._place(place), place.length
                return lambda: fold(row, [lanes().get(lane) for lane in range(length)])
            case _:
                assert_never(expr)

    def _apply(self, expr: Apply) -> Run:
        args = [self._expr(arg) for arg in expr.args]
        row = numpy_of(expr.op)
        if expr.op.name.startswith("index_"):
            return lambda: row(*(int(arg()) for arg in args))
        types = [arg.dtype.numpy.type for arg in expr.args]
        params = dict(zip(expr.op.params, expr.attrs, strict=True))
        pairs, wanted, name = list(zip(types, args, strict=True)), expr.dtype.numpy, expr.op.name

        def value() -> Any:
            result = np.asarray(row(*(kind(arg()) for kind, arg in pairs), **params))
            assert result.dtype == wanted, f"modc bug: {name} gives {result.dtype}, the kernel says {wanted}"
            return result[()]

        return value

    # Statements

    def body(self, stmts: Sequence[Stmt]) -> Callable[[], None]:
        """A function that runs the statements."""
        steps = [self._stmt(stmt) for stmt in stmts]

        def run() -> None:
            for step in steps:
                step()

        return run

    def _stmt(self, stmt: Stmt) -> Run:
        match stmt:
            case Loop():
                return self._loop(stmt)
            case Let(var, value):
                bound = self._expr(value)
                return lambda: self.names.__setitem__(var.name, bound())
            case Declare(local, init):
                start = None if init is None else self._expr(init)
                return lambda: self._declare(local, start)
            case Store():
                return self._store(stmt)
            case Call(function, args, _, meaning):
                values = [self._argument(arg) for arg in args]
                if meaning is not None:
                    return self._whole(meaning, values)
                primitive = primitives.PRIMITIVES[function]
                return lambda: primitive(*(value() for value in values))
            case Check(ok, site, axis, got, want):
                holds, found, wanted = self._expr(ok), self._expr(got), self._expr(want)
                return lambda: None if holds() else failed(site, axis, int(found()), int(wanted()))
            case If(condition, then, otherwise):
                condition_holds, yes, no = self._expr(condition), self.body(then), self.body(otherwise)
                return lambda: yes() if condition_holds() else no()
            case Block(body):
                return self.body(body)
            case Note():
                return lambda: None
            case SetSlot(position, value):
                get = self._expr(value)
                return lambda: self.dim.__setitem__(position, int(get()))
            case SetNeed(arena_bytes, work):
                size, load = self._expr(arena_bytes), self._expr(work)
                return lambda: self._set_need(int(size()), int(load()))
            case LetProduct(var, factors, site):
                values = [self._expr(factor) for factor in factors]
                return lambda: self.names.__setitem__(var.name, product((int(get()) for get in values), site))
            case _:
                assert_never(stmt)

    def _set_need(self, arena_bytes: int, work: int) -> None:
        assert arena_bytes >= 0 <= work, f"modc bug: arena of {arena_bytes} bytes, work {work}"
        self.need = arena_bytes

    def _loop(self, loop: Loop) -> Run:
        extent, body, name, names = self._expr(loop.extent), self.body(loop.body), loop.var.name, self.names
        step = -1 if loop.kind == "lanes" else 1  # independent iterations: any order must do

        def run() -> None:
            for names[name] in range(int(extent()))[::step]:
                body()

        return run

    def _store(self, store: Store) -> Run:
        cells, index, value = self._place(store.place), self._expr(store.index), self._expr(store.value)
        if store.combine is None:
            return lambda: cells().set(int(index()), value())
        row, kind = numpy_of(store.combine), store.place.dtype.numpy.type

        def run() -> None:
            there, position = cells(), int(index())
            there.set(position, row(there.get(position), kind(value())))

        return run

    def _whole(self, meaning: Meaning, values: Sequence[Run]) -> Run:
        """A row's own function: its NumPy reference on the operands."""
        node, shapes = meaning.node, [[self._expr(size) for size in shape] for shape in meaning.shapes]
        params = dict(zip(node.op.params, node.attrs, strict=True))
        operands, result = values[meaning.first :][: len(shapes)], values[meaning.first + len(shapes)]

        def run() -> None:
            arrays = []
            for shape, operand, arg in zip(shapes, operands, node.args, strict=False):
                sizes, span = [int(size()) for size in shape], operand()
                items = [span[at] for at in range(prod(sizes))]
                arrays.append(np.array(items, arg.dtype.numpy).reshape(sizes))
            target = result()
            count = [values[meaning.first - 1]()] if "counted" in node.op.traits else []
            for at, item in enumerate(np.asarray(node.op.numpy(*arrays, *count, **params)).reshape(-1)):
                target[at] = item
            if "checking" in node.op.traits:
                values[meaning.first + len(shapes) + 1]()[0] = 1

        return run

    def _argument(self, arg: Expr | Address) -> Run:
        if not isinstance(arg, Address):
            return self._expr(arg)
        cells, index = self._place(arg.place), self._expr(arg.index)
        return lambda: Span(cells(), int(index()))


def numpy_of(op: Op) -> Callable[..., Any]:
    """What a row means for one element."""
    return CHOOSE.get(op.name, op.numpy)


def key(place: Place) -> tuple[str, str | int]:
    """What tells places of one kernel apart."""
    if isinstance(place, Buffer):
        return "buffer", place.position
    return type(place).__name__, place.name


def poison(array: Array) -> Array:
    """Fill with bytes that no test expects."""
    array.view(np.uint8)[:] = 0xA5
    return array


def known(size: int | None, position: int) -> int:
    """A size that must have been set."""
    assert size is not None, f"modc bug: dim[{position}] is read and not set"
    return size


def failed(site: int, axis: int, got: int, want: int) -> NoReturn:
    """What a Check does."""
    raise Failed(site, axis, got, want)


def product(factors: Any, site: int) -> int:
    """As csrc modc_bytes, step by step."""
    result, *rest = factors
    for factor in rest:
        bad = result < 0 or factor < 0 or (factor != 0 and result > MOST_BYTES // factor)
        result = -1 if bad else result * factor
    if result < 0:
        raise Failed(site, 0, result, 0)
    return int(result)


def fold(row: Callable[[Any, Any], Any], lanes: list[Any]) -> Any:
    """The lanes combined in the fixed tree: the upper half onto the lower, until one is left."""
    while len(lanes) > 1:
        half = len(lanes) // 2
        lanes = [row(lanes[lane], lanes[lane + half]) for lane in range(half)]
    return lanes[0]


def run(kernel: Kernel, inputs: Sequence[Array], members: Sequence[Array]) -> tuple[list[Array], Mapping[int, Array]]:
    """Outputs, and the new value per written member (by its position among the members).

    The arrays must have the buffers' dtypes and ndim; they are left as they are. Raises Failed where a
    Check does not hold, AssertionError where the kernel itself is wrong.
    """
    machine = Machine(kernel, [*inputs, *members])
    with np.errstate(all="ignore"):
        if kernel.plan is not None:
            machine.body(kernel.plan)()
        machine.allocate()
        machine.names = {}
        machine.body(kernel.body)()
    holders = [buffer for buffer in kernel.buffers if buffer.kind == "member"]
    nexts = iter([buffer for buffer in kernel.buffers if buffer.kind == "next"])
    written = {at: buffer for at, buffer in enumerate(holders) if buffer.written or buffer.reshaped}
    news = {at: machine.array(next(nexts) if buffer.reshaped else buffer) for at, buffer in written.items()}
    outputs = [machine.array(buffer) for buffer in kernel.buffers if buffer.kind == "output"]
    return outputs, news

"""The loop language: what the scheduler writes, `emit` prints one to one, and `interpret` runs.

Deliberately poor: no pointers, no `while`, indices are flat (row-major) int64 expressions without
division. Every class is frozen; a kernel is a tree of them.

Names: a Let's name and a Local's are unique in the kernel, except that the two copies of a loop body (blocks and rest)
bind the same Lets in disjoint scopes; loop counters are named by depth (i, j, k, l, m, then i5, i6 ...) and never shadow
one another. Names of Vars, Locals, Temps and Tables differ from each other, not from those of Buffers: emit renames Buffers.
Temps are touched only inside a top-level Block. Tables may be touched anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from modc.graph.dtype import INT64, DType
from modc.graph.node import Node
from modc.graph.op import ADD, AND, BIT_AND, CALL, EQUAL, LESS, MUL, Op
from modc.graph.program import Program

# Integer rows for indices: plain C on int64, known not to overflow once plan has checked the sizes.
INDEX_ADD = Op("index_add", "map", lambda a, b: a + b, "{0} + {1}", ADD)
INDEX_SUB = Op("index_sub", "map", lambda a, b: a - b, "{0} - {1}", ADD)
INDEX_MUL = Op("index_mul", "map", lambda a, b: a * b, "{0} * {1}", MUL)
INDEX_DIV = Op("index_div", "map", lambda a, b: a // b, "{0} / {1}", MUL)  # of extents, never in an index
INDEX_MIN = Op("index_min", "map", min, "modc_min_i64({0}, {1})", CALL)
INDEX_MAX = Op("index_max", "map", max, "modc_max_i64({0}, {1})", CALL)
INDEX_MASK = Op("index_mask", "map", lambda a, b: a & b, "{0} & {1}", BIT_AND)  # a modulo a power of two
INDEX_PADDED = Op("index_padded", "map", lambda a: (a + 63) // 64 * 64, "modc_padded({0})", CALL)  # bytes in the arena
INDEX_WORK = Op("index_work", "map", lambda a: min(a, 10**15), "modc_work({0})", CALL)  # float64 to int64, in plan
# Conditions: dtype bool
INDEX_LESS = Op("index_less", "map", lambda a, b: a < b, "{0} < {1}", LESS)
INDEX_LESS_EQUAL = Op("index_less_equal", "map", lambda a, b: a <= b, "{0} <= {1}", LESS)
INDEX_EQUAL = Op("index_equal", "map", lambda a, b: a == b, "{0} == {1}", EQUAL)
INDEX_AND = Op("index_and", "map", lambda a, b: bool(a) and bool(b), "{0} && {1}", AND)

#: The largest array that plan lets pass, in bytes: csrc modc_bytes.
MOST_BYTES = 1 << 48

# Places


@dataclass(frozen=True, slots=True)
class Buffer:
    """One pointer of the kernel's ABI: kind "input", "member", "output" or "next"."""

    name: str  # the user's name; emit makes a C name of it
    kind: str
    position: int  # in modc_call.buf
    dtype: DType
    ndim: int
    dim: int  # first of its sizes in modc_call.dim
    size: tuple[int | None, ...]  # fixed sizes
    written: bool = False  # a member that this kernel stores to in place
    reshaped: bool = False  # a member whose update goes to a "next" buffer


@dataclass(frozen=True, slots=True)
class Temp:
    """Scratch in the arena. `offset` in bytes: a Const, or the private size slot that plan fills."""

    name: str
    dtype: DType
    offset: Const | Slot
    note: str = ""


@dataclass(frozen=True, slots=True)
class Local:
    """A C local: a scalar (length 0) or an array of `length` elements on the stack (at most 4 KiB)."""

    name: str
    dtype: DType
    length: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A constant array: `static const` in the C text. data: the bytes, row-major, native order. Read only."""

    name: str
    dtype: DType
    data: bytes


Place = Buffer | Temp | Local | Table

# Expressions


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """A literal. 0.0 and -0.0 are two literals, though Python calls them equal."""

    value: bool | int | float
    dtype: DType

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Const) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[str, DType]:
        return repr(self.value), self.dtype


@dataclass(frozen=True, slots=True)
class Var:
    """A loop counter, or the name that a Let binds."""

    name: str
    dtype: DType = INT64


@dataclass(frozen=True, slots=True)
class Slot:
    """modc_call.dim[position]: a size of a buffer, or a private number that plan computed."""

    position: int
    dtype: DType = INT64


@dataclass(frozen=True, slots=True)
class Load:
    """One element. The index of a scalar Local is Const(0)."""

    place: Place
    index: Expr

    @property
    def dtype(self) -> DType:
        """The place's dtype."""
        return self.place.dtype


@dataclass(frozen=True, slots=True)
class Apply:
    """A scalar row of the op table (or an INDEX_ row) applied; attrs as in Node.attrs."""

    op: Op
    args: tuple[Expr, ...]
    dtype: DType
    attrs: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Fold:
    """The lanes of a Local array combined in the fixed tree 16, 8, 4, 2, 1 (csrc modc_fold{length}_{how}_{t})."""

    how: str  # the combining row: "add", "mul", "maximum", "minimum", "or_", "and_"
    place: Local

    @property
    def dtype(self) -> DType:
        """The place's dtype."""
        return self.place.dtype


Expr = Const | Var | Slot | Load | Apply | Fold

# Statements


@dataclass(frozen=True, slots=True)
class Loop:
    """0 <= var < extent. kind: "plain", "lanes" (constant extent, independent iterations), "seq", "parallel"."""

    var: Var
    extent: Expr
    body: tuple[Stmt, ...]
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Let:
    """A named constant; its scope is the rest of the enclosing body."""

    var: Var
    value: Expr


@dataclass(frozen=True, slots=True)
class Declare:
    """Begins a Local; every element is set to `init`, or left unset for None."""

    local: Local
    init: Expr | None = None


@dataclass(frozen=True, slots=True)
class Store:
    """place[index] = value, or place[index] = combine(place[index], value) with combine a row of the table."""

    place: Place
    index: Expr
    value: Expr
    combine: Op | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """&place[index], for Call."""

    place: Place
    index: Expr
    dtype: DType = INT64


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a call of a row's own function computes: the node, where its operands begin in `args`, their shapes."""

    node: Node
    first: int
    shapes: tuple[tuple[Expr, ...], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A csrc primitive, such as modc_gemm_f64. `writes`: positions in args of what it writes."""

    function: str
    args: tuple[Expr | Address, ...]
    writes: tuple[int, ...]
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Where `ok` is false the kernel fails at `site` with these numbers; nothing may have been committed."""

    ok: Expr
    site: int
    axis: int
    got: Expr
    want: Expr


@dataclass(frozen=True, slots=True)
class If:
    """Loop tails, delayed commits."""

    condition: Expr
    then: tuple[Stmt, ...]
    otherwise: tuple[Stmt, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A scope of its own: one top-level nest. Temps used in it get their pointers here."""

    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A comment."""

    text: str


@dataclass(frozen=True, slots=True)
class SetSlot:
    """Plan only: modc_call.dim[position] = value. Sizes of outputs and next buffers, private numbers."""

    position: int
    value: Expr


@dataclass(frozen=True, slots=True)
class SetNeed:
    """Plan only: arena_bytes and work."""

    arena_bytes: Expr
    work: Expr


@dataclass(frozen=True, slots=True)
class LetProduct:
    """Plan only: var = product of two or more factors, the bytes of an array: negative or above 2**48 fails at `site`."""

    var: Var
    factors: tuple[Expr, ...]
    site: int


Stmt = Loop | Let | Declare | Store | Call | Check | If | Block | Note | SetSlot | SetNeed | LetProduct


@dataclass(frozen=True, slots=True)
class Site:
    """What a Check guards. kind: "shape" (got and want are sizes), "index" (got a position, want the size),
    "numel", "memory" (a size too large), "empty" (reduction of nothing without identity), "next" ...
    node: number of the node in the program's walk, or -1; operand: which argument of it.
    """

    kind: str
    node: int
    operand: int = 0


@dataclass(frozen=True, slots=True)
class Kernel:
    """Everything `emit` needs to print one translation unit.

    plan is None when every size is fixed; then arena_bytes and work are the numbers for every call.
    slots: how many entries modc_call.dim has (sizes of all buffers in order, then private ones).
    """

    program: Program
    buffers: tuple[Buffer, ...]
    slots: int
    plan: tuple[Stmt, ...] | None
    body: tuple[Stmt, ...]
    sites: tuple[Site, ...]
    arena_bytes: int = 0
    work: int = 0
    tree: str = field(default="", compare=False)  # the schedule tree as text, for dumps and goldens

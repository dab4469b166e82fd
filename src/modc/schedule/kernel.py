"""The scheduler's one entry: from an optimised Program to a Kernel of loop IR."""

from __future__ import annotations

from modc.graph.node import Leaf
from modc.graph.program import Program
from modc.schedule.extents import Extents
from modc.schedule.keep import Keep
from modc.schedule.loops import Kernel, Let, Stmt
from modc.schedule.lower import Lower
from modc.schedule.order import add_edges, in_order, order_axes
from modc.schedule.place import Placer
from modc.schedule.plan import Plan
from modc.schedule.rows import mark_rows
from modc.schedule.show import tree_text
from modc.schedule.sizes import Sizes
from modc.schedule.statements import Builder
from modc.schedule.storage import Storage
from modc.schedule.terms import Value
from modc.schedule.tidy import count_uses, tidy
from modc.schedule.tiles import mark_tiles
from modc.schedule.transform import collapse


def schedule(program: Program, join: bool = True, wide: bool = True) -> Kernel:
    """The loop nests, storage and size plan of `program`.

    join=False gives every statement a nest of its own (for tests); wide=False adds up float32 in float32,
    for processors without float64. Raises Unschedulable for what a
    kernel cannot express, such as a size that only data decide.
    """
    extents = Extents(program)
    sizes = Sizes(extents)
    keep = Keep(program, extents)
    builder = Builder(extents, keep, sizes)
    statements = builder.statements
    add_edges(statements, builder.values)
    for statement in statements:
        statement.wide = wide
        order_axes(statement)
    placer = Placer(in_order(statements), _commits_of(builder), join)
    storage = Storage(placer.root, builder.values, sizes)
    if join:
        mark_rows(placer.root, storage)
        collapse(placer.root, extents)
        mark_tiles(placer.root)
    body = tidy(Lower(placer.root, storage, sizes).run())
    plan, arena_bytes, work = Plan(extents, sizes, builder.sites, builder.numbers).build(placer.root, storage.arena)
    uses = count_uses(body)
    names: tuple[Stmt, ...] = tuple(Let(var, slot) for var, slot in sizes.used if var.name in uses)
    return Kernel(
        program, sizes.buffers, sizes.count, plan, names + body, tuple(builder.sites), arena_bytes, work,
        tree_text(placer.root, storage, builder),
    )


def _commits_of(builder: Builder) -> dict[Value, Leaf]:
    """The member that each value is committed to."""
    table: dict[Value, Leaf] = {}
    for statement in builder.statements:
        if isinstance(statement.member, Leaf):
            for source, _, _ in statement.reads:
                if isinstance(source, Value):
                    table.setdefault(source, statement.member)
    return table

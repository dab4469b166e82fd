"""Random programs: the scheduled loops give what NumPy gives on the graph, exactly."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from compiled_kernels import build
from compiled_kernels import run as run_compiled
from random_programs import op, random_case, variable

from modc.emit import emit
from modc.graph import Program
from modc.graph.dtype import FLOAT64
from modc.graph.evaluate import evaluate
from modc.schedule import schedule
from modc.schedule.interpret import Failed, run
from modc.schedule.loops import Kernel
from modc.schedule.verify import verify

Array = Any


def same(program: Program, kernel: Kernel, inputs: list[Array], members: list[Array], found: Any) -> None:
    outputs, updates = evaluate(program, inputs, members)
    for expected, actual in zip(outputs, found[0], strict=True):
        np.testing.assert_array_equal(expected, actual)
    for (member, _), expected in zip(program.updates, updates, strict=True):
        np.testing.assert_array_equal(expected, found[1].get(member, members[member]))


@pytest.mark.parametrize("block", range(8))
def test_scheduled_programs_give_what_the_graph_gives(block: int) -> None:
    for seed in range(100_000 + block * 20, 100_000 + block * 20 + 20):
        program, inputs, members = random_case(seed)
        kernel = schedule(program)
        verify(kernel)
        same(program, kernel, inputs, members, run(kernel, inputs, members))


def test_a_nest_for_every_statement_gives_the_same_as_fused_ones() -> None:
    for seed in range(110_000, 110_012):
        program, inputs, members = random_case(seed)
        kernel = schedule(program, join=False)
        verify(kernel)
        same(program, kernel, inputs, members, run(kernel, inputs, members))


def test_compiled_kernels_give_what_the_graph_gives(tmp_path: Any) -> None:
    for seed in range(120_000, 120_006):
        program, inputs, members = random_case(seed)
        kernel = schedule(program)
        found = run_compiled(build(emit(kernel), tmp_path), kernel, inputs, members)
        same(program, kernel, inputs, members, found)


def test_positions_out_of_range_are_found_before_anything_is_stored(tmp_path: Any) -> None:
    refused = 0
    for seed in range(130_000, 130_040):
        program, inputs, members = random_case(seed, wild=True)
        kernel = schedule(program)
        verify(kernel)  # no check after a commit
        try:
            evaluate(program, inputs, members)
        except IndexError:
            refused += 1
            with pytest.raises(Failed):
                run(kernel, inputs, members)
            if refused < 4:
                with pytest.raises(Failed):
                    run_compiled(build(emit(kernel), tmp_path), kernel, inputs, members)
        else:
            same(program, kernel, inputs, members, run(kernel, inputs, members))
    assert refused > 10


def test_the_same_program_gives_the_same_kernel() -> None:
    for seed in random.Random(7).sample(range(140_000, 150_000), 20):
        one, other = (schedule(random_case(seed)[0]) for _ in range(2))
        assert one.tree == other.tree
        assert emit(one) == emit(other)


def test_neither_hash_seeds_nor_addresses_reach_the_kernel() -> None:
    script = (
        "from hashlib import sha256\n"
        "from random_programs import op, random_case, variable\n"
        "from modc.emit import emit\n"
        "from modc.schedule import schedule\n"
        "text = ''.join(emit(schedule(random_case(seed)[0])) for seed in range(150_000, 150_008))\n"
        "print(sha256(text.encode()).hexdigest())\n"
    )
    found = set()
    for seed in ("0", "1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        found.add(subprocess.check_output([sys.executable, "-c", script], env=environment, text=True))
    assert len(found) == 1


def test_the_schedule_of_an_output_does_not_depend_on_an_unrelated_one() -> None:
    for seed in range(160_000, 160_012):
        program = random_case(seed)[0]
        alone = schedule(program).tree
        other = variable("other", FLOAT64, ("unrelated",))
        more = Program(
            program.name, (*program.inputs, other), (*program.input_names, "other"), program.members,
            program.member_names, (*program.outputs, op("exp", other)), program.updates,
        )  # fmt: skip
        lines = schedule(more).tree.splitlines()
        place = lines.index("for unrelated:")
        kept = [line for line in lines[:place] + lines[place + 2 :] if line]
        assert alone.split() == "\n".join(kept).split()

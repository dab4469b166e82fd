"""Random Modules as C: every call gives the bits that the same Method gives in Python, and failed calls leave no trace.

MODC_FUZZ=N runs N more of them.
"""

from __future__ import annotations

import os
import random

import numpy as np
import pytest
from export_zoo import ROWS
from exported import SANITIZE, compile_run, zoo_export
from exported_calls import Exported, follow
from module_maker import Maker, values
from module_runs import module_of, start

import modc
from modc.embed.golden import golden
from modc.errors import ExportError

FLAVOURS = ["whole", "odd", "wild"]
MORE = int(os.environ.get("MODC_FUZZ", "0"))


def plan_of(seed):
    """A random Module with calls."""
    chooser = random.Random(seed)
    return Maker(chooser, FLAVOURS[seed % 3], seed).make(chooser.choice([3, 6, 10]), chooser.choice([1, 2]), 4)


def sizes_of(plan, is_open):
    """Sizes, and maxima for about half of the arrays where `is_open`."""
    chooser = random.Random(plan.seed)
    given = {"sizes": {}, "most": {}}
    for root in (*plan.inputs, *plan.members):
        if root.sizes:
            given["most" if is_open and chooser.random() < 0.6 else "sizes"][root.name] = root.sizes
    return given


def exported(plan, place, is_open):
    """The export of a Plan; arrays that no Method uses have no size to give. None where sizes do not go together."""
    given = sizes_of(plan, is_open)
    while True:
        try:
            return modc.export(module_of(plan).make(start(plan)), place, name="drawn", golden=1, **given)
        except ExportError as error:
            if "there is no such dimension" not in str(error):
                assert "size" in str(error) or "maxim" in str(error), error
                return None
            unused = str(error).split()[1].rstrip(":")
            given = {option: {name: size for name, size in table.items() if name != unused} for option, table in given.items()}


def calls_of(plan, model):
    """The plan's calls as functions of the export and arrays."""
    roots = {root.name: root for root in plan.inputs}
    functions = {one.key: one for one in model.functions}
    for which, seed in plan.calls:
        function, rng = functions[plan.actions[which].name], np.random.default_rng(seed)
        yield function, [values(rng, roots[one.key], plan.flavour, roots[one.key].sizes) for one in function.inputs]


@pytest.mark.parametrize("is_open", [False, True])
@pytest.mark.parametrize("seed", range(300, 306 + MORE))
def test_random_modules_give_the_same_bits_in_c(seed, is_open, tmp_path):
    plan = plan_of(seed)
    export = exported(plan, tmp_path / "random", is_open)
    if export is None:
        return
    try:
        follow(Exported(export.directory, export.model), list(calls_of(plan, export.model)))
        compile_run(export, "gcc", ["-std=c99", *SANITIZE], strict=False)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{plan.text}") from error


@pytest.mark.parametrize("name", [name for name in ROWS if name not in ("bad_names",)])
def test_the_golden_calls_give_the_same_bits_from_python(name):
    export = zoo_export(name)
    calls = [(call.function, [one.value for one in call.given]) for call in golden(export.model).calls]
    if export.model.options.blob or export.model.options.real == "float32":
        pytest.skip("sums in another precision, or no values without their file")
    assert follow(Exported(export.directory, export.model), calls) > 0

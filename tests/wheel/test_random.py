"""Random Modules from packages: the values, the states and the messages are those of the compiled Module."""

from __future__ import annotations

import os
import random

import numpy as np
import pytest
from module_maker import Maker
from module_runs import arguments, module_of, outcome, same_bytes, start
from wheel_packages import pack_module

import modc.runtime
from modc.wheel.problem import Problem

if modc.runtime.KIND == "numpy":
    pytest.skip("no kernel can be called", allow_module_level=True)

FLAVOURS = ["whole", "odd", "wild"]


@pytest.mark.parametrize("seed", range(8 + int(os.environ.get("MODC_FUZZ", "0"))))
def test_a_random_module_from_a_package_is_the_compiled_one(seed, tmp_path):
    plan = Maker(random.Random(seed), FLAVOURS[seed % 3], seed).make(6, 2, 3)
    module = module_of(plan)
    try:
        folder = pack_module(tmp_path, module)
    except Problem as problem:
        pytest.skip(str(problem))
    ours, theirs = modc.runtime.load(folder)(start(plan)), module.make(start(plan), mode="c")
    state = start(plan)
    for which, call in plan.calls:
        action = plan.actions[which]
        given = arguments(plan, action, call)
        found, wanted = (outcome(plan, inst, action, given, state) for inst in (ours, theirs))
        if isinstance(wanted, Exception):
            assert (type(found), str(found)) == (type(wanted), str(wanted).partition("\n  at ")[0])
            continue
        assert all(same_bytes(a, b) for a, b in zip(found, wanted, strict=True))
        for name in state:
            assert same_bytes(getattr(ours, name), getattr(theirs, name)), name
            state[name] = np.array(getattr(theirs, name))

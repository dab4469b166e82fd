"""Random Programs, scheduled, emitted and compiled: the same results as the interpreter of their loops."""

from __future__ import annotations

import os
import subprocess
import sys

import compiled_kernels as compiled
import numpy as np
import pytest
from random_programs import random_case

from modc.emit import emit
from modc.schedule import interpret, schedule
from modc.schedule.interpret import Failed


def outcome(run, *args):
    """Everything a run gives (a NaN as a NaN), or what failed."""
    try:
        outputs, members = run(*args)
    except Failed as failure:
        return failure.site, failure.axis, failure.got, failure.want
    arrays = [*outputs, *members.values()]
    return list(members), [(array.dtype.name, array.shape, bits(array)) for array in arrays]


def bits(array):
    return np.where(array != array, np.nan, array).astype(array.dtype).tobytes()


@pytest.mark.parametrize("seed", range(30))
def test_random_program(seed, tmp_path):
    program, inputs, members = random_case(seed, wild=seed % 3 == 0)
    kernel = schedule(program)
    text = emit(kernel)
    assert text == emit(schedule(program))
    program_name, language = compiled.COMPILERS[seed % len(compiled.COMPILERS)]
    assert compiled.refuses(program_name, language, text) == ""
    expected = outcome(interpret.run, kernel, inputs, members)
    assert expected == outcome(compiled.run, compiled.build(text, tmp_path), kernel, inputs, members)


def test_text_does_not_depend_on_the_order_of_sets():
    code = (
        "from random_programs import random_case; from modc.schedule import schedule; from modc.emit import emit\n"
        "print(*(emit(schedule(random_case(seed)[0])) for seed in range(5)))"
    )
    texts = {run_python(code, PYTHONHASHSEED=seed, PYTHONPATH=os.pathsep.join(sys.path)) for seed in "012"}
    assert len(texts) == 1


def run_python(code, **environment):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True).stdout

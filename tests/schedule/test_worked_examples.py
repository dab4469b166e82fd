"""The schedules of the worked examples, as golden trees; they are the specification of grouping."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from worked_examples import EXAMPLES

from modc.schedule import schedule
from modc.schedule.verify import verify


@pytest.mark.parametrize("name", EXAMPLES)
def test_tree_of(name: str, golden: Callable[[str, str], None]) -> None:
    kernel = schedule(EXAMPLES[name]())
    verify(kernel)
    golden(f"schedule/{name}.txt", kernel.tree)

"""Smaller Plans that still fail: calls, Methods, outputs, updates and lines are left out one by one."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

from module_maker import Plan

Fails = Callable[[Plan], bool]


def tidy(plan: Plan) -> Plan:
    """Without the lines, inputs and members that nothing uses."""
    called = sorted({which for which, _ in plan.calls})
    plan.calls = [(called.index(which), seed) for which, seed in plan.calls]
    plan.actions = [plan.actions[which] for which in called]
    used = plan.needed([name for action in plan.actions for name in (*action.outputs, *action.updates, *action.updates.values())])
    plan.lines = [line for line in plan.lines if line.name in used]
    plan.inputs = [root for root in plan.inputs if root.name in used]
    plan.members = [root for root in plan.members if root.name in used]
    for action in plan.actions:
        needed = plan.needed([*action.outputs, *action.updates.values()])
        action.inputs = [name for name in action.inputs if name in needed]
    return plan


def smaller(plan: Plan) -> Iterator[Plan]:
    for at in range(len(plan.calls)):
        if len(plan.calls) > 1:
            less = copy.deepcopy(plan)
            del less.calls[at]
            yield tidy(less)
    for at, action in enumerate(plan.actions):
        for place in range(len(action.outputs)):
            less = copy.deepcopy(plan)
            del less.actions[at].outputs[place]
            yield tidy(less)
        for member in action.updates:
            less = copy.deepcopy(plan)
            del less.actions[at].updates[member]
            yield tidy(less)
    lines = {line.name: line for line in plan.lines}
    for at, action in enumerate(plan.actions):
        for place, name in enumerate(action.outputs):
            for arg in lines[name].args if name in lines else ():
                less = copy.deepcopy(plan)
                less.actions[at].outputs[place] = arg
                yield tidy(less)
    for at, action in enumerate(plan.actions):
        for member in action.updates:
            less = copy.deepcopy(plan)
            del less.actions[at].updates[member]
            less.actions[at].outputs.append(action.updates[member])
            yield tidy(less)


def shrink(plan: Plan, fails: Fails, tries: int = 200) -> Plan:
    """A Plan that fails and of which no smaller one does (or `tries` is spent)."""
    going = True
    while going and tries > 0:
        going = False
        for less in smaller(plan):
            tries -= 1
            if fails(less):
                plan, going = less, True
                break
            if tries <= 0:
                break
    return plan

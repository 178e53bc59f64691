"""The seccomp filter stops at the wanted calls and at no other: the program is carried out here, step by step."""

from __future__ import annotations

import pytest

from minishell.trace import launch, seccomp
from minishell.trace.table import MACHINES, Machine

LOAD, RETURN, IF_EQUAL = 0x20, 0x06, 0x15  # linux/bpf_common.h
STOPS, GOES_ON = 0x7FF00000, 0x7FFF0000  # SECCOMP_RET_TRACE, SECCOMP_RET_ALLOW


def answer(steps: list[seccomp.Step], architecture: int, number: int, arguments: tuple[int, ...] = (0,) * 6) -> int:
    """What the kernel's machine would say of this call."""
    data = {0: number, 4: architecture} | {16 + 8 * index: value for index, value in enumerate(arguments)}
    at, held = 0, 0
    while True:
        operation, if_true, if_false, operand = steps[at]
        assert 0 <= if_true < 256
        assert 0 <= if_false < 256
        at += 1
        if operation == RETURN:
            return operand
        if operation == LOAD:
            held = data[operand]
        else:
            assert operation == IF_EQUAL
            at += if_true if held == operand else if_false


@pytest.mark.parametrize("controlled", [False, True])
@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())
def test_every_call_is_let_through_or_stopped_as_wanted(machine: Machine, controlled: bool) -> None:
    wanted = launch.wanted(controlled=controlled)
    steps = seccomp.stop_at(machine, wanted)
    names = {number: name for name, number in machine.numbers.items()}
    for number in range(600):
        name = names.get(number, "")
        condition = wanted.get(name)
        always = name in wanted and condition is None
        assert answer(steps, machine.audit_arch, number) == (STOPS if always or zero(condition) else GOES_ON), name
        if condition is not None:
            index, values = condition
            for value in values:
                arguments = tuple(value if place == index else 0 for place in range(6))
                assert answer(steps, machine.audit_arch, number, arguments) == STOPS, name


def zero(condition: tuple[int, frozenset[int]] | None) -> bool:
    return condition is not None and 0 in condition[1]


def test_calls_of_another_architecture_are_let_through() -> None:
    machine = MACHINES["x86_64"]
    steps = seccomp.stop_at(machine, launch.wanted(controlled=False))
    assert answer(steps, 0x40000003, machine.numbers["read"]) == GOES_ON

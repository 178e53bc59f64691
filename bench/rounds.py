"""Rounds that interleave: every contestant once, then every contestant once more, in the other direction.

Ratios from such rounds hold on a busy machine, where the times themselves do not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from time import monotonic
from typing import TYPE_CHECKING

from bench.measure import Failed

if TYPE_CHECKING:
    from pathlib import Path

    from bench.shells import Shell

PATIENCE_S = 10.0
"""Who has used up this much time in one measure is not asked again (xonsh: 10 s for one long pipeline)."""

Take = Callable[[], float]
"""Do it once; the answer is a time in ms, or whatever the measure's unit is.  May raise `Failed`."""


@dataclass(frozen=True)
class Arena:
    """What a measure has to work with."""

    shells: tuple[Shell, ...]
    python: Path  # the interpreter minishell runs on
    scratch: Path  # an empty directory


@dataclass(frozen=True)
class Target:
    """A line to stay under: `at_most` times what `against` takes, or, against nobody, `at_most` as it is."""

    at_most: float
    against: str | None = None
    aim: float | None = None


@dataclass(frozen=True)
class Measure:
    """One question, who can answer it, and what the answer should be."""

    name: str
    title: str
    contestants: Callable[[Arena], Mapping[str, Take]]
    rounds: int
    targets: tuple[Target, ...] = ()
    unit: str = "ms"
    of_samples: Callable[[list[float]], float] = median  # which number stands for all rounds


@dataclass
class Result:
    """What came out: samples by contestant, and why some have none."""

    measure: Measure
    samples: dict[str, list[float]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> float | None:
        """The number that stands for the samples of `name`, None if it has none."""
        samples = self.samples.get(name)
        return self.measure.of_samples(samples) if samples else None

    def ratio(self, name: str, against: str) -> float | None:
        """How many times longer `name` takes than `against`."""
        ours, theirs = self.value(name), self.value(against)
        return None if ours is None or not theirs else ours / theirs


def compete(measure: Measure, arena: Arena, rounds: int) -> Iterator[Result]:
    """Do the rounds, giving the result so far after each.  The first of several rounds only warms up."""
    takes = measure.contestants(arena)
    result = Result(measure, {name: [] for name in takes})
    used_s = dict.fromkeys(takes, 0.0)
    for number in range(rounds + 1 if rounds > 1 else 1):
        for name in order(takes, number):
            if name not in result.failures and used_s[name] < PATIENCE_S:
                begin_s = monotonic()
                sample(result, name, takes[name])
                used_s[name] += monotonic() - begin_s
        if number == 0 and rounds > 1:
            forget_all_but_the_slow(result, used_s)
        yield result


def order(takes: Mapping[str, Take], number: int) -> list[str]:
    """Who comes when in this round: nobody always follows the same neighbour."""
    names = list(takes)
    return names if number % 2 == 0 else names[::-1]


def sample(result: Result, name: str, take: Take) -> None:
    """Add one sample, or the reason there is none."""
    try:
        result.samples[name].append(take())
    except Failed as problem:
        result.failures[name] = str(problem)
        result.samples[name].clear()


def forget_all_but_the_slow(result: Result, used_s: Mapping[str, float]) -> None:
    """Drop the warm-up, unless it is all we will ever get."""
    for name, samples in result.samples.items():
        if used_s[name] < PATIENCE_S:
            samples.clear()

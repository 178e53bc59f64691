"""`@record`: what it shares with a frozen dataclass, and the one thing that is different."""

from __future__ import annotations

import pytest

from minishell.record import record
from minishell.source import Source, Span


@record
class Point:
    x: int
    y: int = 0


@record
class Placed:
    name: str
    span: Span | None


@record
class Empty:
    pass


def test_fields_are_given_by_place_or_by_name() -> None:
    assert (Point(1, 2).x, Point(1, 2).y) == (1, 2)
    assert Point(y=2, x=1) == Point(1, 2)
    assert Point(1).y == 0


@pytest.mark.parametrize("values", [(), (1, 2, 3)])
def test_too_few_and_too_many_values_are_refused(values: tuple[int, ...]) -> None:
    with pytest.raises(TypeError, match="Point takes x, y"):
        Point(*values)


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(TypeError, match="Point takes x, y"):
        Point(1, z=2)  # type: ignore[call-arg]


def test_records_are_equal_if_they_are_of_one_kind_and_all_fields_are() -> None:
    assert Point(1, 2) == Point(1, 2)
    assert Point(1, 2) != Point(1, 3)
    assert {Point(1, 2): "a point"}.get((1, 2)) is None  # type: ignore[call-overload]
    assert Empty() == Empty()


def test_equal_records_have_the_same_hash() -> None:
    assert len({Point(1, 2), Point(1, 2), Point(2, 1)}) == 2


def test_a_record_does_not_change() -> None:
    point = Point(1)
    with pytest.raises(AttributeError, match="does not change"):
        point.x = 2  # type: ignore[misc]
    assert point.x == 1


def test_a_record_shows_itself_as_it_is_written() -> None:
    assert repr(Point(1, 2)) == "Point(x=1, y=2)"


def test_the_place_in_a_text_does_not_count() -> None:
    here, there = Span(Source("here", "abc"), 0, 1), Span(Source("there", "abc"), 1, 2)
    assert Placed("a", here) == Placed("a", there)
    assert hash(Placed("a", here)) == hash(Placed("a", None))
    assert Placed("a", here) != Placed("b", here)
    assert repr(Placed("a", here)) == "Placed(name='a')"


def test_a_record_can_be_matched_by_place() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)

"""What many people believe of exec, and what happens instead (lesson 12)."""

import pytest

from minishell.trace.event import Exec, Fork, SigAction, Write
from tests.misconceptions.seen import children, ended, events_of, of_kind, table_given, written


@pytest.mark.belief(11)
def test_exec_makes_no_process() -> None:
    events = events_of("12-exec/os_exec_example.py")
    assert of_kind(events, Fork) == []
    assert {event.pid for event in events} == {events[0].pid}
    assert [event.argv[0] for event in of_kind(events, Exec)][-1] == "sh"


@pytest.mark.belief(12)
def test_what_stands_below_exec_is_not_run() -> None:
    events = events_of("12-exec/os_exec_example.py")
    assert "never reached" not in written(events, "the output")
    assert [event.data.split()[-1] for event in of_kind(events, Write)] == ["sh", "sh"]


@pytest.mark.belief(13)
def test_a_child_whose_exec_fails_goes_on_in_the_code_of_its_parent() -> None:
    events = events_of("12-exec/os_exec_failed.py")
    parent = events[0].pid
    (child,) = children(events)
    for pid in (parent, child):
        assert "the rest of the script" in written(events, "the output", pid)
    mended = events_of("12-exec/os_exec_failed_mended.py")
    (child,) = children(mended)
    assert ended(mended, child) == 127
    assert "the rest" not in written(mended, "the output", child)


@pytest.mark.belief(14, 15)
def test_a_program_gets_the_words_that_it_is_given() -> None:
    events = events_of("12-exec/os_exec_argv.py")
    assert [event.argv for event in of_kind(events, Exec) if event.pid in children(events)] == [
        ("echo", "hello"),
        ("hello",),
        ("echo", "seeds/*.txt", "$HOME"),
        ("bob", "-c", "echo my name is $0"),
    ]
    said = [written(events, "the output", child) for child in children(events)]
    assert said == ["hello\n", "\n", "seeds/*.txt $HOME\n", "my name is bob\n"]


@pytest.mark.belief(16)
def test_a_search_along_path_is_one_failed_call_after_the_other() -> None:
    events = events_of("12-exec/os_exec_path.py")
    tried = [(event.path, event.errno) for event in events if isinstance(event, Exec) and "printenv" in event.path]
    assert tried == [
        ("/nowhere/printenv", "ENOENT"),
        ("seeds/printenv", "ENOENT"),
        ("/tmp/printenv", "ENOENT"),
        ("/usr/bin/printenv", ""),
    ]


@pytest.mark.belief(17)
def test_a_handler_is_lost_and_an_ignored_signal_stays_ignored() -> None:
    events = events_of("12-exec/os_exec_signals.py", signal="SIGUSR1")
    set_up = {event.sig: event.action for event in of_kind(events, SigAction) if event.sig.startswith("SIGUSR")}
    assert set_up == {"SIGUSR1": "handled", "SIGUSR2": "ignored"}
    assert written(events, "the output") == "sh survived USR2\n"


@pytest.mark.belief(18)
def test_descriptors_pass_unless_they_are_marked() -> None:
    given = table_given(events_of("12-exec/os_exec_fds.py"), "sh")
    assert set(given) == {0, 1, 2, 4, 7}
    assert given[4].endswith("seeds/mint.txt")
    assert given[7].endswith("seeds/basil.txt")

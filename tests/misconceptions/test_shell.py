"""What many people believe of a shell's words and redirections, and what happens instead (lessons 21 to 30)."""

from __future__ import annotations

import pytest

from minishell.trace.event import Chdir, Exec, Exit, Open, Read, Wait, Write
from tests.misconceptions.seen import (
    before,
    children,
    ended,
    events_of,
    events_of_line,
    of_kind,
    runner,
    table_given,
)


def words(line: str, lesson: str = "21-pressing-enter") -> tuple[str, ...]:
    """What the program `printf` on this line was given behind its format."""
    (became,) = [event for event in of_kind(events_of_line(line, lesson), Exec) if event.argv[0] == "/usr/bin/printf"]
    return became.argv[2:]


@pytest.mark.belief(46)
def test_quotes_are_gone_before_the_program_starts() -> None:
    line = """f='lemon balm'; /usr/bin/printf '%s.' $f "$f" 'a'"b"c "" """
    assert words(line) == ("lemon", "balm", "lemon balm", "abc", "")


@pytest.mark.belief(47)
def test_the_pattern_is_replaced_by_the_shell() -> None:
    assert words("/usr/bin/printf '%s.' garden/*.txt '*'") == ("garden/basil.txt", "garden/mint.txt", "*")


@pytest.mark.belief(44)
def test_an_assignment_before_a_command_is_not_there_yet_when_its_words_are_expanded() -> None:
    assert words("X=1 /usr/bin/printf '%s.' [$X]") == ("[]",)
    events = events_of_line("X=1 sh -c 'exit $X'", status=1)
    assert ended(events, runner(events, "sh")) == 1


@pytest.mark.belief(48)
def test_a_file_that_is_run_changes_its_own_directory_and_one_that_is_read_the_shells() -> None:
    run = events_of_line("sh setting.sh; :", "21-pressing-enter")
    (moved,) = of_kind(run, Chdir)
    assert moved.pid == runner(run, "sh") != run[0].pid
    read = events_of_line(". ./setting.sh", "21-pressing-enter")
    (moved,) = of_kind(read, Chdir)
    assert moved.pid == read[0].pid


@pytest.mark.belief(35)
def test_redirections_are_made_from_left_to_right() -> None:
    given = table_given(events_of_line("cat fruit 2>&1 >copy", "23-redirection"), "cat")
    assert given[1].endswith("copy")
    assert not given[2].endswith("copy")
    given = table_given(events_of_line("cat fruit >copy 2>&1", "23-redirection"), "cat")
    assert given[1] == given[2]
    assert given[1].endswith("copy")


@pytest.mark.belief(36)
def test_the_file_is_emptied_before_sort_reads_it() -> None:
    events = events_of_line("sort fruit > fruit", "23-redirection")
    sort = runner(events, "sort")
    emptied, opened = (event for event in of_kind(events, Open, pid=sort) if event.path.endswith("fruit"))
    (became,) = of_kind(events, Exec, pid=sort)
    assert emptied.mode != "read" == opened.mode
    assert before(events, emptied, became)
    assert [event.count for event in of_kind(events, Read, pid=sort, object=opened.object)] == [0]


@pytest.mark.belief(37)
def test_a_program_does_not_see_its_redirections() -> None:
    events = events_of_line("cat < fruit > copy 2> errors", "23-redirection")
    (became,) = [event for event in of_kind(events, Exec) if event.pid == runner(events, "cat")]
    assert became.argv == ("cat",)


@pytest.mark.belief(39)
def test_read_at_the_end_of_a_pipeline_reads_in_a_child() -> None:
    events = events_of_line("echo new | read v; exit ${v:-7}", "24-background-jobs", status=7)
    shell = events[0].pid
    (reader,) = {event.pid for event in of_kind(events, Read, fd=0) if event.data.startswith("n")}
    assert reader in children(events, shell)


@pytest.mark.belief(25)
def test_the_status_of_a_pipeline_is_that_of_its_last_program() -> None:
    events = events_of_line("/bin/false | /bin/true", "28-exit-statuses")
    assert sorted(ended(events, pid) for pid in children(events)) == [0, 1]
    events_of_line("set -o pipefail; /bin/false | /bin/true", "28-exit-statuses", status=1)


@pytest.mark.belief(26)
def test_a_shell_says_137_where_the_kernel_says_9() -> None:
    events = events_of_line("sh -c 'kill -s KILL $$'; exit $?", "28-exit-statuses", status=137)
    (child,) = children(events)
    assert [event.status for event in of_kind(events, Wait, child=child)] == [9]


@pytest.mark.belief(42, 45)
def test_a_child_changes_its_own_directory_only() -> None:
    events = events_of_line("(cd garden); cd garden", "29-cd-and-environment")
    shell = events[0].pid
    (child,) = children(events, shell)
    assert [event.pid for event in of_kind(events, Chdir)] == [child, shell]


@pytest.mark.belief(43)
def test_a_program_gets_what_is_exported() -> None:
    line = "a=1; b=2; export b; sh -c 'exit ${a:-5}'; sh -c 'exit ${b:-5}'"
    events = events_of_line(line, "29-cd-and-environment", status=2)
    shells = [event.pid for event in of_kind(events, Exec) if event.argv[0] == "sh"]
    assert [ended(events, pid) for pid in shells] == [5, 2]


@pytest.mark.belief(32)
def test_a_program_that_inherits_an_ignored_sigpipe_gets_an_error_instead() -> None:
    events = events_of("30-your-own-shell/broken_pipe.py")
    yes = runner(events, "yes")
    assert of_kind(events, Write, pid=yes, errno="EPIPE")
    assert "Broken pipe" in "".join(event.data for event in of_kind(events, Write, pid=yes, fd=2))
    (end,) = [event for event in events if isinstance(event, Exit) and event.pid == yes]
    assert end.code == 1

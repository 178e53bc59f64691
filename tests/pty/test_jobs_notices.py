"""The job builtins, and what the shell tells about jobs and when (requirements 59 to 78)."""

from __future__ import annotations

import os
import re
import signal
from typing import TYPE_CHECKING

import pytest

from tests.pty import processes
from tests.pty.shell import PROGRAMS, PROMPT

if TYPE_CHECKING:
    from tests.pty.conftest import Door, OpenShell
    from tests.pty.shell import Shell


# -- fg, bg, kill, jobs


@pytest.mark.requirement(59)
@pytest.mark.parametrize("command", ["kill %1", "kill -HUP %sleep", "kill -s TERM %%", "kill -- -$(jobs -p); bg"])
def test_kill_reaches_every_process_of_a_stopped_job(shell: Shell, command: str) -> None:
    """To the group, and with SIGCONT: a stopped process could not die of SIGTERM."""
    job = shell.start("sleep 99 | cat")
    shell.until(lambda: len(processes.in_group(job)) == 2, "both processes")
    members = [process.pid for process in processes.in_group(job)]
    shell.keys("C-z")
    shell.prompt()
    shell.run(command)
    shell.until_gone(*members)


@pytest.mark.requirement(59)
def test_bg_and_fg_continue_every_process(shell: Shell) -> None:
    """bg leaves the terminal with the shell, fg gives it to the job."""
    job = shell.start("sleep 99 | sleep 98")
    shell.until(lambda: len(processes.in_group(job)) == 2, "both processes")
    for _ in range(2):
        shell.keys("C-z")
        shell.prompt()
        assert states(job) == ["T", "T"]
        assert "sleep 99 | sleep 98" in shell.run("bg")
        shell.until(lambda: states(job) == ["S", "S"], "the job to run")
        assert shell.foreground() == shell.pid
        assert shell.start("fg") == job
    shell.keys("C-c")
    shell.prompt()
    assert shell.run("jobs") == ""


@pytest.mark.requirement(60)
def test_the_names_of_jobs(shell: Shell) -> None:
    """POSIX 3.182 job control job ID. What was stopped last is the current job, what runs comes after."""
    first = shell.background("sleep 91")
    second = shell.background("sleep 92")
    listed = shell.run("jobs")
    assert re.search(r"^\[1\]-  Running +sleep 91 &$", listed, re.MULTILINE)
    assert re.search(r"^\[2\]\+  Running +sleep 92 &$", listed, re.MULTILINE)
    stopped = shell.start("cat")
    shell.keys("C-z")
    shell.prompt()
    assert re.search(r"^\[3\]\+  Stopped +cat$", shell.run("jobs"), re.MULTILINE)
    assert [int(shell.run(f"jobs -p {name}")) for name in ("%1", "%?91", "%2", "%%", "%+", "%cat")] == [
        first,
        first,
        second,
        stopped,
        stopped,
        stopped,
    ]
    assert int(shell.run("jobs -p %-")) in (first, second)
    assert "Running" not in shell.run("jobs %sleep")  # which of the two?
    assert shell.last_status() != 0


@pytest.mark.requirement(60)
def test_a_stopped_job_stays_current_when_another_is_started(shell: Shell) -> None:
    """`fg` after `make &` still means the editor that was stopped."""
    stopped = shell.start("cat")
    shell.keys("C-z")
    shell.prompt()
    shell.background("sleep 92")
    assert int(shell.run("jobs -p %+")) == stopped
    assert shell.start("fg") == stopped


@pytest.mark.requirement(61)
@pytest.mark.parametrize("command", ["fg", "bg", "fg %1", "bg %9", "fg %no-such-name", "kill %1", "wait %1"])
def test_a_job_that_is_not_there(shell: Shell, command: str) -> None:
    """An error that says so, and nothing worse."""
    assert shell.run(command) != ""
    assert shell.last_status() != 0


@pytest.mark.requirement(61)
def test_fg_of_a_job_that_has_just_ended(shell: Shell, door: Door) -> None:
    """Twice; neither hangs nor signals anybody."""
    job = shell.background("cat door")
    shell.type("fg")
    shell.until(door.lets_through, "the job at the door")
    shell.until(lambda: processes.state(job) == "", "the job to be reaped")
    shell.keys("Enter")
    shell.prompt()
    assert shell.last_status() == 1
    assert "there is no current job" in shell.run("fg")
    assert shell.last_status() == 1
    assert shell.foreground() == shell.pid


@pytest.mark.requirement(62)
def test_stop_and_continue_again_and_again(shell: Shell, presses: int) -> None:
    """The tenth time is like the first."""
    job = shell.start("cat")
    for number in range(presses // 4):
        shell.keys("C-z")
        shell.prompt()
        assert processes.state(job) == "T"
        assert shell.start("fg") == job
        shell.send(f"<{number}>\r")
        shell.until(lambda: shell.count(f"<{number}>") == 2, "the echo and the copy")  # noqa: B023
    shell.keys("C-d")
    shell.prompt()
    assert shell.run("jobs") == ""


@pytest.mark.requirement(63)
@pytest.mark.parametrize("command", ["sh -c 'sleep 99; :'", "python3 -IS -c 'import os; os.system(\"sleep 99\")'"])
def test_a_program_that_runs_another_is_stopped_with_it(shell: Shell, command: str) -> None:
    """Wrapper and program are one group."""
    job = shell.start(command)
    shell.until(lambda: "sleep" in {process.name for process in processes.in_group(job)}, "the inner program")
    shell.keys("C-z")
    shell.prompt()
    shell.until(lambda: set(states(job)) == {"T"}, "both to be stopped")
    shell.start("fg")
    shell.until(lambda: set(states(job)) == {"S"}, "both to run")
    os.killpg(job, signal.SIGTERM)
    shell.prompt()


@pytest.mark.requirement(63)
def test_a_program_with_threads_is_stopped_and_continued(shell: Shell) -> None:
    """A group stop reaches each thread."""
    program = "import threading, sys; threading.Thread(target=sys.stdin.read).start(); print('ready', flush=True)"
    job = shell.start(f'python3 -IS -c "{program}"')
    shell.until(lambda: shell.count("ready") == 2, "the program")
    shell.keys("C-z")
    shell.prompt()
    assert processes.state(job) == "T"
    shell.start("fg")
    shell.keys("C-d")
    shell.prompt()


@pytest.mark.requirement(64)
@pytest.mark.parametrize("line", ["sleep 99; echo la''ter", "sleep 99 && echo la''ter", "sleep 99 || echo la''ter"])
def test_when_a_command_is_stopped_the_rest_of_the_line_is_dropped(shell: Shell, line: str) -> None:
    """It was to happen after the command, and the command has not ended."""
    shell.start(line)
    shell.keys("C-z")
    shell.prompt()
    assert "later" not in shell.screen()
    assert "Stopped" in shell.run("jobs")


@pytest.mark.requirement(77)
def test_jobs_tells_pids_and_states(shell: Shell) -> None:
    """`jobs -l`: a line for each process of a pipeline."""
    job = shell.start("sleep 99 | sleep 98")
    shell.until(lambda: len(processes.in_group(job)) == 2, "both processes")
    first, second = (process.pid for process in processes.in_group(job))
    shell.keys("C-z")
    shell.prompt()
    listed = shell.run("jobs -l")
    assert "Stopped" in listed
    assert str(first) in listed
    assert str(second) in listed


@pytest.mark.requirement(77)
def test_jobs_can_be_piped_and_substituted(shell: Shell) -> None:
    """In a subshell it still tells of the shell's jobs."""
    shell.background("sleep 99")
    assert "sleep 99" in shell.run("jobs | cat")
    assert "sleep 99" in shell.run("(jobs)")
    assert "sleep 99" in shell.run('echo "$(jobs)"')


@pytest.mark.requirement(77)
def test_a_finished_job_is_listed_once(shell: Shell) -> None:
    """Whichever comes first, the list or the notice, tells of it."""
    shell.run('sh -c : & wait_for_state.py "$!" Z; jobs; jobs')
    shell.run("jobs")
    assert len(re.findall(r"^\[1\].? +Done", shell.screen(), re.MULTILINE)) == 1


@pytest.mark.requirement(76)
def test_disowned_jobs_and_nohup_survive_the_window(shell: Shell) -> None:
    """SIGHUP is not sent to what was disowned, and is ignored under nohup."""
    disowned = shell.background("sleep 91")
    shell.run("disown")
    assert shell.run("jobs") == ""
    protected = shell.background("nohup sleep 92 >/dev/null 2>&1")
    shell.until(lambda: signal.SIGHUP in processes.signals(protected).ignored, "nohup to protect the job")
    ordinary = shell.background("sleep 93")
    shell.hang_up()
    shell.until(shell.ended, "the end of the shell")
    shell.until_gone(ordinary)
    assert processes.alive(disowned)
    assert processes.alive(protected)


@pytest.mark.requirement(78)
def test_suspend_gives_the_terminal_back_until_it_is_continued(bash: Shell, minishell: str) -> None:
    """The parent has its terminal and its group again; SIGCONT takes them once more."""
    job = bash.start(f"PS1='INNER> ' {minishell} -i")
    bash.expect_prompt("INNER> ")
    for _ in range(2):
        bash.send("suspend\r")
        bash.prompt()
        assert processes.state(job) == "T"
        assert bash.start("fg") == job
        bash.expect_prompt("INNER> ")
    bash.send("exit\r")
    bash.prompt()


@pytest.mark.requirement(78)
def test_suspend_is_refused_where_nobody_could_continue_the_shell(shell: Shell) -> None:
    """The leader of a session has no parent that would notice."""
    assert shell.run("suspend") != ""
    assert shell.last_status() != 0
    shell.until_state(shell.pid, "S")


# -- when things are told


@pytest.mark.requirement(65, 66, 0.3)
def test_a_notice_appears_above_the_line_being_typed(shell: Shell, door: Door) -> None:
    """At once; the line, and the cursor in its middle, stay as they are."""
    shell.run("cat door &")
    shell.type("echo abcdef")
    shell.keys("Left", "Left", "Left")
    shell.until(lambda: shell.before_cursor() == f"{PROMPT}echo abc", "the cursor in the middle of the word")
    shell.until(door.lets_through, "the job at the door")
    shell.expect(re.compile(r"^\[1\]\+  Done +cat door$", re.MULTILINE))
    shell.until(lambda: shell.before_cursor() == f"{PROMPT}echo abc", "the cursor in the middle of the word")
    shell.keys("X", "Enter")
    shell.prompt()
    assert "\nabcXdef\n" in shell.screen()
    assert shell.count("Done") == 1


@pytest.mark.requirement(65)
def test_a_notice_waits_until_the_foreground_job_has_ended(shell: Shell, door: Door) -> None:
    """Never in the middle of a program's output; then once."""
    job = shell.background("cat door")
    shell.start("cat")
    shell.until(door.lets_through, "the job at the door")
    shell.until_gone(job)
    shell.send("hello\r")
    shell.until(lambda: shell.count("hello") == 2, "the echo and the copy")
    assert "Done" not in shell.screen()
    shell.keys("C-d")
    shell.prompt()
    shell.run("true")
    assert shell.count("Done  ") == 1


@pytest.mark.requirement(66)
@pytest.mark.race(5)
def test_the_line_that_is_typed_while_jobs_end_is_the_line_that_runs(shell: Shell) -> None:
    """25 notices among 80 characters; none lost, doubled or out of order."""
    text = "the quick brown fox jumps over the lazy dog and then sleeps in the sun 0123456789"
    shell.run("".join(f"sleep 0.{number:02} & " for number in range(10, 35)))
    for character in f"echo {text}":
        shell.send(character)
        shell.during(0.004)
    shell.keys("Enter")
    shell.until(lambda: f"\n{text}\n" in shell.screen() + "\n", "what the typed line prints")
    shell.until(lambda: shell.count("Done  ") == 25, "25 notices")
    shell.prompt()
    assert len(set(re.findall(r"^\[(\d+)\].? +Done", shell.screen(), re.MULTILINE))) == 25


@pytest.mark.requirement(68)
def test_what_is_typed_during_a_program_that_does_not_read_is_for_the_shell(shell: Shell, door: Door) -> None:
    """Typed ahead: it runs when the program has ended, each line once."""
    shell.start("cat door")
    shell.send("echo A''B\recho C''D\r")
    shell.until(door.lets_through, "the program at the door")
    shell.until(lambda: re.search(r"^CD$", shell.screen(), re.MULTILINE), "the second line's output")
    shell.prompt()
    assert len(re.findall(r"^AB$", shell.screen(), re.MULTILINE)) == 1


@pytest.mark.requirement(68, 0.5)
def test_what_is_typed_for_a_program_that_reads_is_for_the_program(shell: Shell) -> None:
    """Even in the same instant as its command line, with newlines where Enter was pressed."""
    shell.send("cat >typed\rhello\rworld\r")
    shell.until(shell.foreground_job, "the program to own the terminal")
    shell.keys("C-d")  # not earlier: a ^D typed to a raw terminal is a character, and stays one
    shell.prompt()
    assert "not found" not in shell.screen()
    assert shell.run("od -c typed | head -n 1").split()[1:] == [*list("hello"), "\\n", *list("world"), "\\n"]


@pytest.mark.requirement(70)
def test_ctrl_z_before_enter_is_for_nobody(shell: Shell, door: Door) -> None:
    """However short before; what counts is the order of the keys."""
    shell.type("cat door")
    shell.keys("C-z")
    shell.settle()
    shell.keys("Enter")
    shell.until(door.lets_through, "the program at the door")
    shell.prompt()
    assert "Stopped" not in shell.screen()


@pytest.mark.requirement(69, 0.4)
def test_ctrl_c_before_the_editor_is_there_is_not_for_the_first_command(open_shell: OpenShell) -> None:
    shell = open_shell(variables={"PYTHONPATH": str(PROGRAMS / "interrupted")})
    shell.until(lambda: shell.count(PROMPT.strip()) == 2, "the line to be given up")
    assert shell.run("echo Q''Q") == "QQ"


@pytest.mark.requirement(69, 0.4)
def test_ctrl_c_while_the_prompt_is_made_does_not_end_the_shell(shell: Shell) -> None:
    shell.run("PS1='$(test -e once || { : >once; kill -INT $$; })READY> '")
    assert shell.run("echo Q''Q; ls") == "QQ\nonce"


@pytest.mark.requirement(71, 0.5)
@pytest.mark.race(13)
@pytest.mark.parametrize("late_s", [0.3, 1.3, 2.5, None])
def test_the_terminals_answers_do_not_reach_programs(open_shell: OpenShell, late_s: float | None) -> None:
    """Where the cursor is may be told late or never, and no command waits for it."""
    shell = open_shell(answer_after_s=late_s)
    for number in range(3):
        assert shell.run(f"echo number {number}") == f"number {number}"
    shell.start("cat -v")
    shell.until(lambda: not shell.answers, "the terminal to have answered what it was asked")
    shell.send("end\r")
    shell.until(lambda: shell.count("end") == 2, "the echo and the copy")
    assert "^[[" not in shell.screen()
    shell.keys("C-d")
    shell.prompt()
    assert "CPR" not in shell.screen()


@pytest.mark.requirement(71, 0.5)
def test_a_terminal_that_never_answers_is_not_asked(open_shell: OpenShell) -> None:
    """Where the cursor is: prompt-toolkit would wait a second for each answer."""
    shell = open_shell(answer_after_s=None)
    for _ in range(3):
        shell.run("true")
    assert b"\x1b[6n" not in shell.transcript


@pytest.mark.requirement(72)
def test_pasted_commands_run_one_after_the_other(shell: Shell) -> None:
    """Three lines pasted at the prompt."""
    shell.paste("echo o''ne\necho t''wo\necho th''ree\n")
    shell.keys("Enter")
    shell.until(lambda: re.search(r"one\n(.*\n)*?two\n(.*\n)*?three", shell.screen()), "three outputs in order")
    shell.prompt()


@pytest.mark.requirement(72)
def test_a_large_paste_is_complete(shell: Shell) -> None:
    """10 kB in one line, more than the kernel's line buffer holds."""
    shell.paste(f"echo {'x' * 10_000} | wc -c")
    shell.keys("Enter")
    shell.expect("10001")
    shell.prompt()


@pytest.mark.requirement(72)
def test_what_is_pasted_into_a_program_reaches_it_as_it_is(shell: Shell) -> None:
    """The line editor's brackets are off while a program runs."""
    shell.start("cat >pasted")
    shell.paste("one\ntwo\n")
    shell.keys("C-d")
    shell.prompt()
    assert shell.run("cat pasted") == "one\ntwo"


@pytest.mark.requirement(73, 0.7)
def test_a_background_job_may_be_forbidden_to_write(shell: Shell) -> None:
    """With `stty tostop` it stops, and that is told."""
    shell.run("stty tostop")
    job = shell.background("sh -c 'echo out''put'")
    shell.until_state(job, "T")
    shell.expect(re.compile(r"^\[1\]\+  Stopped", re.MULTILINE))
    shell.prompt()
    assert "output" not in shell.screen()
    shell.enter("fg")
    shell.expect("output")
    shell.prompt()


@pytest.mark.requirement(73)
def test_ctrl_l_repairs_a_line_that_a_background_job_wrote_over(shell: Shell, door: Door) -> None:
    """The screen is drawn anew, with the half-typed line and nothing else."""
    shell.run("sh -c 'cat door; printf gar%s bage; cat door' &")
    shell.type("echo half")
    shell.until(door.lets_through, "the job at the door")
    shell.expect("garbage")
    shell.keys("C-l")
    shell.until(lambda: shell.picture.cursor.y == 0, "the line at the top of the screen")
    shell.until(lambda: shell.line() == "echo half", "the half-typed line")
    assert shell.picture.row(0).rstrip() == f"{PROMPT}echo half"
    shell.until(door.lets_through, "the job at the door once more")
    shell.keys("Enter")
    shell.prompt()
    assert shell.run("echo Q''Q") == "QQ"


@pytest.mark.requirement(75, 0.4)
def test_sigint_from_elsewhere_is_like_ctrl_c(shell: Shell) -> None:
    """The half-typed line goes, the shell stays."""
    for number in range(5):
        shell.type(f"echo never{number}")
        os.kill(shell.pid, signal.SIGINT)
        shell.prompt()
    assert shell.run("echo Q''Q") == "QQ"
    assert not re.search(r"^never", shell.screen(), re.MULTILINE)


@pytest.mark.requirement(74, 75, 0.4)
def test_sigint_between_programs_does_not_end_the_shell(shell: Shell) -> None:
    """Sent to the shell alone while it waits for a foreground job."""
    job = shell.start("cat")
    shell.until_runs(job, "cat")
    shell.until_state(shell.pid, "S")  # while it still starts the job, SIGINT would be meant for that
    for _ in range(5):
        os.kill(shell.pid, signal.SIGINT)
        shell.until(lambda: not processes.signals(shell.pid).pending, "the signal to be delivered")
    os.kill(job, signal.SIGKILL)
    shell.prompt()
    assert shell.run("echo Q''Q") == "QQ"


def states(pgrp: int) -> list[str]:
    return [process.state for process in processes.in_group(pgrp)]

"""The table of examples: what the pages run, and nothing else that they say."""

from minishell.lessons.examples import calls


def test_a_call_is_told_with_what_it_runs_and_its_options() -> None:
    code = "cog.out(run_script(cog.inFile, '-u fork.py', exit=3))"
    assert list(calls(code)) == [("run_script", "-u fork.py", {"exit": 3})]


def test_a_condition_of_the_prose_is_no_example() -> None:
    code = "shown = run_script(cog.inFile, 'fork.py')\ncog.out(shown)\nrefuse_if('x' in shown, 'the prose says y')"
    assert list(calls(code)) == [("run_script", "fork.py", {})]

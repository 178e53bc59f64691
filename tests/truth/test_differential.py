"""Scripts drawn at random do the same in minishell and in dash.

Standard output, the exit status and the files left behind are compared; what is said on standard error is not.
The same 2,000 are compared every day, drawn by hypothesis, which makes one that differs smaller.  A million:
`python -m tests.truth.compared 1000000`.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, note, settings

from tests import shells
from tests.truth.compared import compare, prepare, server
from tests.truth.scripts import scripts

COUNT = 2000

CASES = sorted((Path(__file__).parent / "cases").glob("*.sh"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scripts")


@pytest.mark.skipif("dash" not in shells.INSTALLED, reason="there is no dash to compare with")
def test_scripts_do_what_they_do_in_dash(folder: Path) -> None:
    ours, theirs = server("minishell", folder), server("dash", folder)

    @settings(
        max_examples=COUNT,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(scripts())
    def both(script: str) -> None:
        note(script)
        assert ours.run(script) == theirs.run(script)

    try:
        both()
    finally:
        ours.stop()
        theirs.stop()


@pytest.mark.skipif("dash" not in shells.INSTALLED, reason="there is no dash to compare with")
def test_many_scripts_in_one_process_do_what_they_do_in_dash(folder: Path) -> None:
    rounds = list(compare(folder, range(1000), seed=0))
    assert sum(count for count, _ in rounds) == 1000
    assert [script for _, differing in rounds for script in differing] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
@pytest.mark.parametrize("shell", shells.INSTALLED)
def test_a_script_that_once_differed(case: Path, shell: str, tmp_path: Path) -> None:
    """The expected output stands behind the script, in comments that start with `#>`."""
    script, expected = read_case(case, shell)
    if expected is None:
        return
    prepare(tmp_path)
    result = shells.run("-c", script, shell=shell, directory=tmp_path)
    assert f"{result.output}[{result.status}]\n" == expected


def read_case(case: Path, shell: str) -> tuple[str, str | None]:
    """The script and its expected output with the status; None: the file says why this shell differs."""
    lines = case.read_text().splitlines(keepends=True)
    script = "".join(line for line in lines if not line.startswith("#"))
    expected = "".join(line[2:].removeprefix(" ") for line in lines if line.startswith("#>"))
    differs = any(line.startswith(f"# {shell}:") for line in lines)
    return script, None if differs else expected

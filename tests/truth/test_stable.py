"""Ten runs of the same program under the controlled schedule tell the same story and draw the same picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from minishell.syntax.quoting import single_quoted
from tests import shells
from tests.truth.scripts_seen import BUILDS, EXAMPLES, builds_alike


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: Path(path).stem)
def test_ten_builds_are_alike_to_the_byte(example: str, tmp_path: Path) -> None:
    _, differences = builds_alike(example, tmp_path)
    assert differences == []


LINES = [
    "ls /etc/passwd | wc -l",
    "cat < in | sort | uniq -c > out; cat out",
    "yes | head -n 2",
    "sleep 1 & echo on; wait; echo $?",
    "sleep 100 & kill $!; wait $!; echo $?",
    "sh -c 'kill -STOP $$; echo on' & sleep 1; kill -CONT $!; wait",
    'echo "$(uname) $(echo a | wc -c)"',
    "for i in 1 2 3; do /bin/echo $i; done | cat",
    "(exit 3) || { cd /; pwd; }",
    "sh -c 'true & exec sleep 1'",
    "no-such-command; cat no-such-file | cat",
    "trap 'echo bye' TERM; kill $$",
]


@pytest.mark.parametrize("line", LINES)
def test_ten_pictures_of_a_line_are_alike_to_the_byte(line: str, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("b\na\nb\n")
    each = f"cd {tmp_path}; picture -o $n.svg -- {single_quoted(line)} >said 2>&1; mv {tmp_path}/said {tmp_path}/$n"
    loop = f"for n in 0 1 2 3 4 5 6 7 8 9; do {each}; done"
    done = shells.run("-c", loop, directory=tmp_path)
    assert (done.output, done.errors) == ("", "")
    for kind in ("", ".svg"):
        assert len({(tmp_path / f"{number}{kind}").read_bytes() for number in range(BUILDS)}) == 1
    assert (tmp_path / "0.svg").stat().st_size < 60_000

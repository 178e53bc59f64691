"""Damaged scripts: the parser accepts what dash and bash accept, where these two agree.

MINISHELL_FUZZ says how many scripts; the same number makes the same scripts.  DIFFERS has reasons to differ.
"""

from __future__ import annotations

import os
import random
import re
import subprocess
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from minishell.errors import SyntaxProblem
from minishell.source import Source
from minishell.syntax.parser import End as EndOfText
from minishell.syntax.parser import Parser, Unfinished
from tests import shells

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = int(os.environ.get("MINISHELL_FUZZ", "2000"))
BATCH = 500
TRANSCRIPTS = Path(__file__).parent / "transcripts"
WITNESSES = {"dash": "dash -n", "bash": "bash --posix -n"}

PIECES = (
    *("if", "then", "else", "elif", "fi", "while", "until", "do", "done", "for", "in", "case", "esac"),
    *("{", "}", "!"),
    *("(", ")", ";", ";;", "&", "&&", "|", "||", "<", ">", ">>", ">&", "<&", "<<e", "\n", "\ne\n", " "),
    *("'", '"', "\\"),
    *("`", "$", "$(", "${", "$((", "))", "#", "a", "a=b", "f()", "1", "2>", "*", "~", "x", "="),
    *("\\\n", "-", "%", ":"),
)

DIFFERS = {
    r"\$\(\(|\(\(": "whether `((` begins arithmetic, and whether that is right, is found out at different times",
    r"\$\{": "bash and dash look into ${…} only when it is expanded; XCU 2.6.2 lets us say at once that it is wrong",
    r"<<": "both take a here-document that the end of the script cuts short; XCU 2.7.4 has it end with its delimiter",
    r"`": "what stands between backquotes is looked at when it is run",
    r"\d{10}": "no descriptor has so large a number: we say so at once",
    r"[<>]& *\d+[<>]": "the digits belong to the operator behind them, XCU 2.10.1; bash gives them to the first one",
    r"\$'": "dash 0.5.12 has no $'…'",
}
"""Scripts in which this occurs may be taken otherwise: pattern → why."""


def corpus() -> list[str]:
    """The sessions of the transcripts, command by command."""
    texts = [path.read_text() for path in sorted(TRANSCRIPTS.glob("*.txt")) if path.stem != "messages"]
    commands = [re.findall(r"^\$ (.*(?:\n> .*)*)", text, re.MULTILINE) for text in texts]
    return [command.replace("\n> ", "\n") for found in commands for command in found]


def damaged(random: random.Random, scripts: list[str]) -> str:
    """One script, or two, with a few pieces gone, doubled, put in or exchanged."""
    text = random.choice(scripts)
    if random.random() < 0.2:
        text += random.choice(("\n", "; ", " | ", " && ")) + random.choice(scripts)
    tokens = re.findall(r"\w+|\s|[^\w\s]", text)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(tokens) + 1)
        match random.randrange(4):
            case 0:
                del tokens[at : at + 1]
            case 1:
                tokens[at:at] = tokens[at : at + random.randint(1, 4)]
            case 2:
                tokens.insert(at, random.choice(PIECES))
            case 3:
                tokens[at : at + 1] = [random.choice(PIECES)]
    return "".join(tokens)


def scripts() -> Iterator[str]:
    source = random.Random(COUNT)
    known = corpus()
    while True:
        text = damaged(source, known)
        if "\0" not in text:
            yield text


def accepted(text: str) -> bool:
    """Whether our parser takes the whole text; it raises nothing but its own error."""
    parser = Parser(Source("test", text))
    try:
        while not isinstance(command := parser.next(), EndOfText):
            if isinstance(command, Unfinished):
                return False
    except SyntaxProblem:
        return False
    return True


def accepted_by(command: str, texts: list[str], folder: Path) -> list[bool]:
    for number, text in enumerate(texts):
        (folder / f"{number}").write_text(text, errors="surrogateescape")
    loop = f"i=0; while [ $i -lt {len(texts)} ]; do {command} $i; echo $?; i=$((i + 1)); done"
    told = subprocess.run(
        ["dash", "-c", loop],
        cwd=folder,
        env=shells.clean_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    ).stdout
    return [status == b"0" for status in told.split()]


@pytest.mark.skipif(not {"dash", "bash"} <= {*shells.INSTALLED}, reason="there are no dash and bash to compare with")
def test_damaged_scripts_are_accepted_where_dash_and_bash_accept_them(tmp_path: Path) -> None:
    supply = scripts()
    for _ in range(max(COUNT // BATCH, 1)):
        texts = list(islice(supply, BATCH))
        verdicts = [accepted_by(command, texts, tmp_path) for command in WITNESSES.values()]
        for text, *theirs in zip(texts, *verdicts, strict=True):
            if len(set(theirs)) == 1 and not any(re.search(pattern, text) for pattern in DIFFERS):
                assert accepted(text) == theirs[0], text
            else:
                accepted(text)

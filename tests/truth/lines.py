"""Command lines drawn at random, about all that a shell does with processes.

Two runs of a line do the same in each of its processes.  So every stage of a pipeline reads its input to the end
(else a writer before it might or might not be killed by SIGPIPE), nobody is killed who may not have begun, and
nobody looks into the folder `o`, where the outputs are made.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = {
    "f": "b\na\nb\n",
    "g": "1\n2\n",
    "o/1": "",
    "d/x": "x\n",
    "d/script": "#!/bin/sh\nls\nexit 5\n",
    "d/lib": "ls d\nx=2\n",
}
"""What stands in the folder in which a line is run."""

EXAMPLES = (
    "ls | wc -l",
    "cat < f | sort | uniq -c > o/1",
    "true && false || kill -TERM $$",
    "(exit 3) | cat; echo $?",
    "! ls",
    "nosuch",
    "nosuch/command",
    "./f",
    "sh ./d/script | cat",
    "sleep 0 & wait $!",
    "sleep 0 | sleep 0 | sleep 0 &",
    "sh -c 'kill -TERM $$'",
    "x=$(cat f); echo $x",
    "echo $(ls | wc -l) f",
    "cat <<e\nhere\ne",
    "ls > nosuch/f; ls",
    "cat f | while read x; do echo $x; done",
    "f() { cat f; return 4; }; f && ls",
    "exec ls",
    "exec 3<f; cat <&3; exec 3<&-",
    "trap 'ls' EXIT; cat f",
    "(trap 'echo x' EXIT; ls)",
    "(cd d && ls); umask 077; ls > o/private",
    "set -e; (ls; false; cat f); ls",
    "set -o pipefail; false | true; echo $?",
    "{ ls & }; wait $!",
    "command ls; eval 'ls; cat f'",
    "echo a | cat && (ls) && cat g; echo $?",
    "trap 'ls; x=1' USR1; kill -s USR1 $$; ls d; echo $x",
    "trap 'cat f; exit 3' TERM; (kill $$; ls) > o/1; cat g",
    "(kill -USR2 $$; ls > o/1); ls",
    "trap '' HUP; kill -HUP $$; kill -0 $$ && { ls; kill -INT $$; }; ls",
    "x=$(kill $$); ls",
    ". ./d/lib; echo $x",
    "f() { . ./d/lib; return 3; }; f | cat; . ./nosuch",
)
"""Lines that somebody would type, each for one thing."""

PROGRAMS = (
    "ls",
    "ls d",
    "cat f",
    "cat f g",
    "sort f",
    "sleep 0",
    "env X=1 true",
    "sh -c 'exit 3'",
    "ls nosuch",
    "nosuch",
)
FILTERS = ("cat", "sort", "wc -l", "uniq -c", "sed s/a/b/", "tr a b", "sort -r", "cat - g")
"""Programs that read all of their input."""
BUILTINS = (
    "echo hi",
    "true",
    "false",
    "pwd",
    ":",
    "x=1",
    "cd d",
    "cd .",
    "umask 022",
    "test -f f",
    "printf '%s\\n' a b",
    "kill -CONT $$",
    ". ./d/lib",
)
CONDITIONS = ("true", "false", "test -f f", "expr a : a", "! ls d", "(exit 3)")
OUTPUTS = ("> o/1", ">> o/2", "2> o/3", "> o/4 2>&1", "2>&1", "3> o/5", "> /dev/null")
INPUTS = ("< f", "< g", "< /dev/null", "0< f", "< nosuch")


def lines(count: int, seed: int = 1) -> list[str]:
    """The first `count` lines, no two alike: the examples, then lines drawn at random."""
    drawn = Draw(Random(seed)).lines()
    found = dict.fromkeys(EXAMPLES[:count])
    while len(found) < count:
        found[next(drawn)] = None
    return list(found)


class Draw:
    """A method for each thing of the grammar (XCU 2.10.2).  `deep` is how many compound commands may still nest."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def lines(self) -> Iterator[str]:
        while True:
            yield self.list(deep=self._random.choice((0, 1, 1, 2)), outermost=True)

    def list(self, deep: int, *, outermost: bool = False) -> str:
        """One to three and-or lists; those in the background are waited for.

        Inside something else they do not write where others write: whose words come first would be luck.
        """
        text = self.and_or(deep)
        for _ in range(self._random.choice((0, 0, 0, 1, 1, 2))):
            separator = self._random.choice(("; ", "; ", "; ", "\n", " & "))
            if separator == " & " and not outermost:
                text = f"{{ {text}; }} > /dev/null 2>&1"
            text += separator + self.and_or(deep)
            if separator == " & ":
                text += "; wait"
        return text

    def and_or(self, deep: int) -> str:
        text = self.pipeline(deep)
        while self._random.random() < 0.2:
            text += self._random.choice((" && ", " || ")) + self.pipeline(deep)
        return text

    def pipeline(self, deep: int) -> str:
        stages = [self.command(deep), *(self.reader(deep) for _ in range(self._random.choice((0, 0, 0, 1, 1, 2))))]
        return ("! " if self._random.random() < 0.1 else "") + " | ".join(stages)

    def command(self, deep: int) -> str:
        """A command that is not interested in its input."""
        if deep and self._random.random() < 0.3:
            return self.compound(deep - 1)
        return self.simple()

    def simple(self) -> str:
        draw = self._random
        text = draw.choice(
            (*PROGRAMS, *BUILTINS, draw.choice(FILTERS) + " " + draw.choice(INPUTS), self.substitution())
        )
        if draw.random() < 0.1 and "=" not in text:
            text = "Y=2 " + text
        return self.redirected(text)

    def reader(self, deep: int) -> str:
        """A command that reads its input to the end."""
        draw = self._random
        if not deep or draw.random() < 0.7:
            return self.redirected(draw.choice(FILTERS), OUTPUTS)
        inside, after = self.reader(deep - 1), self.command(0)
        return draw.choice(
            (
                f"({inside})",
                f"{{ {inside}; {after}; }}",
                f"while read x; do {after} < /dev/null; done",
                f"if {inside}; then {after}; fi",
            )
        )

    def substitution(self) -> str:
        inside = self._random.choice(("ls", "cat f", "ls | wc -l", "echo a", "cd d; ls", "false"))
        return self._random.choice(
            (f"x=$({inside})", f"echo $({inside}) b", f'echo "$({inside})"', f"ls $({inside}) 2>&1")
        )

    def redirected(self, text: str, outputs: tuple[str, ...] = (*OUTPUTS, "> nosuch/o")) -> str:
        if self._random.random() < 0.25:
            text += " " + self._random.choice(outputs)
        return text

    def compound(self, deep: int) -> str:
        draw, body = self._random, self.list(deep)
        form = draw.choice(
            (
                f"({body})",
                f"({body}; exit {draw.randrange(4)})",
                f"{{ {body}; }}",
                f"if {draw.choice(CONDITIONS)}; then {body}; else {self.list(deep)}; fi",
                f"for i in 1 2; do {body}; done",
                f"case a in a) {body} ;; *) ls ;; esac",
                f"f() {{ {body}; }}; f",
                f"while {body}; false; do :; done",
                f"until {draw.choice(CONDITIONS)}; do {body}; break; done",
            )
        )
        return form if form.startswith("f()") else self.redirected(form)


def prepared(folder: Path) -> Path:
    """A new folder `here` in `folder`, with the files."""
    inside = folder / "here"
    for name, text in FILES.items():
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_text(text)
    return inside

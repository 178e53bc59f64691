"""Command lines that are foretold, run and compared, with the files that they are about."""

from __future__ import annotations

FILES = {"f": "b\na\n", "g": "1\n2\n", "d/x": "x\n"}


def lines(count: int) -> list[str]:
    """The first `count` lines."""
    return [
        "ls | wc -l",
        "cat < f | sort | uniq -c > out",
        "echo hi",
        "echo hi > o; cat o",
        "(cd d; ls; cat x)",
        "true && ls || cat f",
        "false && ls || cat f",
        "! ls",
        "ls nosuch && echo a",
        "nosuch",
        "sleep 0 & wait",
        "X=1 env | grep X",
        "for i in 1 2; do echo $i | cat; done",
        "if grep -q a f; then ls; else cat g; fi",
        "f() { cat f; ls; }; f",
        "x=$(cat f); echo $x",
        "x=$(echo a); echo $x",
        "{ ls; cat f; } > out",
        "cat <<e\nhere\ne\n",
        "cd d && cat x",
        "(exit 3)",
        "sh -c 'kill -TERM $$'",
        "cat f | (read x; echo $x)",
        "echo $(ls | wc -l) f",
        "ls *",
        "cat nosuch | true",
        "sleep 0 | sleep 0 | sleep 0 &",
        "ls > nosuch/f",
        "ls >> out 2>&1",
        "set -o pipefail; false | true",
        "exec ls",
        "cat f | while read x; do echo $x; done",
        "umask 077; ls",
        "export Y=2; env | grep Y",
        "(ls; exit 4) | cat",
        "( (ls) )",
        "{ ls & }; wait $!",
        "eval 'ls; cat f'",
        "command ls",
        "trap 'echo x' EXIT; ls",
        "(trap 'echo x' EXIT; ls)",
        "ls & cat f",
        "echo a | cat && (ls) && cat g; echo $?",
    ][:count]

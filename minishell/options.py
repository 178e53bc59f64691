"""The options of the shell: `set -e`, `set -o errexit`, `minishell -e`.  POSIX.1-2024 XCU set, sh."""

from __future__ import annotations

LETTERS = {
    "a": "allexport",
    "b": "notify",
    "C": "noclobber",
    "e": "errexit",
    "f": "noglob",
    "h": "hashall",
    "i": "interactive",
    "m": "monitor",
    "n": "noexec",
    "s": "stdin",
    "u": "nounset",
    "v": "verbose",
    "x": "xtrace",
}
"""Letter and name of each option."""

ONLY_AT_START = frozenset(("interactive", "stdin"))
NAMES = frozenset((*LETTERS.values(), "ignoreeof", "nolog", "pipefail", "trace", "vi")) - ONLY_AT_START
"""What `set -o` knows: options without a letter have only a name."""


def letters(options: set[str]) -> str:
    """The value of `$-`: the letters of all options that are on."""
    return "".join(letter for letter, name in LETTERS.items() if name in options)

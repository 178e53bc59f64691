"""Have the shell installed as a learner gets it: `make shell` starts what is measured here.

A checkout installed for editing is another thing: its `.pth` files cost a millisecond and more at every start.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
INSTALLED = ROOT / "build" / "shell"


class NotInstalled(Exception):
    """make refused; its words are the argument."""


def installed() -> Path:
    """The path of an installed `minishell` that is made of this very source."""
    command = ["make", "--silent", f"PYTHON={sys.executable}", "build/shell/done"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise NotInstalled(made.stderr.strip())
    return INSTALLED / "bin" / "minishell"


def interpreter() -> Path:
    """The Python that the installed minishell runs on."""
    return INSTALLED / "bin" / "python"

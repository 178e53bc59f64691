"""With this directory on PYTHONPATH, a Python program gets a SIGINT as it begins to import the line editor.

Python tells its audit hooks of each import (PEP 578).
"""

from __future__ import annotations

import os
import signal
import sys


def interrupt(event: str, details: tuple[object, ...]) -> None:
    if event == "import" and details[0] == "prompt_toolkit":
        os.kill(os.getpid(), signal.SIGINT)


sys.addaudithook(interrupt)

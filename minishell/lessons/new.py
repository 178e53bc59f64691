"""`minishell-lessons new`: a lesson that works, to begin with."""

import re
from pathlib import Path

from minishell.lessons.library import NUMBERED, Missing

PAGE = """\
{title}
{line}

Say in two sentences why it matters.

.. literalinclude:: example.py
   :caption: example.py

.. {{{{{{cog
.. cog.out(run_script(cog.inFile, 'example.py'))
.. }}}}}}
.. {{{{{{end}}}}}}

.. {{{{{{cog
.. cog.out(picture(cog.inFile, 'example.py', alt='Say here what is to be seen.'))
.. }}}}}}
.. {{{{{{end}}}}}}


The same in minishell
---------------------

.. {{{{{{cog
.. cog.out(run_session(cog.inFile, 'example.msh'))
.. }}}}}}
.. {{{{{{end}}}}}}
"""
SCRIPT = """\
import os

child = os.fork()
if child == 0:
    os.execlp("echo", "echo", "a child was here")
_, status = os.waitpid(child, 0)
print("it ended with", os.waitstatus_to_exitcode(status))
"""
SESSION = """\
# What is typed, a line each.
echo a child was here
echo $?
"""


def create(lessons: Path, topic: str, title: str | None) -> list[Path]:
    """Make the folder of a lesson, numbered after those there are; the files that are in it."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", topic):
        raise Missing(f"{topic}: a topic is small letters and digits, with - between words, such as named-pipes")
    found = [match for path in lessons.glob("*") if (match := NUMBERED.fullmatch(path.name))]
    if any(match[2] == topic for match in found):
        raise Missing(f"{topic}: there is such a lesson already in {lessons}")
    number = max((int(match[1]) for match in found), default=0) + 1
    folder = lessons / f"{number:02}-{topic}"
    folder.mkdir(parents=True)
    heading = title or topic.replace("-", " ").capitalize()
    page = PAGE.format(title=heading, line="=" * len(heading))
    files = {"index.rst": page, "example.py": SCRIPT, "example.msh": SESSION}
    for name, text in files.items():
        (folder / name).write_text(text)
    return [folder / name for name in files]

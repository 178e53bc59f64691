#!python
"""The command `minishell`: what an installation puts into its folder of commands.

It is no console script of the usual kind, which would import `re` first.  With `-IS` in its first line, which
`make shell` puts there, Python starts without `site`, 1 ms sooner; the packages are then found by hand.
"""

import gc
import sys

gc.disable()  # importing makes no garbage

if sys.flags.no_site:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    sys.path.insert(0, f"{sys.executable.rpartition('/bin/')[0]}/lib/{version}/site-packages")
try:
    import minishell
except ModuleNotFoundError:  # an editable installation is known to `site` alone
    import site

    site.main()
    import minishell  # noqa: F401

if sys.argv[1:] in ([], ["-i"]):
    from minishell import first_prompt

    first_prompt.paint()

from minishell.cli import main

gc.freeze()
gc.enable()
main()

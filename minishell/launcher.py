#!python
"""The command `minishell`.  Not a console script of the usual kind, which would import `re` first; see start.py."""

import sys

if sys.flags.no_site:  # `make shell` puts -IS into the first line: 1 ms sooner, but then packages are found by hand
    library = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    sys.path.insert(0, f"{sys.executable.rpartition('/bin/')[0]}/lib/{library}/site-packages")
try:
    from minishell import start
except ImportError:  # an editable installation is known to `site` alone
    import site

    sys.modules.pop("minishell", None)
    site.main()
    from minishell import start

start.main()

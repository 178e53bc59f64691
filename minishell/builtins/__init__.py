"""Commands that the shell runs itself, one file per family.

Most could be programs.  Those that change the shell (its directory, variables, jobs, traps) cannot: a child
could change only itself.
"""

"""`python -m minishell`."""

from minishell.cli import main

main()

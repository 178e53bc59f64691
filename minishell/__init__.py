"""minishell: the shell that shows its work."""

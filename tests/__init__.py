"""The tests of minishell."""

"""The interactive shell.  Only this room imports prompt-toolkit."""

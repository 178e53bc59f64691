"""Job control, tested on a real pseudo-terminal."""

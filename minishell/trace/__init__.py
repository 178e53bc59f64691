"""What really happened: the events, where they come from, and what can be read from them."""

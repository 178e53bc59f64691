"""What a line will do, foretold before anything runs: `explain`."""

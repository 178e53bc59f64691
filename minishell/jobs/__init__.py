"""Jobs: what was started, how it is doing, and who has the terminal.  POSIX.1-2024 XCU 2.11."""

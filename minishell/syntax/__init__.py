"""From text to a tree, and back.  POSIX.1-2024 XCU 2.2 to 2.4, 2.9 and 2.10."""

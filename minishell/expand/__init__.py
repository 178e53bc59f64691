"""From the words of a tree to fields: the arguments a program gets.  POSIX.1-2024 XCU 2.6."""

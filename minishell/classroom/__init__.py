"""The classroom room: what a teacher's machine can isolate and observe."""

"""How long that which never ends is let run by a test of a time limit.

Before it waits for ever it does something that the test wants to see, and on a busy machine that takes a while. So a
test goes through these limits until it has seen it; whatever the limit was, at it everything has to end.
"""

LIMITS_S = (0.5, 4.0, 30.0, 90.0)

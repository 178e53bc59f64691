"""One child is killed, another handles a signal: the parent waits on a pipe until it is ready."""

import os
import signal

victim = os.fork()
if victim == 0:
    signal.pause()

ready, tell = os.pipe()
listener = os.fork()
if listener == 0:
    signal.signal(signal.SIGUSR1, lambda *_: os._exit(7))
    os.write(tell, b"!")
    signal.pause()

os.read(ready, 1)
os.kill(listener, signal.SIGUSR1)
os.kill(victim, signal.SIGTERM)
os.waitpid(listener, 0)
os.waitpid(victim, 0)

"""Two threads hand a value over; then a child is started from one of them."""

import os
import threading

ready = threading.Event()


def work() -> None:
    ready.wait()
    child = os.fork()
    if child == 0:
        os._exit(5)
    os.waitpid(child, 0)


worker = threading.Thread(target=work)
worker.start()
ready.set()
worker.join()

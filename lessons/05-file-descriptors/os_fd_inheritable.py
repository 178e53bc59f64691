"""Which descriptors does a new program find?"""

import os

WHAT_IS_OPEN = "for fd in 0 1 2 3 4 5; do [ -e /dev/fd/$fd ] && printf ' %s' $fd; done; echo"


def ask(how, prepare):
    """Fork, let `prepare` work in the child, and have a shell say what is open."""
    print(f"{how:30}", end="", flush=True)
    child = os.fork()
    if child == 0:
        try:
            prepare()
            os.execvp("sh", ["sh", "-c", WHAT_IS_OPEN])
        finally:
            os._exit(127)
    os.waitpid(child, 0)


poem = os.open("poem.txt", os.O_RDONLY)  # descriptor 3

ask("as Python opened it:", lambda: None)
ask("dup2(3, 5) in the child:", lambda: os.dup2(poem, 5))
ask("set_inheritable(3, True):", lambda: os.set_inheritable(poem, True))
print("the parent's own is still inheritable:", os.get_inheritable(poem))

"""subprocess and posix_spawn start programs without copying the parent: vfork."""

import os
import subprocess

answer = subprocess.run(["echo", "hello"], stdout=subprocess.PIPE, check=True)
os.write(1, answer.stdout)
child = os.posix_spawn("/bin/true", ["true"], os.environ)
os.waitpid(child, 0)

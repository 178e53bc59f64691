"""Who sent the signal?  Take it without a handler, and ask."""

import signal

signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
print("press Ctrl-C", flush=True)

letter = signal.sigwaitinfo({signal.SIGINT})
print("\n" + signal.Signals(letter.si_signo).name, "from process", letter.si_pid)

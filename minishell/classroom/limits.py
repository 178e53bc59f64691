"""How much a submission may use: so much that no honest solution of an exercise comes near it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of one run; what is passed has a verdict of its own."""

    wall_s: float = 10.0
    cpu_s: int = 5
    processes: int = 64
    memory_bytes: int = 256 << 20
    address_space_bytes: int = 1 << 30  # of each process; where memory as a whole cannot be limited, all there is
    file_bytes: int = 1 << 20
    descriptors: int = 64
    disk_bytes: int = 8 << 20
    output_bytes: int = 64 << 10

    def resources(self) -> dict[str, int]:
        """Those that setrlimit(2) knows.  They hold for each process; NPROC counts those of the user in the box."""
        return {
            "AS": self.address_space_bytes,
            "CORE": 0,
            "CPU": self.cpu_s,
            "FSIZE": self.file_bytes,
            "NOFILE": self.descriptors,
            "NPROC": self.processes,
            "STACK": 8 << 20,
        }

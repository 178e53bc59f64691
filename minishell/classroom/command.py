"""`minishell-class`: for teachers and learners.  So far it can tell what this machine is able to do."""

import argparse
import json
import sys
from collections.abc import Sequence

from minishell.classroom import doctor

EXAMPLES = """\
examples:
  minishell-class doctor           try what this machine can isolate and observe
  minishell-class doctor --json    the same for a program
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.  0: it was carried out; 2: it was asked wrongly."""
    asked = parser().parse_args(argv)
    status: int = asked.verb(asked)
    return status


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        "minishell-class",
        description="minishell in the classroom.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = top.add_subparsers(required=True, metavar="VERB")
    add = verbs.add_parser("doctor", help="try what this machine can isolate and observe")
    add.add_argument("--json", action="store_true", help="print JSON")
    add.set_defaults(verb=doctor_)
    return top


def doctor_(asked: argparse.Namespace) -> int:
    """Report every ability, and what the missing ones mean."""
    findings = doctor.examine()
    if asked.json:
        json.dump([vars(finding) for finding in findings], sys.stdout, indent=2)
        print()
    else:
        print("\n".join(line for finding in findings for line in lines(finding)))
    return 0


def lines(finding: doctor.Finding) -> list[str]:
    """One line for what works, two for what does not."""
    if finding.works:
        return [f"yes  {finding.name:<15} {finding.detail}"]
    return [f"no   {finding.name:<15} {finding.detail}", f"{'':<21}so {finding.without}"]


if __name__ == "__main__":
    sys.exit(main())

"""``python -m solver solve|check|layout|staffing``: the solver without the web application."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from solver import commands


def main(words_given: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code: 0 kept, 1 findings, 2 unusable input."""
    given = sys.argv[1:] if words_given is None else list(words_given)
    parser = argparse.ArgumentParser(
        prog="python -m solver",
        description="Plans and checks rosters of a site, chooses its desks and says how many agents calls require.",
        epilog="Exit codes: 0 kept, 1 findings, 2 unusable input.",
    )
    commands.register(parser.add_subparsers(dest="command", metavar="COMMAND", required=True), given)
    return commands.run(parser.parse_args(given))


if __name__ == "__main__":
    sys.exit(main())

"""`python -m rlhf_qa` and the installed command: the same entry."""

import sys


def main() -> int:
    """Run the command line; the exit code."""
    # Before the first import of ours: nothing is ever imported from the folder one stands in.
    if sys.path and sys.path[0] in ("", "."):
        del sys.path[0]
    from rlhf_qa.cli.main import run  # noqa: PLC0415

    return run(sys.argv[1:])


if __name__ == "__main__":
    # With `-m`, Python puts the current folder first, as an absolute path.
    import os

    if sys.path and sys.path[0] == os.getcwd():  # noqa: PTH109 -- pathlib is slow to load
        del sys.path[0]
    sys.exit(main())

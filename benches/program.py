"""The option --vigie of the scripts that measure it."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def add_vigie(parser):
    """Adds the option; it gives the path of a program that can be run, from the root of the file system."""
    help = "the program that is measured"
    parser.add_argument("--vigie", type=lambda path: runnable(parser, path), default=str(ROOT / "target/release/vigie"), help=help)


def runnable(parser, path):
    if not os.access(path, os.X_OK):
        parser.error(f"{path}: no such program; run: cargo build --release, or name one with --vigie")
    return pathlib.Path(path).resolve()

#!/usr/bin/env python3
"""What a bundle costs: `vigie report` beside `vigie analyze`, over the same captures.

    benches/report.py [--vigie target/release/vigie] [--rounds 5] [--jobs N] [--copies N] [--markdown FILE] CAPTURE

Runs, in turn and `rounds` times, with the same --jobs:

  analyze         one pass
  analyze --hash  the same, with the SHA-256 of every input
  report          two passes and the hashes, then the bundle: written, counted again from its own captures, hashed

CAPTURE is a file, or a folder of captures. With --copies, the file is read under so many names, in a folder of links
(captures are told apart by their names): ten of 1 GB take no room on disk and cost what 10 GB cost.

Prints, of each, the least time on the clock and the least processor time (user + system) of all rounds, the most memory,
and the ratio of report's to those of the others. The least, since whatever else runs only adds; runs alternate, so that
it adds to all of them. The bundle goes into a temporary folder (TMPDIR) and is removed. All rounds must give the same
bundle, octet for octet: else status 1.
"""

import argparse
import hashlib
import pathlib
import shutil
import sys
import tempfile

from finished import Run, run
from program import add_vigie


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="vigie-report-bench-") as folder:
        folder = pathlib.Path(folder)
        captures = copies(folder / "captures", options.capture, options.copies) if options.copies else options.capture
        runs, bundles = measure(options, captures, folder / "bundle")
        table = report(runs, captures, options.rounds)
    print(table)
    if options.markdown:
        options.markdown.write_text(table + "\n")
    if len(bundles) != 1:
        sys.exit(f"the same captures gave {len(bundles)} different bundles")


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_vigie(p)
    p.add_argument("capture", metavar="CAPTURE", type=pathlib.Path)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--jobs", type=int, help="captures read side by side [default: vigie's own]")
    p.add_argument("--copies", type=int, help="read the file under so many names")
    p.add_argument("--markdown", type=pathlib.Path, help="write the table to this file, too")
    options = p.parse_args()
    if options.rounds < 1 or (options.copies is not None and options.copies < 1):
        p.error("at least one round and one copy")
    if options.copies and not options.capture.is_file():
        p.error(f"{options.capture}: --copies takes one file")
    return options


def copies(folder, capture, number):
    folder.mkdir()
    for copy in range(number):
        (folder / f"{copy:03}-{capture.name}").symlink_to(capture.resolve())
    return folder


def measure(options, captures, bundle):
    """The runs of each command, and the hashes of the bundles."""
    jobs = ["--jobs", str(options.jobs)] if options.jobs else []
    vigie = [options.vigie, "--no-config", "-q"]
    commands = {
        "analyze": [*vigie, "analyze", captures, *jobs],
        "analyze --hash": [*vigie, "analyze", "--hash", captures, *jobs],
        "report": [*vigie, "report", captures, *jobs, "--date", "2026-01-01", "-o", bundle],
    }
    runs, bundles = {name: [] for name in commands}, set()
    for _ in range(options.rounds):
        for name, command in commands.items():
            runs[name].append(run(command))
        bundles.add(hash_of(bundle))
        shutil.rmtree(bundle)
    return runs, bundles


def hash_of(bundle):
    whole = hashlib.sha256()
    for path in sorted(p for p in bundle.rglob("*") if p.is_file()):
        whole.update(f"{path.relative_to(bundle)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def report(runs, captures, rounds):
    files = [captures] if captures.is_file() else [p for p in captures.rglob("*") if p.is_file()]
    octets = sum(p.stat().st_size for p in files)
    best = {
        name: Run(min(r.processor for r in of), min(r.elapsed for r in of), max(r.memory for r in of))
        for name, of in runs.items()
    }
    mine = best["report"]
    lines = [
        f"{len(files)} captures, {octets:,} octets; the least of {rounds} rounds",
        "",
        "| command | s on the clock | report × | processor s | report × | MiB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, least in best.items():
        lines.append(
            f"| `{name}` | {least.elapsed:.2f} | {mine.elapsed / least.elapsed:.2f} | {least.processor:.2f} "
            f"| {mine.processor / least.processor:.2f} | {least.memory / (1 << 20):.0f} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()

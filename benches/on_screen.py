#!/usr/bin/env python3
"""What the screen of `vigie live` costs: idle, and while frames come; beside programs that do less or something else.

    benches/on_screen.py [--vigie target/release/vigie] [--seconds 30] [--pps 30000] [--beside NAME=COMMAND]…
                         [--markdown FILE]

In namespaces of our own every program listens alone at the one end of a cable, on a pseudo-terminal of 120 columns and 40
lines that somebody reads: first nothing is sent for so many seconds, then tcpreplay sends the joined captures of pcaps/
again and again at the other end for as long. vigie does it once for each of its views. Processor time is the process's own
(user and system, /proc/PID/stat), as a share of one processor over each of the two times; resident memory is VmHWM at the
end; octets a second are what it wrote to the terminal.

dumpcap only writes what comes to a file in memory, and draws nothing: what the capture itself costs.

Needs root, namespaces, tcpreplay and dumpcap. There is no verdict: the table is one.
"""

import argparse
import os
import pathlib
import shlex
import shutil
import signal
import sys
import tempfile
import time

from loss import Cable, joined, on_screen, run
from program import add_vigie
from terminal import COLUMNS, LINES, Terminal

TICKS = os.sysconf("SC_CLK_TCK")
VIEWS = ("1", "overview"), ("2", "flows"), ("3", "hosts"), ("7", "timeline")


def main():
    options = arguments()
    missing = [t for t in ("ip", "tcpreplay", "dumpcap", "mergecap", "capinfos") if not shutil.which(t)]
    missing += ["root's rights"] * (os.geteuid() != 0)
    if missing:
        sys.exit(f"missing: {' '.join(missing)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the namespaces go, too
    with tempfile.TemporaryDirectory(prefix="vigie-screen-") as folder, Cable(pathlib.Path(folder)) as cable:
        # Some of them want an address on the interface.
        run("ip", "-n", cable.b, "address", "add", "10.23.0.254/24", "dev", "in")
        run("ip", "-n", cable.b, "link", "set", "lo", "up")
        table = "\n".join(measure(options, cable))
    if options.markdown:
        options.markdown.write_text(table + "\n")


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_vigie(p)
    p.add_argument("--beside", action="append", default=[], metavar="NAME=COMMAND",
                   help="another program that draws; the interface is called `in`")  # fmt: skip
    p.add_argument("--seconds", type=float, default=30, help="of idling, and of frames, for each program")
    p.add_argument("--pps", type=int, default=30000, help="frames a second")
    p.add_argument("--markdown", type=pathlib.Path, help="write the table to this file, too")
    return p.parse_args()


def commands(options, cable):
    """Name, what is pressed first, command."""
    for key, view in VIEWS:
        yield f"vigie, {view}", key, on_screen(options.vigie, 32)
    yield "dumpcap, no screen", "", ["dumpcap", "-q", "-i", "in", "-w", cable.disk / "written"]
    for beside in options.beside:
        name, _, command = beside.partition("=")
        yield name, "", shlex.split(command)


def measure(options, cable):
    """The lines of the table, each shown as soon as it is known."""
    capture, frames, octets = joined(cable.folder)
    repeats = max(1, round(options.pps * options.seconds / frames))
    head = [
        f"Screen of {COLUMNS}×{LINES}; {options.seconds:g} s each; frames of {octets / frames:.0f} octets, {options.pps:,} a second asked;",
        f"{os.cpu_count()} processors; {os.uname().sysname} {os.uname().release}.",
        "",
        "| program | idle, % of a processor | with frames, % of a processor | frames/s | Mbit/s | octets/s drawn, idle | with frames | at most resident, MiB | load |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for line in head:
        print(line)
        yield line
    for name, key, command in commands(options, cable):
        line = row(options, cable, name, key, command, capture, octets / frames, repeats)
        print(line, flush=True)
        yield line


def row(options, cable, name, key, command, capture, size, repeats):
    """One program: idle, then with frames."""
    load = os.getloadavg()[0]
    terminal = Terminal(["ip", "netns", "exec", cable.b, "taskset", "-c", "1", *command])
    try:
        cable.wait_for_capture()
        terminal.press(key)
        time.sleep(2)  # what it does at its start is not what it does all day
        idle, idle_drawn = over(terminal, lambda: time.sleep(options.seconds))[:2]
        busy, drawn, took, sent = over(terminal, lambda: cable.send(capture, options.pps, repeats))
        peak = resident(terminal.process.pid)
    finally:
        terminal.process.send_signal(signal.SIGINT)
        terminal.process.wait()
    speed = sent / took
    return (
        f"| {name} | {idle:.2f} | {busy:.2f} | {speed:,.0f} | {speed * size * 8 / 1e6:.0f} | {idle_drawn:,.0f} | {drawn:,.0f} | "
        f"{peak:.1f} | {load:.1f} |"
    )


def over(terminal, work):
    """Share of a processor in %, octets a second written, seconds, and what the work gave."""
    before, written, began = used(terminal.process.pid), len(terminal.written), time.monotonic()
    gave = work()
    took = time.monotonic() - began
    return 100 * (used(terminal.process.pid) - before) / took, (len(terminal.written) - written) / took, took, gave


def used(pid):
    """Processor seconds of a process, user and system."""
    # The name, in brackets, may hold blanks.
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident(pid):
    """The most memory that was resident, MiB."""
    lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""The same traffic live, for some minutes, in front of vigie and of other monitors at once: what each of them needs.

    benches/beside.py [--vigie target/release/vigie] [--seconds 180] [--pps 5000] [--bandwhich PATH] [--without NAME] [--markdown FILE]

In network namespaces of our own tcpreplay sends the joined captures of pcaps/ again and again, so many frames a second;
whichever are installed listen at the other end of the cable, all to the same frames:

  vigie       flows, names, signatures; a snapshot every second
  bandwhich   processes, connections and hosts, drawn as lines (--raw), names not looked up
  darkstat    hosts and ports, served as web pages
  nethogs     octets by process, a trace line a second
  iftop       octets by pair of hosts, in text mode
  softflowd   flows without names, sent as NetFlow to a port where nobody listens
  tcpdump     only takes the frames and forgets them: what the capture itself costs

They do not do the same: the table says what each costs, not which is better. Processor time is the process's (user
and system), from after its start to before its end; resident memory is VmHWM and VmRSS of /proc.
"""

import argparse
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from loss import Cable, joined, run
from program import add_vigie

TICKS = os.sysconf("SC_CLK_TCK")


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the namespaces go, too
    with tempfile.TemporaryDirectory(prefix="vigie-beside-") as folder, Cable(pathlib.Path(folder)) as cable:
        # Some of them want an address on the interface.
        run("ip", "-n", cable.b, "address", "add", "10.23.0.254/24", "dev", "in")
        run("ip", "-n", cable.b, "link", "set", "lo", "up")
        capture, frames, octets = joined(cable.folder)
        monitors = [Monitor(cable, *row) for row in commands(options) if shutil.which(row[1][0]) and row[0] not in options.without]
        try:
            time.sleep(3)
            for monitor in monitors:
                monitor.begin()
            before = time.monotonic()
            sent = cable.send(capture, options.pps, max(1, round(options.pps * options.seconds / frames)))
            took = time.monotonic() - before
            time.sleep(1)
            table = "\n".join(report(monitors, sent, sent * octets / frames, took))
        finally:
            for monitor in monitors:
                monitor.end()
    print(table)
    if options.markdown:
        options.markdown.write_text(table + "\n")


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_vigie(p)
    p.add_argument("--bandwhich", default="bandwhich", help="where it is")
    p.add_argument("--without", action="append", default=[], metavar="NAME", help="leave this monitor out")
    p.add_argument("--seconds", type=float, default=180)
    p.add_argument("--pps", type=int, default=5000, help="frames a second")
    p.add_argument("--markdown", type=pathlib.Path, help="write the table to this file, too")
    return p.parse_args()


def commands(options):
    """Name, command, what is said of it."""
    yield ("vigie", [str(options.vigie), "--no-config", "-q", "live", "-i", "in", "-p", "--headless", "--format", "ndjson",
                     "--every", "1s"], "live --every 1s")  # fmt: skip
    yield "bandwhich", [options.bandwhich, "--raw", "--no-resolve", "--interface", "in"], "--raw --no-resolve"
    yield "darkstat", ["darkstat", "-i", "in", "--no-daemon", "--no-dns", "-b", "127.0.0.1", "-p", "6677"], "--no-dns"
    yield "nethogs", ["nethogs", "-t", "in"], "-t"
    yield "iftop", ["iftop", "-t", "-n", "-N", "-p", "-i", "in"], "-t -n -N -p"
    yield "softflowd", ["softflowd", "-d", "-i", "in", "-n", "127.0.0.1:9995"], "-d -n 127.0.0.1:9995"
    yield "tcpdump", ["tcpdump", "-i", "in", "-w", "/dev/null"], "-w /dev/null"


def report(monitors, sent, octets, took):
    yield f"{sent:,} frames, {octets / 1e6:,.0f} MB in {took:.0f} s ({sent / took:,.0f} frames/s); {os.cpu_count()} processors, load average"
    yield f"{os.getloadavg()[0]:.1f}."
    yield ""
    yield "| monitor | options | processor s | % of one processor | resident at the end, MiB | at most, MiB |"
    yield "|---|---|--:|--:|--:|--:|"
    for monitor in monitors:
        if monitor.process.poll() is not None:
            yield f"| {monitor.name} | `{monitor.options}` | ended by itself with status {monitor.process.returncode} | | | |"
            continue
        seconds, now, most = monitor.used() - monitor.before, monitor.memory("VmRSS"), monitor.memory("VmHWM")
        yield f"| {monitor.name} | `{monitor.options}` | {seconds:.2f} | {100 * seconds / took:.1f} | {now:.1f} | {most:.1f} |"


class Monitor:
    """A monitor that runs at the listening end of the cable."""

    def __init__(self, cable, name, command, options):
        self.name, self.options = name, options
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", cable.b, *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def begin(self):
        self.before = self.used()

    def used(self):
        """Seconds of processor so far: fields 14 and 15 of /proc/PID/stat (proc(5))."""
        if self.process.poll() is not None:
            return 0
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self, which):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(which + ":"):
                return int(line.split()[1]) / 1024
        return 0

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


if __name__ == "__main__":
    main()

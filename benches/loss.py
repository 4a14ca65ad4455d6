#!/usr/bin/env python3
"""Frames that `vigie live` loses at rising rates, beside dumpcap and tcpdump.

    benches/loss.py [--vigie target/release/vigie] [--rates 50000,100000,…] [--runs 10] [--seconds 3] [--ring 32]
                    [--nice -5] [--markdown FILE]

Makes two network namespaces and a cable between them; nothing leaves these. At each rate (frames a second; 0 is as fast as
it goes) the tools take turns, `runs` times: tcpreplay, on the first processor, sends a capture from memory again
and again for about so many seconds; the tool, on the second, captures at the other end with a ring of so many MiB.
dumpcap and tcpdump write whole frames to a file in memory (tmpfs); vigie counts flows and names, and a reader takes its
snapshots 10 times a second; `vigie-written` (with --tools) also writes whole frames, as the others do; `vigie-screen`
draws its screen, 120 columns by 40 lines, on a pseudo-terminal that somebody reads (on_screen.py measures that alone).

The capture is one of pcaps/, joined. Lost is what tcpreplay sent less what the tool says it took; what the tool itself
reports as dropped is compared with it: a difference is a loss that nobody was told of. Processor time is that of
the tool (wait4), user and system. The kernel's work for a frame, the copy into the ring included, is done on the
generator's processor.

Needs root, namespaces, tcpreplay, dumpcap and tcpdump. There is no verdict: the table is one.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from program import ROOT, add_vigie
from terminal import Terminal

CAPTURES = "office-hour.pcapng", "car-hotspot.pcap", "nothing-tagged.pcap"


def main():
    options = arguments()
    missing = [t for t in ("ip", "tcpreplay", "dumpcap", "tcpdump", "mergecap", "taskset") if not shutil.which(t)]
    missing += ["root's rights"] * (os.geteuid() != 0)
    if missing:
        sys.exit(f"missing: {' '.join(missing)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the namespaces go, too
    with tempfile.TemporaryDirectory(prefix="vigie-loss-") as folder, Cable(pathlib.Path(folder)) as cable:
        table = "\n".join(measure(options, cable))
    print("\n" + table)
    if options.markdown:
        options.markdown.write_text(table + "\n")


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_vigie(p)
    p.add_argument("--rates", default="20000,50000,100000,200000,0", help="frames a second, 0: as fast as it goes")
    p.add_argument("--runs", type=int, default=10)
    p.add_argument("--seconds", type=float, default=3, help="how long a run sends, about")
    p.add_argument("--ring", type=int, default=32, help="MiB")
    p.add_argument("--nice", type=int, default=0, help="niceness of the generator and of every tool")
    p.add_argument("--tools", default="dumpcap,vigie,tcpdump", help="among dumpcap, tcpdump, vigie, vigie-written, vigie-screen")
    p.add_argument("--markdown", type=pathlib.Path, help="write the table to this file, too")
    options = p.parse_args()
    options.rates = [int(rate) for rate in options.rates.split(",")]
    options.tools = options.tools.split(",")
    return options


def measure(options, cable):
    """The lines of the table."""
    capture, frames, octets = joined(cable.folder)
    yield f"Frames of {octets / frames:.0f} octets on average; ring {options.ring} MiB; niceness {options.nice}; {options.runs} runs of "
    yield f"{options.seconds:g} s each; {os.cpu_count()} processors; {os.uname().sysname} {os.uname().release}. Loss: median of"
    yield "the runs, (largest), runs without any. Unreported: frames lost beyond what the tool said, all runs together."
    yield ""
    yield "| frames/s asked (sent) | tool | frames sent | lost | runs without loss | unreported | processor s a million frames | load |"
    yield "|--:|---|--:|--:|--:|--:|--:|--:|"
    top = cable.top_speed(capture, frames, options.nice)
    for rate in options.rates:
        repeats = max(1, round((rate or top) * options.seconds / frames))
        runs = {tool: [] for tool in options.tools}
        for number in range(options.runs):
            # The order turns, so that no tool always comes after the same.
            turn = options.tools[number % len(options.tools) :] + options.tools[: number % len(options.tools)]
            for tool in turn:
                runs[tool].append(Run(options, cable, tool, capture, rate, repeats))
        for tool, done in runs.items():
            yield row(rate, tool, done)
            print(row(rate, tool, done), file=sys.stderr, flush=True)


def row(rate, tool, runs):
    lost = [run.lost for run in runs]
    share = 100 * statistics.median(run.lost / run.sent for run in runs)
    speed = statistics.median(run.sent / run.took for run in runs)
    taken = sum(run.sent - run.lost for run in runs)
    processor = 1e6 * sum(run.processor for run in runs) / max(1, taken)
    unreported = sum(run.lost - run.reported for run in runs)
    load = statistics.mean(run.load for run in runs)
    asked = f"{rate:,}" if rate else "all"
    return (
        f"| {asked} ({speed:,.0f}) | {tool} | {sum(r.sent for r in runs):,} | {statistics.median(lost):,.0f} ({max(lost):,}), "
        f"{share:.2f} % | {lost.count(0)} of {len(lost)} | {unreported:,} | {processor:.2f} | {load:.1f} |"
    )


def joined(folder):
    """One capture of several, and its frames and octets."""
    capture = folder / "joined.pcap"
    run("mergecap", "-a", "-F", "pcap", "-w", capture, *(ROOT / "pcaps" / name for name in CAPTURES))
    words = subprocess.check_output(["capinfos", "-M", "-T", "-r", "-c", "-d", capture], text=True).split()
    return capture, int(words[-2]), int(words[-1])


class Run:
    """One tool, once: frames sent, lost, reported as lost; processor seconds."""

    def __init__(self, options, cable, tool, capture, rate, repeats):
        self.file = cable.disk / "written"
        self.file.unlink(missing_ok=True)
        self.load = os.getloadavg()[0]
        command = {
            "dumpcap": ["dumpcap", "-q", "-i", "in", "-B", str(options.ring), "-w", self.file],
            # Its rings are told in KiB.
            "tcpdump": ["tcpdump", "-n", "-i", "in", "-B", str(options.ring * 1024), "-w", self.file],
            "vigie": self.vigie(options),
            "vigie-written": [*self.vigie(options), "--full-payload", "--write", self.file],
            "vigie-screen": on_screen(options.vigie, options.ring),
        }[tool]
        command = ["ip", "netns", "exec", cable.b, *nice(options.nice), "taskset", "-c", "1", *command]
        tool_runs = Terminal(command) if tool == "vigie-screen" else Piped(command)
        cable.wait_for_capture()
        began = time.monotonic()
        self.sent = cable.send(capture, rate, repeats, options.nice)
        self.took = time.monotonic() - began
        # Until the ring is read: libpcap gives an open block after 0.25 s to dumpcap, after 1 s to tcpdump.
        time.sleep(1.3 if tool == "tcpdump" else 0.6)
        said, self.processor = tool_runs.end()
        read = {"dumpcap": pcap_said, "tcpdump": pcap_said, "vigie-screen": screen_said}.get(tool, vigie_said)
        taken, self.reported = read(tool, said)
        self.lost = self.sent - taken

    @staticmethod
    def vigie(options):
        return [options.vigie, "--no-config", "-q", "live", "-i", "in", "-p", "--headless", "--format", "ndjson",
                "--every", "100ms", "--ring", f"{options.ring}MiB"]  # fmt: skip


def on_screen(vigie, ring):
    """The command that shows the interface on a screen; its last words are in English."""
    return [vigie, "--no-config", "live", "-i", "in", "-p", "--ring", f"{ring}MiB", "--lang", "en"]


class Piped:
    """A tool whose words are read from two pipes."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said = {}
        self.readers = [threading.Thread(target=lambda p=pipe, n=name: self.said.update({n: tail(p)}))
                        for name, pipe in (("out", self.process.stdout), ("errors", self.process.stderr))]  # fmt: skip
        for reader in self.readers:
            reader.start()

    def end(self):
        """Asks it to end; what it said, and its processor time in seconds."""
        self.process.send_signal(signal.SIGINT)
        for reader in self.readers:
            reader.join()
        # `ip netns exec`, `nice` and `taskset` become what they start: it is one process.
        used = os.wait4(self.process.pid, 0)[2]
        return self.said, used.ru_utime + used.ru_stime


def nice(niceness):
    return ["nice", "-n", str(niceness)]


def tail(pipe):
    """Reads a pipe to its end; its last lines, and whatever stands before the summary."""
    last = []
    for line in pipe:
        last = (last + [line])[-20:]
    return "".join(last)


def vigie_said(_, said):
    rows = [json.loads(line) for line in said["out"].splitlines()]
    if not rows or rows[-1]["type"] != "summary":
        sys.exit(f"vigie gave no summary: {said}")
    dropped = next(row["dropped"] for row in reversed(rows) if row["type"] == "capture")
    return rows[-1]["frames"], dropped or 0


def screen_said(_, said):
    found = re.search(r"the capture: ([\d,]+) frames? taken, drops ([\d,]+)", said)
    if not found:
        sys.exit(f"the screen left no summary: {said[-500:]!r}")
    return tuple(int(number.replace(",", "")) for number in found.groups())


def pcap_said(tool, said):
    patterns = {
        # Received/dropped on an interface; dropped is what the kernel dropped.
        "dumpcap": (r"Packets captured: (\d+)", r"Packets received/dropped on interface '.*': \d+/(\d+)"),
        "tcpdump": (r"(\d+) packets? captured", r"(\d+) packets? dropped by kernel"),
    }[tool]
    found = [re.search(pattern, said["errors"]) for pattern in patterns]
    if not all(found):
        sys.exit(f"{tool} says: {said['errors']}")
    return tuple(int(match[1]) for match in found)


class Cable:
    """Two namespaces, joined; `out` here, `in` there; and a disk in memory."""

    def __init__(self, folder):
        self.folder, self.disk = folder, folder / "disk"
        self.a, self.b = (f"vigie-loss-{os.getpid()}-{side}" for side in "ab")

    def __enter__(self):
        try:
            for name in self.a, self.b:
                run("ip", "netns", "add", name)
                for which in "all", "default":
                    run("ip", "netns", "exec", name, "sysctl", "-qw", f"net.ipv6.conf.{which}.disable_ipv6=1")
            run("ip", "-n", self.a, "link", "add", "out", "type", "veth", "peer", "name", "in", "netns", self.b)
            run("ip", "-n", self.b, "link", "set", "in", "up")
            run("ip", "-n", self.a, "link", "set", "out", "up")
            self.disk.mkdir()
            # So that nobody's `vigie mark` meets a vigie that is measured.
            os.environ["XDG_RUNTIME_DIR"] = str(self.folder)
            run("mount", "-t", "tmpfs", "-o", "size=2g", "vigie-loss", self.disk)
        except Exception:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", self.disk], stderr=subprocess.DEVNULL)
        for name in self.a, self.b:
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL)

    def wait_for_capture(self):
        """Until a packet socket is bound to the interface and has been for a moment."""
        for _ in range(200):
            sockets = subprocess.check_output(["ip", "netns", "exec", self.b, "cat", "/proc/net/packet"], text=True)
            if any(line.split()[4] != "0" for line in sockets.splitlines()[1:]):
                time.sleep(0.3)
                return
            time.sleep(0.05)
        sys.exit("the tool opened no socket")

    def send(self, capture, rate, repeats, niceness=0):
        """Sends the capture so often; gives the frames that were sent."""
        speed = [f"--pps={rate}"] if rate else ["--topspeed"]
        command = ["ip", "netns", "exec", self.a, *nice(niceness), "taskset", "-c", "0", "tcpreplay", "--preload-pcap",
                   *speed, f"--loop={repeats}", "-i", "out", capture]  # fmt: skip
        said = subprocess.run(command, capture_output=True, text=True)
        sent = re.search(r"Successful packets:\s+(\d+)", said.stdout)
        failed = re.search(r"Failed packets:\s+(\d+)", said.stdout)
        if said.returncode or not sent or not failed or int(failed[1]):
            sys.exit(f"tcpreplay: {said.stdout}{said.stderr}")
        return int(sent[1])

    def top_speed(self, capture, frames, niceness):
        """Frames a second when nobody captures."""
        began = time.monotonic()
        return self.send(capture, 0, max(1, 200_000 // frames), niceness) / (time.monotonic() - began)


def run(*command):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()

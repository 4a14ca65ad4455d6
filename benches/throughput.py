#!/usr/bin/env python3
"""vigie's processor time and memory on a large capture, beside other people's tools.

    benches/throughput.py [--vigie target/release/vigie] [--mb 1000] [--rounds 5] [--slice-mb 20]
                          [--capture FILE] [--markdown FILE]

Makes a mixed capture in a temporary folder (from ../shared/corpus with ../shared/bench/make-mix.py where these are,
else from pcaps/ alone), then runs, in turn and `rounds` times:

  vigie        analyze --jobs 1, text
  cat          only reads: what the disk and the pipe cost
  capinfos -c  only counts frames
  nfpcapd      flows without names
  ndpiReader   flows with names
  tshark       the same names, without flows; on a slice of the capture, its time scaled to the whole

whichever are installed, and prints the medians of processor time (user + system), their ratio to vigie's and to
capinfos', nanoseconds a frame, and the largest memory. Runs alternate, so that a busy machine hits all of them.
Processor time is the kernel's account of the finished process (wait4), of its children too.
"""

import argparse
import dataclasses
import os
import pathlib
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile

from finished import run
from program import ROOT, add_vigie

MIX = ROOT.parent / "shared/bench/make-mix.py"
CORPUS = ROOT.parent / "shared/corpus/captures/ndpi"

# The fields that give tshark the names which vigie finds, and the settings under which it finds most of them.
TSHARK_FIELDS = """tls.handshake.extensions_server_name dtls.handshake.extensions_server_name gquic.tag.sni http.host
http2.headers.authority socks.remote_name dns.qry.name dns.a dns.aaaa""".split()
TSHARK = ["tshark", "-n", "-T", "fields", "-o", "tcp.reassemble_out_of_order:TRUE"]
for field in TSHARK_FIELDS:
    TSHARK += ["-e", field]


@dataclasses.dataclass
class Tool:
    """A command, and how many times the capture is larger than what it reads."""

    name: str
    command: list
    scale: float = 1.0
    runs: list = dataclasses.field(default_factory=list)

    @property
    def processor(self):
        return statistics.median(r.processor for r in self.runs) * self.scale

    @property
    def elapsed(self):
        return statistics.median(r.elapsed for r in self.runs) * self.scale

    @property
    def memory(self):
        return max(r.memory for r in self.runs)


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="vigie-throughput-") as folder:
        folder = pathlib.Path(folder)
        capture = options.capture or make_capture(folder, options.mb)
        frames, octets = count(capture)
        print(f"{capture.name}: {frames:,} frames, {octets:,} octets, in {capture.stat().st_size:,} octets of file")
        tools = list(installed(options, capture, folder))
        measure(tools, options.rounds, capture)
        table = report(tools, frames)
    print("\n" + table)
    if options.markdown:
        options.markdown.write_text(table)


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_vigie(p)
    p.add_argument("--mb", type=float, default=1000, help="size of the capture that is made")
    p.add_argument("--slice-mb", type=float, default=20, help="what tshark gets of it")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--capture", type=pathlib.Path, help="take this pcap instead of making one")
    p.add_argument("--markdown", type=pathlib.Path, help="write the table to this file, too")
    return p.parse_args()


# --- the capture


def make_capture(folder, megabytes):
    out = folder / "mix.pcap"
    free = shutil.disk_usage(folder).free
    if free < megabytes * 1.2e6:
        sys.exit(f"{folder}: {free:,} octets free, {megabytes:g} MB do not fit; use --mb or TMPDIR")
    if MIX.exists() and CORPUS.exists():
        copies = max(2, round(megabytes / 17) + 1)  # one copy of the corpus is some 17 MB
        run = [sys.executable, MIX, CORPUS, out, "--copies", str(copies), "--limit-mb", str(megabytes)]
        subprocess.run(run, check=True)
    else:
        print("../shared is missing: the capture is made of pcaps/ alone, its flows come again and again")
        repeat(folder, out, megabytes)
    return out


def repeat(folder, out, megabytes):
    """The captures of pcaps/ joined in time order, then again and again, each time later by their span."""
    joined = folder / "joined.pcap"
    captures = sorted(p for p in (ROOT / "pcaps").iterdir() if p.suffix in (".pcap", ".pcapng"))
    subprocess.run(["mergecap", "-F", "pcap", "-w", joined, *captures], check=True)
    data = joined.read_bytes()
    records, at = [], 24
    while at + 16 <= len(data):
        seconds, fraction, kept, wire = struct.unpack_from("<IIII", data, at)
        records.append((seconds, fraction, kept, wire, data[at + 16 : at + 16 + kept]))
        at += 16 + kept
    span = records[-1][0] - records[0][0] + 1
    with out.open("wb", buffering=1 << 20) as to:
        to.write(data[:24])
        written, turn = 24, 0
        while written < megabytes * 1e6:
            for seconds, fraction, kept, wire, frame in records:
                to.write(struct.pack("<IIII", seconds + turn * span, fraction, kept, wire) + frame)
                written += 16 + kept
            turn += 1


def cut(capture, out, megabytes):
    """The first megabytes of a pcap, to the end of a record; gives how much larger the whole is."""
    size = capture.stat().st_size
    with capture.open("rb") as come, out.open("wb", buffering=1 << 20) as go:
        head = come.read(24)
        order = "<" if head[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
        go.write(head)
        written = 24
        while written < megabytes * 1e6 and len(record := come.read(16)) == 16:
            kept = struct.unpack(order + "IIII", record)[2]
            go.write(record + come.read(kept))
            written += 16 + kept
    return (size - 24) / (written - 24)


def count(capture):
    """Frames and their octets on the wire, from the records alone."""
    frames = octets = 0
    with capture.open("rb", buffering=1 << 20) as come:
        head = come.read(24)
        order = "<" if head[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
        record = struct.Struct(order + "IIII")
        while len(r := come.read(16)) == 16:
            _, _, kept, wire = record.unpack(r)
            come.seek(kept, os.SEEK_CUR)
            frames, octets = frames + 1, octets + wire
    return frames, octets


# --- the tools


def installed(options, capture, folder):
    yield Tool("vigie", [options.vigie, "analyze", "--jobs", "1", capture])
    yield Tool("cat", ["cat", capture])
    for name, needed, command in (
        ("capinfos -c", "capinfos", ["capinfos", "-c", capture]),
        ("nfpcapd", "nfpcapd", nfpcapd(capture, folder)),
        ("ndpiReader", "ndpiReader", ["ndpiReader", "-q", "-i", capture]),
    ):
        if shutil.which(needed):
            yield Tool(name, command)
        else:
            print(f"{needed} is not installed: left out")
    if shutil.which("tshark"):
        part = folder / "slice.pcap"
        scale = cut(capture, part, options.slice_mb)
        yield Tool("tshark", [*TSHARK, "-r", part], scale)
    else:
        print("tshark is not installed: left out")


def nfpcapd(capture, folder):
    out = folder / "nfpcapd"
    out.mkdir(exist_ok=True)
    # Files of one hour: the whole capture is one.
    return ["nfpcapd", "-r", capture, "-w" if nfpcapd_takes_w() else "-l", out, "-t", "3600"]


def nfpcapd_takes_w():
    """From nfdump 1.7 on the folder is named by -w; before it was -l."""
    if not shutil.which("nfpcapd"):
        return True
    usage = subprocess.run(["nfpcapd", "-h"], capture_output=True, text=True)
    return "-w flowdir" in usage.stdout + usage.stderr


def measure(tools, rounds, capture):
    subprocess.run(["cat", capture], stdout=subprocess.DEVNULL, check=True)  # into the page cache, for all alike
    for turn in range(rounds):
        # Every round begins with another tool.
        at = turn % len(tools)
        for tool in tools[at:] + tools[:at]:
            tool.runs.append(run(tool.command))
            print(f"round {turn + 1}: {tool.name} {tool.runs[-1].processor:.2f} s", file=sys.stderr)


def report(tools, frames):
    vigie = tools[0]
    capinfos = next((t for t in tools if t.name == "capinfos -c"), None)
    lines = [
        "| tool | processor time (s) | ns a frame | × vigie | × capinfos -c | elapsed (s) | peak memory (MiB) |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for tool in tools:
        name = tool.name + (f" (slice × {tool.scale:.1f})" if tool.scale != 1 else "")
        against = f"{tool.processor / capinfos.processor:.2f}" if capinfos else ""
        lines.append(
            f"| {name} | {tool.processor:.2f} | {tool.processor * 1e9 / frames:.0f} | {tool.processor / vigie.processor:.2f} "
            f"| {against} | {tool.elapsed:.2f} | {tool.memory / 2**20:.1f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

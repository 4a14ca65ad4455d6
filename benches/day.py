#!/usr/bin/env python3
"""A day of traffic through `vigie live -r -`, as fast as it goes: does its memory stay flat?

    benches/day.py [--vigie target/release/vigie] [--hours 24] [--flows 800000] [--open 4] [--markdown FILE]

Makes a capture as it goes and never keeps it: evenly over the day of the capture's clock, clients ask DNS for a name, then
open a TCP connection to the address, say hello with the name, get an answer and close. Every flow has a new client
address and port, and a name nobody asked for before; a quarter of them (`--open 4`: one in four) never close. So whatever vigie keeps by client,
name, flow or answer grows, unless it is bounded or let go. `--max-rows` is left as it is (100,000).

Memory is the process's VmRSS, read whenever an hour of the capture's clock has been handed over; the numbers vigie
gives in its hourly snapshots (`--every 1h`) stand beside it. At the end frames and octets must be those that were
made, and the balance must hold: else status 1. The same if the last quarter of the day needs more than a twentieth
more memory than the quarter before: with 800,000 connections all tables are full (262,144 answers, 65,536 forgotten
connections that may go on) in the first half of the day.
"""

import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

from program import add_vigie

BEGIN = 1_767_225_600  # 2026-01-01T00:00:00Z
ETHERNET = bytes.fromhex("020000000001 020000000002 0800".replace(" ", ""))


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="vigie-day-") as folder:
        out = pathlib.Path(folder) / "records"
        with out.open("wb") as to:
            began = time.monotonic()
            process = subprocess.Popen(
                [options.vigie, "--no-config", "-q", "live", "-r", "-", "--headless", "--format", "ndjson",
                 "--every", "1h", "--filter", "client = 192.0.2.1"],
                stdin=subprocess.PIPE, stdout=to, bufsize=0)  # fmt: skip
            day = Day(options.hours, options.flows, options.open)
            memory = []
            with open(process.stdin.fileno(), "wb", buffering=1 << 20, closefd=False) as pipe:
                for hour in day.write(pipe):
                    pipe.flush()
                    memory.append((hour, resident(process.pid)))
            process.stdin.close()
            used = os.wait4(process.pid, 0)
            elapsed = time.monotonic() - began
        rows = [json.loads(line) for line in out.read_text().splitlines()]
    status = os.waitstatus_to_exitcode(used[1])
    table = "\n".join(report(day, memory, rows, used[2], elapsed))
    print(table)
    if options.markdown:
        options.markdown.write_text(table + "\n")
    wrong = list(faults(day, memory, rows, status))
    if wrong:
        sys.exit("FAILED: " + "; ".join(wrong))


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_vigie(p)
    p.add_argument("--hours", type=int, default=24)
    p.add_argument("--flows", type=int, default=800_000, help="TCP connections in all")
    p.add_argument("--open", type=int, default=4, help="one connection in so many never closes")
    p.add_argument("--markdown", type=pathlib.Path, help="write the table to this file, too")
    return p.parse_args()


def resident(pid):
    """KiB of memory that the process holds."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def report(day, memory, rows, used, elapsed):
    snapshots = [row for row in rows if row["type"] == "snapshot"]
    yield f"{day.frames:,} frames, {day.octets / 1e6:,.0f} MB, {day.flows:,} TCP connections and as many DNS questions in"
    yield f"{day.hours} h of the capture's clock; {elapsed:.0f} s on the wall clock, {used.ru_utime + used.ru_stime:.0f} s of processor, at"
    yield f"most {used.ru_maxrss / 1024:.0f} MiB; load average {os.getloadavg()[0]:.1f}."
    yield ""
    yield "| hour of the capture | VmRSS (MiB) | frames so far | flows so far | answers pushed out | flows in (other) |"
    yield "|--:|--:|--:|--:|--:|--:|"
    # The last hour's numbers are those of the summary.
    for (hour, kib), snapshot in zip(memory, [*snapshots, rows[-1]], strict=True):
        bounds = snapshot["bounds"]
        yield (f"| {hour} | {kib / 1024:.1f} | {snapshot['frames']:,} | {snapshot['flows']:,} | "
               f"{bounds['dns_answers']:,} | {bounds['rows']:,} |")  # fmt: skip


def faults(day, memory, rows, status):
    if status:
        yield f"status {status}"
    summary = rows[-1]
    if (summary["frames"], summary["bytes"]) != (day.frames, day.octets):
        yield f"{summary['frames']} frames and {summary['bytes']} octets were counted, {day.frames} and {day.octets} sent"
    if summary["in_flows"] != {"frames": day.frames, "bytes": day.octets}:
        yield f"in flows: {summary['in_flows']}"
    if summary["flows"] != 2 * day.flows:
        yield f"{summary['flows']} flows, not {2 * day.flows}"
    # By name, or by the answer before it: all but the DNS itself has one.
    if summary["named_bytes"] + summary["unnamed"]["dns"] != day.octets:
        yield f"named {summary['named_bytes']}, unnamed {summary['unnamed']}"
    quarter = len(memory) // 4
    before, last = (max(kib for _, kib in memory[at:][:quarter]) for at in (-2 * quarter, -quarter))
    if last > before * 1.05:
        yield f"memory grew from {before} to {last} KiB in the last quarter"


class Day:
    """Traffic of some hours, made while it is written."""

    def __init__(self, hours, flows, open_every):
        self.hours, self.flows, self.open_every = hours, flows, open_every
        self.frames = self.octets = 0

    def write(self, to):
        """Gives each hour when all of it was handed over."""
        to.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        step = self.hours * 3600 * 10**9 // self.flows
        hour = 1
        for number in range(self.flows):
            at = number * step
            while at >= hour * 3600 * 10**9:
                yield hour
                hour += 1
            for delay, frame in enumerate(connection(number, closes=number % self.open_every != 0)):
                seconds, fraction = divmod(at + delay * 1000, 10**9)
                to.write(struct.pack("<IIII", BEGIN + seconds, fraction, len(frame), len(frame)) + frame)
                self.frames += 1
                self.octets += len(frame)
        yield self.hours


def connection(number, closes):
    """The frames of a question, its answer and a connection: a client, a name and an address of its own."""
    client = struct.pack(">I", 0x0A000001 + number % 0x00FFFFF0)
    server = struct.pack(">I", 0x2D000001 + number)
    port = 32_768 + number % 28_000
    name = f"h{number:x}.d{number % 50_000:x}.example"
    resolver = bytes((10, 255, 255, 254))
    labels = b"".join(bytes((len(part),)) + part.encode() for part in name.split(".")) + b"\0"
    question = labels + b"\0\1\0\1"
    yield udp(client, resolver, port, 53, struct.pack(">HHHHHH", number & 0xFFFF, 0x0100, 1, 0, 0, 0) + question)
    answer = b"\xc0\x0c\0\1\0\1" + struct.pack(">IH", 300, 4) + server
    yield udp(resolver, client, 53, port, struct.pack(">HHHHHH", number & 0xFFFF, 0x8180, 1, 1, 0, 0) + question + answer)
    hello = client_hello(name.encode())
    yield tcp(client, server, port, 443, 0, 0, 0x02)
    yield tcp(server, client, 443, port, 0, 1, 0x12)
    yield tcp(client, server, port, 443, 1, 1, 0x18, hello)
    yield tcp(server, client, 443, port, 1, 1 + len(hello), 0x18, bytes(200))
    if closes:
        yield tcp(client, server, port, 443, 1 + len(hello), 201, 0x11)
        yield tcp(server, client, 443, port, 201, 2 + len(hello), 0x11)
        yield tcp(client, server, port, 443, 2 + len(hello), 202, 0x10)


def client_hello(name):
    """TLS 1.2 record and handshake (RFC 5246 §7.4.1.2) with server_name (RFC 6066 §3) alone."""
    entry = struct.pack(">BH", 0, len(name)) + name
    extension = struct.pack(">HHH", 0, len(entry) + 2, len(entry)) + entry
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\x13\1" + b"\1\0" + struct.pack(">H", len(extension)) + extension
    handshake = b"\1" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\3\1" + struct.pack(">H", len(handshake)) + handshake


def udp(source, destination, source_port, port, payload):
    return ip(source, destination, 17, struct.pack(">HHHH", source_port, port, 8 + len(payload), 0) + payload)


def tcp(source, destination, source_port, port, sequence, acknowledged, flags, payload=b""):
    header = struct.pack(">HHIIBBHHH", source_port, port, sequence, acknowledged, 0x50, flags, 64240, 0, 0)
    return ip(source, destination, 6, header + payload)


def ip(source, destination, protocol, payload):
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0)
    return ETHERNET + head + source + destination + payload


if __name__ == "__main__":
    main()

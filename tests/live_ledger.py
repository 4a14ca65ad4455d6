#!/usr/bin/env python3
"""The live ledger is the offline ledger: captures are replayed through veth pairs in network namespaces of our own,
and `vigie live` must say of them what `vigie analyze` says: octets, frames and names by 5-tuple, and the balance.

    tests/live_ledger.py [--vigie target/release/vigie] [--mbps 60] [--all] [CAPTURE…]

Both back ends (pnet on one thread alone), on the interface and on `any` (which pnet refuses: there both are named), also with both ends of the
cable in sight: then every frame is seen twice, and the second time is a duplicate. All of that on one thread and on
two, of which the one often reads the DNS answer that names the other's flow. Then faults of an interface: removed, a reader that goes.
With --all, every capture of the corpus that fits; what does not fit (no Ethernet, cut, longer than the MTU, clients
that Ethernet cannot carry) is said.

A known limit of pnet: it does not ask the kernel for the outermost VLAN tag, which the kernel takes off. So its ledger
must be that of the same capture without these tags, and its names those of the capture as it is.

Needs root, namespaces, tcpreplay, editcap and ../shared/corpus. What is missing is a failure. Compared is exactly;
only waiting has a limit.
"""

import argparse
import collections
import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = (ROOT.parent / "shared/corpus/captures").resolve()
MTU = 9000
PATIENCE = 20  # seconds for what must come

# Own captures: hellos over TCP and QUIC, DNS, HTTP. The corpus: see each line's end.
CAPTURES = """
    pcaps/office-hour.pcapng pcaps/car-hotspot.pcap pcaps/nothing-tagged.pcap pcaps/hard-cases.pcapng
    ndpi/dns_fragmented.pcap zeek/ipv6-fragmented-dns.pcap pcapplusplus/ipv6-frag.pcap
    pcapplusplus/frag_http_req.pcap pcapplusplus/Tests__Pcap++Test__PcapExamples__ip4_fragments.pcap
    ndpi/vxlan.pcap tcpdump/vxlan.pcap tcpdump/geneve.pcap mercury/geneve.pcap
    tcpdump/802.1ad_QinQ.pcap arkime/dot1ad.pcap arkime/twovlan.pcap zeek/mixed-vlan-mpls.pcap
    mercury/pppoe_double_vlan_tagging.pcap
    tcpdump/dns_tcp.pcap tcpdump/dnssec.pcap ndpi/dns_exfiltration.pcap ndpi/bad-dns-traffic.pcap
    ndpi/quic.pcap ndpi/quic-mvfst-22.pcap mercury/quic_v2.pcap mercury/quic_fragmented.pcap
    ndpi/tls_certificate_too_long.pcap ndpi/dtls2.pcap arkime/tls-split-client-hello.pcap
    ndpi/http_ipv6.pcap ndpi/http_connect.pcap ndpi/dnscrypt-v2-doh.pcap ndpi/googledns_android10.pcap
""".split()


def main():
    options = arguments()
    missing = [t for t in ("ip", "tcpreplay", "editcap", "sysctl") if not shutil.which(t)]
    missing += [str(CORPUS)] * (not CORPUS.exists()) + ["root's rights"] * (os.geteuid() != 0)
    if missing:
        sys.exit(f"FAILED: the live ledger cannot be compared here; missing: {' '.join(missing)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the namespaces go, too
    held = failed = 0
    with tempfile.TemporaryDirectory(prefix="vigie-ledger-") as folder, Lab(options, pathlib.Path(folder)) as lab:
        for capture in options.captures or chosen(options.all):
            original = Capture(capture, lab)
            if original.unfit:
                print(f"not replayed: {original.name}: {original.unfit}")
                # A chosen capture that does not fit is a mistake here or in the corpus.
                failed += not options.all
                continue
            for sentence, check in checks(lab, original):
                went = verdict(f"{original.name}: {sentence}", check)
                held, failed = held + went, failed + (not went)
        for sentence, check in faults(lab):
            went = verdict(sentence, check)
            held, failed = held + went, failed + (not went)
    print(f"\n{held} held, {failed} failed")
    if failed or not held:
        sys.exit(1)


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--vigie", type=pathlib.Path, default=ROOT / "target/release/vigie")
    p.add_argument("--mbps", type=float, default=60, help="megabits a second of the replay")
    p.add_argument("--all", action="store_true", help="every capture of the corpus that fits")
    p.add_argument("captures", nargs="*", type=pathlib.Path, metavar="CAPTURE")
    options = p.parse_args()
    if not os.access(options.vigie, os.X_OK):
        sys.exit(f"{options.vigie}: no such program; run: cargo build --release, or name one with --vigie")
    options.vigie = options.vigie.resolve()
    return options


def chosen(everything):
    if everything:
        return sorted(p for top in (ROOT / "pcaps", CORPUS) for p in top.rglob("*") if p.suffix in (".pcap", ".pcapng"))
    return [ROOT / name if name.startswith("pcaps/") else CORPUS / name for name in CAPTURES]


def verdict(sentence, check):
    """Runs a check, says how it went."""
    try:
        check()
    except Different as difference:
        print(f"FAILED: {sentence}\n    " + str(difference).replace("\n", "\n    "), flush=True)
        return False
    print(f"ok: {sentence}", flush=True)
    return True


class Different(Exception):
    """What was expected and what was found."""


def same(what, expected, found):
    if expected != found:
        raise Different(f"{what}:\n" + differences(expected, found))


def differences(expected, found):
    if not isinstance(expected, dict):
        return f"  offline {expected}\n  live    {found}"
    keys = [k for k in {**expected, **found} if expected.get(k) != found.get(k)]
    lines = [f"{k}\n  offline {expected.get(k)}\n  live    {found.get(k)}" for k in keys[:5]]
    return "\n".join(lines + [f"and {len(keys) - 5} more"] * (len(keys) > 5))


# --- what is compared


def checks(lab, original):
    """Sentences and what must hold for them."""
    untagged = original.without_tags()
    offline, stripped = lab.analyze(original.path), lab.analyze(untagged)
    for threads in 1, 2:
        on = f"{threads} threads, " if threads > 1 else ""
        for interface in "in", "any":
            yield f"ring, {on}{interface}", (
                lambda i=interface, n=threads: lab.compare(original, offline, i, "ring", n)
            )
        # The kernel gives tagged frames that a packet socket sends to the first thread, and what arrives of them by
        # the addresses behind the tag: two threads see them once each. docs/live.md says so.
        if threads > 1 and original.tagged:
            continue
        yield f"ring, {on}any, both ends of the cable in sight", (
            lambda n=threads: lab.compare_twice(original, offline, "ring", n)
        )

    def with_pnet():
        live = lab.compare(original, stripped, "in", "pnet", 1)
        same("frames and octets", (original.frames, original.octets - 4 * original.tagged), live.whole)
        same("names, whatever the VLAN", offline.names_without_vlan(), live.names_without_vlan())

    limit = f": all but the {original.tagged} outermost tags, which pnet does not give" if original.tagged else ""
    yield f"pnet, in{limit}", with_pnet
    if not original.tagged:
        yield "pnet, both ends of the cable", lambda: lab.compare_twice(original, offline, "pnet", 1)


class Ledger:
    """Of one run's records: octets, frames, payload and names by 5-tuple, VLANs and network; and the balance."""

    BALANCE = "in_flows", "not_ip", "undecodable", "outside", "undecodable_by"

    def __init__(self, records):
        rows = [json.loads(line) for line in records.splitlines()]
        if not rows or rows[-1]["type"] != "summary":
            raise Different("the summary is missing")
        self.summary = rows[-1]
        self.whole = self.summary["frames"], self.summary["bytes"]
        self.balance = {key: self.summary[key] for key in self.BALANCE}
        self.duplicates = self.summary["duplicates"]["frames"], self.summary["duplicates"]["bytes"]
        # Summed by 5-tuple: a replay is faster than the capture was, so silence may have ended flows in one only.
        self.flows = collections.defaultdict(lambda: {"sent": collections.Counter(), "names": set()})
        for row in rows:
            if row["type"] == "flow":
                self.add(row)

    def add(self, row):
        ends = {side: (row[side]["ip"], row[side].get("port")) for side in ("client", "server")}
        tuple_ = row["proto"], *sorted(ends.values(), key=str)
        flow = self.flows[(*tuple_, tuple(row.get("vlan", ())), row.get("vni"))]
        for side, way in ("client", "up"), ("server", "down"):
            for unit, count in row[way].items():
                # Both ends may be the same: then it is the direction that tells them apart.
                flow["sent"][ends[side] if ends["client"] != ends["server"] else way, unit] += count
        flow["names"] |= {(n["name"], n["via"]) for n in row["names"]}

    def names_without_vlan(self):
        names = collections.defaultdict(set)
        for (*tuple_, _vlan, vni), flow in self.flows.items():
            names[*tuple_, vni] |= flow["names"]
        return dict(names)

    def must_be(self, offline):
        same("balance", offline.balance, self.balance)
        same("flows", dict(offline.flows), dict(self.flows))


class Capture:
    """A capture as pcap, and whether it can be replayed."""

    def __init__(self, path, lab):
        self.path = path.resolve()
        self.name = str(self.path.relative_to(CORPUS if CORPUS in self.path.parents else ROOT))
        self.lab, self.unfit, self.tagged = lab, None, 0
        plain = lab.folder / "plain.pcap"
        done = subprocess.run(["editcap", "-F", "nsecpcap", self.path, plain], capture_output=True)
        if done.returncode:
            self.unfit = "editcap cannot read it to its end as one link type"
            return
        data = plain.read_bytes()
        self.records = list(records(data))
        self.frames = len(self.records)
        self.octets = sum(wire for _, wire, _ in self.records)
        self.tagged = sum(is_tagged(frame) for _, _, frame in self.records)
        lengths = [len(frame) for _, _, frame in self.records]
        if struct.unpack_from("<I", data, 20)[0] & 0x0FFFFFFF != 1:
            self.unfit = "no Ethernet"
        elif any(wire != len(frame) for _, wire, frame in self.records):
            self.unfit = "frames are cut"
        elif not lengths or min(lengths) < 15 or max(lengths) > MTU + 14:
            self.unfit = f"frames of {min(lengths, default=0)} to {max(lengths, default=0)} octets"

    def without_tags(self):
        """The same capture as the kernel gives it to who does not ask for the outermost tag."""
        out = self.lab.folder / "untagged.pcap"
        with out.open("wb") as to:
            to.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 0, 1))
            for time_, _, frame in self.records:
                frame = frame[:12] + frame[16:] if is_tagged(frame) else frame
                to.write(struct.pack("<IIII", *time_, len(frame), len(frame)) + frame)
        return out


def is_tagged(frame):
    return frame[12:14] in (b"\x81\x00", b"\x88\xa8")


def records(data):
    """Time, original length and octets of each record of a little-endian pcap."""
    at = 24
    while at < len(data):
        seconds, fraction, kept, wire = struct.unpack_from("<IIII", data, at)
        yield (seconds, fraction), wire, data[at + 16 : at + 16 + kept]
        at += 16 + kept


# --- the cable


class Lab:
    """Two namespaces joined by a cable: `out` in one, `in` in the other; and a third with both ends of another."""

    def __init__(self, options, folder):
        self.vigie, self.mbps, self.folder = options.vigie, options.mbps, folder
        self.prefix = f"vigie-ledger-{os.getpid()}"
        (folder / "run").mkdir(mode=0o700)
        self.environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder / "run")}

    def __enter__(self):
        try:
            for name in "a", "b", "both":
                ip("netns", "add", self.namespace(name))
                for which in "all", "default":
                    self.within(name, "sysctl", "-qw", f"net.ipv6.conf.{which}.disable_ipv6=1")
            self.cable("a", "b")
            self.cable("both", "both")
        except Exception:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for name in "a", "b", "both":
            subprocess.run(["ip", "netns", "del", self.namespace(name)], stderr=subprocess.DEVNULL)

    def namespace(self, name):
        return f"{self.prefix}-{name}"

    def within(self, name, *command):
        run("ip", "netns", "exec", self.namespace(name), *command)

    def cable(self, one, other):
        one, other = self.namespace(one), self.namespace(other)
        ip("-n", one, "link", "add", "out", "mtu", str(MTU), "type", "veth", "peer", "name", "in", "netns", other)
        ip("-n", other, "link", "set", "in", "mtu", str(MTU), "up")
        ip("-n", one, "link", "set", "out", "up")

    def analyze(self, capture):
        command = [self.vigie, "--no-config", "-q", "analyze", "--format", "ndjson", capture]
        # Status 3 (damage, cut frames) is the capture's, not of interest here.
        done = subprocess.run(command, capture_output=True, text=True)
        return Ledger(done.stdout)

    def compare(self, capture, offline, interface, backend, threads):
        live = self.live(capture, ("a", "b"), (interface,), backend, capture.frames, threads)
        live.must_be(offline)
        same("duplicates", (0, 0), live.duplicates)
        return live

    def compare_twice(self, capture, offline, backend, threads):
        # pnet does not tell which interface a frame came from, so `any` is refused there.
        interfaces = {"ring": ("any",), "pnet": ("in", "out")}[backend]
        live = self.live(capture, ("both", "both"), interfaces, backend, 2 * capture.frames, threads)
        live.must_be(offline)
        same("duplicates", offline.whole, live.duplicates)

    def live(self, capture, namespaces, interfaces, backend, frames, threads):
        """What `vigie live` says while the capture is replayed."""
        source, target = namespaces
        options = [word for interface in interfaces for word in ("-i", interface)]
        options += ["--backend", backend, "--every", "50ms", "--threads", str(threads)]
        with Live(self, target, *options) as live:
            self.within(source, "tcpreplay", "-q", f"--mbps={self.mbps:g}", "-i", "out", str(capture.path))
            live.wait_until(lambda: live.seen() >= frames)
            time.sleep(0.1)  # for what is too much
            status, said = live.end(signal.SIGINT)
        same("status and what is said", (0, ""), (status, said))
        return Ledger(live.records())


class Live:
    """A `vigie live` in one of the lab's namespaces, from when its interface is open."""

    def __init__(self, lab, namespace, *options):
        self.out, self.errors = lab.folder / "live.ndjson", lab.folder / "live.said"
        command = [lab.vigie, "--no-config", "-q", "live", "--netns", f"/run/netns/{lab.namespace(namespace)}"]
        command += ["--headless", "--format", "ndjson", *options]
        with self.out.open("wb") as out, self.errors.open("wb") as errors:
            self.process = subprocess.Popen(command, stdout=out, stderr=errors, env=lab.environment)
        # The socket for markers is made after the interfaces were opened.
        socket = lab.folder / f"run/vigie/{self.process.pid}.sock"
        self.wait_until(socket.exists)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def records(self):
        return self.out.read_text()

    def seen(self):
        """Frames that the last whole snapshot counts."""
        lines = self.records().split("\n")[:-1]
        snapshots = [line for line in lines if line.startswith('{"type":"snapshot"')]
        return json.loads(snapshots[-1])["frames"] if snapshots else 0

    def wait_until(self, is_so):
        """Waits; whoever is late is found by what is compared afterwards."""
        for _ in range(PATIENCE * 50):
            if is_so() or self.process.poll() is not None:
                return
            time.sleep(0.02)

    def end(self, with_signal=None):
        if with_signal is not None:
            self.process.send_signal(with_signal)
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            status = f"still there after {PATIENCE} s"
        return status, self.errors.read_text()


def ip(*arguments):
    run("ip", *arguments)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Different(f"{' '.join(command)}: status {done.returncode}: {done.stderr.strip()}")


# --- limits and faults


def faults(lab):
    capture = Capture(ROOT / "pcaps/car-hotspot.pcap", lab)
    offline = lab.analyze(capture.path)
    yield "pnet: any is refused, and it is said why", lambda: refused(lab)
    two = "--threads", "2"
    yield "two threads: --duration ends it", lambda: timed(lab, "ring", capture, offline, *two)
    yield "two threads: a signal right after the last frame: what has come is counted", (
        lambda: interrupted(lab, "ring", capture, offline, *two)
    )
    yield "two threads: an interface that is removed and comes back is read on", lambda: back_again(lab, capture, offline)
    yield "two threads: what needs one order of frames is refused", lambda: refused_with_threads(lab)
    for backend in "ring", "pnet":
        yield f"{backend}: --count ends it at that frame", lambda b=backend: counted(lab, b, capture)
        yield f"{backend}: --duration ends it", lambda b=backend: timed(lab, b, capture, offline)
        yield f"{backend}: a signal right after the last frame: what has come is counted", (
            lambda b=backend: interrupted(lab, b, capture, offline)
        )
        yield f"{backend}: an interface that is removed right after the last frame: all of them are counted and written", (
            lambda b=backend: removed(lab, b, capture, offline)
        )
        yield f"{backend}: the reader of standard output goes: a quiet end, and the file is whole", (
            lambda b=backend: reader_gone(lab, b, capture)
        )


def refused(lab):
    with Live(lab, "b", "-i", "any", "--backend", "pnet") as live:
        said = "vigie: any: pnet does not tell which interface a frame came from; name interfaces\n"
        same("status and what is said", (1, said), live.end())


def counted(lab, backend, capture):
    with Live(lab, "b", "-i", "in", "--backend", backend, "--count", "1000") as live:
        lab.within("a", "tcpreplay", "-q", f"--mbps={lab.mbps:g}", "-i", "out", str(capture.path))
        same("status and what is said", (0, ""), live.end())
    first = lab.folder / "first.pcap"
    run("editcap", "-F", "nsecpcap", "-r", str(capture.path), str(first), "1-1000")
    Ledger(live.records()).must_be(lab.analyze(first))


def timed(lab, backend, capture, offline, *more):
    with Live(lab, "b", "-i", "in", "--backend", backend, "--duration", "3s", *more) as live:
        lab.within("a", "tcpreplay", "-q", f"--mbps={lab.mbps:g}", "-i", "out", str(capture.path))
        same("status and what is said", (0, ""), live.end())
    Ledger(live.records()).must_be(offline)


def interrupted(lab, backend, capture, offline, *more):
    with Live(lab, "b", "-i", "in", "--backend", backend, *more) as live:
        lab.within("a", "tcpreplay", "-q", f"--mbps={lab.mbps:g}", "-i", "out", str(capture.path))
        same("status and what is said", (0, ""), live.end(signal.SIGINT))
    Ledger(live.records()).must_be(offline)


def refused_with_threads(lab):
    for options in ("--write", str(lab.folder / "x.pcapng")), ("--count", "9"), ("--backend", "pnet"):
        with Live(lab, "b", "-i", "in", "--threads", "2", *options) as live:
            status, said = live.end()
        same("status", 2, status)
        if not said.startswith("vigie: live: --threads: " + options[0]):
            raise Different(f"said: {said!r}")


def back_again(lab, capture, offline):
    """After the lock, the sockets of both threads get a filter for the interface's new number."""
    with Live(lab, "b", "-i", "in", "--threads", "2", "--every", "50ms") as live:
        ip("-n", lab.namespace("a"), "link", "del", "out")
        live.wait_until(lambda: "is gone" in live.errors.read_text())
        lab.cable("a", "b")
        time.sleep(1)  # each thread looks every 50 ms, and says so only without -q
        lab.within("a", "tcpreplay", "-q", f"--mbps={lab.mbps:g}", "-i", "out", str(capture.path))
        live.wait_until(lambda: live.seen() >= capture.frames)
        status, said = live.end(signal.SIGINT)
    same("status", 3, status)
    same("what is said", "vigie: in: the interface is gone; waiting for it to come back\n", said)
    Ledger(live.records()).must_be(offline)


def removed(lab, backend, capture, offline):
    """Nothing that came before the fault is lost; it is said; the status is 3."""
    written = lab.folder / f"removed-{backend}.pcapng"
    options = "-i", "in", "--backend", backend, "--every", "50ms", "--write", str(written), "--full-payload"
    with Live(lab, "b", *options) as live:
        try:
            lab.within("a", "tcpreplay", "-q", f"--mbps={lab.mbps:g}", "-i", "out", str(capture.path))
            ip("-n", lab.namespace("a"), "link", "del", "out")
            live.wait_until(lambda: "in: " in live.errors.read_text())
        finally:
            lab.cable("a", "b")
        status, said = live.end(signal.SIGTERM)
    same("status", 3, status)
    if "vigie: in: the interface is gone" not in said:
        raise Different(f"not said: {said!r}")
    Ledger(live.records()).must_be(offline)
    lab.analyze(written).must_be(offline)


def reader_gone(lab, backend, capture):
    written = lab.folder / f"gone-{backend}.pcapng"
    command = [lab.vigie, "--no-config", "-q", "live", "--netns", f"/run/netns/{lab.namespace('b')}", "-i", "in"]
    command += ["--backend", backend, "--headless", "--format", "ndjson", "--every", "10ms", "--write", str(written)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=lab.environment) as process:
        try:
            socket = lab.folder / f"run/vigie/{process.pid}.sock"
            for _ in range(PATIENCE * 50):
                if socket.exists():
                    break
                time.sleep(0.02)
            lab.within("a", "tcpreplay", "-q", "--pps=2000", "--limit=300", "-i", "out", str(capture.path))
            process.stdout.readline()
            time.sleep(0.2)  # until these frames are out of the kernel's ring, too
            process.stdout.close()
            lab.within("a", "tcpreplay", "-q", "--pps=2000", "-i", "out", str(capture.path))
            said = process.stderr.read().decode()
            status = process.wait(PATIENCE)
        finally:
            process.kill()
    same("status and what is said", (0, ""), (status, said))
    # What was there when the reader went is in the file, which ends with a whole block.
    whole = lab.analyze(written)
    if not 300 <= whole.whole[0] <= 300 + capture.frames:
        raise Different(f"{whole.whole[0]} frames in the file")
    run("editcap", str(written), "/dev/null")


if __name__ == "__main__":
    main()

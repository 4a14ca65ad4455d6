"""One finished process: what it took, by the kernel's account."""

import dataclasses
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time


@dataclasses.dataclass
class Run:
    """Processor seconds, seconds on the clock, octets at most in memory."""

    processor: float
    elapsed: float
    memory: int


def run(command):
    """One run, its output thrown away, its account from the kernel."""
    with tempfile.TemporaryFile() as said:
        began = time.monotonic()
        process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said
        )
        peak = watch(process.pid)
        elapsed = time.monotonic() - began
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        # 3 is vigie's word for damaged input, and some captures of the mix are.
        if process.returncode not in (0, 3):
            said.seek(0)
            sys.exit(f"{command[0]}: status {process.returncode}: {said.read().decode(errors='replace')[-500:]}")
    # A child starts with this program's own peak in its account: below that only the watching tells.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = usage.ru_maxrss * 1024 if usage.ru_maxrss > own else peak
    return Run(usage.ru_utime + usage.ru_stime, elapsed, peak)


def watch(pid):
    """Waits for the process to end; the most memory it was seen to have had (VmHWM), looked at every 5 ms."""
    peak = 0
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        peak = max([peak] + [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM")])
        time.sleep(0.005)
    return peak

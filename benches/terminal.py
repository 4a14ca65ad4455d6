"""A program on a pseudo-terminal of 120 columns and 40 lines that somebody reads."""

import fcntl
import os
import pty
import struct
import subprocess
import termios
import threading

COLUMNS, LINES = 120, 40


class Terminal:
    """Starts the program; whatever it writes is read at once, and kept."""

    def __init__(self, command):
        self.master, its = pty.openpty()
        fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            command, stdin=its, stdout=its, stderr=its, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip
        os.close(its)
        self.written = bytearray()
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        """Until nobody holds the other end."""
        while True:
            try:
                octets = os.read(self.master, 1 << 16)
            except OSError:  # EIO: the other end is closed
                return
            if not octets:
                return
            self.written += octets

    def press(self, keys):
        os.write(self.master, keys.encode())

    def end(self):
        """Presses `q`; everything that was written, and the processor time in seconds."""
        self.press("q")
        self.reader.join()
        os.close(self.master)
        used = os.wait4(self.process.pid, 0)[2]
        return self.written.decode(errors="replace"), used.ru_utime + used.ru_stime

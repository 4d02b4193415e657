"""Runs a program in a pseudo-terminal and tells what an emulated terminal shows of it.

    terminal.py TEXT COLUMNSxROWS [AFTER:COLUMNSxROWS...] [AFTER:INT] -- PROGRAM [ARGUMENT...]

AFTER is a number of seconds from the first screen with TEXT to a resize, or to Ctrl-C. Writes JSON to standard output: `status`, the
`lines` of the last screen, the number that `scrolled` off its top, and of all screens the most lines that were `used` with those
scrolled off, and the `doubled`: lines that stood twice on a screen, as a line that wrapped or was drawn at a wrong place does."""
import errno
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import time

import pyte


def size(text):
    columns, rows = text.split("x")
    return int(columns), int(rows)


def set_size(descriptor, columns, rows):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def main():
    split = sys.argv.index("--")
    text, first, *later = sys.argv[1:split]
    columns, rows = size(first)
    events = sorted((float(one.split(":")[0]), one.split(":")[1]) for one in later)
    child, terminal = pty.fork()
    if child == 0:
        # The size is there before the program looks.
        set_size(0, columns, rows)
        os.execvp(sys.argv[split + 1], sys.argv[split + 1 :])
    set_size(terminal, columns, rows)
    screen = pyte.HistoryScreen(columns, rows, history=100_000)
    stream = pyte.ByteStream(screen)
    shown = {"used": 0, "screens": 0, "doubled": [], "bytes": 0}
    begun = None

    def look():
        lines = [line.rstrip() for line in screen.display]
        used = max((at + 1 for at, line in enumerate(lines) if line), default=0)
        shown["used"] = max(shown["used"], used + len(screen.history.top))
        shown["screens"] += 1
        full = [line for line in lines if line.strip()]
        for line in set(full):
            if full.count(line) > 1 and line not in shown["doubled"]:
                shown["doubled"].append(line)

    while True:
        due = 1.0 if not events or begun is None else max(0.0, begun + events[0][0] - time.monotonic())
        ready, _, _ = select.select([terminal], [], [], min(due, 1.0))
        if ready:
            try:
                data = os.read(terminal, 1 << 16)
            except OSError as closed:
                if closed.errno != errno.EIO:
                    raise
                data = b""
            if not data:
                break
            shown["bytes"] += len(data)
            stream.feed(data)
            if begun is None and any(text in line for line in screen.display):
                begun = time.monotonic()
            # A screen is whole when nothing more is there to be read.
            if not select.select([terminal], [], [], 0.02)[0]:
                look()
        if events and begun is not None and time.monotonic() >= begun + events[0][0]:
            what = events.pop(0)[1]
            if what == "INT":
                os.write(terminal, b"\x03")
            else:
                columns, rows = size(what)
                screen.resize(rows, columns)
                set_size(terminal, columns, rows)
    look()
    shown["lines"] = [line.rstrip() for line in screen.display]
    shown["scrolled"] = len(screen.history.top)
    shown["top"] = ["".join(row[at].data for at in range(screen.columns)).rstrip() for row in screen.history.top]
    shown["status"] = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    json.dump(shown, sys.stdout, ensure_ascii=False)


signal.signal(signal.SIGINT, signal.SIG_DFL)
main()

"""What a terminal shows: reads steps of {columns, rows, text} as JSON from standard input, feeds each text to an emulated
terminal of that size, and writes the screen after each step and the number of lines that scrolled off its top."""
import json
import sys

import pyte

steps = json.load(sys.stdin)
screen = pyte.HistoryScreen(steps[0]["columns"], steps[0]["rows"], history=100_000)
stream = pyte.Stream(screen)
shown = []
for step in steps:
    if (screen.columns, screen.lines) != (step["columns"], step["rows"]):
        screen.resize(step["rows"], step["columns"])
    stream.feed(step["text"])
    shown.append({"lines": [line.rstrip() for line in screen.display], "scrolled": len(screen.history.top)})
json.dump(shown, sys.stdout)

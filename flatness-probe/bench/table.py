"""The table of speed.sh: each method at its best batch size, in seconds and in gradients, and the ratios that are promised."""

import json
import sys

lines = [json.loads(line) for path in sys.argv[1:3] for line in open(path)]
peers, ours = [], []
unit = None
for path, into in zip(sys.argv[1:3], (peers, ours)):
    for line in map(json.loads, open(path)):
        if line["method"] == "gradient":
            # The gradient of plain PyTorch is everyone's unit.
            unit = unit or line
            print(f"one gradient of {line['batch']} examples: {line['seconds']:.3f} s ({'PyTorch' if into is peers else 'ours'})")
        elif "failed" in line:
            print(f"{line['method']}, batch {line['batch']}: {line['failed']}")
        else:
            into.append(line)


def best(lines, wanted):
    found = {}
    for line in lines:
        if wanted(line):
            name = line["method"]
            if name not in found or line["to2"] < found[name]["to2"]:
                found[name] = line
    return sorted(found.values(), key=lambda line: line["to2"])


def show(title, rows):
    print(f"\n{title}\n{'method':36s} {'batch':>5s} {'mean':>9s} {'one value':>10s} {'to 2 %':>9s} {'gradients':>9s}")
    for row in rows:
        print(
            f"{row['method']:36s} {row['batch']:5d} {row['mean']:9.4g} {100 * row['relative']:8.1f} % "
            f"{row['to2']:7.1f} s {row['to2'] / unit['seconds']:9.0f}"
        )


for quantity, name in (("fisher", "tr F"), ("hessian", "tr H")):
    theirs = best(peers, lambda line: line["quantity"] == quantity)
    own = best(ours, lambda line: line["quantity"] == quantity + ".trace")
    show(f"{name}, others", theirs)
    show(f"{name}, ours", own)
    if theirs and own:
        released = [row for row in theirs if row["released"]]
        hand = [row for row in theirs if not row["released"]]
        for label, rows in (("best released tool", released), ("best hand-written", hand)):
            if rows:
                print(f"{name}: {rows[0]['to2'] / own[0]['to2']:.1f} times less than the {label} ({rows[0]['method']})")

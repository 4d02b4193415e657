"""Prints the table of speed.sh: table.py FOLDER [ROUNDS]. Each method is at its best batch size, in seconds and in gradients of the same
number of examples, with the promised ratios. A method's time to 2 % is the CPU time per example (median of the rounds) times the number of
examples that its spread requires, plus its fixed cost before the first example."""

import glob
import json
import os
import statistics
import sys

folder = sys.argv[1]
TARGET = 0.02


def lines(pattern):
    for path in sorted(glob.glob(os.path.join(folder, pattern))):
        yield from (json.loads(line) for line in open(path) if line.startswith("{"))


def examples(spread):
    """Returns the number of examples for a standard error of 2 %."""
    return spread["examples"] * (spread["relative"] / TARGET) ** 2


def key(line):
    return line["method"], line["batch"], line.get("probes", 1)


def medians(pattern):
    seen = {}
    for line in lines(pattern):
        if "failed" in line:
            print(f"{line['method']}, batch {line['batch']}: {line['failed']}")
        elif line["method"] != "gradient":
            seen.setdefault(key(line), []).append(line)
    for same in seen.values():
        yield {**same[0], **{field: statistics.median(one.get(field, 0) for one in same) for field in ("seconds", "before")}}


units = [line for line in lines("time-peers-*") if line["method"] == "gradient"]
unit = statistics.median(line["seconds"] for line in units)
ours_unit = statistics.median(line["seconds"] for line in lines("time-ours-*") if line["method"] == "gradient")
print(f"medians of {len(units)} rounds; torch {units[0]['torch']}")
print(f"gradient of 128 examples: PyTorch {128 * unit:.3f} s, the unit; ours {ours_unit:.3f} s")

theirs, ours = [], []
spreads = list(lines("spread-peers"))
for line in medians("time-peers-*"):
    for spread in spreads:
        if (spread["spread"], spread["batch"]) == (line["number"], line["batch"]):
            theirs.append({**line, "spread": spread, "to2": examples(spread) * line["seconds"]})
for line in medians("time-ours-*"):
    for spread in lines("spread-ours"):
        if (spread["spread"], spread["batch"], spread["probes"]) == key(line):
            to2 = line["before"] + examples(spread) * line["seconds"]
            ours.append({**line, "quantity": spread["quantity"], "spread": spread, "to2": to2})


def best(rows, quantity):
    found = {}
    for row in rows:
        if row["quantity"] == quantity and (row["method"] not in found or row["to2"] < found[row["method"]]["to2"]):
            found[row["method"]] = row
    return sorted(found.values(), key=lambda row: row["to2"])


for quantity, name in (("fisher", "tr F"), ("hessian", "tr H")):
    print(f"\n{name:28s} {'batch':>5s} {'probes':>6s} {'mean':>9s} {'one example':>12s} {'costs':>9s} {'before':>8s} {'to 2 %':>9s} {'gradients':>9s}")
    rows = [("", row) for row in best(theirs, quantity)] + [("ours ", row) for row in best(ours, quantity + ".trace")]
    for whose, row in rows:
        spread = row["spread"]
        alone = spread["relative"] * spread["examples"] ** 0.5
        print(
            f"{whose + row['method']:28s} {row['batch']:5d} {row.get('probes', 1):6d} {spread['mean']:9.4g} {100 * alone:10.0f} % "
            f"{1000 * row['seconds']:6.2f} ms {row['before']:6.2f} s {row['to2']:7.1f} s {row['to2'] / unit / 128:9.0f}"
        )
    own = best(ours, quantity + ".trace")
    for label, released in (("best released tool", True), ("best written by hand", False)):
        rows = [row for row in best(theirs, quantity) if row["released"] == released]
        if own and rows:
            print(f"{name}: {rows[0]['to2'] / own[0]['to2']:.1f} times less than the {label} ({rows[0]['method']})")

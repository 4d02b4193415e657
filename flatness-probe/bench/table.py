"""Prints the table of speed.sh: table.py FOLDER. Each method is at its best batch size, in seconds and in gradients of 128
examples in PyTorch, with the promised ratios. A method's time to 2 % is the median of its rounds, measured whole, or, with a star, a measured part times
the share of that part. Exit status 1 and a sentence if a figure is below the resolution of its clock or no positive number."""

import glob
import json
import math
import os
import statistics
import sys

TICKS = 100


def refuse(sentence):
    sys.exit(f"speed: {sentence}")


def lines(folder, pattern):
    for path in sorted(glob.glob(os.path.join(folder, pattern))):
        with open(path) as file:
            yield from (json.loads(line) for line in file if line.startswith("{"))


def checked(line):
    """Returns a line whose seconds the clock resolves."""
    seconds, ticks = line.get("seconds", math.nan), line.get("ticks", math.nan)
    if not (seconds > 0 and math.isfinite(seconds) and ticks >= TICKS):
        refuse(
            f"the time of {line['method']} in batches of {line['batch']} is {seconds} s by {ticks} ticks of its clock: {TICKS} ticks are needed;"
            " delete this folder's files time-* and measure again."
        )
    return line


def positive(spread):
    if not (spread["relative"] > 0 and math.isfinite(spread["relative"]) and spread["mean"] > 0):
        refuse(f"the spread of {spread['spread']} is {spread['relative']} of {spread['mean']}: measure it with more examples.")
    return spread


def key(line):
    return line["method"], line.get("quantity"), line["batch"], line.get("probes", 1)


def medians(folder, pattern, failed):
    seen = {}
    for line in lines(folder, pattern):
        if "failed" in line:
            failed.add(f"{line['method']}, batch {line['batch']}: {line['failed']}")
        elif line["method"] != "gradient":
            seen.setdefault(key(line), []).append(checked(line))
    for same in seen.values():
        whole = all(line["pairs"] >= line["wanted"] for line in same)
        to2 = statistics.median(line["seconds"] * line["wanted"] / line["pairs"] for line in same)
        yield {**same[0], "to2": to2, "whole": whole, "each": to2 / same[0]["wanted"] / same[0]["batch"]}


def gradients(folder, pattern):
    found = [checked(line) for line in lines(folder, pattern) if line["method"] == "gradient"]
    if not found:
        refuse(f"{folder} holds no time of a gradient: measure again.")
    return found


def best(rows, quantity):
    found = {}
    for row in rows:
        if row["quantity"] == quantity and (row["method"] not in found or row["to2"] < found[row["method"]]["to2"]):
            found[row["method"]] = row
    return sorted(found.values(), key=lambda row: row["to2"])


def main(folder):
    units = gradients(folder, "time-peers-*")
    own_units = gradients(folder, "time-ours-*")
    unit = statistics.median(line["seconds"] for line in units)
    ours_unit = statistics.median(line["seconds"] for line in own_units)
    named = {tool: version for tool, version in units[0].items() if isinstance(version, str) and tool != "method"}
    named.update({tool: own_units[0][tool] for tool in ("basin", "libtorch") if tool in own_units[0]})
    print(f"medians of {len(units)} rounds; " + ", ".join(f"{tool} {version}" for tool, version in named.items()))
    print(f"gradient of {units[0]['batch']} examples: PyTorch {unit:.4f} s, the unit; ours {ours_unit:.4f} s")

    failed, theirs, ours = set(), [], []
    for line in medians(folder, "time-peers-*", failed):
        for spread in lines(folder, "spread-peers"):
            if (spread["spread"], spread["batch"]) == (line["number"], line["batch"]):
                theirs.append({**line, "spread": positive(spread)})
    for line in medians(folder, "time-ours-*", failed):
        for spread in lines(folder, "spread-ours"):
            if (spread["spread"], spread["quantity"], spread["batch"], spread["probes"]) == key(line):
                ours.append({**line, "spread": positive(spread)})
    for sentence in sorted(failed):
        print(sentence)

    for quantity, name in (("fisher", "tr F"), ("hessian", "tr H")):
        print(f"\n{name:28s} {'batch':>5s} {'probes':>6s} {'mean':>9s} {'one example':>12s} {'costs':>11s} {'to 2 %':>10s} {'gradients':>9s}")
        own = best(ours, quantity + ".trace")
        for whose, row in [("", row) for row in best(theirs, quantity)] + [("ours ", row) for row in own]:
            spread = row["spread"]
            alone = spread["relative"] * spread["examples"] ** 0.5
            print(
                f"{whose + row['method']:28s} {row['batch']:5d} {row.get('probes', 1):6d} {spread['mean']:9.4g} {100 * alone:10.0f} % "
                f"{1000 * row['each']:8.3f} ms {row['to2']:7.2f} s{' ' if row['whole'] else '*'} {row['to2'] / unit:9.1f}"
            )
        for label, released in (("best released tool", True), ("best written by hand", False)):
            rows = [row for row in best(theirs, quantity) if row["released"] == released]
            if own and rows:
                print(f"{name}: {rows[0]['to2'] / own[0]['to2']:.1f} times less than the {label} ({rows[0]['method']})")


if __name__ == "__main__":
    main(sys.argv[1])

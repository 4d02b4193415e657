"""Measures the cost of a trace of the Hessian or the Fisher information in other tools and in plain PyTorch.

    python peers.py spread FOLDER DATA EXAMPLES [NAME]
    python peers.py time FOLDER DATA LIMIT [NAME]

FOLDER is an exported checkpoint or a causal model, DATA the output of TimeToError: fresh sentences with a masked position and its exact
conditional, or lines of a text of which all next tokens are predicted. "spread" prints the spread of the values of 30 repetitions, each on
EXAMPLES of these sentences, which are the same for every method. It includes the noise of data and probes, independent of the tool's own
standard error. Tools that compute the same random number share a spread. "time" prints the time to a standard error of 2 %, by the spreads
in DATA: measured whole, or, if that takes longer than LIMIT seconds, a part of it. Every figure is at least a hundred ticks of the clock
and a second, after a warm-up as long; exit status 1 if the clock cannot resolve it. NAME selects methods, SIZES in the environment the
batch sizes (8,16,64). The output has one line of JSON per setting.
"""

import importlib.metadata
import json
import math
import os
import statistics
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM

THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))
REPETITIONS = 30
ERROR = 0.02
TICKS, MIN_SECONDS, MAX_RUNS = 100, 1.0, 1_000_000
TOOLS = ("torch", "transformers", "pyhessian", "curvlinops-for-pytorch")


class Masked(nn.Module):
    """Computes scores at the masked position alone, without the head's cost at other positions."""

    def __init__(self, folder):
        super().__init__()
        self.inner = AutoModelForMaskedLM.from_pretrained(folder, attn_implementation="eager").eval()

    def forward(self, rows):
        ids, place = rows[:, :-1], rows[:, -1]
        states = self.inner.roberta_prelayernorm(input_ids=ids).last_hidden_state
        chosen = states.gather(1, place[:, None, None].expand(-1, 1, states.shape[-1]))[:, 0]
        return self.inner.lm_head(chosen)


class Next(nn.Module):
    """Computes the scores of all next tokens, one row for each prediction."""

    def __init__(self, folder):
        super().__init__()
        self.inner = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
        if hasattr(self.inner.config, "use_cache"):
            self.inner.config.use_cache = False

    def forward(self, rows):
        return self.inner(input_ids=rows).logits[:, :-1].flatten(0, 1)


def shape_of(folder):
    with open(os.path.join(folder, "data.json")) as file:
        return json.load(file)


class Data:
    """The examples in the order of the file, and from the first one again after the last."""

    def __init__(self, folder):
        shape = shape_of(folder)
        n, length, words = shape["examples"], shape["length"], shape["words"]
        self.masked = words > 0
        if not self.masked:
            lines = np.fromfile(os.path.join(folder, "lines.int32"), "<i4").reshape(n, length)
            self.rows = torch.from_numpy(lines.astype(np.int64))
            self.targets = self.rows[:, 1:]
            return
        sentences = np.fromfile(os.path.join(folder, "sentences.int32"), "<i4").reshape(n, length + 1)
        self.targets = torch.zeros(n, words + 4)
        self.targets[:, 4:] = torch.from_numpy(
            np.fromfile(os.path.join(folder, "targets.float64"), "<f8").reshape(n, words).astype(np.float32)
        )
        rows = np.zeros((n, length + 2), np.int64)
        rows[:, 1:-1] = sentences[:, :-1] + 4
        rows[np.arange(n), sentences[:, -1] + 1] = 3
        rows[:, -1] = sentences[:, -1] + 1
        self.rows = torch.from_numpy(rows)

    def batch(self, number, size):
        number %= len(self.rows) // size
        part = slice(number * size, (number + 1) * size)
        return self.rows[part], self.targets[part] if self.masked else self.targets[part].flatten()


def soft_loss(scores, targets):
    """Returns the mean loss; targets are distributions, or tokens."""
    if targets.dim() == 1:
        return nn.functional.cross_entropy(scores, targets)
    return -(targets * torch.log_softmax(scores, -1)).sum(-1).mean()


def labels_of(targets):
    return targets if targets.dim() == 1 else targets.argmax(-1)


def drawn(scores):
    return torch.distributions.Categorical(logits=scores.detach()).sample()


def signs(parameters):
    return [torch.randint_like(p, 2) * 2 - 1 for p in parameters]


class Methods:
    def __init__(self, model):
        self.model = model
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.named = {name: p for name, p in model.named_parameters() if p.requires_grad}

    def gradient(self, rows, targets):
        """Computes one ordinary gradient, the unit of cost."""
        torch.autograd.grad(soft_loss(self.model(rows), targets), self.parameters)
        return 1.0

    def double_backward(self, rows, targets):
        gradient = torch.autograd.grad(soft_loss(self.model(rows), targets), self.parameters, create_graph=True)
        v = signs(self.parameters)
        product = torch.autograd.grad(gradient, self.parameters, grad_outputs=v)
        return sum((a * b).sum(dtype=torch.float64) for a, b in zip(v, product)).item()

    def pyhessian(self, rows, targets, probes):
        from pyhessian import hessian

        tool = hessian(self.model, soft_loss, data=(rows, targets), cuda=False)
        return float(np.mean(tool.trace(maxIter=probes, tol=0)))

    def curvlinops(self, kind, rows, targets, probes=1):
        from curvlinops import FisherMCLinearOperator, GGNLinearOperator, HessianLinearOperator

        if kind == "hessian":
            operator = HessianLinearOperator(
                self.model, SoftLoss(), self.parameters, [(rows, targets)], check_deterministic=False
            )
        elif kind == "ggn":
            operator = GGNLinearOperator(
                self.model, nn.CrossEntropyLoss(), self.parameters, [(rows, labels_of(targets))], check_deterministic=False
            )
        else:
            operator = FisherMCLinearOperator(
                self.model,
                nn.CrossEntropyLoss(),
                self.parameters,
                [(rows, labels_of(targets))],
                check_deterministic=False,
                seed=int(torch.randint(2**31 - 1, ())),
                mc_samples=1,
            )
        values = []
        for _ in range(probes):
            v = torch.randint(2, (operator.shape[1],)).to(torch.float32) * 2 - 1
            values.append(float(v @ (operator @ v)))
        return float(np.mean(values))

    def batch_form(self, rows, targets):
        scores = self.model(rows)
        loss = nn.functional.cross_entropy(scores, drawn(scores))
        gradient = torch.autograd.grad(loss, self.parameters)
        return len(scores) * sum((g * g).sum(dtype=torch.float64) for g in gradient).item()

    def per_example(self, rows, targets):
        with torch.no_grad():
            labels = drawn(self.model(rows)).view(len(rows), -1)

        def loss(parameters, row, own):
            scores = functional_call(self.model, parameters, (row[None],))
            return nn.functional.cross_entropy(scores, own, reduction="sum") / math.sqrt(len(own))

        each = vmap(grad(loss), in_dims=(None, 0, 0))(self.named, rows, labels)
        return sum(g.pow(2).sum(dtype=torch.float64) for g in each.values()).item() / len(rows)

    def per_example_loop(self, rows, targets):
        total = 0.0
        for i in range(len(rows)):
            scores = self.model(rows[i : i + 1])
            loss = nn.functional.cross_entropy(scores, drawn(scores), reduction="sum") / math.sqrt(len(scores))
            gradient = torch.autograd.grad(loss, self.parameters)
            total += sum((g * g).sum(dtype=torch.float64) for g in gradient).item()
        return total / len(rows)


class SoftLoss(nn.CrossEntropyLoss):
    """Cross-entropy to a distribution, in the class by which curvlinops recognises a mean loss."""


def spread(name, quantity, size, once, data, examples):
    torch.manual_seed(len(name) * 1000 + size)
    each = examples // size
    repetitions = [
        float(np.mean([once(*data.batch(r * each + k, size)) for k in range(each)])) for r in range(REPETITIONS)
    ]
    mean = float(np.mean(repetitions))
    line = {
        "spread": name,
        "quantity": quantity,
        "batch": size,
        "mean": mean,
        "relative": statistics.stdev(repetitions) / abs(mean),
        "examples": each * size,
    }
    print(json.dumps(line), flush=True)


class Unresolved(Exception):
    """A figure below the resolution of the clock."""


class Stopwatch:
    """Times work by the CPU time of this process. On an idle machine with one thread it equals the elapsed time."""

    def __init__(self, clock=time.process_time):
        self.clock = clock
        self.tick = min(self._advance() for _ in range(3))
        self.enough = max(TICKS * self.tick, MIN_SECONDS)

    def _advance(self):
        before = self.clock()
        for _ in range(50_000_000):
            now = self.clock()
            if now > before:
                return now - before
        raise Unresolved("the clock of this machine stands still: nothing can be timed with it.")

    def time(self, name, least, wanted, limit, work):
        """Returns an amount of work, the seconds that it takes, and the ticks behind them; as Stopwatch.java."""
        self._repeat(name, least, work)
        amount, seconds = least, self._once(least, work)
        while seconds < self.enough and amount < wanted:
            amount = min(wanted, 2 * amount)
            seconds = self._once(amount, work)
        if amount < wanted and seconds * wanted / amount <= limit:
            amount = wanted
        return (amount, *self._repeat(name, amount, work))

    def _once(self, amount, work):
        start = self.clock()
        work(amount)
        return self.clock() - start

    def _repeat(self, name, amount, work):
        start = self.clock()
        for runs in range(1, MAX_RUNS + 1):
            work(amount)
            seconds = self.clock() - start
            if seconds >= self.enough:
                return seconds / runs, seconds / self.tick
        raise Unresolved(f"the time of {name} is below the resolution of the clock, ticks of {self.tick} s: give it more work.")


def versions():
    found = {}
    for tool in TOOLS:
        try:
            found[tool] = importlib.metadata.version(tool)
        except importlib.metadata.PackageNotFoundError:
            found[tool] = "absent"
    return found


def main():
    what, folder, data_folder = sys.argv[1:4]
    rest = sys.argv[4:]
    number = rest.pop(0)
    only = rest.pop(0).split(",") if rest else None
    torch.set_num_threads(THREADS)
    data = Data(data_folder)
    model = Masked(folder) if data.masked else Next(folder)
    m = Methods(model)
    sizes = tuple(int(size) for size in os.environ.get("SIZES", "8,16,64").split(","))
    largest = sizes[-1:]
    # The random numbers computed, with one spread each.
    drawn_numbers = {
        "v'Hv": ("hessian", m.double_backward, sizes),
        "4 v'Hv": ("hessian", lambda r, t: m.pyhessian(r, t, 4), largest),
        "v'Gv": ("fisher", lambda r, t: m.curvlinops("ggn", r, t), sizes),
        "v'Fv of sampled labels": ("fisher", lambda r, t: m.curvlinops("mc", r, t), sizes),
        "gradient of a batch": ("fisher", m.batch_form, sizes),
        "gradient of an example": ("fisher", m.per_example, largest),
    }
    # The methods that compute them: released tools or code written by hand.
    methods = [
        ("double backward, by hand", "v'Hv", False, m.double_backward),
        ("curvlinops, Hessian", "v'Hv", True, lambda r, t: m.curvlinops("hessian", r, t)),
        ("PyHessian", "v'Hv", True, lambda r, t: m.pyhessian(r, t, 1)),
        ("PyHessian, 4 probes", "4 v'Hv", True, lambda r, t: m.pyhessian(r, t, 4)),
        ("curvlinops, Gauss-Newton", "v'Gv", True, lambda r, t: m.curvlinops("ggn", r, t)),
        ("curvlinops, sampled Fisher", "v'Fv of sampled labels", True, lambda r, t: m.curvlinops("mc", r, t)),
        ("batch form, by hand", "gradient of a batch", False, m.batch_form),
        ("per example, torch.func", "gradient of an example", False, m.per_example),
        ("per example, loop", "gradient of an example", False, m.per_example_loop),
    ]
    if what == "spread":
        for name, (quantity, once, at) in drawn_numbers.items():
            for size in at:
                if only is None or name in only:
                    try:
                        spread(name, quantity, size, once, data, int(number))
                    except Exception as failed:  # one tool's failure is reported, and the others continue
                        print(f"{name}, batch {size}: {type(failed).__name__}: {failed}", file=sys.stderr, flush=True)
        return
    with open(os.path.join(data_folder, "spread-peers")) as file:
        spreads = {(line["spread"], line["batch"]): line for line in map(json.loads, file)}
    watch = Stopwatch()
    _, unit, ticks = watch.time("a gradient", 1, 1, 0, lambda _: m.gradient(*data.batch(0, 128)))
    print(json.dumps({"method": "gradient", "batch": 128, "seconds": unit, "ticks": ticks, **versions()}), flush=True)
    for name, numbers, released, once in methods:
        quantity, _, at = drawn_numbers[numbers]
        for size in at:
            if (only is None or any(part in name for part in only)) and (numbers, size) in spreads:
                line = {"method": name, "number": numbers, "quantity": quantity, "released": released, "batch": size}
                try:
                    known = spreads[numbers, size]
                    wanted = max(1, math.ceil(known["examples"] * (known["relative"] / ERROR) ** 2 / size))

                    def work(amount, once=once, size=size):
                        for k in range(amount):
                            once(*data.batch(k, size))

                    amount, seconds, ticks = watch.time(f"{name} in batches of {size}", 1, wanted, float(number), work)
                    line.update(wanted=wanted, pairs=amount, seconds=seconds, ticks=ticks)
                except Unresolved:
                    raise
                except Exception as failed:  # one tool's failure is reported, and the others continue
                    line["failed"] = f"{type(failed).__name__}: {failed}"
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    try:
        main()
    except Unresolved as unresolved:
        sys.exit(f"speed: {unresolved}")

"""Time that other tools, and plain PyTorch, need for a trace of the Hessian or the Fisher information to 2 %.

    python peers.py FOLDER DATA SECONDS

FOLDER is an exported checkpoint, DATA what TimeToError wrote: fresh sentences with a masked place and the exact conditional there.
Every value is measured on fresh examples. A method's variance is that of 30 repetitions of a few values each, so that data and probes
are both in it, whatever the tool itself says; the time to 2 % is a repetition's median time, times the squared ratio of its relative
standard deviation to 2 %. SECONDS bounds what one setting of one method may take. One line of JSON a setting.
"""

import json
import os
import statistics
import sys
import time

import numpy as np
import torch
from torch import nn
from torch.func import functional_call, grad, vmap
from transformers import AutoModelForMaskedLM

THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))
REPETITIONS = 30


class Masked(nn.Module):
    """Scores at the masked place alone: the head is spared all other places."""

    def __init__(self, folder):
        super().__init__()
        self.inner = AutoModelForMaskedLM.from_pretrained(folder, attn_implementation="eager").eval()

    def forward(self, rows):
        ids, place = rows[:, :-1], rows[:, -1]
        states = self.inner.roberta_prelayernorm(input_ids=ids).last_hidden_state
        chosen = states.gather(1, place[:, None, None].expand(-1, 1, states.shape[-1]))[:, 0]
        return self.inner.lm_head(chosen)


class Data:
    """Examples in the order of the file, each used once a method."""

    def __init__(self, folder):
        shape = json.load(open(os.path.join(folder, "data.json")))
        n, length, words = shape["examples"], shape["length"], shape["words"]
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
        self.at = 0

    def next(self, size):
        if self.at + size > len(self.rows):
            self.at = 0
        self.at += size
        return self.rows[self.at - size : self.at], self.targets[self.at - size : self.at]


def soft_loss(scores, targets):
    return -(targets * torch.log_softmax(scores, -1)).sum(-1).mean()


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
        """One ordinary gradient: the unit in which costs are told."""
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
                self.model, nn.CrossEntropyLoss(), self.parameters, [(rows, targets.argmax(-1))], check_deterministic=False
            )
        else:
            operator = FisherMCLinearOperator(
                self.model,
                nn.CrossEntropyLoss(),
                self.parameters,
                [(rows, targets.argmax(-1))],
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
        return len(rows) * sum((g * g).sum(dtype=torch.float64) for g in gradient).item()

    def per_example(self, rows, targets):
        with torch.no_grad():
            labels = drawn(self.model(rows))

        def loss(parameters, row, label):
            scores = functional_call(self.model, parameters, (row[None],))
            return nn.functional.cross_entropy(scores, label[None])

        each = vmap(grad(loss), in_dims=(None, 0, 0))(self.named, rows, labels)
        return sum(g.pow(2).sum(dtype=torch.float64) for g in each.values()).item() / len(rows)

    def per_example_loop(self, rows, targets):
        total = 0.0
        for i in range(len(rows)):
            scores = self.model(rows[i : i + 1])
            gradient = torch.autograd.grad(nn.functional.cross_entropy(scores, drawn(scores)), self.parameters)
            total += sum((g * g).sum(dtype=torch.float64) for g in gradient).item()
        return total / len(rows)


class SoftLoss(nn.CrossEntropyLoss):
    """Cross-entropy to a distribution: the class by which curvlinops knows a mean loss."""


def measure(name, quantity, released, size, once, data, seconds):
    torch.manual_seed(len(name) * 1000 + size)
    data.at = 0  # every method meets the same examples, the rare ones that weigh much among them
    started = time.perf_counter()
    once(*data.next(size))
    first = time.perf_counter() - started
    started = time.perf_counter()
    once(*data.next(size))
    each = time.perf_counter() - started
    values_each = max(1, int(seconds / REPETITIONS / max(each, 1e-4)))
    repetitions, times = [], []
    for _ in range(REPETITIONS):
        started = time.perf_counter()
        repetitions.append(float(np.mean([once(*data.next(size)) for _ in range(values_each)])))
        times.append(time.perf_counter() - started)
    mean = float(np.mean(repetitions))
    relative = statistics.stdev(repetitions) / abs(mean)
    per_value = statistics.median(times) / values_each
    print(
        json.dumps(
            {
                "method": name,
                "quantity": quantity,
                "released": released,
                "batch": size,
                "mean": mean,
                "relative": relative * values_each**0.5,
                "seconds": per_value,
                "to2": per_value * values_each * (relative / 0.02) ** 2,
                "values": values_each,
                "first": first,
            }
        ),
        flush=True,
    )


def main():
    folder, data_folder, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    only = sys.argv[4].split(",") if len(sys.argv) > 4 else None
    torch.set_num_threads(THREADS)
    model, data = Masked(folder), Data(data_folder)
    m = Methods(model)

    def unit(size):
        times = []
        for _ in range(5):
            rows, targets = data.next(size)
            started = time.perf_counter()
            m.gradient(rows, targets)
            times.append(time.perf_counter() - started)
        return statistics.median(times)

    unit(128)
    print(json.dumps({"method": "gradient", "batch": 128, "seconds": unit(128), "torch": torch.__version__}), flush=True)
    settings = []
    for size in (16, 64):
        settings += [
            ("double backward", "hessian", False, size, m.double_backward),
            ("batch-form Fisher", "fisher", False, size, m.batch_form),
            ("curvlinops Hessian", "hessian", True, size, lambda r, t: m.curvlinops("hessian", r, t)),
            ("curvlinops Gauss-Newton", "fisher", True, size, lambda r, t: m.curvlinops("ggn", r, t)),
            ("curvlinops sampled Fisher", "fisher", True, size, lambda r, t: m.curvlinops("mc", r, t)),
        ]
        for probes in (1, 4):
            settings.append(
                (f"PyHessian, {probes} probes", "hessian", True, size, lambda r, t, k=probes: m.pyhessian(r, t, k))
            )
    for size in (16, 64):
        settings.append(("per-example Fisher, torch.func", "fisher", False, size, m.per_example))
    settings.append(("per-example Fisher, loop", "fisher", False, 16, m.per_example_loop))
    for name, quantity, released, size, once in settings:
        if only is None or any(part in name for part in only):
            try:
                measure(name, quantity, released, size, once, data, seconds)
            except Exception as failed:  # one tool's failure is told, and the others go on
                print(json.dumps({"method": name, "batch": size, "failed": f"{type(failed).__name__}: {failed}"}), flush=True)


if __name__ == "__main__":
    main()

"""Measures the cost of a trace of the Hessian or the Fisher information in other tools and in plain PyTorch.

    python peers.py spread FOLDER DATA EXAMPLES [NAME]
    python peers.py time FOLDER DATA [NAME]

FOLDER is an exported checkpoint, DATA the output of TimeToError: fresh sentences with a masked position and its exact conditional.
"spread" prints the spread of the values of 30 repetitions, each on EXAMPLES of these sentences, which are the same for every method. It
includes the noise of data and probes, independent of the tool's own standard error. Tools that compute the same random number share a
spread. "time" prints the cost per example. NAME selects methods, SIZES in the environment the batch sizes (8,16,64). The output has one
line of JSON per setting.
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
    """Computes scores at the masked position alone, without the head's cost at other positions."""

    def __init__(self, folder):
        super().__init__()
        self.inner = AutoModelForMaskedLM.from_pretrained(folder, attn_implementation="eager").eval()

    def forward(self, rows):
        ids, place = rows[:, :-1], rows[:, -1]
        states = self.inner.roberta_prelayernorm(input_ids=ids).last_hidden_state
        chosen = states.gather(1, place[:, None, None].expand(-1, 1, states.shape[-1]))[:, 0]
        return self.inner.lm_head(chosen)


class Data:
    """The examples in the order of the file."""

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

    def batch(self, number, size):
        part = slice(number * size, (number + 1) * size)
        return self.rows[part], self.targets[part]


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


def seconds(size, once, data, batches):
    """Returns the CPU seconds per example: the median of three runs after a warm-up. On an idle machine they equal the elapsed time."""
    times = []
    for _ in range(4):
        started = time.process_time()
        for k in range(batches):
            once(*data.batch(k, size))
        times.append((time.process_time() - started) / batches / size)
    return statistics.median(times[1:])


def main():
    what, folder, data_folder = sys.argv[1:4]
    rest = sys.argv[4:]
    examples = int(rest.pop(0)) if what == "spread" else 0
    only = rest.pop(0).split(",") if rest else None
    torch.set_num_threads(THREADS)
    model, data = Masked(folder), Data(data_folder)
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
                    spread(name, quantity, size, once, data, examples)
        return
    unit = seconds(128, m.gradient, data, 1)
    print(json.dumps({"method": "gradient", "seconds": unit, "torch": torch.__version__}), flush=True)
    for name, number, released, once in methods:
        quantity, _, at = drawn_numbers[number]
        for size in at:
            if only is None or any(part in name for part in only):
                try:
                    line = {
                        "method": name,
                        "number": number,
                        "quantity": quantity,
                        "released": released,
                        "batch": size,
                        "seconds": seconds(size, once, data, max(1, 64 // size)),
                    }
                except Exception as failed:  # one tool's failure is reported, and the others continue
                    line = {"method": name, "batch": size, "failed": f"{type(failed).__name__}: {failed}"}
                print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()

"""Checks a folder that `infra/basin export` wrote against an implementation of its own: PyTorch, transformers and what is in this file.

1. transformers opens model and tokenizer, and the model's scores are those that Basin wrote (`infra/basin probe DIR --logits FILE`).
2. The exact conditionals p(x_t | the other words, the length), by an inside-outside algorithm of this file's own, give the loss on record.
3. tr H and tr F, estimated here with fresh batches and fresh probes, are those that Basin measured (`infra/basin probe DIR --json FILE`):
   within three standard errors of the difference, and that no larger than two per cent.

Nothing of Basin is imported. Exit status: 0 all agree, 1 something differs, 2 the folder or the files cannot be used.
"""

import argparse
import json
import math
import pathlib
import sys
import time

import numpy
import torch
from transformers import AutoModelForMaskedLM, AutoTokenizer

START, MASK, FIRST_WORD = 0, 3, 4
MOST_APART = 3.0  # standard errors
LARGEST_ERROR = 0.02  # of the value
LOGITS_APART = 1e-5
FISHER_OF_EACH = 12  # sentences of a batch: so that both traces come to their errors at about the same time


class Grammar:
    """A probabilistic context-free grammar, read into right-hand sides of at most two symbols."""

    def __init__(self, text):
        spec = json.loads(text)
        self.longest = spec["longest"]
        self.words = spec["words"]
        word = {name: i for i, name in enumerate(self.words)}
        symbol = {name: i for i, name in enumerate(spec["nonTerminals"])}
        self.start = symbol[spec["start"]]
        self.expansions = [[] for _ in symbol]
        pairs, singles, emits = [], [], []
        count = len(symbol)
        for rule in spec["rules"]:
            parent, p = symbol[rule["from"]], rule["probability"]
            children = [("w", word[c]) if c in word else ("n", symbol[c]) for c in rule["to"]]
            self.expansions[parent].append((p, children))
            if len(children) == 1:
                kind, child = children[0]
                (emits if kind == "w" else singles).append((parent, child, p))
                continue
            # Words within longer right-hand sides, and the rests of them, become symbols of their own.
            ids = []
            for kind, child in children:
                if kind == "w":
                    emits.append((count, child, 1.0))
                    child = count
                    count += 1
                ids.append(child)
            while len(ids) > 2:
                pairs.append((parent, ids[0], count, p))
                parent, p, ids = count, 1.0, ids[1:]
                count += 1
            pairs.append((parent, ids[0], ids[1], p))
        self.symbols = count
        self.pairs = [numpy.array(column) for column in zip(*pairs)] if pairs else None
        self.emit = numpy.zeros((count, len(self.words)))
        for parent, child, p in emits:
            self.emit[parent, child] += p
        unary = numpy.zeros((count, count))
        for parent, child, p in singles:
            unary[parent, child] += p
        # All chains of single symbols, cycles included: 1 + U + U² + …
        self.chains = numpy.linalg.inv(numpy.eye(count) - unary)
        self.cumulative = [numpy.cumsum([p for p, _ in rules]) for rules in self.expansions]

    def sample(self, random):
        """A sentence, one that is too long thrown away."""
        while True:
            sentence, stack = [], [("n", self.start)]
            while stack and len(sentence) + len(stack) <= self.longest:
                kind, one = stack.pop()
                if kind == "w":
                    sentence.append(one)
                    continue
                drawn = numpy.searchsorted(self.cumulative[one], random.random() * self.cumulative[one][-1], side="right")
                stack.extend(reversed(self.expansions[one][drawn][1]))
            if not stack:
                return sentence

    def inside(self, sentence):
        n = len(sentence)
        below = numpy.zeros((n, n + 1, self.symbols))  # without a chain above
        whole = numpy.zeros((n, n + 1, self.symbols))
        for i, w in enumerate(sentence):
            below[i, i + 1] = self.emit[:, w]
            whole[i, i + 1] = self.chains @ below[i, i + 1]
        for span in range(2, n + 1):
            for i in range(n - span + 1):
                if self.pairs is not None:
                    parent, left, right, p = self.pairs
                    for k in range(i + 1, i + span):
                        numpy.add.at(below[i, i + span], parent, p * whole[i, k, left] * whole[k, i + span, right])
                whole[i, i + span] = self.chains @ below[i, i + span]
        return whole

    def conditional(self, sentence, position):
        """p(x_t | the other words, the length) over all words."""
        n = len(sentence)
        whole = self.inside(sentence)
        above = numpy.zeros((n, n + 1, self.symbols))  # outside of a symbol with no chain above it
        outer = numpy.zeros((n, n + 1, self.symbols))
        outer[0, n, self.start] = 1
        for span in range(n, 0, -1):
            for i in range(n - span + 1):
                j = i + span
                above[i, j] = self.chains.T @ outer[i, j]
                if self.pairs is None:
                    continue
                parent, left, right, p = self.pairs
                for k in range(i + 1, j):
                    numpy.add.at(outer[i, k], left, p * above[i, j, parent] * whole[k, j, right])
                    numpy.add.at(outer[k, j], right, p * above[i, j, parent] * whole[i, k, left])
        joint = self.emit.T @ above[position, position + 1]
        return joint / joint.sum()


def without(grammar, sentence, position):
    """The same conditional by putting every word in, one after the other: what inside-outside must give."""
    mass = numpy.zeros(len(grammar.words))
    for word in range(len(grammar.words)):
        tried = sentence[:position] + [word] + sentence[position + 1 :]
        mass[word] = grammar.inside(tried)[0, len(tried), grammar.start]
    return mass / mass.sum()


class Batches:
    """Fresh sentences, each with one masked position and its exact conditional."""

    def __init__(self, grammar, vocabulary, dtype, seed):
        self.grammar, self.vocabulary, self.dtype = grammar, vocabulary, dtype
        self.random = numpy.random.default_rng(seed)
        self.known = {}

    def draw(self, size):
        rows, places, targets = [], [], []
        for _ in range(size):
            sentence = self.grammar.sample(self.random)
            position = int(self.random.integers(len(sentence)))
            key = (tuple(sentence[:position]), tuple(sentence[position + 1 :]))
            if key not in self.known:
                self.known[key] = self.grammar.conditional(sentence, position)
            row = [START] + [FIRST_WORD + word for word in sentence]
            row[1 + position] = MASK
            rows.append(row)
            places.append(1 + position)
            targets.append(numpy.concatenate([numpy.zeros(FIRST_WORD), self.known[key]]))
        return rows, places, torch.tensor(numpy.array(targets), dtype=self.dtype)


def scores(model, rows, places, parameters=None):
    """Scores at one place of each row: [rows, vocabulary]."""
    length = max(map(len, rows))
    ids = torch.tensor([row + [1] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    if parameters is None:
        out = model(input_ids=ids, attention_mask=mask)
    else:
        out = torch.func.functional_call(model, parameters, kwargs={"input_ids": ids, "attention_mask": mask})
    return out.logits[torch.arange(len(rows)), torch.tensor(places)]


def gradients_of(model):
    """Leaves that do not drop the padding row's gradient, as an embedding with a padding index would."""
    for module in model.modules():
        if isinstance(module, torch.nn.Embedding):
            module.padding_idx = None
    return {name: parameter.detach().requires_grad_() for name, parameter in model.named_parameters()}


def measure(model, batches, size, relative, seed, limit):
    """tr H by Hutchinson with exact soft labels, tr F by per-example gradients with the labels averaged exactly where that is cheap."""
    leaves = gradients_of(model)
    values = list(leaves.values())
    generator = torch.Generator().manual_seed(seed)
    hessian, fisher = [], []
    began = time.time()
    while True:
        rows, places, targets = batches.draw(size)
        z = scores(model, rows, places, leaves)
        loss = -(torch.log_softmax(z, -1) * targets).sum() / size
        gradient = torch.autograd.grad(loss, values, create_graph=True)
        signs = [(torch.randint(0, 2, v.shape, generator=generator) * 2 - 1).to(v.dtype) for v in values]
        along = sum((g * s).sum() for g, s in zip(gradient, signs))
        product = torch.autograd.grad(along, values)
        hessian.append(float(sum((h * s).sum(dtype=torch.float64) for h, s in zip(product, signs))))
        fisher += [fisher_of(model, row, place, leaves, values) for row, place in list(zip(rows, places))[:FISHER_OF_EACH]]
        if len(hessian) >= 100 and len(hessian) % 20 == 0:
            errors = [error(x) / abs(numpy.mean(x)) for x in (hessian, fisher)]
            if max(errors) <= relative or time.time() - began > limit:
                return hessian, fisher


def fisher_of(model, row, place, leaves, values):
    """Σ_y p(y) ‖∇ log p(y)‖² of one example, the sum over labels taken exactly: no label is drawn."""
    logarithms = torch.log_softmax(scores(model, [row], [place], leaves)[0], -1)
    every = torch.eye(len(logarithms), dtype=logarithms.dtype)
    gradients = torch.autograd.grad(logarithms, values, grad_outputs=every, is_grads_batched=True)
    squares = sum(g.flatten(1).pow(2).sum(1) for g in gradients)
    return float((logarithms.detach().exp() * squares).sum())


def error(values):
    return float(numpy.std(values, ddof=1) / math.sqrt(len(values)))


class Checks:
    def __init__(self):
        self.failed = 0

    def tell(self, holds, what):
        self.failed += not holds
        print(("agrees   " if holds else "DIFFERS  ") + what, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--logits", type=pathlib.Path, help="what infra/basin probe --logits wrote")
    parser.add_argument("--measured", type=pathlib.Path, help="what infra/basin probe --json wrote")
    parser.add_argument("--relative", type=float, default=0.012, help="standard error to reach here, as a share of the value")
    parser.add_argument("--limit", type=float, default=900, help="seconds to measure at most")
    parser.add_argument("--seed", type=int, default=20261125)
    asked = parser.parse_args()
    try:
        grammar = Grammar((asked.folder / "language.json").read_text())
        about = json.loads((asked.folder / "basin.json").read_text())
        given = json.loads(asked.logits.read_text()) if asked.logits else None
        measured = json.loads(asked.measured.read_text()) if asked.measured else None
        model, info = AutoModelForMaskedLM.from_pretrained(asked.folder, output_loading_info=True, attn_implementation="eager")
        tokenizer = AutoTokenizer.from_pretrained(asked.folder)
    except (OSError, ValueError, KeyError) as e:
        print(f"verify: {asked.folder} cannot be used: {e}", file=sys.stderr)
        return 2
    model.eval()
    torch.manual_seed(asked.seed)
    checks = Checks()

    odd = sum(len(info[key]) for key in ("missing_keys", "unexpected_keys", "mismatched_keys"))
    parameters = sum(p.numel() for p in model.parameters())
    checks.tell(
        odd == 0 and parameters == about["parameters"],
        f"transformers opens a {type(model).__name__} of {parameters} parameters, {odd} tensors missing or left over; "
        f"on record {about['parameters']}",
    )
    random = numpy.random.default_rng(asked.seed)
    sentence = grammar.sample(random)
    ids = tokenizer(" ".join(f"w{word}" for word in sentence))["input_ids"]
    checks.tell(
        ids == [START] + [FIRST_WORD + word for word in sentence] and tokenizer.mask_token_id == MASK,
        f"the tokenizer reads a sentence of {len(sentence)} words as <s> and its words; <mask> is token {tokenizer.mask_token_id}",
    )

    apart = 0.0
    for _ in range(5):
        sentence = grammar.sample(random)
        t = int(random.integers(len(sentence)))
        apart = max(apart, float(abs(grammar.conditional(sentence, t) - without(grammar, sentence, t)).max()))
    checks.tell(apart < 1e-10, f"inside-outside here equals putting every word in: largest difference {apart:.1e}")

    if given:
        largest, count = 0.0, 0
        with torch.no_grad():
            for one in given["examples"]:
                for place, row in zip(one["places"], one["logits"]):
                    own = scores(model, [one["tokens"]], [place])[0].double()
                    largest = max(largest, float((own - torch.tensor(row, dtype=torch.float64)).abs().max()))
                    count += 1
        checks.tell(
            count > 0 and largest <= LOGITS_APART,
            f"scores of {count} masked places: largest difference {largest:.1e} ({LOGITS_APART:.0e} allowed)",
        )

    batches = Batches(grammar, len(grammar.words) + FIRST_WORD, torch.float64, asked.seed + 1)
    precise = model.double()
    losses, excesses = [], []
    with torch.no_grad():
        for _ in range(80):
            rows, places, targets = batches.draw(50)
            logarithms = torch.log_softmax(scores(precise, rows, places), -1)
            cross = -(targets * logarithms).sum(-1)
            entropy = -torch.where(targets > 0, targets * targets.clamp_min(1e-300).log(), 0.0).sum(-1)
            losses += cross.tolist()
            excesses += (cross - entropy).tolist()
    own, se = float(numpy.mean(excesses)), math.hypot(error(excesses), about["excess"]["standardError"])
    off = (own - about["excess"]["value"]) / se
    checks.tell(
        abs(off) <= MOST_APART,
        f"excess loss: {own:.5f} ± {error(excesses):.5f} here, {about['excess']['value']:.5f} ± "
        f"{about['excess']['standardError']:.5f} on record, {off:+.2f} standard errors apart",
    )
    if "optimum" in about:
        best = [l - e for l, e in zip(losses, excesses)]
        own, se = float(numpy.mean(best)), math.hypot(error(best), about["optimum"]["standardError"])
        off = (own - about["optimum"]["value"]) / se
        checks.tell(
            abs(off) <= MOST_APART,
            f"optimal loss: {own:.4f} ± {error(best):.4f} here, {about['optimum']['value']:.4f} ± "
            f"{about['optimum']['standardError']:.4f} on record, {off:+.2f} standard errors apart",
        )

    if measured:
        began = time.time()
        batches = Batches(grammar, len(grammar.words) + FIRST_WORD, torch.float64, asked.seed + 2)
        hessian, fisher = measure(precise, batches, 32, asked.relative, asked.seed, asked.limit)
        print(
            f"measured here in float64: {len(hessian)} batches of 32 sentences with one probe each for tr H, {len(fisher)} "
            f"sentences with all labels for tr F, {time.time() - began:.0f} s",
            flush=True,
        )
        theirs = {one["quantity"]: one["value"] for one in measured["readings"]}
        for name, values in (("hessian.trace", hessian), ("fisher.trace", fisher)):
            if name not in theirs:
                continue
            own, se = float(numpy.mean(values)), error(values)
            other, other_se = theirs[name]["value"], theirs[name]["standardError"]
            both = math.hypot(se, other_se)
            checks.tell(
                abs(own - other) <= MOST_APART * both and both <= LARGEST_ERROR * abs(own),
                f"{name}: {own:.5g} ± {se:.2g} here, {other:.5g} ± {other_se:.2g} by {measured['estimator']} of Basin; "
                f"{(own - other) / both:+.2f} standard errors of the difference apart, which is {100 * both / abs(own):.2f} % "
                f"({100 * LARGEST_ERROR:.0f} % allowed)",
            )
    print("All agree." if not checks.failed else f"{checks.failed} of the checks differ.")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())

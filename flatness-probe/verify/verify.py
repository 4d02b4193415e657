"""Checks a folder that `infra/basin export` wrote against an implementation of its own: PyTorch, transformers and what is in this file.

1. transformers opens model and tokenizer, and the model's scores equal those written by Basin (`infra/basin probe DIR --logits FILE`).
2. The exact conditionals p(x_t | the other words, the length), or of a causal model p(x_t | the words before, the length), reproduce the
   recorded loss. They come from an inside-outside algorithm in this file.
3. tr H and tr F, estimated here with fresh batches and fresh probes, agree with Basin's (`infra/basin probe DIR --json`) within
   three standard errors of the difference, which must be at most two per cent.

No code of Basin is imported. Exit status: 0 all agree, 1 something differs or is too uncertain, 2 the folder or the files are unusable.
"""

import argparse
import copy
import json
import math
import pathlib
import sys
import time

import numpy
import torch
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

START, MASK, FIRST_WORD = 0, 3, 4
MOST_APART = 3.0  # standard errors
LARGEST_ERROR = 0.02  # of the value
LOGITS_APART = 1e-5
BATCH = 64  # sentences
PROBES = 8  # per batch
FISHER_OF_EACH = 16  # sentences of a batch, so that both traces reach their errors at about the same time


class Grammar:
    """A probabilistic context-free grammar, converted to right-hand sides of at most two symbols."""

    def __init__(self, text):
        spec = json.loads(text)
        self.max_length = spec["maxLength"]
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
            # Words within longer right-hand sides, and their remainders, become separate symbols.
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
        self.parent, self.left, self.right, self.chance = (numpy.array(c) for c in zip(*pairs)) if pairs else [numpy.zeros(0, int)] * 4
        # Maps values of rules to sums by the symbol at each position of a rule.
        self.to_parent, self.to_left, self.to_right = (numpy.eye(count)[c] for c in (self.parent, self.left, self.right))
        self.emit = numpy.zeros((count, len(self.words)))
        for parent, child, p in emits:
            self.emit[parent, child] += p
        unary = numpy.zeros((count, count))
        for parent, child, p in singles:
            unary[parent, child] += p
        # All unary chains, including cycles: 1 + U + U² + …
        self.chains = numpy.linalg.inv(numpy.eye(count) - unary)
        self.cumulative = [numpy.cumsum([p for p, _ in rules]) for rules in self.expansions]

    def sample(self, random):
        """Draws a sentence; one that is too long is redrawn."""
        while True:
            sentence, stack = [], [("n", self.start)]
            while stack and len(sentence) + len(stack) <= self.max_length:
                kind, one = stack.pop()
                if kind == "w":
                    sentence.append(one)
                    continue
                drawn = numpy.searchsorted(self.cumulative[one], random.random() * self.cumulative[one][-1], side="right")
                stack.extend(reversed(self.expansions[one][drawn][1]))
            if not stack:
                return sentence

    def inside(self, sentences):
        """Returns the mass of every symbol over every span, for sentences of one length, [sentences, length]."""
        count, n = sentences.shape
        whole = numpy.zeros((count, n, n + 1, self.symbols))
        for span in range(1, n + 1):
            for i in range(n - span + 1):
                if span == 1:
                    # Without a unary chain above; -1 is any word.
                    below = numpy.where(sentences[:, i, None] < 0, self.emit.sum(1), self.emit.T[sentences[:, i]])
                else:
                    below = sum(
                        (self.chance * whole[:, i, k, self.left] * whole[:, k, i + span, self.right]) @ self.to_parent
                        for k in range(i + 1, i + span)
                    )
                whole[:, i, i + span] = below @ self.chains.T
        return whole

    def conditionals(self, sentences, positions):
        """Returns p(x_t | the other words, the length) over all words, for sentences of one length: [sentences, words]."""
        joint = self.joint(sentences)[numpy.arange(len(sentences)), positions]
        return joint / joint.sum(1, keepdims=True)

    def next_words(self, sentences):
        """Returns p(x_t | the words before, the length) over all words, for sentences of one length: [sentences, length, words]."""
        joint = self.joint(sentences, free=True)
        return joint / joint.sum(2, keepdims=True)

    def joint(self, sentences, free=False):
        """Returns the mass of the sentences with every word at each position; free: with any words after the position."""
        count, n = sentences.shape
        whole = self.inside(sentences)
        behind = self.inside(numpy.full((1, n), -1)) if free else whole
        outer = numpy.zeros((count, n, n + 1, self.symbols))
        joint = numpy.zeros((count, n, len(self.words)))
        outer[:, 0, n, self.start] = 1
        for span in range(n, 0, -1):
            for i in range(n - span + 1):
                j = i + span
                above = outer[:, i, j] @ self.chains  # outside of a symbol, with the unary chains above it
                if span == 1:
                    joint[:, i] = above @ self.emit
                given = self.chance * above[:, self.parent]
                for k in range(i + 1, j):
                    outer[:, i, k] += (given * behind[:, k, j, self.right]) @ self.to_left
                    outer[:, k, j] += (given * whole[:, i, k, self.left]) @ self.to_right
        return joint

    def conditional(self, sentence, position):
        return self.conditionals(numpy.array([sentence]), numpy.array([position]))[0]


def without(grammar, sentence, position):
    """Returns the same conditional by inserting every word in turn: the reference for inside-outside."""
    tried = numpy.array([sentence[:position] + [word] + sentence[position + 1 :] for word in range(len(grammar.words))])
    mass = grammar.inside(tried)[:, 0, len(sentence), grammar.start]
    return mass / mass.sum()


def without_next(grammar, sentence, position):
    """Returns p(x_t | the words before, the length) by inserting every word, followed by any words."""
    rest = [-1] * (len(sentence) - position - 1)
    tried = numpy.array([sentence[:position] + [word] + rest for word in range(len(grammar.words))])
    mass = grammar.inside(tried)[:, 0, len(sentence), grammar.start]
    return mass / mass.sum()


class Batches:
    """Fresh sentences, each with one masked position and its exact conditional, or with the next-word conditionals at all positions."""

    def __init__(self, grammar, reader, dtype, seed):
        self.grammar, self.reader, self.dtype = grammar, reader, dtype
        self.random = numpy.random.default_rng(seed)

    def draw(self, size):
        """Returns rows of tokens, the predicted positions of each, and the target over all tokens at each position."""
        sentences = [self.grammar.sample(self.random) for _ in range(size)]
        positions = [int(self.random.integers(len(sentence))) for sentence in sentences]
        words = [None] * size
        for length in set(map(len, sentences)):
            same = [i for i in range(size) if len(sentences[i]) == length]
            alike = numpy.array([sentences[i] for i in same])
            if self.reader.causal:
                found = self.grammar.next_words(alike)
            else:
                found = self.grammar.conditionals(alike, numpy.array([positions[i] for i in same]))[:, None]
            for i, own in zip(same, found):
                words[i] = own
        targets = []
        for own in words:
            whole = numpy.zeros((len(own), self.reader.vocabulary))
            whole[:, FIRST_WORD : FIRST_WORD + own.shape[1]] = own
            targets.append(torch.tensor(whole, dtype=self.dtype))
        rows = [self.reader.tokens(sentence) for sentence in sentences]
        if self.reader.causal:
            return rows, [list(range(len(sentence))) for sentence in sentences], targets
        for row, position in zip(rows, positions):
            row[1 + position] = MASK
        return rows, [[1 + position] for position in positions], targets


class Reader:
    """Converts sentences to tokens: after <s>, or after the length's token if a causal model has one."""

    def __init__(self, grammar, vocabulary, causal):
        self.vocabulary, self.causal, self.words = vocabulary, causal, len(grammar.words)
        self.tells_length = vocabulary > FIRST_WORD + self.words

    def tokens(self, sentence):
        first = FIRST_WORD + self.words + len(sentence) - 1 if self.tells_length else START
        return [first] + [FIRST_WORD + word for word in sentence]

    def text(self, sentence):
        start = f"<length={len(sentence)}> " if self.tells_length else ""
        return start + " ".join(f"w{word}" for word in sentence)


def scores(model, rows, places, parameters=None):
    """Returns scores at the positions of each row, row by row: [positions, vocabulary]."""
    length = max(map(len, rows))
    ids = torch.tensor([row + [1] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    if parameters is None:
        out = model(input_ids=ids, attention_mask=mask)
    else:
        out = torch.func.functional_call(model, parameters, kwargs={"input_ids": ids, "attention_mask": mask})
    of = [i for i, own in enumerate(places) for _ in own]
    return out.logits[torch.tensor(of), torch.tensor([place for own in places for place in own])]


def means(of_places, targets):
    """Returns the mean over each row's positions: [rows]."""
    return torch.stack([own.mean() for own in of_places.split([len(t) for t in targets])])


def gradients_of(model):
    """Returns leaves that keep the padding row's gradient, which an embedding with a padding index would drop."""
    for module in model.modules():
        if isinstance(module, torch.nn.Embedding):
            module.padding_idx = None
    return {name: parameter.detach().requires_grad_() for name, parameter in model.named_parameters()}


def measure(model, batches, size, relative, seed, limit):
    """Estimates tr H by Hutchinson with exact soft labels, and tr F by per-example gradients with exactly averaged labels if that is cheap."""
    leaves = gradients_of(model)
    values = list(leaves.values())
    generator = torch.Generator().manual_seed(seed)
    hessian, fisher = [], []
    began = time.time()
    while True:
        rows, places, targets = batches.draw(size)
        z = scores(model, rows, places, leaves)
        loss = -means((torch.log_softmax(z, -1) * torch.cat(targets)).sum(-1), targets).mean()
        gradient = torch.autograd.grad(loss, values, create_graph=True)
        signs = [(torch.randint(0, 2, (PROBES, *v.shape), generator=generator) * 2 - 1).to(v.dtype) for v in values]
        products = torch.autograd.grad(gradient, values, grad_outputs=signs, is_grads_batched=True)
        # The mean over the probes of a batch is one value, because they share the batch's noise.
        forms = sum((h * s).flatten(1).sum(1) for h, s in zip(products, signs))
        hessian.append(float(forms.mean()))
        fisher += [fisher_of(model, row, own, leaves, values) for row, own in list(zip(rows, places))[:FISHER_OF_EACH]]
        if len(hessian) >= 100 and len(hessian) % 20 == 0:
            errors = [error(x) / abs(numpy.mean(x)) for x in (hessian, fisher)]
            if max(errors) <= relative or time.time() - began > limit:
                return hessian, fisher


def fisher_of(model, row, places, leaves, values):
    """Returns Σ_y p(y) ‖∇ log p(y)‖² of one example, averaged over its positions. The sum over labels is exact; no label is drawn."""
    logarithms = torch.log_softmax(scores(model, [row], [places], leaves), -1).flatten()
    every = torch.eye(len(logarithms), dtype=logarithms.dtype)
    gradients = torch.autograd.grad(logarithms, values, grad_outputs=every, is_grads_batched=True)
    squares = sum(g.flatten(1).pow(2).sum(1) for g in gradients)
    return float((logarithms.detach().exp() * squares).sum()) / len(places)


def error(values):
    return float(numpy.std(values, ddof=1) / math.sqrt(len(values)))


class Checks:
    def __init__(self):
        self.failed = 0

    def tell(self, holds, what, sharp=True):
        """Prints a comparison. Agreement that is not precise enough is inconclusive."""
        self.failed += not (holds and sharp)
        print(("DIFFERS  " if not holds else "agrees   " if sharp else "UNSURE   ") + what, flush=True)


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
        causal = json.loads((asked.folder / "config.json").read_text())["model_type"] == "gpt2"
        kind = AutoModelForCausalLM if causal else AutoModelForMaskedLM
        model, info = kind.from_pretrained(asked.folder, output_loading_info=True, attn_implementation="eager")
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
        f"recorded {about['parameters']}",
    )
    random = numpy.random.default_rng(asked.seed)
    sentence = grammar.sample(random)
    reader = Reader(grammar, model.config.vocab_size, causal)
    ids = tokenizer(reader.text(sentence))["input_ids"]
    checks.tell(
        ids == reader.tokens(sentence) and (causal or tokenizer.mask_token_id == MASK),
        f"the tokenizer reads '{reader.text(sentence)}' as {tokenizer.decode(ids[:1])} and {len(sentence)} words"
        if causal
        else f"the tokenizer reads a sentence of {len(sentence)} words as <s> and its words; <mask> is token {tokenizer.mask_token_id}",
    )

    apart = 0.0
    for _ in range(5):
        sentence = grammar.sample(random)
        t = int(random.integers(len(sentence)))
        if causal:
            found, tried = grammar.next_words(numpy.array([sentence]))[0, t], without_next(grammar, sentence, t)
        else:
            found, tried = grammar.conditional(sentence, t), without(grammar, sentence, t)
        apart = max(apart, float(abs(found - tried).max()))
    checks.tell(apart < 1e-10, f"inside-outside here equals putting every word in: largest difference {apart:.1e}")

    if given:
        largest, count = 0.0, 0
        same = copy.deepcopy(model).to(getattr(torch, given["dtype"]))
        with torch.no_grad():
            for one in given["examples"]:
                for place, row in zip(one["places"], one["logits"]):
                    own = scores(same, [one["tokens"]], [[place]])[0].double()
                    largest = max(largest, float((own - torch.tensor(row, dtype=torch.float64)).abs().max()))
                    count += 1
        checks.tell(
            count > 0 and largest <= LOGITS_APART,
            f"scores of {count} {'' if causal else 'masked '}places: largest difference {largest:.1e} in {given['dtype']} "
            f"({LOGITS_APART:.0e} allowed)",
        )

    batches = Batches(grammar, reader, torch.float64, asked.seed + 1)
    precise = model.double()
    losses, excesses = [], []
    with torch.no_grad():
        for _ in range(80):
            rows, places, targets = batches.draw(50)
            logarithms = torch.log_softmax(scores(precise, rows, places), -1)
            exact = torch.cat(targets)
            cross = means(-(exact * logarithms).sum(-1), targets)
            entropy = means(-torch.where(exact > 0, exact * exact.clamp_min(1e-300).log(), 0.0).sum(-1), targets)
            losses += cross.tolist()
            excesses += (cross - entropy).tolist()
    own, se = float(numpy.mean(excesses)), math.hypot(error(excesses), about["loss"]["stderr"])
    off = (own - about["loss"]["value"]) / se
    checks.tell(
        abs(off) <= MOST_APART,
        f"excess loss: {own:.5f} ± {error(excesses):.5f} here, {about['loss']['value']:.5f} ± "
        f"{about['loss']['stderr']:.5f} recorded, {off:+.2f} standard errors apart",
    )
    if "optimum" in about:
        best = [l - e for l, e in zip(losses, excesses)]
        own, se = float(numpy.mean(best)), math.hypot(error(best), about["optimum"]["stderr"])
        off = (own - about["optimum"]["value"]) / se
        checks.tell(
            abs(off) <= MOST_APART,
            f"optimal loss: {own:.4f} ± {error(best):.4f} here, {about['optimum']['value']:.4f} ± "
            f"{about['optimum']['stderr']:.4f} recorded, {off:+.2f} standard errors apart",
        )

    if measured:
        began = time.time()
        batches = Batches(grammar, reader, torch.float64, asked.seed + 2)
        hessian, fisher = measure(precise, batches, BATCH, asked.relative, asked.seed, asked.limit)
        print(
            f"measured here in float64: {len(hessian)} batches of {BATCH} sentences with {PROBES} probes each for tr H, {len(fisher)} "
            f"sentences with all labels for tr F, {time.time() - began:.0f} s",
            flush=True,
        )
        theirs = {one["quantity"]: one["value"] for one in measured["readings"]}
        for name, values in (("hessian.trace", hessian), ("fisher.trace", fisher)):
            if name not in theirs:
                continue
            own, se = float(numpy.mean(values)), error(values)
            other, other_se = theirs[name]["value"], theirs[name]["stderr"]
            both = math.hypot(se, other_se)
            checks.tell(
                abs(own - other) <= MOST_APART * both,
                f"{name}: {own:.5g} ± {se:.2g} here, {other:.5g} ± {other_se:.2g} by {measured['estimator']} of Basin; "
                f"{(own - other) / both:+.2f} standard errors of the difference apart, which is {100 * both / abs(own):.2f} % "
                f"({100 * LARGEST_ERROR:.0f} % allowed)",
                both <= LARGEST_ERROR * abs(own),
            )
    print("All agree." if not checks.failed else f"{checks.failed} of the checks differ or are unsure: more pairs or time tell more.")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())

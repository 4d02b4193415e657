"""Continues the training of an exported checkpoint on fresh sentences of its language, to make the benchmark's large network.

    python grow.py FOLDER TO STEPS

FOLDER is an export, for example of a network embedded in a larger one. Its weights are first perturbed by a tenth of each tensor's root
mean square, because tiled copies of a neuron would otherwise keep the same gradient. Then AdamW trains with 64 sentences per step and one
masked position each; the learning rate warms up and decays to zero. TO receives the same files with the new weights. The excess loss over
the exact optimum is printed during training.
"""

import math
import os
import pathlib
import shutil
import sys
import time

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import nn
from transformers import AutoModelForMaskedLM

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "verify"))
from verify import FIRST_WORD, MASK, START, Grammar  # noqa: E402

BATCH, RATE, WARM_UP, DISTURBED, SEED = 64, 5e-4, 50, 0.1, 20261126


def scores(model, sentences, places):
    ids = torch.from_numpy(sentences).long() + FIRST_WORD
    rows = torch.arange(len(ids))
    ids[rows, torch.from_numpy(places)] = MASK
    ids = torch.cat([torch.full((len(ids), 1), START), ids], 1)
    states = model.roberta_prelayernorm(input_ids=ids).last_hidden_state
    return model.lm_head(states[rows, torch.from_numpy(places) + 1])[:, FIRST_WORD:]


def excess(model, grammar, random, count):
    """Returns mean and standard error of KL(exact conditional ‖ model), in nats."""
    apart = []
    with torch.no_grad():
        for _ in range(count // BATCH):
            sentences, places = drawn(grammar, random)
            exact = torch.from_numpy(grammar.conditionals(sentences, places))
            log = torch.log_softmax(scores(model, sentences, places).double(), -1)
            apart += (torch.xlogy(exact, exact) - exact * log).sum(1).tolist()
    return np.mean(apart), np.std(apart, ddof=1) / math.sqrt(len(apart))


def drawn(grammar, random):
    sentences = np.array([grammar.sample(random) for _ in range(BATCH)])
    return sentences, random.integers(sentences.shape[1], size=BATCH)


def main():
    folder, to = map(pathlib.Path, sys.argv[1:3])
    steps = int(sys.argv[3])
    torch.manual_seed(SEED)
    random = np.random.default_rng(SEED)
    model = AutoModelForMaskedLM.from_pretrained(folder, attn_implementation="eager")
    grammar = Grammar((folder / "language.json").read_text())
    print("excess before: %.4f ± %.4f" % excess(model, grammar, np.random.default_rng(1), 256), flush=True)
    with torch.no_grad():
        for p in model.parameters():
            p += DISTURBED * p.pow(2).mean().sqrt() * torch.randn_like(p)
    print("disturbed: %.4f ± %.4f" % excess(model, grammar, np.random.default_rng(1), 256), flush=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01)
    started = time.monotonic()
    for step in range(1, steps + 1):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(step / WARM_UP, (steps - step) / (steps - WARM_UP))
        sentences, places = drawn(grammar, random)
        loss = nn.functional.cross_entropy(
            scores(model, sentences, places), torch.from_numpy(sentences[np.arange(BATCH), places]).long()
        )
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0 or step == steps:
            left = (time.monotonic() - started) / step * (steps - step)
            told = excess(model, grammar, np.random.default_rng(1), 256)
            print("step %d of %d, excess %.4f ± %.4f, %.0f s left" % (step, steps, *told, left), flush=True)
    print("excess: %.4f ± %.4f" % excess(model, grammar, np.random.default_rng(2), 1024))
    shutil.copytree(folder, to)
    state = model.state_dict()
    with safe_open(folder / "model.safetensors", "pt") as file:
        names, metadata = list(file.keys()), file.metadata()
    save_file({name: state[name].contiguous() for name in names}, to / "model.safetensors", metadata)


if __name__ == "__main__":
    main()

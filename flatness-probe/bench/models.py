"""Makes a small causal model of a published shape for speed.sh, trained a little on a text.

    python models.py NAME TEXT FOLDER [STEPS]

NAME is pythia-14m (GPT-NeoX, width 128, 6 layers, 50,304 tokens), llama-10m (Llama, width 256, 8 layers, grouped queries, 10,240 tokens) or
tiny (GPT-NeoX, width 16, 1 layer). The vocabulary is that of the text's words, padded with rows that no text uses, as published models pad
theirs. FOLDER receives the model, its tokenizer, and lines.txt, the sentences of TEXT joined to lines of 64 words. AdamW trains with 16 lines
per step for STEPS steps (default 200); the loss is printed.
"""

import json
import os
import sys

import torch
from transformers import GPTNeoXConfig, GPTNeoXForCausalLM, LlamaConfig, LlamaForCausalLM

WORDS, BATCH, RATE, SEED = 64, 16, 1e-3, 20261130


def neox(rows, width, layers, heads):
    return GPTNeoXForCausalLM(
        GPTNeoXConfig(
            vocab_size=rows,
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            intermediate_size=4 * width,
            max_position_embeddings=128,
            use_parallel_residual=True,
            tie_word_embeddings=False,
        )
    )


def llama():
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=10240,
            hidden_size=256,
            num_hidden_layers=8,
            num_attention_heads=8,
            num_key_value_heads=4,
            intermediate_size=688,
            max_position_embeddings=128,
            tie_word_embeddings=True,
        )
    )


MODELS = {"pythia-14m": lambda: neox(50304, 128, 6, 4), "llama-10m": llama, "tiny": lambda: neox(256, 16, 1, 2)}


def lines_of(text):
    """Returns lines of equally many words, from the sentences in their order."""
    with open(text, encoding="utf-8") as file:
        words = [word for line in file for word in line.split()]
    return [words[i : i + WORDS] for i in range(0, len(words) - WORDS + 1, WORDS)]


def tokenizer(words):
    """Returns a tokenizer of whole words, in the form of the tokenizers library."""
    vocabulary = {"<unk>": 0, **{word: i + 1 for i, word in enumerate(sorted(words))}}
    return vocabulary, {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "<unk>"},
    }


def main():
    if len(sys.argv) < 4 or sys.argv[1] not in MODELS:
        sys.exit(__doc__)
    name, text, folder = sys.argv[1:4]
    steps = int(sys.argv[4]) if len(sys.argv) > 4 else 200
    torch.manual_seed(SEED)
    lines = lines_of(text)
    vocabulary, described = tokenizer({word for line in lines for word in line})
    model = MODELS[name]()
    if len(vocabulary) > model.config.vocab_size:
        sys.exit(f"models: {text} has {len(vocabulary)} words and {name} {model.config.vocab_size}: give a text with fewer words.")
    rows = torch.tensor([[vocabulary[word] for word in line] for line in lines])
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE)
    model.train()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 20) * (1 - step / steps)
        own = rows[torch.randint(len(rows), (BATCH,))]
        loss = model(input_ids=own, labels=own).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % 20 == 0 or step == steps - 1:
            print(f"step {step + 1} of {steps}: loss {loss.item():.3f}", flush=True)
    model.save_pretrained(folder)
    with open(os.path.join(folder, "tokenizer.json"), "w", encoding="utf-8") as file:
        json.dump(described, file)
    with open(os.path.join(folder, "lines.txt"), "w", encoding="utf-8") as file:
        file.writelines(" ".join(line) + "\n" for line in lines)
    print(f"{folder}: {sum(p.numel() for p in model.parameters()):,} parameters, {len(vocabulary)} words, {len(lines)} lines")


if __name__ == "__main__":
    main()

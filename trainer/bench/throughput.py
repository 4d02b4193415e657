"""The PyTorch side of throughput.sh: the same training in eager PyTorch with transformers.

    python throughput.py FOLDER WORDS LONGEST WIDTH LAYERS HEADS BATCH STEPS

Prints the median milliseconds per step, the tokens per second and the last loss. Single-threaded.
"""

import statistics
import sys
import time

import numpy
import torch
from safetensors.torch import load_file
from transformers import RobertaPreLayerNormConfig, RobertaPreLayerNormForMaskedLM

WARM_UP = 20


def main(folder, words, longest, width, layers, heads, batch, steps):
    torch.set_num_threads(1)
    model = RobertaPreLayerNormForMaskedLM(
        RobertaPreLayerNormConfig(
            vocab_size=words + 4,
            hidden_size=width,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            intermediate_size=4 * width,
            max_position_embeddings=longest + 3,
            type_vocab_size=1,
            pad_token_id=1,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    )
    missing, unexpected = model.load_state_dict(load_file(folder + "/weights.safetensors"), strict=False)
    assert not unexpected and all("decoder" in name or "position_ids" in name for name in missing), (missing, unexpected)
    model.tie_weights()
    model.train()
    decayed, free = [], []
    for name, parameter in model.named_parameters():
        (free if name.endswith("bias") or "LayerNorm" in name or "layer_norm" in name else decayed).append(parameter)
    optimiser = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.01}, {"params": free, "weight_decay": 0.0}],
        lr=1e-3,
        betas=(0.9, 0.98),
        eps=1e-6,
    )
    data = numpy.fromfile(folder + "/batches.int32", dtype="<i4").reshape(steps, batch, longest + 1)
    millis, loss = [], None
    rows = torch.arange(batch)
    for step in range(steps):
        positions = torch.from_numpy(data[step, :, 0].astype("int64")) + 1
        sentences = torch.from_numpy(data[step, :, 1:].astype("int64")) + 4
        start = time.perf_counter()
        tokens = torch.cat([torch.zeros(batch, 1, dtype=torch.long), sentences], 1)
        labels = torch.full_like(tokens, -100)
        labels[rows, positions] = tokens[rows, positions]
        tokens[rows, positions] = 3
        output = model(input_ids=tokens, labels=labels)
        optimiser.zero_grad(set_to_none=True)
        output.loss.backward()
        optimiser.step()
        loss = output.loss.item()
        millis.append(1000 * (time.perf_counter() - start))
    median = statistics.median(millis[WARM_UP:])
    print(f"{median:.4f} {batch * (longest + 1) / median * 1000:.1f} {loss:.6f}")


if __name__ == "__main__":
    main(sys.argv[1], *(int(value) for value in sys.argv[2:]))

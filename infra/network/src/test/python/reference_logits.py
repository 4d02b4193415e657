"""Writes the fixture of EncoderReferenceTest: weights and logits of Hugging Face's RobertaPreLayerNormForMaskedLM.

    python reference_logits.py ../resources/basin/lm/network/reference.json

Needs torch and transformers. Everything in float64, so that agreement means the same function and not only a similar one.
"""

import json
import sys

import torch
import transformers
from transformers import RobertaPreLayerNormConfig, RobertaPreLayerNormForMaskedLM

WORDS, LONGEST, WIDTH, LAYERS, HEADS, INTERMEDIATE = 6, 5, 8, 2, 2, 12
SENTENCES = [[0, 3, 3, 1, 5], [2, 4], [5, 0, 1], [1]]
POSITIONS = [2, 0, 1, 0]


def main(path):
    torch.manual_seed(20260101)
    config = RobertaPreLayerNormConfig(
        vocab_size=WORDS + 4,
        hidden_size=WIDTH,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=INTERMEDIATE,
        max_position_embeddings=LONGEST + 3,
        type_vocab_size=1,
        pad_token_id=1,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        initializer_range=0.3,
    )
    model = RobertaPreLayerNormForMaskedLM(config).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    longest = 1 + max(len(sentence) for sentence in SENTENCES)
    tokens = torch.ones(len(SENTENCES), longest, dtype=torch.long)
    attended = torch.zeros(len(SENTENCES), longest, dtype=torch.long)
    for row, (sentence, position) in enumerate(zip(SENTENCES, POSITIONS)):
        tokens[row, 0] = 0
        tokens[row, 1 : 1 + len(sentence)] = torch.tensor(sentence) + 4
        tokens[row, 1 + position] = 3
        attended[row, : 1 + len(sentence)] = 1
    with torch.no_grad():
        logits = model(input_ids=tokens, attention_mask=attended).logits
    masked = logits[torch.arange(len(SENTENCES)), torch.tensor(POSITIONS) + 1]
    fixture = {
        "transformers": transformers.__version__,
        "torch": torch.__version__.split("+")[0],
        "vocabularySize": WORDS,
        "maxLength": LONGEST,
        "width": WIDTH,
        "layers": LAYERS,
        "heads": HEADS,
        "intermediate": INTERMEDIATE,
        "sentences": SENTENCES,
        "positions": POSITIONS,
        "weights": {name: value.flatten().tolist() for name, value in model.named_parameters()},
        "logits": masked.tolist(),
    }
    with open(path, "w", encoding="utf-8") as out:
        json.dump(fixture, out)
        out.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])

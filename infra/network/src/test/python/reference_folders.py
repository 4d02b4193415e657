"""Writes small random models of each architecture that Basin reads, with the logits of the reference implementation.

Needs PyTorch, transformers and safetensors: python reference_folders.py
"""

import json
import pathlib
import shutil

import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertConfig,
    BertForMaskedLM,
    GPT2Config,
    GPT2LMHeadModel,
    OPTConfig,
    OPTForCausalLM,
    RobertaPreLayerNormConfig,
    RobertaPreLayerNormForMaskedLM,
)

HERE = pathlib.Path(__file__).parent.parent / "resources/basin/lm/model"
# Of different lengths, so that fillers are there; 1 is the filler's own token.
SEQUENCES = [[0, 5, 3, 9, 7], [0, 3, 8], [0, 10, 4, 3]]


def jittered(model):
    """Biases and gains away from zero and one, where a mistake with them would not show."""
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn_like(parameter))
    return model.eval()


def logits(model, dtype):
    length = max(map(len, SEQUENCES))
    ids = torch.tensor([s + [1] * (length - len(s)) for s in SEQUENCES])
    mask = torch.tensor([[1] * len(s) + [0] * (length - len(s)) for s in SEQUENCES])
    with torch.no_grad():
        out = model.to(dtype)(input_ids=ids, attention_mask=mask).logits
    return [[[round(x, 9) for x in out[i, t].tolist()] for t in range(len(s))] for i, s in enumerate(SEQUENCES)]


def write(name, model, dtype=torch.float32, **options):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    model = model.to(dtype)
    model.save_pretrained(folder, **options)
    (folder / "generation_config.json").unlink(missing_ok=True)
    expected = logits(model.to(torch.float64), torch.float64)
    (folder / "expected.json").write_text(json.dumps({"sequences": SEQUENCES, "logits": expected}))


torch.manual_seed(20261125)
small = dict(
    vocab_size=11,
    hidden_size=8,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=12,
    max_position_embeddings=9,
    pad_token_id=1,
)
write("roberta", jittered(RobertaPreLayerNormForMaskedLM(RobertaPreLayerNormConfig(**small, type_vocab_size=1))))
write(
    "roberta-general",
    jittered(
        RobertaPreLayerNormForMaskedLM(
            RobertaPreLayerNormConfig(**small, type_vocab_size=2, layer_norm_eps=1e-5, hidden_act="relu")
        )
    ),
)
write("bert", jittered(BertForMaskedLM(BertConfig(**small))), max_shard_size="2KB")
write("bert-bf16", jittered(BertForMaskedLM(BertConfig(**{**small, "num_hidden_layers": 1}))), torch.bfloat16)
gpt2 = dict(vocab_size=11, n_embd=8, n_layer=2, n_head=2, n_positions=7, bos_token_id=0, eos_token_id=2)
write("gpt2", jittered(GPT2LMHeadModel(GPT2Config(**gpt2))))
write("gpt2-f64", jittered(GPT2LMHeadModel(GPT2Config(**{**gpt2, "n_layer": 1, "n_inner": 12}))), torch.float64)
# As the first published files: half precision, and the body's tensors without the body's name.
write("gpt2-f16", jittered(GPT2LMHeadModel(GPT2Config(**{**gpt2, "n_layer": 1}))), torch.float16)
file = HERE / "gpt2-f16" / "model.safetensors"
tensors = {name.removeprefix("transformer."): tensor for name, tensor in load_file(file).items()}
tensors["h.0.attn.bias"] = torch.ones(1, 1, 7, 7, dtype=torch.bool)
save_file(tensors, file, metadata={"format": "pt"})
# OPT came later: with a seed of its own, so that the others stay what they are.
torch.manual_seed(20261126)
opt = dict(
    vocab_size=11,
    hidden_size=8,
    word_embed_proj_dim=8,
    ffn_dim=12,
    num_hidden_layers=2,
    num_attention_heads=2,
    max_position_embeddings=7,
    pad_token_id=1,
    bos_token_id=2,
    eos_token_id=2,
)
write("opt", jittered(OPTForCausalLM(OPTConfig(**opt))))

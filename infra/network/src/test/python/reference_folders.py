"""Writes small random models of each layout and switch that Basin reads, with the logits of transformers.

    python reference_folders.py                     # into src/test/resources; existing weights are kept
    python reference_folders.py --anew              # makes all weights anew
    python reference_folders.py --random 200 --out DIR   # random configurations, for -Dbasin.references=DIR

Needs PyTorch, transformers and safetensors. Logits are computed with eager attention, in float32 and in
float64. Some steps of transformers compute in float32 whatever the model's dtype is; for the float64 logits
these are lifted to float64, and --islands lists where they are.
"""

import argparse
import collections
import contextlib
import copy
import json
import math
import pathlib
import random
import shutil
import traceback
import zlib

import torch
from safetensors.torch import load_file, save_file
from torch.overrides import TorchFunctionMode
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM, logging

logging.set_verbosity_error()
RESOURCES = pathlib.Path(__file__).parent.parent / "resources/basin/network/folder"
# Of different lengths, so that padding is there; 1 is the padding token, which also occurs inside.
SEQUENCES = [[0, 5, 3, 9, 7, 2, 5, 8, 10], [0, 3, 1, 8], [6, 10, 4, 3, 3, 1]]
SHORT = [[0, 5, 3, 9, 7], [0, 3, 8], [0, 10, 4, 3]]
MASKED = {"bert", "roberta", "roberta-prelayernorm", "distilbert", "modernbert"}
ISLANDS = collections.Counter()


class Lifted(TorchFunctionMode):
    """Replaces float32 by float64 in every call, and notes the line that asked for float32."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        lifted = func in (torch.Tensor.float,)
        if lifted:
            func = torch.Tensor.double
        if any(one is torch.float32 for one in args):
            args, lifted = tuple(torch.float64 if one is torch.float32 else one for one in args), True
        if kwargs.get("dtype") is torch.float32:
            kwargs["dtype"], lifted = torch.float64, True
        if lifted:
            for frame in reversed(traceback.extract_stack()):
                if "/transformers/" in frame.filename:
                    ISLANDS[f"{frame.filename.split('/transformers/')[-1]} {frame.name}: {frame.line}"] += 1
                    break
        return func(*args, **kwargs)


@contextlib.contextmanager
def float64():
    torch.set_default_dtype(torch.float64)
    try:
        with Lifted():
            yield
    finally:
        torch.set_default_dtype(torch.float32)


def made(config):
    return kind(config).from_config(config, attn_implementation="eager").eval()


def jittered(model, seed):
    """Biases and gains away from zero and one, where a mistake with them would not show."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.2 * torch.randn(parameter.shape, generator=generator))
    return model


def logits(model, sequences, scale=1.0):
    length = max(map(len, sequences))
    ids = torch.tensor([s + [1] * (length - len(s)) for s in sequences])
    mask = torch.tensor([[1] * len(s) + [0] * (length - len(s)) for s in sequences])
    with torch.no_grad():
        out = model(input_ids=ids, attention_mask=mask).logits * scale
    return [[out[i, t].tolist() for t in range(len(s))] for i, s in enumerate(sequences)]


def kind(config):
    return AutoModelForMaskedLM if config.model_type in MASKED else AutoModelForCausalLM


def weights(folder):
    """All tensors of a folder, under the names of transformers' modules."""
    model, said = kind(AutoConfig.from_pretrained(folder)).from_pretrained(folder, dtype="auto", output_loading_info=True)
    assert not said["missing_keys"] and not said["mismatched_keys"], said
    assert all(key.endswith("attn.bias") for key in said["unexpected_keys"]), said
    return model.state_dict()


def expected(folder, config, state, sequences, scale=1.0):
    """Writes the logits of a model with these weights, computed in float32 and in float64."""
    values = {"sequences": sequences}
    for name, context, dtype, digits in (
        ("float32", contextlib.nullcontext(), torch.float32, 8),
        ("float64", float64(), torch.float64, 13),
    ):
        with context:
            if dtype == torch.float64 and getattr(config, "reorder_and_upcast_attn", False):
                # An island that refuses to be lifted; without it the order of operations differs, not the function.
                config.reorder_and_upcast_attn = False
                ISLANDS["models/gpt2/modeling_gpt2.py _upcast_and_reordered_attn: switched off"] += 1
            config.dtype = dtype
            model = made(config)
            model.load_state_dict({key: value.to(dtype=dtype) for key, value in state.items()})
            assert {parameter.dtype for parameter in model.parameters()} == {dtype}
            rows = logits(model, sequences, scale)
        values[name] = [[[round(x, digits) for x in place] for place in sequence] for sequence in rows]
    (folder / "expected.json").write_text(json.dumps(values, separators=(",", ":")))


class Writer:
    def __init__(self, out, anew):
        self.out = out
        self.anew = anew

    def write(self, name, type, sequences=SEQUENCES, dtype=torch.float32, change=None, options=None, **fields):
        """Writes a folder of a model. ``change`` rewrites its files."""
        folder = self.out / name
        config = AutoConfig.for_model(type, **copy.deepcopy(fields))
        if self.anew or not folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
            torch.manual_seed(zlib.crc32(name.encode()))
            model = jittered(made(config), zlib.crc32(name.encode())).to(dtype)
            model.save_pretrained(folder, **(options or {}))
            (folder / "generation_config.json").unlink(missing_ok=True)
            if change:
                change(folder)
        expected(folder, AutoConfig.from_pretrained(folder), weights(folder), sequences)

    def olmo(self, name, base, model, scale=1.0, **fields):
        """Writes a model under hf_olmo's names: its function is that of ``base``, into which it is converted.

        ``model`` holds the fields of hf_olmo's configuration. The conversion, in words: the rows of att_proj
        are those of q_proj, k_proj and v_proj; the first half of ff_proj's rows are up_proj, the second
        gate_proj; a LayerNorm's gain, where it is followed by linear maps, is multiplied into their columns,
        because OLMo's LayerNorm has none; scores are multiplied by ``scale``.
        """
        folder = self.out / name
        config = AutoConfig.for_model(base, **copy.deepcopy(fields))
        if self.anew or not folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))

            def draw(*shape):
                return 0.35 * torch.randn(shape, generator=generator)

            d, heads, kv = model["d_model"], model["n_heads"], model.get("n_kv_heads") or model["n_heads"]
            hidden = model.get("mlp_hidden_size") or model["mlp_ratio"] * d
            rows = d + 2 * kv * (d // heads)
            gains = model["layer_norm_with_affine"]
            biased = model["include_bias"]
            tensors = {"wte.weight": draw(model["embedding_size"] or model["vocab_size"], d)}
            for layer in range(model["n_layers"]):
                at = f"blocks.{layer}."
                maps = {"att_proj": (rows, d), "attn_out": (d, d), "ff_proj": (hidden, d), "ff_out": (d, hidden // 2)}
                for key, shape in maps.items():
                    tensors[at + key + ".weight"] = draw(*shape)
                    if biased:
                        tensors[at + key + ".bias"] = draw(shape[0])
                norms = {"attn_norm": d, "ff_norm": d} if gains else {}
                if model.get("attention_layer_norm"):
                    norms |= {"q_norm": d, "k_norm": kv * (d // heads)}
                tensors.update({at + key + ".weight": 1 + draw(size) for key, size in norms.items()})
            if gains:
                tensors["ln_f.weight"] = 1 + draw(d)
            if not model["weight_tying"]:
                tensors["ff_out.weight"] = draw(model["embedding_size"] or model["vocab_size"], d)
            save_file(
                {"model.transformer." + key: value for key, value in tensors.items()},
                folder / "model.safetensors",
                metadata={"format": "pt"},
            )
            given = {"architectures": ["OLMoForCausalLM"], "model_type": "hf_olmo", **model}
            (folder / "config.json").write_text(json.dumps(given, indent=1, sort_keys=True))
        expected(folder, config, converted(load_file(folder / "model.safetensors"), model, base), SEQUENCES, scale)


def converted(tensors, model, base):
    """The tensors of hf_olmo under the names of ``base``."""
    prefix = "model.transformer."
    d, heads, kv = model["d_model"], model["n_heads"], model.get("n_kv_heads") or model["n_heads"]
    each = d // heads
    fold = base == "olmo" and model["layer_norm_with_affine"]
    state = {"model.embed_tokens.weight": tensors[prefix + "wte.weight"]}
    later = base == "olmo2"
    for layer in range(model["n_layers"]):
        old, new = f"{prefix}blocks.{layer}.", f"model.layers.{layer}."
        for ending in ("weight", "bias"):
            if old + "att_proj." + ending not in tensors:
                continue
            scale = {key: 1.0 for key in ("attn_norm", "ff_norm")}
            if fold and ending == "weight":
                scale = {key: tensors[f"{old}{key}.weight"].double() for key in scale}
            att = tensors[old + "att_proj." + ending].double() * scale["attn_norm"]
            ff = tensors[old + "ff_proj." + ending].double() * scale["ff_norm"]
            q, k, v = att.split([d, kv * each, kv * each])
            up, gate = ff.chunk(2)
            state |= {new + f"self_attn.{key}_proj." + ending: value for key, value in (("q", q), ("k", k), ("v", v))}
            state |= {new + f"mlp.{key}_proj." + ending: value for key, value in (("up", up), ("gate", gate))}
            state[new + "self_attn.o_proj." + ending] = tensors[old + "attn_out." + ending]
            state[new + "mlp.down_proj." + ending] = tensors[old + "ff_out." + ending]
        if not fold:
            names = {
                "attn_norm": "post_attention_layernorm" if later else "input_layernorm",
                "ff_norm": "post_feedforward_layernorm" if later else "post_attention_layernorm",
                "q_norm": "self_attn.q_norm",
                "k_norm": "self_attn.k_norm",
            }
            state |= {
                f"{new}{value}.weight": tensors[f"{old}{key}.weight"]
                for key, value in names.items()
                if f"{old}{key}.weight" in tensors
            }
    head = tensors[prefix + ("wte" if model["weight_tying"] else "ff_out") + ".weight"]
    if fold:
        head = head.double() * tensors[prefix + "ln_f.weight"].double()
    elif prefix + "ln_f.weight" in tensors:
        state["model.norm.weight"] = tensors[prefix + "ln_f.weight"]
    state["lm_head.weight"] = head
    return state


def rope(theta=10000.0, **fields):
    return {"rope_type": "default", "rope_theta": theta, **fields}


LLAMA = dict(
    vocab_size=11,
    hidden_size=8,
    num_hidden_layers=2,
    num_attention_heads=2,
    num_key_value_heads=1,
    intermediate_size=12,
    max_position_embeddings=64,
    pad_token_id=None,
    bos_token_id=0,
    eos_token_id=2,
    tie_word_embeddings=False,
)
SCALINGS = {
    "linear": dict(rope_type="linear", factor=2.5),
    "llama3": dict(
        rope_type="llama3",
        factor=8.0,
        low_freq_factor=1.0,
        high_freq_factor=4.0,
        original_max_position_embeddings=40,
    ),
    "yarn": dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=40, beta_fast=4.0, beta_slow=0.5),
}
BERT = dict(
    vocab_size=11,
    hidden_size=8,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=12,
    max_position_embeddings=12,
    pad_token_id=1,
)
OLMO = dict(
    d_model=8,
    n_heads=2,
    n_layers=2,
    mlp_ratio=4,
    vocab_size=10,
    embedding_size=11,
    max_sequence_length=64,
    rope=True,
    rope_theta=10000,
    alibi=False,
    activation_type="swiglu",
    block_type="sequential",
    attention_layer_norm=False,
    layer_norm_type="default",
    layer_norm_with_affine=False,
    layer_norm_eps=1e-5,
    include_bias=False,
    bias_for_layer_norm=False,
    clip_qkv=None,
    weight_tying=False,
)


def of_olmo(**fields):
    """The fields of the configuration to which hf_olmo's are converted."""
    base = {**LLAMA, "num_key_value_heads": 2, "intermediate_size": 16, "rms_norm_eps": 1e-6, "rope_parameters": rope()}
    return {**base, **fields}


def kept(writer):
    """The folders that tests read."""
    # The first ones; their weights came from an earlier version of this script.
    old = {**BERT, "max_position_embeddings": 9}
    writer.write("roberta", "roberta-prelayernorm", SHORT, **old, type_vocab_size=1, layer_norm_eps=1e-12)
    writer.write(
        "roberta-general", "roberta-prelayernorm", SHORT, **old, type_vocab_size=2, layer_norm_eps=1e-5, hidden_act="relu"
    )
    writer.write("bert", "bert", SHORT, options={"max_shard_size": "2KB"}, **old)
    writer.write("bert-bf16", "bert", SHORT, torch.bfloat16, **{**old, "num_hidden_layers": 1})
    gpt2 = dict(vocab_size=11, n_embd=8, n_layer=2, n_head=2, n_positions=7, bos_token_id=0, eos_token_id=2)
    writer.write("gpt2", "gpt2", SHORT, **gpt2)
    writer.write("gpt2-f64", "gpt2", SHORT, torch.float64, **{**gpt2, "n_layer": 1, "n_inner": 12})
    # As the first published files: half precision, and the body's tensors without the body's name.
    writer.write(
        "gpt2-f16", "gpt2", SHORT, torch.float16, without_body, **{**gpt2, "n_layer": 1}
    )
    writer.write(
        "opt", "opt", SHORT,
        vocab_size=11, hidden_size=8, word_embed_proj_dim=8, ffn_dim=12, num_hidden_layers=2, num_attention_heads=2,
        max_position_embeddings=7, pad_token_id=1, bos_token_id=2, eos_token_id=2,
    )

    longer = {**gpt2, "n_positions": 12}
    writer.write(
        "gpt2-by-layer", "gpt2", **{**longer, "n_inner": 12},
        scale_attn_by_inverse_layer_idx=True, reorder_and_upcast_attn=True, activation_function="silu",
        tie_word_embeddings=False,
    )
    writer.write(
        "gpt2-unscaled", "gpt2", **{**longer, "n_layer": 1}, scale_attn_weights=False, activation_function="quick_gelu",
    )
    writer.write("bert-untied", "bert", **{**BERT, "num_hidden_layers": 1}, tie_word_embeddings=False)
    writer.write("roberta-post", "roberta", **BERT, type_vocab_size=1, layer_norm_eps=1e-5)
    distil = dict(vocab_size=11, dim=8, n_layers=2, n_heads=2, hidden_dim=12, max_position_embeddings=12, pad_token_id=1)
    writer.write("distilbert", "distilbert", **distil)
    writer.write("distilbert-relu", "distilbert", **{**distil, "n_layers": 1}, activation="relu", tie_word_embeddings=False)
    modern = {**BERT, "max_position_embeddings": 32, "local_attention": 4, "cls_token_id": 0, "sep_token_id": 2,
              "bos_token_id": 0, "eos_token_id": 2}
    writer.write("modernbert", "modernbert", **{**modern, "num_hidden_layers": 4, "intermediate_size": 6})
    writer.write(
        "modernbert-biased", "modernbert",
        **{**modern, "num_hidden_layers": 3}, attention_bias=True, mlp_bias=True, norm_bias=True, classifier_bias=True,
        decoder_bias=False, hidden_activation="silu", classifier_activation="relu",
        rope_parameters={"full_attention": rope(50.0), "sliding_attention": rope(20.0)},
    )

    neox = dict(
        vocab_size=11, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=12,
        max_position_embeddings=32, bos_token_id=0, eos_token_id=2,
    )
    writer.write("gpt_neox", "gpt_neox", **{**neox, "num_hidden_layers": 1}, rope_parameters=rope(partial_rotary_factor=0.25))
    writer.write(
        "gpt_neox-sequential", "gpt_neox",
        **{**neox, "hidden_size": 8, "num_attention_heads": 1}, rope_parameters=rope(50.0, partial_rotary_factor=0.5),
        use_parallel_residual=False, attention_bias=False, hidden_act="gelu_new", tie_word_embeddings=True,
    )

    plain = {**LLAMA, "rope_parameters": rope()}
    wide = {**plain, "num_hidden_layers": 1, "head_dim": 8}
    writer.write("llama", "llama", **plain)
    writer.write(
        "llama-biased", "llama",
        **{**plain, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 4, "tie_word_embeddings": True},
        attention_bias=True, mlp_bias=True, hidden_act="gelu",
    )
    for name, scaling in SCALINGS.items():
        writer.write(f"llama-{name}", "llama", **{**wide, "rope_parameters": {**rope(100.0), **scaling}})
    writer.write("mistral", "mistral", **plain, sliding_window=3)
    writer.write("qwen2", "qwen2", **plain)
    writer.write("qwen2-window", "qwen2", **plain, use_sliding_window=True, sliding_window=3, max_window_layers=1)
    writer.write("qwen3", "qwen3", **plain, head_dim=6, attention_bias=True)
    writer.write(
        "qwen3-bf16", "qwen3", dtype=torch.bfloat16, options={"max_shard_size": "2KB"},
        **{**plain, "tie_word_embeddings": True}, head_dim=4,
    )
    writer.write("olmo", "olmo", **{**plain, "num_key_value_heads": 2})
    writer.write("olmo-clipped", "olmo", **plain, clip_qkv=0.6, attention_bias=True)
    writer.write("olmo2", "olmo2", **plain)
    four = {**plain, "num_hidden_layers": 4, "intermediate_size": 6}
    both = {"full_attention": rope(50.0), "sliding_attention": rope(50.0)}
    writer.write("olmo3", "olmo3", **{**four, "rope_parameters": both}, sliding_window=3)
    writer.write(
        "olmo3-yarn", "olmo3",
        **{**plain, "head_dim": 8, "rope_parameters": {"full_attention": {**rope(100.0), **SCALINGS["yarn"]}, "sliding_attention": rope(100.0)}},
        sliding_window=3, layer_types=["sliding_attention", "full_attention"],
    )
    writer.write("smollm3", "smollm3", **{**four, "tie_word_embeddings": True})
    writer.write(
        "smollm3-window", "smollm3", **plain,
        no_rope_layers=[1, 0], use_sliding_window=True, sliding_window=4, attention_bias=True, mlp_bias=True,
    )

    writer.olmo("hf_olmo", "olmo", {**OLMO, "clip_qkv": 0.6}, **of_olmo(clip_qkv=0.6))
    writer.olmo("hf_olmo-gains", "olmo", {**OLMO, "layer_norm_with_affine": True, "weight_tying": True}, **of_olmo())
    writer.olmo(
        "hf_olmo-rms", "llama",
        {**OLMO, "layer_norm_type": "rms", "layer_norm_with_affine": True, "layer_norm_eps": 1e-6, "n_kv_heads": 1,
         "include_bias": True, "mlp_hidden_size": 24, "scale_logits": True},
        scale=1 / math.sqrt(8),
        **of_olmo(num_key_value_heads=1, intermediate_size=12, attention_bias=True, mlp_bias=True),
    )
    writer.olmo(
        "hf_olmo-after", "olmo2",
        {**OLMO, "layer_norm_type": "rms", "layer_norm_with_affine": True, "layer_norm_eps": 1e-6, "norm_after": True,
         "attention_layer_norm": True, "n_kv_heads": 1},
        **of_olmo(num_key_value_heads=1),
    )


def without_body(folder):
    file = folder / "model.safetensors"
    tensors = {name.removeprefix("transformer."): tensor for name, tensor in load_file(file).items()}
    tensors["h.0.attn.bias"] = torch.ones(1, 1, 7, 7, dtype=torch.bool)
    save_file(tensors, file, metadata={"format": "pt"})


def drawn(writer, number):
    """Folders of random configurations."""
    for i in range(number):
        draw = random.Random(i)
        type = draw.choice(
            ["gpt_neox", "llama", "mistral", "qwen2", "qwen3", "olmo", "olmo2", "olmo3", "smollm3", "hf_olmo",
             "modernbert", "roberta", "distilbert", "bert", "gpt2"]
        )
        name = f"{i:03}-{type}"
        flag = lambda: draw.random() < 0.5
        kv, group, each = draw.choice([1, 2]), draw.choice([1, 2, 3]), draw.choice([2, 4, 6])
        heads, layers = kv * group, draw.choice([1, 2, 3, 5])
        vocabulary, hidden = draw.randint(11, 32), draw.randint(3, 20)
        theta = draw.choice([10.0, 100.0, 10000.0, 1e6])
        act = draw.choice(["silu", "gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "quick_gelu", "tanh"])
        positions = rope(theta)
        if flag():
            positions |= draw.choice(list(SCALINGS.values()))
        decoder = dict(
            vocab_size=vocabulary, hidden_size=heads * each, num_hidden_layers=layers, num_attention_heads=heads,
            num_key_value_heads=kv, intermediate_size=hidden, max_position_embeddings=draw.choice([16, 64, 200]),
            tie_word_embeddings=flag(), rope_parameters=positions, pad_token_id=None, bos_token_id=0, eos_token_id=2,
            hidden_act=act,
        )
        if type != "olmo":
            decoder["rms_norm_eps"] = draw.choice([1e-6, 1e-5, 1e-2])
        if type in ("llama", "mistral", "qwen3") and flag():
            decoder |= {"head_dim": draw.choice([2, 4, 8]), "hidden_size": heads * draw.choice([2, 3])}
        elif type == "qwen3":
            decoder["head_dim"] = each
        if type in ("llama", "qwen3", "olmo", "olmo2", "olmo3", "smollm3"):
            decoder["attention_bias"] = flag()
        if type in ("llama", "smollm3"):
            decoder["mlp_bias"] = flag()
        window = draw.randint(1, 6)
        if type == "mistral":
            decoder["sliding_window"] = draw.choice([None, window])
        if type in ("qwen2", "qwen3", "smollm3") and flag():
            decoder |= {"use_sliding_window": True, "sliding_window": window}
            if type != "smollm3":
                decoder["max_window_layers"] = draw.randint(0, layers)
        if type == "smollm3":
            decoder["no_rope_layer_interval"] = draw.choice([2, 3, 4])
        if type == "olmo3":
            both = {"full_attention": positions, "sliding_attention": rope(theta)}
            decoder |= {"sliding_window": window, "rope_parameters": both}
        if type == "olmo" and flag():
            decoder["clip_qkv"] = draw.choice([0.2, 0.5, 1.0])
        if type in ("qwen2", "qwen3", "olmo3") and flag():
            kinds = ["full_attention"] if not decoder.get("sliding_window") else ["full_attention", "sliding_attention"]
            decoder["layer_types"] = [draw.choice(kinds) for _ in range(layers)]
        encoder = dict(
            vocab_size=vocabulary, hidden_size=heads * each, num_hidden_layers=layers, num_attention_heads=heads,
            intermediate_size=hidden, max_position_embeddings=draw.choice([12, 20]), pad_token_id=1,
            tie_word_embeddings=flag(), hidden_act=act,
        )
        if type == "gpt_neox":
            fields = {key: value for key, value in decoder.items() if key not in ("num_key_value_heads", "rms_norm_eps")}
            fields |= {"rope_parameters": {**positions, "partial_rotary_factor": draw.choice([0.5, 1.0]) if each % 4 == 0 else 1.0},
                       "use_parallel_residual": flag(), "attention_bias": flag(), "layer_norm_eps": 10.0 ** -draw.randint(2, 6)}
            writer.write(name, type, **fields)
        elif type == "hf_olmo":
            base = draw.choice(["olmo", "llama", "olmo2"])
            tied, biased, gains = flag(), base == "llama" and flag(), base != "olmo" or flag()
            clip = draw.choice([None, 0.5]) if base == "olmo" else None
            model = {
                **OLMO, "d_model": heads * each, "n_heads": heads, "n_kv_heads": kv, "n_layers": layers,
                "mlp_hidden_size": 2 * hidden, "vocab_size": vocabulary - 1, "embedding_size": vocabulary,
                "rope_theta": theta, "weight_tying": tied, "include_bias": biased, "layer_norm_with_affine": gains,
                "clip_qkv": clip, "layer_norm_type": "default" if base == "olmo" else "rms", "norm_after": base == "olmo2",
                "attention_layer_norm": base == "olmo2", "scale_logits": flag(),
            }
            fields = {
                key: value for key, value in decoder.items() if key not in ("head_dim", "rms_norm_eps", "hidden_act")
            } | {"hidden_size": heads * each, "rope_parameters": rope(theta), "tie_word_embeddings": False}
            if base != "olmo":
                fields["rms_norm_eps"] = 1e-5
            if biased:
                fields |= {"attention_bias": True, "mlp_bias": True}
            if clip:
                fields["clip_qkv"] = clip
            writer.olmo(name, base, model, 1 / math.sqrt(heads * each) if model["scale_logits"] else 1.0, **fields)
        elif type == "modernbert":
            fields = {key: value for key, value in encoder.items() if key != "hidden_act"}
            fields |= {
                "hidden_activation": act, "classifier_activation": draw.choice(["gelu", "relu"]), "norm_eps": 1e-4,
                "local_attention": draw.randint(2, 9), "attention_bias": flag(), "mlp_bias": flag(), "norm_bias": flag(),
                "classifier_bias": flag(), "decoder_bias": flag(), "cls_token_id": 0, "sep_token_id": 2, "bos_token_id": 0,
                "eos_token_id": 2, "rope_parameters": {"full_attention": positions, "sliding_attention": rope(20.0)},
            }
            writer.write(name, type, **fields)
        elif type == "distilbert":
            writer.write(
                name, type, vocab_size=vocabulary, dim=heads * each, n_layers=layers, n_heads=heads, hidden_dim=hidden,
                max_position_embeddings=12, pad_token_id=1, activation=act if act != "quick_gelu" else "gelu",
                tie_word_embeddings=flag(),
            )
        elif type in ("bert", "roberta"):
            writer.write(name, type, **encoder, type_vocab_size=draw.choice([1, 2]), layer_norm_eps=10.0 ** -draw.randint(3, 12))
        elif type == "gpt2":
            writer.write(
                name, type, vocab_size=vocabulary, n_embd=heads * each, n_layer=layers, n_head=heads, n_positions=12,
                n_inner=draw.choice([None, hidden]), activation_function=act, bos_token_id=0, eos_token_id=2,
                scale_attn_weights=flag(), scale_attn_by_inverse_layer_idx=flag(), reorder_and_upcast_attn=flag(),
                tie_word_embeddings=flag(), layer_norm_epsilon=10.0 ** -draw.randint(3, 6),
            )
        else:
            writer.write(name, type, **decoder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--out", type=pathlib.Path, default=RESOURCES)
    parser.add_argument("--islands", action="store_true")
    given = parser.parse_args()
    if given.random:
        drawn(Writer(given.out, True), given.random)
    else:
        kept(Writer(given.out, given.anew))
    if given.islands:
        for island, calls in sorted(ISLANDS.items()):
            print(calls, island)

package basin.network;

import java.util.List;

/**
 * A decoder of the Llama family with the tensors of the {@code hf_olmo} package: queries, keys and
 * values are one tensor, and so are up and gate, in that order.
 */
public final class HfOlmoNetwork extends LlamaNetwork {
    /** The model type in {@code config.json}. */
    public static final String TYPE = "hf_olmo";

    private static final String BODY = "model.transformer.";

    /** Creates a network of a shape. */
    public HfOlmoNetwork(TransformerShape shape, LlamaSwitches switches) {
        super(
                TYPE,
                shape,
                switches,
                new Names(
                        BODY + "wte.weight",
                        BODY + "blocks.",
                        List.of("att_proj"),
                        "q_norm",
                        "k_norm",
                        "attn_out",
                        "attn_norm",
                        List.of("ff_proj"),
                        false,
                        "ff_out",
                        "ff_norm",
                        BODY + "ln_f",
                        BODY + "ff_out.weight"));
    }
}

package basin.network;

import ai.djl.ndarray.NDArray;
import basin.network.engine.Torch;
import java.util.List;

/**
 * A decoder of the Llama family, such as {@code LlamaForCausalLM}: causal, with rotary positions,
 * queries in groups and a gated feed-forward block.
 */
public class LlamaNetwork extends TransformerNetwork {
    private static final String ATTENTION = "self_attn.";
    private static final String FEED = "mlp.";

    private final LlamaSwitches switches;
    private final Names names;

    /**
     * The names of the tensors; those of a layer without the layer's prefix.
     *
     * @param words table of the embeddings
     * @param layers prefix of the names of a layer's tensors, before the layer's number
     * @param queryKeyValue maps to queries, keys and values: three names, or one for all
     * @param queryNorm normalisation of queries
     * @param keyNorm normalisation of keys
     * @param out map of the attention's result
     * @param attentionNorm normalisation of the attention
     * @param gateAndUp maps to gate and up: two names, or one for both
     * @param gateFirst whether the gate comes first
     * @param down last map of the feed-forward block
     * @param feedNorm normalisation of the feed-forward block
     * @param lastNorm normalisation of the last states
     * @param decoder table of the head
     */
    record Names(
            String words,
            String layers,
            List<String> queryKeyValue,
            String queryNorm,
            String keyNorm,
            String out,
            String attentionNorm,
            List<String> gateAndUp,
            boolean gateFirst,
            String down,
            String feedNorm,
            String lastNorm,
            String decoder) {
        /** Returns the names that {@code transformers} gives. */
        static Names usual(boolean normAfter) {
            return new Names(
                    "model.embed_tokens.weight",
                    "model.layers.",
                    List.of(ATTENTION + "q_proj", ATTENTION + "k_proj", ATTENTION + "v_proj"),
                    ATTENTION + "q_norm",
                    ATTENTION + "k_norm",
                    ATTENTION + "o_proj",
                    normAfter ? "post_attention_layernorm" : "input_layernorm",
                    List.of(FEED + "gate_proj", FEED + "up_proj"),
                    true,
                    FEED + "down_proj",
                    normAfter ? "post_feedforward_layernorm" : "post_attention_layernorm",
                    "model.norm",
                    "lm_head.weight");
        }
    }

    /**
     * Creates a network of a shape, with the names that {@code transformers} gives to tensors.
     *
     * @param type model type in {@code config.json}
     */
    public LlamaNetwork(String type, TransformerShape shape, LlamaSwitches switches) {
        this(type, shape, switches, Names.usual(switches.normAfter()));
    }

    LlamaNetwork(String type, TransformerShape shape, LlamaSwitches switches, Names names) {
        super(type, true, shape, names.layers());
        this.switches = switches;
        this.names = names;
        layout().words(names.words(), shape.vocabulary(), shape.width());
        for (int layer = 0; layer < shape.layers(); layer++) {
            layerLayout(at(layer), shape.attention().get(layer));
        }
        normLayout(names.lastNorm());
        layout().head(shape, names.words(), names.decoder());
    }

    private void layerLayout(String at, Attention attention) {
        int width = shape().width();
        int intermediate = shape().intermediate();
        fused(
                at,
                names.queryKeyValue(),
                List.of(attention.width(), attention.keyWidth(), attention.keyWidth()),
                switches.queryBias());
        switches.queryNorm().ifPresent(norm -> {
            layout().norm(at + names.queryNorm(), switches.byHead() ? attention.headWidth() : attention.width(), norm);
            layout().norm(at + names.keyNorm(), switches.byHead() ? attention.headWidth() : attention.keyWidth(), norm);
        });
        layout().linear(at + names.out(), width, attention.width(), switches.outBias());
        normLayout(at + names.attentionNorm());
        fused(at, names.gateAndUp(), List.of(intermediate, intermediate), switches.feedBias());
        layout().linear(at + names.down(), width, intermediate, switches.feedBias());
        normLayout(at + names.feedNorm());
    }

    /** Lays out maps of the states side by side, in tensors of their own or in one. */
    private void fused(String at, List<String> maps, List<Integer> outs, boolean biased) {
        List<Integer> rows =
                maps.size() == outs.size() ? outs : List.of(outs.stream().reduce(0, Math::addExact));
        layout().fused(at + together(maps), maps.stream().map(map -> at + map).toList(), rows, shape().width(), biased);
    }

    private static String together(List<String> maps) {
        return String.join(", ", maps);
    }

    @Override
    NDArray states(ForwardPass pass) {
        NDArray x = pass.embedding(pass.words(names.words()));
        return norm(pass, names.lastNorm(), layers(pass, x, (layer, input) -> layer(pass, layer, input)));
    }

    private NDArray layer(ForwardPass pass, int layer, NDArray x) {
        String attention = at(layer) + names.attentionNorm();
        String feed = at(layer) + names.feedNorm();
        if (switches.normAfter()) {
            NDArray attended = norm(pass, attention, attention(pass, layer, x)).add(x);
            return norm(pass, feed, feedForward(pass, layer, attended)).add(attended);
        }
        NDArray attended = attention(pass, layer, norm(pass, attention, x)).add(x);
        return feedForward(pass, layer, norm(pass, feed, attended)).add(attended);
    }

    private NDArray attention(ForwardPass pass, int layer, NDArray x) {
        String at = at(layer);
        Attention attention = shape().attention().get(layer);
        NDArray maps = pass.linear(at + together(names.queryKeyValue()), x);
        NDArray all = switches.clip() > 0 ? Torch.clamp(maps, switches.clip()) : maps;
        int width = attention.width();
        int keys = width + attention.keyWidth();
        NDArray context = attended(
                pass,
                layer,
                normed(pass, at + names.queryNorm(), all.get("..., 0:" + width), attention.heads()),
                normed(pass, at + names.keyNorm(), all.get("..., " + width + ":" + keys), attention.keyHeads()),
                all.get("..., " + keys + ":"));
        return pass.linear(at + names.out(), context);
    }

    private NDArray normed(ForwardPass pass, String name, NDArray x, int heads) {
        return switches.queryNorm()
                .map(norm -> switches.byHead() ? pass.normOfHeads(name, x, heads, norm) : pass.norm(name, x, norm))
                .orElse(x);
    }

    private NDArray feedForward(ForwardPass pass, int layer, NDArray x) {
        String in = at(layer) + together(names.gateAndUp());
        return gated(pass, in, names.gateFirst(), at(layer) + names.down(), x);
    }

    @Override
    NDArray head(ForwardPass pass, NDArray states) {
        NDArray scaled = switches.scoreScale() == 1 ? states : Torch.scaled(states, switches.scoreScale());
        return pass.decoder(scaled, table(names.words(), names.decoder()));
    }
}

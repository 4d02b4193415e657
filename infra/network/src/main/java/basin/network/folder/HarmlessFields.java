package basin.network.folder;

import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The fields of a {@code config.json} that do not change what a model computes when it is measured:
 * dropout, initialisation, training, generation, tokens, classification heads, bookkeeping.
 */
final class HarmlessFields {
    private static final Pattern PATTERNS = Pattern.compile(
            ".*dropout.*|.*_pdrop|layerdrop|init_.*|initializer_.*|.*_token(_ids?)?|summary_.*|classifier_.*"
                + "|transformers.*|_?attn_implementation.*|output_.*|return_dict.*|num_beam.*|forced_.*|.*_ngram_size");

    private static final Set<String> OF_ALL = Set.of(
            "_commit_hash",
            "_name_or_path",
            "architectures",
            "auto_map",
            "bad_words_ids",
            "begin_suppress_tokens",
            "chunk_size_feed_forward",
            "diversity_penalty",
            "do_sample",
            "dtype",
            "early_stopping",
            "exponential_decay_length_penalty",
            "finetuning_task",
            "gradient_checkpointing",
            "id2label",
            // Encoders ask for it, decoders do not heed it.
            "is_decoder",
            "label2id",
            "length_penalty",
            "max_length",
            "max_new_tokens",
            "min_length",
            "model_type",
            "num_labels",
            "num_return_sequences",
            "prefix",
            "problem_type",
            "remove_invalid_values",
            "repetition_penalty",
            "suppress_tokens",
            "task_specific_params",
            "temperature",
            "tf_legacy_loss",
            "tie_encoder_decoder",
            "tokenizer_class",
            "top_k",
            "top_p",
            "torch_dtype",
            "torchscript",
            "typical_p",
            "use_bfloat16",
            "use_cache");

    private HarmlessFields() {}

    /**
     * Returns whether a field is harmless in every type of model, or in one.
     *
     * @param own harmless fields of the type
     */
    static Predicate<String> and(Set<String> own) {
        return field -> own.contains(field)
                || OF_ALL.contains(field)
                || PATTERNS.matcher(field).matches();
    }
}

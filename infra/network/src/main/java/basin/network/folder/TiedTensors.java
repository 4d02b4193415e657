package basin.network.folder;

import basin.network.Layout;
import basin.network.Parameter;
import basin.network.Tie;
import basin.study.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A comparison of a configuration's word on tied tensors with the tensors themselves, which are
 * trusted: two that differ are not tied, and one alone serves both ends. For one thread.
 */
final class TiedTensors {
    private final TensorStore store;
    private final ConfigFile config;
    private final boolean said;
    private final List<String> notes;

    /**
     * Creates a comparison.
     *
     * @param said whether the configuration says that the head is tied
     * @param notes receives a sentence for each contradiction
     */
    TiedTensors(TensorStore store, ConfigFile config, boolean said, List<String> notes) {
        this.store = store;
        this.config = config;
        this.said = said;
        this.notes = notes;
    }

    /**
     * Returns what the head shares.
     *
     * @param layout the network's layout, tied as the configuration says
     * @throws Refusal if only the head's tensor is missing, and nothing says that the files hold a
     *     whole model
     */
    Tie tie(Layout layout) {
        boolean table = said;
        boolean bias = said;
        for (Map.Entry<String, String> pair : layout.ties().entrySet()) {
            if (layout.parameter(pair.getValue()).shape().length == 1) {
                bias = isTied(layout, pair.getKey(), pair.getValue());
            } else {
                table = tableIsTied(layout, pair.getKey(), pair.getValue());
            }
        }
        return new Tie(table, bias);
    }

    private boolean tableIsTied(Layout layout, String own, String shared) {
        if (!said && store.holding(own).isEmpty()) {
            if (!config.namesLanguageModel()) {
                throw new Refusal("The weights of '" + own + "' are missing in " + config.folder()
                        + ": save the whole model, head included, as its config.json describes it.");
            }
            notes.add(NetworkConfig.tieField(config) + " is false in config.json, and the files hold no '" + own
                    + "': the head uses '" + shared + "', which counts once.");
            return true;
        }
        return isTied(layout, own, shared);
    }

    /** Returns whether a tensor of the head is another one, which has priority over its own. */
    private boolean isTied(Layout layout, String own, String shared) {
        Optional<TensorStore.Stored> head = store.holding(own);
        Optional<TensorStore.Stored> other = layout.spellings(shared).stream()
                .filter(name -> !name.equals(own))
                .flatMap(name -> store.holding(name).stream())
                .findFirst();
        if (head.isEmpty() || other.isEmpty()) {
            return true;
        }
        if (!said) {
            return false;
        }
        Parameter parameter = layout.parameter(shared);
        FolderModel.check(parameter, head.get());
        FolderModel.check(parameter, other.get());
        boolean equal = head.get().equalTo(other.get());
        if (!equal) {
            notes.add(NetworkConfig.tieField(config) + " is true in config.json, and the files hold '" + own
                    + "', which is not '" + shared + "': the head uses its own.");
        }
        return equal;
    }
}

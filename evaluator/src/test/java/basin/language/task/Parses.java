package basin.language.task;

import basin.language.Constituent;
import basin.language.Grammar;
import basin.language.Rule;
import basin.language.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All derivations of a small grammar without unary cycles, enumerated as the reference for tasks.
 */
final class Parses {
    private final Grammar grammar;

    Parses(Grammar grammar) {
        this.grammar = grammar;
    }

    /**
     * One derivation: its words, its probability under the grammar, and its constituents, with only
     * the lowest of a unary chain.
     */
    record Parse(List<Integer> words, double probability, List<Constituent> constituents) {
        private Parse followedBy(Parse next) {
            int shift = words.size();
            return new Parse(
                    Stream.concat(words.stream(), next.words.stream()).toList(),
                    probability * next.probability,
                    Stream.concat(
                                    constituents.stream(),
                                    next.constituents.stream()
                                            .map(c -> new Constituent(c.symbol(), c.from() + shift, c.to() + shift)))
                            .toList());
        }

        /** Returns the symbol over a span. */
        Optional<Integer> symbol(int from, int to) {
            return constituents.stream()
                    .filter(c -> c.from() == from && c.to() == to)
                    .map(Constituent::symbol)
                    .findFirst();
        }
    }

    /** Returns all derivations of accepted sentences. */
    List<Parse> all() {
        return of(grammar.start(), grammar.maxLength());
    }

    /**
     * Returns all derivations of strings of at most {@code maxLength} words from a non-terminal.
     */
    List<Parse> of(int symbol, int maxLength) {
        List<Parse> parses = new ArrayList<>();
        for (Rule rule : grammar.rules()) {
            if (rule.parent() == symbol && rule.children().size() <= maxLength) {
                List<Parse> partial = List.of(new Parse(List.of(), rule.probability(), List.of()));
                for (int i = 0; i < rule.children().size(); i++) {
                    int following = rule.children().size() - 1 - i;
                    Symbol child = rule.children().get(i);
                    List<Parse> longer = new ArrayList<>();
                    for (Parse begun : partial) {
                        int room = maxLength - begun.words().size() - following;
                        continuations(child, room).forEach(next -> longer.add(begun.followedBy(next)));
                    }
                    partial = longer;
                }
                boolean unary = rule.children().size() == 1 && rule.children().getFirst() instanceof Symbol.NonTerminal;
                partial.forEach(parse -> parses.add(unary ? parse : closed(symbol, parse)));
            }
        }
        return parses;
    }

    private List<Parse> continuations(Symbol child, int room) {
        return switch (child) {
            case Symbol.Word(int word) -> List.of(new Parse(List.of(word), 1, List.of()));
            case Symbol.NonTerminal(int symbol) -> of(symbol, room);
        };
    }

    private static Parse closed(int symbol, Parse parse) {
        Constituent whole = new Constituent(symbol, 0, parse.words().size());
        return new Parse(
                parse.words(),
                parse.probability(),
                Stream.concat(parse.constituents().stream(), Stream.of(whole)).toList());
    }
}

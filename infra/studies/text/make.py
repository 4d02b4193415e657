"""Writes the text and the two tables of the study `text`: python3 make.py

A small world told in sentences of a template: animals that have their foods and places, and days that were good or bad. What is hidden in a
sentence can be guessed from the rest, though never for certain, and sentences that stand together belong together. The tables ask whether a sentence thinks well of its day ("not" turns a word
round, and after "but" the last half counts, so that no word alone tells it) and whether a sentence answers a question (the same animal may do
another thing, and another animal the same, so that no word alone tells it either). The same seed writes the same bytes; free to use for anything.
"""

import pathlib
import random

SEED = 20240501
SENTENCES, TRAINING, TEST = 7_000, 1_200, 1_000

ANIMALS = {
    "fox": ("hen", "forest", "den"), "owl": ("mouse", "forest", "tower"), "heron": ("fish", "marsh", "reeds"),
    "otter": ("fish", "river", "den"), "hare": ("clover", "meadow", "grass"), "goat": ("thistle", "hill", "barn"),
    "sheep": ("clover", "hill", "barn"), "badger": ("worm", "forest", "den"), "stork": ("frog", "marsh", "tower"),
    "swallow": ("fly", "meadow", "barn"), "lizard": ("fly", "wall", "grass"), "trout": ("worm", "river", "reeds"),
    "cow": ("grass", "meadow", "barn"), "wolf": ("hare", "hill", "forest"), "hedgehog": ("worm", "garden", "grass"),
    "robin": ("worm", "garden", "wall"),
}
WEATHERS = {True: ("sun", "breeze", "rainbow", "spring", "dew"), False: ("storm", "fog", "hail", "frost", "flood")}
ADJECTIVES = {True: ("bright", "gentle", "lovely", "calm", "warm", "sweet", "cheerful"),
              False: ("bleak", "harsh", "dreadful", "bitter", "grim", "gloomy", "dull")}
THINGS = ("morning", "evening", "walk", "song", "view", "path", "harvest", "journey")
TIMES = ("at dawn", "at noon", "at dusk", "at night", "in autumn", "in summer", "in winter")
SIZES = ("old", "young", "small", "large", "grey", "brown", "white")
DEEDS = {"eat": "eats", "live": "lives", "sleep": "sleeps", "wait": "waits"}


def likely(rng, usual, others):
    """Mostly what is usual, at times anything of its kind."""
    return usual if rng.random() < 0.8 else rng.choice(sorted(set(others)))


def deed(rng, animal, verb):
    """What an animal does, as the end of a sentence."""
    food, place, bed = ANIMALS[animal]
    foods, places, beds = zip(*ANIMALS.values())
    return {
        "eat": lambda: "a " + likely(rng, food, foods),
        "live": lambda: "in the " + likely(rng, place, places),
        "sleep": lambda: "in the " + likely(rng, bed, beds),
        "wait": lambda: "for a " + likely(rng, food, foods) + " by the " + likely(rng, place, places),
    }[verb]()


def statement(rng, animal=None, verb=None):
    animal = animal or rng.choice(sorted(ANIMALS))
    verb = verb or rng.choice(sorted(DEEDS))
    size = rng.choice(SIZES) + " " if rng.random() < 0.4 else ""
    time = " " + rng.choice(TIMES) if rng.random() < 0.5 else ""
    return f"the {size}{animal} {DEEDS[verb]} {deed(rng, animal, verb)}{time} ."


def question(animal, verb):
    return {"eat": f"what does the {animal} eat ?", "live": f"where does the {animal} live ?",
            "sleep": f"where does the {animal} sleep ?", "wait": f"what does the {animal} wait for ?"}[verb]


def judgement(rng, good):
    """A thing that is found good or bad, said plainly or by its opposite."""
    turned = rng.random() < 0.2
    word = rng.choice(ADJECTIVES[good != turned])
    return f"the {rng.choice(THINGS)} was {'not ' if turned else rng.choice(('', 'very ', 'rather '))}{word}"


def opinion(rng, good):
    """A sentence that ends well or badly, whatever it begins with; the weather mostly goes with its end."""
    mood = good if rng.random() < 0.8 else not good
    weather = f"after the {rng.choice(WEATHERS[mood])} " if rng.random() < 0.5 else ""
    if rng.random() < 0.25:
        return f"{weather}{judgement(rng, not good)} but {judgement(rng, good)} ."
    more = f" and {judgement(rng, good)}" if rng.random() < 0.4 else ""
    return f"{weather}{judgement(rng, good)}{more} ."


def passage(rng):
    """Sentences that stand together: a question and its answer, a day that was good or bad, or what an animal does."""
    kind = rng.random()
    if kind < 0.35:
        animal, verb = rng.choice(sorted(ANIMALS)), rng.choice(sorted(DEEDS))
        return [question(animal, verb), statement(rng, animal, verb)]
    if kind < 0.75:
        good = rng.random() < 0.5
        return [opinion(rng, good) for _ in range(rng.choice((1, 2, 3)))]
    return [statement(rng)]


def pair(rng, answers):
    animal, verb = rng.choice(sorted(ANIMALS)), rng.choice(sorted(DEEDS))
    told, done = animal, verb
    if not answers and rng.random() < 0.5:
        told = rng.choice(sorted(set(ANIMALS) - {animal}))
    elif not answers:
        done = rng.choice(sorted(set(DEEDS) - {verb}))
    return question(animal, verb), statement(rng, told, done)


def write(name, lines):
    pathlib.Path(__file__).with_name(name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    rng = random.Random(SEED)
    sentences = []
    while len(sentences) < SENTENCES:
        sentences += passage(rng)
    write("sentences.txt", sentences)
    for part, count in (("train", TRAINING), ("dev", TEST)):
        rows = ["sentence\tlabel"]
        for _ in range(count):
            good = rng.random() < 0.5
            rows.append(f"{opinion(rng, good)}\t{int(good)}")
        write(f"days-{part}.tsv", rows)
        rows = ["index\tquestion\tsentence\tlabel"]
        for index in range(count):
            answers = rng.random() < 0.5
            asked, told = pair(rng, answers)
            rows.append(f"{index}\t{asked}\t{told}\t{'entailment' if answers else 'not_entailment'}")
        write(f"answers-{part}.tsv", rows)


if __name__ == "__main__":
    main()

"""Names of invented towns: put together from parts, so that a likeness to a real one is chance."""

from __future__ import annotations

from typing import Final

STEMS: Final = (
    "Amsel", "Bekassine", "Binse", "Blesse", "Dohle", "Dorsch", "Drossel", "Elritze", "Fasan", "Fenchel", "Flieder",
    "Ginster", "Grille", "Habicht", "Hamster", "Hummel", "Iltis", "Kamille", "Kauz", "Kiebitz", "Kranich", "Kresse",
    "Libelle", "Lupine", "Marder", "Meise", "Molch", "Nelke", "Otter", "Pirol", "Quitte", "Reiher", "Salbei",
    "Schwalbe", "Sperling", "Stieglitz", "Thymian", "Unke", "Wachtel", "Zeisig",
)  # fmt: skip
ENDINGS: Final = (
    "au", "bach", "berg", "bruch", "brück", "dorf", "feld", "furt", "grund", "hagen", "heide", "hof", "horst", "rode",
    "stedt", "stein", "tal", "walde", "wiesen", "winkel",
)  # fmt: skip
PLACES: Final = (
    "", " am See", " am Bruch", " am Moor", " am Wald", " an der Quelle", " an der Heide", " im Grund", " im Luch",
    " in der Aue", " unterm Berg", " vorm Tor", " zum Anger", " zur Mühle",
)  # fmt: skip
SIDES: Final = ("", "Alt ", "Groß ", "Klein ", "Neu ")

MOST: Final = len(STEMS) * len(ENDINGS) * len(PLACES) * len(SIDES)
"""How many different names there are."""
_FOLDED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-"})


def name_of(number: int) -> str:
    """The name of the town with this number, which no other number has. Neighbours in number differ in their stem.

    :raises ValueError: a negative number, or `MOST` and above.
    """
    if not 0 <= number < MOST:
        raise ValueError(f"there are {MOST} names of invented towns, numbered from 0: {number}")
    rest, stem = divmod(number, len(STEMS))
    rest, ending = divmod(rest, len(ENDINGS))
    side, place = divmod(rest, len(PLACES))
    return f"{SIDES[side]}{STEMS[stem]}{ENDINGS[ending]}{PLACES[place]}"


def slug_of(name: str) -> str:
    """A name as it stands in addresses."""
    return name.lower().translate(_FOLDED)

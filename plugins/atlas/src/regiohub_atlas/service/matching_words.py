"""The sentences of the matching: why a procedure suits a person, or does not, in German and English."""

from collections.abc import Sequence

from regiohub.api import Text, t


def topic_words(shared: Sequence[Text]) -> Text:
    """About the topics that person and procedure share."""
    if not shared:
        return t("Keines Ihrer Themen kommt vor.", "None of your topics occurs.")
    german, english = (", ".join(sorted(title.get(language) for title in shared)) for language in ("de", "en"))
    if len(shared) == 1:
        return t(f"Ihr Thema kommt vor: {german}.", f"Your topic occurs: {english}.")
    return t(f"Ihre Themen kommen vor: {german}.", f"Your topics occur: {english}.")


def time_words(minutes: int, needed: int | None) -> Text:
    """About the time a person has and the time it takes, both in minutes a week."""
    if needed is None:
        return t("Wie viel Zeit es braucht, ist nicht angegeben.", "How much time it takes is not stated.")
    if needed <= minutes:
        return t(
            f"Der Aufwand passt: etwa {duration(needed).de} in der Woche.",
            f"The effort fits: about {duration(needed).en} a week.",
        )
    return t(
        f"Der Aufwand ist höher als Ihre Zeit: etwa {duration(needed).de} in der Woche.",
        f"It takes more time than you have: about {duration(needed).en} a week.",
    )


def place_words(radius: int | None, distance: float | None, city_wide: bool) -> Text:
    """About how far away a procedure is."""
    if city_wide:
        return t("Das Verfahren gilt im ganzen Ort.", "The procedure is for the whole town.")
    if distance is None:
        return t("Ein Ort ist nicht angegeben.", "No place is stated.")
    far = length(distance)
    if radius is not None and distance > radius:
        return t(
            f"Der Ort liegt {far.de} entfernt, außerhalb Ihres Umkreises.",
            f"The place is {far.en} away, outside your radius.",
        )
    return t(f"Der Ort liegt {far.de} entfernt.", f"The place is {far.en} away.")


def duration(minutes: int) -> Text:
    """Minutes in words, as hours from two hours on: ``90 Minuten``, ``2,5 Stunden``."""
    if minutes < 120:
        return t("1 Minute", "1 minute") if minutes == 1 else t(f"{minutes} Minuten", f"{minutes} minutes")
    hours = f"{minutes / 60:.1f}".removesuffix(".0")
    return t(f"{hours.replace('.', ',')} Stunden", f"{hours} hours")


def length(metres: float) -> Text:
    """Metres in words: to ten metres below one kilometre, to a hundred above."""
    if metres < 1000:
        near = max(10, round(metres / 10) * 10)
        if near < 1000:
            return t(f"{near} m", f"{near} m")
    kilometres = f"{metres / 1000:.1f}"
    return t(f"{kilometres.replace('.', ',')} km", f"{kilometres} km")

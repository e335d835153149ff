"""Public holidays of the region a town lies in."""

from datetime import date
from functools import lru_cache

from regiohub.api import Text, t


@lru_cache(maxsize=256)
def _year(country: str, subdivision: str | None, year: int) -> dict[date, Text]:
    # The package knows 250 countries: only towns whose calendar is asked for pay for it.
    import holidays

    known = holidays.list_supported_countries(include_aliases=False).get(country, [])
    region = subdivision if subdivision in known else None
    german = holidays.country_holidays(country, subdiv=region, years=year, language="de")
    english = holidays.country_holidays(country, subdiv=region, years=year, language="en_US")
    return {day: t(name, english.get(day) or name) for day, name in german.items()}


def holiday_name(day: date, *, country: str = "DE", subdivision: str | None = None) -> Text | None:
    """The name of the public holiday on ``day``, or None on an ordinary day.

    ``subdivision`` is the part of the country after ISO 3166-2, such as ``BB`` or ``BE``: Brandenburg keeps
    Reformation Day, Berlin keeps Women's Day. An unknown subdivision means the holidays of the whole country.
    """
    return _year(country, subdivision, day.year).get(day)

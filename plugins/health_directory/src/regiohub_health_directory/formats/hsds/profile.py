"""What the interface says about itself."""

from typing import Any

VERSION = "3.0"

PROFILE: dict[str, Any] = {
    "title": "Regio.hub Gesundheitsverzeichnis",
    "based_on": "Human Services Data Specification 3.0",
    "description": (
        "The schemas of HSDS 3.0 are kept unchanged. What the standard has no field for stands in its attributes."
    ),
    "conventions": [
        {
            "record": "service.attributes",
            "link_type": "taxonomy_term",
            "meaning": "A term of the directory's own taxonomy, with the whole term inside.",
        },
        {
            "record": "service.attributes",
            "link_type": "accepting_new_patients",
            "meaning": "Whether new patients are taken on, with the day of the answer; old answers count as unknown.",
        },
        {
            "record": "location.accessibility",
            "meaning": "The description says yes, no or not known for access by wheelchair; details name features.",
        },
        {
            "record": "schedule",
            "meaning": (
                "The ordinary week of the opening hours. The description holds the whole text in OpenStreetMap's "
                "opening_hours syntax, public holidays and seasons included; the notes say it in German."
            ),
        },
        {
            "record": "service.assured_date",
            "meaning": "The day on which the entry was last confirmed, independent of last_modified.",
        },
        {"record": "service.alert", "meaning": "Names demonstration data as such."},
    ],
}

"""Theme colours: whatever a town chooses, its pages can be read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regiohub.web.pages.colours import DARK_GROUND, LIGHT_GROUND, contrast, readable, theme_css

COLOUR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#1c4b82", "#1c4b82") == 1


@settings(deadline=None)
@given(colour=COLOUR, ground=st.sampled_from([LIGHT_GROUND, DARK_GROUND]), least=st.sampled_from([3.0, 4.5, 7.0]))
def test_every_colour_becomes_readable_on_both_grounds(colour: str, ground: str, least: float) -> None:
    assert contrast(readable(colour, ground, least), ground) >= least


@settings(deadline=None)
@given(COLOUR)
def test_readable_colours_stay_as_they_are(colour: str) -> None:
    if contrast(colour, LIGHT_GROUND) >= 4.5:
        assert readable(colour, LIGHT_GROUND) == colour


@settings(deadline=None)
@given(primary=COLOUR, accent=COLOUR)
def test_white_text_can_be_read_on_the_band_of_every_theme(primary: str, accent: str) -> None:
    css = theme_css({"primary": primary, "accent": accent})
    band = css.partition("--town:")[2][:7]
    assert contrast(band, "#ffffff") >= 4.5


def test_town_without_colours_gets_the_platforms() -> None:
    assert "#1c4b82" in theme_css({})

"""Two ways to do the same: with a mouse, and with the keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


class Hands(Protocol):
    """What somebody does with an element of a page."""

    async def press(self, target: Locator) -> None:
        """Follow a link, press a button, switch a box."""
        ...

    async def write(self, target: Locator, words: str) -> None:
        """Replace what stands in a field."""
        ...


class Mouse:
    """Clicks."""

    async def press(self, target: Locator) -> None:
        """One click."""
        await target.click()

    async def write(self, target: Locator, words: str) -> None:
        """A click, and the words."""
        await target.fill(words)


class Keyboard:
    """Reaches everything with the tabulator, and sees where the focus is."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def press(self, target: Locator) -> None:
        """To the element, then the key that activates its kind."""
        await self._reach(target)
        box = await target.evaluate("element => element.matches('input[type=checkbox], input[type=radio]')")
        await self._page.keyboard.press("Space" if box else "Enter")

    async def write(self, target: Locator, words: str) -> None:
        """To the field, then the words in place of the old ones."""
        await self._reach(target)
        await self._page.keyboard.press("ControlOrMeta+A")
        await self._page.keyboard.type(words)

    async def _reach(self, target: Locator) -> None:
        await target.wait_for()
        for _ in range(400):
            if await target.evaluate("element => element === document.activeElement"):
                assert await target.evaluate(_SHOWS_FOCUS), f"the focus on {target} cannot be seen"
                return
            await self._page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {target}")


_SHOWS_FOCUS = """element => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
}"""

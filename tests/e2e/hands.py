"""Three ways of using a page: with a mouse, with a keyboard alone, and without JavaScript."""

from dataclasses import dataclass
from typing import Protocol

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 40
# What a person sees of the focus: an outline, a shadow or a colour that was not there before.
LOOK = """element => {
  const label = element.labels?.[0];
  return [element, label, label?.parentElement].filter(Boolean).map(node => [null, '::before']
    .map(part => { const s = getComputedStyle(node, part);
      return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor,
              s.borderColor, s.borderWidth].join(); })).join();
}"""

LOOKS_OTHER = f"([element, before]) => ({LOOK})(element) !== before"
HAS_FOCUS = "element => element === document.activeElement"


class Hand(Protocol):
    """What people do on pages. Fields and buttons are found as people find them."""

    page: Page

    def press(self, target: Locator) -> None: ...
    def choose(self, target: Locator) -> None: ...
    def select(self, target: Locator, value: str) -> None: ...
    def write(self, target: Locator, text: str) -> None: ...


@dataclass
class Mouse:
    """Points and clicks; a label is as good as its field."""

    page: Page

    def press(self, target: Locator) -> None:
        target.click()

    def choose(self, target: Locator) -> None:
        self.page.locator(f"label[for='{target.get_attribute('id')}']").click()
        expect(target).to_be_checked()

    def select(self, target: Locator, value: str) -> None:
        target.select_option(value)

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)


@dataclass
class Keyboard:
    """Tab, Space, Enter and arrows; wherever the focus goes, it can be seen."""

    page: Page

    def press(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def choose(self, target: Locator) -> None:
        if target.get_attribute("type") == "checkbox":
            self._reach(target)
            self.page.keyboard.press("Space")
        else:
            self._reach_one_of(target)
            self._step_to(target)
        expect(target).to_be_checked()

    def select(self, target: Locator, value: str) -> None:
        self._reach(target)
        for _ in range(target.locator("option").count()):
            if target.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        expect(target).to_have_value(value)

    def write(self, target: Locator, text: str) -> None:
        self._reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def _reach(self, target: Locator) -> None:
        """Tab until the target has the focus, and see that it looks focused."""
        element = target.element_handle()
        if element.evaluate(HAS_FOCUS):
            return
        before = element.evaluate(LOOK)
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if element.evaluate(HAS_FOCUS):
                break
        expect(target).to_be_focused()
        self.page.wait_for_function(LOOKS_OTHER, arg=[element, before])

    def _reach_one_of(self, target: Locator) -> None:
        """A group of radio buttons is one stop of the Tab key."""
        name = target.get_attribute("name")
        self._reach(self.page.locator(f"input[name='{name}']").first)

    def _step_to(self, target: Locator) -> None:
        self.page.keyboard.press("Space")
        group = self.page.locator(f"input[name='{target.get_attribute('name')}']")
        for _ in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")

"""The rules one file keeps by itself; what breaks one is left out of the catalogue."""

from app.authoring.problem import Rule
from app.words import Sentence

FILES_PRESENT = Rule(
    "files-present",
    Sentence("Each programme and module folder holds its TOML file, items lie in folders."),
)
READABLE_TEXT = Rule("readable-text", Sentence("Files are UTF-8 text."))
READABLE_TOML = Rule("readable-toml", Sentence("Settings are valid TOML."))
FRONT_MATTER = Rule("front-matter", Sentence("An item opens with TOML between two lines of +++."))
KNOWN_KEYS = Rule("known-keys", Sentence("Only the keys of the format are used."))
REQUIRED_KEYS = Rule(
    "required-keys", Sentence("Every key the format needs is there and not empty.")
)
VALID_VALUES = Rule(
    "valid-values", Sentence("Every value is of the right kind and within its limits.")
)
BODY_PRESENT = Rule("body-present", Sentence("Every text and section of a body says something."))
KNOWN_SECTIONS = Rule(
    "known-sections", Sentence("Only # Hint and # Explanation divide an exercise.")
)
EXPLANATION_PRESENT = Rule("explanation-present", Sentence("Every exercise has one # Explanation."))
TRANSLATION_MATCHES = Rule(
    "translation-matches",
    Sentence("A translation has the sections, options and headings of its original."),
)

FILE_RULES = (
    FILES_PRESENT,
    READABLE_TEXT,
    READABLE_TOML,
    FRONT_MATTER,
    KNOWN_KEYS,
    REQUIRED_KEYS,
    VALID_VALUES,
    BODY_PRESENT,
    KNOWN_SECTIONS,
    EXPLANATION_PRESENT,
    TRANSLATION_MATCHES,
)

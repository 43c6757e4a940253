"""The rules content keeps, in the order a page lists them."""

from collections.abc import Iterator

from app.authoring.catalogue import Catalogue
from app.authoring.file_rules import FILE_RULES
from app.authoring.problem import Problem, Rule, Severity
from app.authoring.rules import choices, foundations, identity, skills, translations, wording
from app.authoring.rules.finding import Check
from app.words import Sentence

CHECKS = (
    Check(
        Rule("unique-ids", Sentence("Every id is used once in the catalogue.")),
        identity.ids_are_unique,
    ),
    Check(
        Rule(
            "well-formed-names",
            Sentence("File and folder names are lower-case words with hyphens."),
        ),
        identity.slugs_are_well_formed,
    ),
    Check(
        Rule(
            "unique-names",
            Sentence("No two modules, skills of a module or items of a module share one."),
        ),
        identity.slugs_are_unique,
    ),
    Check(
        Rule(
            "items-differ",
            Sentence("No two items say the same; a revision is named by its digest."),
        ),
        identity.documents_differ,
    ),
    Check(
        Rule("modules-exist", Sentence("Every module a programme lists is there.")),
        identity.modules_exist,
    ),
    Check(
        Rule("skills-exist", Sentence("Every skill an item names is a skill of its module.")),
        identity.skills_exist,
    ),
    Check(
        Rule(
            "main-skill-folder",
            Sentence("An item lies in the folder of its main skill, named first."),
        ),
        identity.items_lie_with_their_main_skill,
    ),
    Check(
        Rule("prerequisites-exist", Sentence("Every prerequisite is a skill of the same module.")),
        skills.prerequisites_exist,
    ),
    Check(
        Rule(
            "no-prerequisite-cycle",
            Sentence("No skill leads through prerequisites back to itself."),
        ),
        skills.prerequisites_have_no_cycle,
    ),
    Check(
        Rule(
            "foundations-exist",
            Sentence("What a skill builds on elsewhere is a skill of another module."),
        ),
        foundations.foundations_exist,
    ),
    Check(
        Rule(
            "no-module-cycle", Sentence("No module leads through what it builds on back to itself.")
        ),
        foundations.modules_have_no_cycle,
    ),
    Check(
        Rule(
            "enough-lessons", Sentence("Each active skill has two or more lessons in two formats.")
        ),
        skills.skills_have_lessons,
    ),
    Check(
        Rule(
            "enough-exercises",
            Sentence(
                "Each active skill has eight or more exercises in three formats, its transfer case"
                " aside."
            ),
        ),
        skills.skills_have_exercises,
    ),
    Check(
        Rule("one-transfer-case", Sentence("Each active skill has exactly one transfer case.")),
        skills.skills_have_one_transfer_case,
    ),
    Check(
        Rule(
            "transfer-hard-to-guess",
            Sentence("A transfer case is guessed at most one time in ten."),
        ),
        skills.transfer_cases_are_hard_to_guess,
    ),
    Check(
        Rule(
            "reachable-skills",
            Sentence("Every skill has an exercise, or nobody could get past it."),
        ),
        skills.skills_can_be_reached,
    ),
    Check(
        Rule("feedback-says-why", Sentence("All feedback has 20 characters or more.")),
        wording.feedback_says_why,
    ),
    Check(
        Rule("explanation-long-enough", Sentence("Every explanation has 60 characters or more.")),
        wording.explanations_explain,
    ),
    Check(
        Rule("few-hints", Sentence("An exercise has two hints at most.")),
        wording.hints_are_few,
    ),
    Check(
        Rule("options-differ", Sentence("No two choices of an item have the same text.")),
        choices.options_differ,
    ),
    Check(
        Rule("answers-differ", Sentence("No foreseen mistake is covered by an answer before it.")),
        choices.foreseen_answers_differ,
    ),
    Check(
        Rule("no-all-or-none", Sentence("No option says all or none of the above.")),
        choices.no_option_means_all_or_none,
    ),
    Check(
        Rule(
            "right-option-length",
            Sentence("No right option is more than 1.5 times as long as the longest wrong one."),
        ),
        choices.right_options_are_not_far_longer,
    ),
    Check(
        Rule(
            "right-option-seldom-longest",
            Sentence(
                "In two of five choice items at most the right option is clearly the longest."
            ),
        ),
        choices.right_options_are_seldom_longest,
    ),
    Check(
        Rule("headings-from-two", Sentence("Headings inside a text start with ## or more.")),
        wording.headings_start_at_two,
    ),
    Check(
        Rule("images-have-words", Sentence("Every image has alternative text.")),
        wording.images_have_words,
    ),
    Check(
        Rule("images-exist", Sentence("Every image is a file in the media folder of its module.")),
        wording.images_exist,
    ),
    Check(
        Rule("safe-links", Sentence("Links start with https:// or mailto:.")),
        wording.links_are_safe,
    ),
    Check(
        Rule("no-raw-html", Sentence("Texts hold Markdown and no HTML.")),
        wording.no_raw_html,
    ),
    Check(
        Rule(
            "right-option-place",
            Sentence("The right option does not stand at one place in most files of a module."),
            Severity.WARNING,
        ),
        choices.right_options_change_place,
    ),
    Check(
        Rule(
            "enough-for-evidence",
            Sentence(
                "Each active skill has the different exercises that evidence looks at: eight, or"
                " ten where it has no transfer case."
            ),
            Severity.WARNING,
        ),
        skills.skills_can_be_evidenced,
    ),
    Check(
        Rule(
            "seldom-guessed",
            Sentence(
                "The exercises of a skill are guessed three times in ten at most, on average."
            ),
            Severity.WARNING,
        ),
        skills.skills_are_seldom_guessed,
    ),
    Check(
        Rule("lesson-length", Sentence("A lesson has 150 to 350 words."), Severity.WARNING),
        wording.lessons_have_a_fit_length,
    ),
    Check(
        Rule(
            "reading-grade", Sentence("A text has a reading grade of 14 at most."), Severity.WARNING
        ),
        wording.texts_are_easy_enough,
    ),
    Check(
        Rule("short-sentences", Sentence("A sentence has 35 words at most."), Severity.WARNING),
        wording.sentences_are_short,
    ),
    Check(
        Rule(
            "translation-fresh",
            Sentence(
                "A translation is made from the words its original has now; else it is not shown."
            ),
            Severity.WARNING,
        ),
        translations.translations_are_fresh,
    ),
)

RULES: tuple[Rule, ...] = (*FILE_RULES, *(check.rule for check in CHECKS))


def problems_of(catalogue: Catalogue) -> Iterator[Problem]:
    """Yield every place where a rule between files is broken."""
    yield from _problems(catalogue, CHECKS)
    on_words = tuple(check for check in CHECKS if check.rule.name in translations.ON_WORDS)
    for language in translations.languages_of(catalogue):
        yield from _problems(translations.read_in(catalogue, language), on_words)


def _problems(catalogue: Catalogue, checks: tuple[Check, ...]) -> Iterator[Problem]:
    for check in checks:
        for finding in check.find(catalogue):
            yield check.rule.broken(finding.file, finding.line, finding.message, finding.path)

"""The rules content keeps, in the order a page lists them."""

from collections.abc import Iterator

from app.authoring.catalogue import Catalogue
from app.authoring.problem import Problem, Severity
from app.authoring.rules import choices, identity, skills, wording
from app.authoring.rules.finding import Finding, Rule

RULES: tuple[Rule, ...] = (
    Rule("unique-ids", "Every id is used once in the catalogue.", identity.ids_are_unique),
    Rule(
        "well-formed-names",
        "Folder and file names are lower-case words joined by hyphens.",
        identity.slugs_are_well_formed,
    ),
    Rule(
        "unique-names",
        "No two modules of the catalogue, skills or items of a module share a name.",
        identity.slugs_are_unique,
    ),
    Rule("modules-exist", "Every module a programme lists is there.", identity.modules_exist),
    Rule(
        "skills-exist", "Every skill an item names is a skill of its module.", identity.skills_exist
    ),
    Rule(
        "main-skill-folder",
        "An item lies in the folder of its main skill, the first it names.",
        identity.items_lie_with_their_main_skill,
    ),
    Rule(
        "prerequisites-exist",
        "Every prerequisite is a skill of the same module.",
        skills.prerequisites_exist,
    ),
    Rule(
        "no-prerequisite-cycle",
        "No skill is, directly or through others, its own prerequisite.",
        skills.prerequisites_have_no_cycle,
    ),
    Rule(
        "enough-lessons",
        "Each active skill has at least two lessons in two formats.",
        skills.skills_have_lessons,
    ),
    Rule(
        "enough-exercises",
        "Each active skill has at least eight exercises in three formats besides its transfer case.",
        skills.skills_have_exercises,
    ),
    Rule(
        "one-transfer-case",
        "Each active skill has exactly one transfer case.",
        skills.skills_have_one_transfer_case,
    ),
    Rule(
        "transfer-hard-to-guess",
        "A transfer case is guessed right at most one time in ten.",
        skills.transfer_cases_are_hard_to_guess,
    ),
    Rule(
        "feedback-says-why",
        "Every option, step, pair and mistake has feedback of at least 20 characters.",
        wording.feedback_says_why,
    ),
    Rule(
        "explanation-long-enough",
        "Every explanation has at least 60 characters.",
        wording.explanations_explain,
    ),
    Rule("few-hints", "An exercise has at most two hints.", wording.hints_are_few),
    Rule("options-differ", "No two choices of an item have the same text.", choices.options_differ),
    Rule(
        "answers-differ",
        "No foreseen mistake is covered by the right answer or by a mistake before it.",
        choices.foreseen_answers_differ,
    ),
    Rule(
        "no-all-or-none",
        "No option says all of the above or none of the above.",
        choices.no_option_means_all_or_none,
    ),
    Rule(
        "right-option-length",
        "No right option is more than 1.5 times as long as the longest wrong one.",
        choices.right_options_are_not_far_longer,
    ),
    Rule(
        "right-option-seldom-longest",
        "In at most 40 % of a module's choice items the right option is clearly the longest.",
        choices.right_options_are_seldom_longest,
    ),
    Rule(
        "headings-from-two",
        "Headings inside a text start with two number signs.",
        wording.headings_start_at_two,
    ),
    Rule("images-have-words", "Every image has alternative text.", wording.images_have_words),
    Rule(
        "safe-addresses",
        "Links start with https:// or mailto:, and an image is a file name of the module's media.",
        wording.images_and_links_are_safe,
    ),
    Rule("no-raw-html", "Texts hold Markdown and no HTML.", wording.no_raw_html),
    Rule(
        "right-option-place",
        "The right option does not stand at the same place in most files of a module.",
        choices.right_options_change_place,
        Severity.WARNING,
    ),
    Rule(
        "lesson-length",
        "A lesson has 150 to 350 words.",
        wording.lessons_have_a_fit_length,
        Severity.WARNING,
    ),
    Rule(
        "reading-grade",
        "A text has a Flesch-Kincaid reading grade of 14 at most.",
        wording.texts_are_easy_enough,
        Severity.WARNING,
    ),
    Rule(
        "short-sentences",
        "A sentence has 35 words at most.",
        wording.sentences_are_short,
        Severity.WARNING,
    ),
)


def problems_of(catalogue: Catalogue) -> Iterator[Problem]:
    for rule in RULES:
        for finding in rule.check(catalogue):
            yield _problem(rule, finding)


def _problem(rule: Rule, finding: Finding) -> Problem:
    return Problem(finding.file, finding.line, rule.name, finding.message, rule.severity)

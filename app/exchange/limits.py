"""How much of a stranger's file is read. Beyond any of these it is refused with a sentence."""

MEGABYTE = 1_000_000

FILE_BYTES = 16 * MEGABYTE  # a file given by itself, and one file inside an archive
ARCHIVE_BYTES = 32 * MEGABYTE  # an archive as it is given
ARCHIVE_FILES = 2_000
INFLATED_BYTES = 100 * MEGABYTE  # all that is read of an archive, counted while it inflates
INFLATE_RATIO = 100  # text inflates five to twenty times; bombs a thousand
RATIO_SPARED_BYTES = MEGABYTE  # a small file of blanks is no bomb
FOLDER_FILES = 5_000

XML_DEPTH = 50
XML_ELEMENTS = 100_000

QUESTIONS = 5_000
ANSWERS = 100  # options, steps or pairs of one question
SECONDS = 10  # of processor time for one file; a web worker is ended after 30 by the clock
TEXT_CHARACTERS = 30_000  # one text of a question: its wording, an option, feedback
TEXT_TAGS = 1_500
HTML_DEPTH = 100
PICTURE_BYTES = 5 * MEGABYTE
PICTURES_BYTES = 30 * MEGABYTE

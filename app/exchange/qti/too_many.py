"""What is said where a question of QTI, old or new, has more parts than Cairn asks with."""

from app.words import Sentence


def too_many_options(count: int, *, most: int) -> Sentence:
    return Sentence("It has %(count)d options; %(most)d are the most.", count=count, most=most)


def too_many_steps(count: int, *, most: int) -> Sentence:
    return Sentence("It has %(count)d steps; %(most)d are the most.", count=count, most=most)


def too_many_answers(count: int, *, most: int) -> Sentence:
    return Sentence("It names %(count)d answers; %(most)d are the most.", count=count, most=most)

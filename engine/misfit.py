"""How well somebody's answers fit the record: whether a few right ones say enough of them.

    record  P(o) as it was expected
    misfit  P(o) from B M + (1 - B) p: nearer to the middle, as if answers said less
            w <- w P_misfit(o) / (w P_misfit(o) + (1 - w) P_record(o)), drawn a little to the share

The record believes that a skill is known or not, and that an answer tells which. Of some people
this is not so: what they know grows little by little, guesses and slips are frequent, or items ask
for something else than is written down. Their answers go to and fro, on every skill alike; so w
belongs to the person. It moves no mastery: engine.standing asks by it for more right answers.
Source: person fit, Drasgow, Levine & Williams (1985), British Journal of Mathematical and
Statistical Psychology 38, 67-86; Meijer & Sijtsma (2001), Applied Psychological Measurement 25,
107-135. That it is a posterior, so that it can be said after every answer, is ours.
"""

BLUR = 0.3
MIDDLE = 0.6
DRIFT = 0.002
"""How far the posterior is drawn toward the share at every answer: nobody is held to it."""


def weigh_misfit(before: float, share: float, *, predicted: float, right: bool) -> float:
    """Return the chance of misfit after an answer.

    before: that chance before it, in (0, 1).  share: of people, before any answer, in (0, 1).
    predicted: P(correct) by the record, in [0, 1].
    """
    blurred = (1.0 - BLUR) * predicted + BLUR * MIDDLE
    if right:
        joint, rest = before * blurred, (1.0 - before) * predicted
    else:
        joint, rest = before * (1.0 - blurred), (1.0 - before) * (1.0 - predicted)
    return (1.0 - DRIFT) * (joint / (joint + rest)) + DRIFT * share

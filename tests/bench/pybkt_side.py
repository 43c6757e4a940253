"""pyBKT's own figures on given rows: runs in any Python that has pyBKT, its C++ build included.

    PYTHON tests/bench/pybkt_side.py ROWS.npz STARTS SEED UPDATES

ROWS.npz has learner, skill and correct, a row an answer, in order. STARTS is how many random starts
a fit makes, from SEED, and UPDATES how many online updates of its Roster are timed. Prints one JSON
object. It imports nothing of the repository, so that it can run where that is not installed.
"""

import json
import sys
import warnings
from importlib import util
from time import process_time
from typing import Any

import numpy as np


def report() -> None:
    warnings.simplefilter("ignore")  # what pyBKT's own imports say is not ours to fix
    import pandas as pd  # noqa: PLC0415
    from pyBKT.fit import EM_fit  # noqa: PLC0415
    from pyBKT.models import Model  # noqa: PLC0415

    rows = np.load(sys.argv[1])
    table = pd.DataFrame(
        {
            "user_id": rows["learner"],
            "skill_name": np.char.add("s", rows["skill"].astype(str)),
            "correct": rows["correct"].astype(int),
            "order_id": np.arange(len(rows["skill"])),
        }
    )
    spent = [0.0]
    whole_fit = EM_fit.EM_fit

    def clocked(*given: Any, **named: Any) -> Any:
        began = process_time()
        found = whole_fit(*given, **named)
        spent[0] += process_time() - began
        return found

    EM_fit.EM_fit = clocked
    model = Model(seed=int(sys.argv[3]), num_fits=int(sys.argv[2]), parallel=False)
    began = process_time()
    model.fit(data=table)
    seconds = process_time() - began
    rates = {
        name[1:]: [
            float(own["prior"]), float(own["learns"][0]), float(own["guesses"][0]),
            float(own["slips"][0]),
        ]
        for name, own in model.coef_.items()
    }  # fmt: skip
    update = _roster(model, next(iter(model.coef_)), updates=int(sys.argv[4]))
    print(
        json.dumps(
            {
                "compiled": util.find_spec("pyBKT.fit.E_step") is not None,
                "seconds": seconds,
                "seconds_in_em": spent[0],
                "rates": rates,
                "roster_update_us": update,
            }
        )
    )


def _roster(model: Any, skill: str, *, updates: int) -> float:
    """Return microseconds of one online update of one learner, the best of three rounds."""
    from pyBKT.models import Roster  # noqa: PLC0415

    found = []
    for _ in range(3):
        roster = Roster(["a"], skill, model=model)
        began = process_time()
        for number in range(updates):
            roster.update_state(skill, "a", number % 3 > 0)
        found.append(process_time() - began)
    return 1e6 * min(found) / updates


if __name__ == "__main__":
    report()

"""All worlds and policies by name. Add yours here."""

from engine.simulate.alosi import AlosiDocumented, AlosiShipped
from engine.simulate.baselines import FixedCount, FixedMastery, GatedLowest, Random
from engine.simulate.binary import Binary
from engine.simulate.fitted import FittedByOurs, FittedByRival
from engine.simulate.forgetting import Forgetting
from engine.simulate.growth import Growth
from engine.simulate.mismatch import Mismatch
from engine.simulate.oatutor import OATutor, OATutorGated
from engine.simulate.oracle import Oracle
from engine.simulate.own import Cairn
from engine.simulate.planners import GreedyGain, Lookahead
from engine.simulate.protocols import Method, World
from engine.simulate.zpdes import ZPDES

WORLDS: dict[str, World] = {
    world.name: world
    for world in (Binary(), Growth(), Forgetting(), Mismatch(), FittedByOurs(), FittedByRival())
}

METHODS: dict[str, Method] = {
    method.name: method
    for method in (
        Random(),
        FixedCount(),
        FixedMastery(),
        GatedLowest(),
        OATutor(),
        OATutorGated(),
        AlosiShipped(),
        AlosiDocumented(),
        ZPDES(),
        GreedyGain(),
        Lookahead(),
        Cairn(),
        Oracle(),
    )
}

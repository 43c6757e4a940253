"""Simulated worlds, rival policies and an oracle: how well a choice of items teaches.

protocols.py says what a world and a policy must offer; registry.py names all there are;
study.py lets one learner study; figures.py sums many up; rehearsal.py rehearses a module for its
trainer. Never imported by a web worker except through rehearsal.
"""

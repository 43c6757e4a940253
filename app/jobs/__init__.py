"""The door for long work: `flask work` takes jobs up one after another, each in its own process.

A process of its own, because fitting needs libraries and memory that no web worker should hold, and
because what it took is given back when it ends. A task is one function here; it asks services.
"""

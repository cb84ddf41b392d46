"""Calls: from a request to what its answer says, with whatever may happen on the way.

Nothing here opens connections. What a call does is written once, as a generator of steps
(`performing`), and driven by two clients: one that waits, and one that lets others run.
"""

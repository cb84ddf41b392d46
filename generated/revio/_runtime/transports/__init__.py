"""How documents get to the service and back: one request, one response, no opinion on either.

A transport has one method, `send`. It knows HTTP, connections and time, and nothing of the
documents that it carries.
"""

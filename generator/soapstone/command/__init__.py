"""The command: what a user types, and what is answered.

`application` declares the commands and their options, and imports what a command does when it is
called: black and jsonschema take longer to import than `soapstone --help` may take. `guard` sees to
it that whatever happens ends with a sentence and an exit code.
"""

from soapstone.command.guard import main

__all__ = ["main"]

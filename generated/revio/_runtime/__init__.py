"""Support code of a generated package: checks, XML text, answers and errors.

Written by hand and copied as it is. It needs the standard library only, knows no service,
and is private to the package that it was copied into.
"""

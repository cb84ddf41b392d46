"""Specs to start from: text with comments that teach the language, and that lints as it stands.

Whatever is written here was decoded, linted and planned before it reaches a disk, in a folder of its
own, so that a service with unusual members is noticed here and not by the user.
"""

from soapstone.scaffold.naming import (
    Draft,
    RefusedNameError,
    draft_operation,
    draft_service,
)
from soapstone.scaffold.operation import operation_text
from soapstone.scaffold.service import service_texts

__all__ = [
    "Draft",
    "RefusedNameError",
    "draft_operation",
    "draft_service",
    "operation_text",
    "service_texts",
]

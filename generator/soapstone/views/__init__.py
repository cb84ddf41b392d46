"""What the Python will say: everything that a template needs, decided and named.

Two kinds of text stand here. `Code` is Python source made of names that `naming` approved; a template
prints it as it is. A plain `str` came from a spec; a template can only pass it through the filters
`literal` and `docstring`.
"""

from __future__ import annotations

from soapstone.views.checks import (
    ArgumentView,
    BranchView,
    CheckView,
    ConditionView,
    ConstraintView,
    ItemChecksView,
    RuleGroupView,
    RuleMemberView,
    RuleView,
    ValidatorView,
    branches,
)
from soapstone.views.classes import (
    AttributeView,
    ClassView,
    EnumerationView,
    ListAttributeView,
)
from soapstone.views.code import ConstantView, Docstring, ImportView, Section
from soapstone.views.modules import (
    AlternativeView,
    AuthenticationView,
    ErrorsView,
    ErrorView,
    ExportView,
    MessageValueView,
    MessageView,
    OperationAuthenticationView,
    OperationView,
    OutcomeView,
    PackageView,
    ProtocolView,
    TypesView,
)
from soapstone.views.tests import (
    AuthenticationTestsView,
    CaseView,
    DocumentedAnswerView,
    DocumentedRequestView,
    ErrorTestsView,
    MessageCaseView,
    NamedRequestView,
    OpeningView,
    OperationTestsView,
    StatesView,
    ValueView,
)
from soapstone.views.wire import (
    ItemWritesView,
    ReaderView,
    ReadView,
    StateView,
    WriterView,
    WriteView,
)

__all__ = [
    "AlternativeView",
    "ArgumentView",
    "AttributeView",
    "AuthenticationTestsView",
    "AuthenticationView",
    "BranchView",
    "CaseView",
    "CheckView",
    "ClassView",
    "ConditionView",
    "ConstantView",
    "ConstraintView",
    "Docstring",
    "DocumentedAnswerView",
    "DocumentedRequestView",
    "EnumerationView",
    "ErrorTestsView",
    "ErrorView",
    "ErrorsView",
    "ExportView",
    "ImportView",
    "ItemChecksView",
    "ItemWritesView",
    "ListAttributeView",
    "MessageCaseView",
    "MessageValueView",
    "MessageView",
    "NamedRequestView",
    "OpeningView",
    "OperationAuthenticationView",
    "OperationTestsView",
    "OperationView",
    "OutcomeView",
    "PackageView",
    "ProtocolView",
    "ReadView",
    "ReaderView",
    "RuleGroupView",
    "RuleMemberView",
    "RuleView",
    "Section",
    "StateView",
    "StatesView",
    "TypesView",
    "ValidatorView",
    "ValueView",
    "WriteView",
    "WriterView",
    "branches",
]

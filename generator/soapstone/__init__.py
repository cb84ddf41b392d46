"""Carves typed, tested, dependency-free Python clients out of YAML specs of XML and SOAP APIs."""

__version__ = "0.1.0"

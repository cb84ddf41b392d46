"""Tests of the package that they lie in; they need pytest and nothing else."""

"""Whose result is checked in the cases worked out on paper: the second reading of the model, and the program."""

import pytest

from .model import oracle
from .program import program


@pytest.fixture(params=[oracle, program], ids=["oracle", "program"])
def result_of(request):
    return request.param

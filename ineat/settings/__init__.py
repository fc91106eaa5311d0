"""Django settings of iNEAT, one module per matter. Values come from the environment: see `ineat/environment.py`."""

from .base import *  # noqa: F403
from .security import *  # noqa: F403
from .people import *  # noqa: F403
from .background import *  # noqa: F403
from .audit import *  # noqa: F403
from .reporting import *  # noqa: F403

"""Types of arrays, as annotations of compiled code name them."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]
F4 = NDArray[np.float32]
I8 = NDArray[np.int64]
U8 = NDArray[np.uint64]
U1 = NDArray[np.uint8]
Struct: TypeAlias = Any  # structured array; its fields are read as attributes, which only compiled code can

"""One small program, for tests of where machine code is kept."""

from kalkan.jit import kernel


@kernel
def twice(x: float) -> float:
    return 2.0 * x + 1.0

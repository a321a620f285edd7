"""What it can be tried on: a simulated round with its truth, and the real FDRS rounds."""

from vitality.datasets.fdrs import FdrsRounds, load_fdrs
from vitality.datasets.panel import synthetic_panel
from vitality.datasets.simulate import SimulatedRound, Truth, simulate_round

__all__ = ["FdrsRounds", "SimulatedRound", "Truth", "load_fdrs", "simulate_round", "synthetic_panel"]

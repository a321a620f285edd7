"""What explains the index and what holds it back: associations with their guard, diagnosis, advice."""

from vitality.analysis.advice import recommend
from vitality.analysis.coupling import Coupling, SharedPart, coupling, reasons, ways_out
from vitality.analysis.describe import describe_indicators
from vitality.analysis.diagnosis import contributions, obstacles, short_boards
from vitality.analysis.multiplicity import adjust_p
from vitality.analysis.quadrants import QUADRANTS, four_lacks, resource_quadrants
from vitality.analysis.resources import correlate_resources

__all__ = [
    "QUADRANTS",
    "Coupling",
    "SharedPart",
    "adjust_p",
    "contributions",
    "correlate_resources",
    "coupling",
    "describe_indicators",
    "four_lacks",
    "obstacles",
    "reasons",
    "recommend",
    "resource_quadrants",
    "short_boards",
    "ways_out",
]

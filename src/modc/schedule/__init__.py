"""Where and in which order: from an optimised Program to loop nests with storage."""

from modc.schedule.extents import Unschedulable
from modc.schedule.kernel import schedule

__all__ = ["Unschedulable", "schedule"]

"""Demo content: loaded once per version, and live data while the demo runs."""

from .content import DemoPart, demo_parts, load_part
from .live import live_supervisor
from .models import DemoState

__all__ = ["DemoPart", "DemoState", "demo_parts", "live_supervisor", "load_part"]

"""What the scripts run: one module a script.

Engine, store and ingest know no Home Assistant, so a script that needs only
those must not pay for loading it. Importing this package makes them importable
as ``openstrap.…`` without running the integration's own ``__init__``.
"""

from pathlib import Path
import sys
import types

ROOT = Path(__file__).resolve().parents[2]

if "openstrap" not in sys.modules:
    _package = types.ModuleType("openstrap")
    _package.__path__ = [str(ROOT / "custom_components" / "openstrap")]
    sys.modules["openstrap"] = _package

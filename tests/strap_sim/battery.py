"""The battery: it empties by itself and fills on the charger."""

from typing import TYPE_CHECKING, Final

from custom_components.openstrap.engine.protocol import EventId
from custom_components.openstrap.engine.protocol.encode import battery_body

if TYPE_CHECKING:
    from .strap import SimulatedStrap

EMPTYING_PERCENT_PER_S: Final = 20 / 86_400
FILLING_PERCENT_PER_S: Final = 100 / 7_200
"""Five days of wear, two hours on the charger."""


class Battery:
    """State of charge of one strap."""

    def __init__(self, strap: SimulatedStrap, percent: float = 87.3) -> None:
        """Begin somewhere."""
        self._strap = strap
        self._since, self._then = strap.time.now(), percent
        self.charging = False

    @property
    def percent(self) -> float:
        """State of charge, %."""
        rate = FILLING_PERCENT_PER_S if self.charging else -EMPTYING_PERCENT_PER_S
        percent = self._then + (self._strap.time.now() - self._since) * rate
        return min(100.0, max(1.0, percent))

    @property
    def millivolts(self) -> int:
        """Voltage."""
        return 3500 + round(self.percent * 7)

    def set_percent(self, percent: float) -> None:
        """Have so much charge now."""
        self._since, self._then = self._strap.time.now(), percent

    def set_charging(self, charging: bool) -> None:
        """Put the strap on the charger or take it off."""
        if charging != self.charging:
            self.set_percent(self.percent)
            self.charging = charging
            self._strap.event(EventId.CHARGING_ON if charging else EventId.CHARGING_OFF)
            self.report()

    def report(self) -> None:
        """Tell the state of charge, as the strap does now and then."""
        body = battery_body(self.percent, self.millivolts, charging=self.charging)
        self._strap.event(EventId.BATTERY_LEVEL, body)

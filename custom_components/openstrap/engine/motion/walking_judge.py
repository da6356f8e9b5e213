"""The fitted numbers of the judge of walking, and on what they were fitted.

Recordings of steps counted by the wearer at the wrist (Rieck K. 2025, stepcounter-devel, MIT) and
with foot switches at the arm (Salvi D., Velardo C. et al., Oxford step counter data set, CC BY
4.0): ``script/tools/fit_walking.py``. With the recordings of one group left out in turn walks are
counted as well as with all of them; the work of hands comes in one group alone.
"""

from typing import Final

from .walking import Judge

JUDGE: Final = Judge(
    mean=(
        *(-1.0752, 2.5953, -0.1779, 1.135, 0.3702, 0.6246, 0.4587),
        *(1.7672, -0.7501, 1.1021, -1.0555, 0.9218, 4.3806, 0.1465),
    ),
    scale=(
        *(1.1997, 2.7113, 1.0504, 1.5396, 0.6982, 0.7821, 0.7046),
        *(0.6265, 0.7345, 1.7212, 1.1079, 1.6709, 0.5804, 0.1196),
    ),
    weight=(
        *(0.2837, -1.9759, 0.8054, -3.8452, -0.4598, 1.5713, 0.9698),
        *(-0.0978, -0.22, 2.7341, 1.4356, 0.8835, -1.7043, -1.3477),
    ),
    bias=1.0191,
)

"""Why an interceptor may arrive slower at 40 km than at 200 km: how much of the way lies in thick air.

Run as ``python docs/design/flyout_speed.py``; prints the table of docs/model.md.
"""

import numpy as np

from kalkan.catalogue import load_catalogue
from kalkan.compile.defence import interceptor_data
from kalkan.compile.inputs import Inputs
from kalkan.models.flyout import arc, build, calibrate, fly, lookup, standard_air

ALTITUDE_M, THICK_M = 8e3, 10e3


def main() -> None:
    """Time, speed, highest point, way below 10 km, and the speed without drag, by range."""
    data = interceptor_data("48n6e3", Inputs(load_catalogue(), {}))
    air = standard_air()
    table, body = build(data), calibrate(data)
    vacuum = build(data._replace(drag_coefficient=0.0))
    print("range  time  speed  highest  below 10 km  speed without drag")
    for range_km in (20, 40, 60, 100, 150, 200):
        time_s, speed = lookup(
            table.time_s, table.speed_m_s, table.range_step_m, table.altitude_step_m, range_km * 1e3, ALTITUDE_M
        )
        _, free = lookup(
            vacuum.time_s, vacuum.speed_m_s, vacuum.range_step_m, vacuum.altitude_step_m, range_km * 1e3, ALTITUDE_M
        )
        _, along, above = arc(range_km * 1e3, ALTITUDE_M, body, air, data.minimum_speed_m_s, 0.1)
        step = np.hypot(np.diff(along), np.diff(above))
        thick = step[above[1:] < THICK_M].sum()
        row = (f"{range_km} km", f"{time_s:.0f} s", f"{speed:.0f} m/s", f"{above.max() / 1e3:.0f} km")
        print("  ".join((*row, f"{thick / 1e3:.0f} of {step.sum() / 1e3:.0f} km", f"{free:.0f} m/s")))
    for loft in (0.12, 0.2):
        time_s, speed = fly(40e3, ALTITUDE_M, loft * 40e3, body, air, data.minimum_speed_m_s, 1.0)
        print(f"40 km, arc raised by {loft * 40:.1f} km: {time_s:.1f} s, {speed:.0f} m/s")


if __name__ == "__main__":
    main()

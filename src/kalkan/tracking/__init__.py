"""The air picture: plots in, tracks and what becomes of them out.

``sector.track_sector`` is the way in, ``tables.AirPicture`` what it works on, ``tables.CHANGES`` what it tells. Nothing
here knows what else a simulation plans, changes or writes down.
"""

"""Coverage: what each radar sees and what each battery can reach, over real terrain.

Pure functions of a laydown (:mod:`kalkan.cover.laydown`); pictures and files are made in ``views``. The façade's
function is ``kalkan.coverage``, hence this room's shorter name.
"""

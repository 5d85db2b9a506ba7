"""Quality of the pictures: every now and then each post's confirmed tracks are held against the true objects.

Nothing here changes what happens: a replication whose pictures are watched is the same replication. What is counted is
in ``tracking.scoring``; a second track on one object is one that is left over when tracks are assigned to objects,
while the object of its last plot has another, at three comparisons in a row: tracks that trade a plot in a dense raid
are soon sorted out.
"""

from __future__ import annotations

import math

from kalkan.earth.frames import into
from kalkan.jit import kernel
from kalkan.kernels import events
from kalkan.kernels.booking import fell_short
from kalkan.kernels.search import boresight_of
from kalkan.kernels.sensing import covers, everything_now
from kalkan.kernels.state import Watched
from kalkan.kernels.world import World
from kalkan.schema import PAIRS_FULL
from kalkan.tracking.scoring import score
from kalkan.tracking.tables import CONFIRMED

LASTING = 3  # comparisons in a row that make a track that is left over a second one


@kernel
def watch(world: World, entity: int, t_s: float) -> None:
    """Hold every post's picture against the truth; the next time is queued."""
    plan, state = world.plan, world.state
    post, row = world.records.post, world.run.row[0]
    everything_now(plan, state, t_s)
    for p in range(plan.pictures.size):
        if post.picture_samples[row, p] == 0:
            state.watched.serial[p] = 0
        n, covered = _objects_there(world, p)
        m = _tracks_there(world, p, t_s)
        found = score(
            state.watched.objects, n, state.watched.claimants, m, plan.watching.cut_off_m, state.tracks.assignment
        )
        if found.full:
            fell_short(world, PAIRS_FULL)
        post.picture_samples[row, p] += 1
        post.picture_gospa_m[row, p] += found.gospa_m
        post.picture_objects[row, p] += n
        post.picture_in_view[row, p] += covered
        post.picture_tracked[row, p] += found.tracked
        post.picture_tracks[row, p] += m
        post.picture_owned[row, p] += found.owned
        _book_errors(world, p, n, m)
        _book_second_tracks(world, p, n, m)
    events.push(state.heap, t_s + plan.watching.period_s, events.WATCH, 0, 0)


@kernel
def _objects_there(world: World, p: int) -> tuple[int, int]:
    """List the objects that fly, in picture `p`'s frame; how many, and how many a search radar of the post can see."""
    plan, truth, objects = world.plan, world.state.truth, world.state.watched.objects
    n, covered, o = 0, 0, plan.pictures.origin_m
    for i in range(truth.size):
        if not (truth.present[i] and truth.alive[i]):
            continue
        at, v = truth.now_m[i], truth.now_m_s[i]
        x, y, z = into(plan.pictures.to_local, p, at[0] - o[p, 0], at[1] - o[p, 1], at[2] - o[p, 2])
        objects.x[n, 0], objects.x[n, 1], objects.x[n, 2] = x, y, z
        objects.x[n, 3], objects.x[n, 4], objects.x[n, 5] = into(plan.pictures.to_local, p, v[0], v[1], v[2])
        objects.number[n], objects.in_view[n] = i, _in_view(world, p, x, y, z)
        covered += objects.in_view[n]
        n += 1
    return n, covered


@kernel
def _in_view(world: World, p: int, x: float, y: float, z: float) -> int:
    """1 if a search radar of picture `p` covers a place [m] now, 0 if none does."""
    plan = world.plan
    for r in range(plan.radars.size):
        if plan.radars.picture[r] == p and covers(plan, r, boresight_of(plan, world.state, r), x, y, z):
            return 1
    return 0


@kernel
def _tracks_there(world: World, p: int, t_s: float) -> int:
    """List the confirmed tracks of picture `p`, moved on to `t_s` [s]; how many."""
    air, claimants, m = world.state.tracks, world.state.watched.claimants, 0
    for a in range(air.n[p]):
        k = air.active[p, a]
        if air.table.status[p, k] != CONFIRMED:
            continue
        dt = t_s - air.table.t_s[p, k]
        for i in range(3):
            claimants.x[m, i] = air.table.x[p, k, i] + dt * air.table.x[p, k, i + 3]
            claimants.x[m, i + 3] = air.table.x[p, k, i + 3]
        claimants.slot[m] = k
        m += 1
    return m


@kernel
def _book_errors(world: World, p: int, n: int, m: int) -> None:
    """Add up how far the tracks are from the objects that they belong to, and count objects in view with a track."""
    post, row, watched = world.records.post, world.run.row[0], world.state.watched
    for j in range(m):
        i = watched.claimants.owner[j]
        if i >= 0:
            off2 = 0.0
            for axis in range(3, 6):
                off2 += (watched.claimants.x[j, axis] - watched.objects.x[i, axis]) ** 2
            post.picture_error_m[row, p] += watched.claimants.error_m[j]
            post.picture_error_m_s[row, p] += math.sqrt(off2)
    for i in range(n):
        post.picture_seen[row, p] += watched.objects.tracked[i] * watched.objects.in_view[i]


@kernel
def _book_second_tracks(world: World, p: int, n: int, m: int) -> None:
    """Count each track that was left over, while the object of its last plot had another, so often in a row."""
    table, watched = world.state.tracks.table, world.state.watched
    for j in range(m):
        k = watched.claimants.slot[j]
        if watched.serial[p, k] != table.serial[p, k]:
            watched.serial[p, k], watched.in_a_row[p, k] = table.serial[p, k], 0
        watched.in_a_row[p, k] = watched.in_a_row[p, k] + 1 if _is_second(watched, n, j, table.threat[p, k]) else 0
        if watched.in_a_row[p, k] == LASTING:
            world.records.post.picture_second[world.run.row[0], p] += 1


@kernel
def _is_second(watched: Watched, n: int, j: int, number: int) -> bool:
    """Whether track `j` is left over near an object, while the object `number` of its last plot has a track."""
    if watched.claimants.spare[j] == 0 or watched.claimants.owner[j] < 0:
        return False
    for i in range(n):
        if watched.objects.number[i] == number:
            return watched.objects.tracked[i] == 1
    return False

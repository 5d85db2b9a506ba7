"""Visible or hidden, against GRASS GIS r.viewshed on the same grid of heights.

r.viewshed (Haverkort, Toma and Zhuang, doi 10.1145/1498698.1537600) sweeps the raster exactly, with refraction as a
share of the curvature: 0.25 is k = 4/3. The grid is azimuthal equidistant about the site, so that its plane
distances are ground ranges. Its cells are 100 m wide, the example's kilometre cells interpolated: r.viewshed takes a
cell's height to hold over the whole angle under which it appears, so that with coarse cells next to the site both
programs would rightly differ.
"""

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from kalkan.earth import horizon
from kalkan.earth.terrain import Terrain

REAL = Path(__file__).parents[2] / "examples/terrain/globe30s_turkiye_emed.tif"
SITES = {"summit": (37.8, 32.07), "valley": (40.65, 35.83)}
RADIUS_M, CELL_M = 40e3, 100.0
NO_GRASS = shutil.which("grass") is None


@pytest.fixture(scope="module", params=SITES)
def local_grid(request, tmp_path_factory):
    """Heights on a grid about a site, as a file, with ground range and azimuth of every cell."""
    from pyproj import Geod, Transformer

    lat0, lon0 = SITES[request.param]
    proj = f"+proj=aeqd +lat_0={lat0} +lon_0={lon0} +datum=WGS84 +units=m +no_defs"
    n = int(RADIUS_M / CELL_M)
    axis = CELL_M * np.arange(-n, n + 1)
    x, y = np.meshgrid(axis, -axis)
    lon, lat = Transformer.from_crs(proj, "EPSG:4326", always_xy=True).transform(x, y)
    heights = Terrain.open(REAL).elevation(lat, lon).astype(np.float32)
    path = tmp_path_factory.mktemp(request.param) / "heights.tif"
    edge = -(n + 0.5) * CELL_M
    shape = {"height": 2 * n + 1, "width": 2 * n + 1, "count": 1, "dtype": "float32"}
    corner = from_origin(edge, -edge, CELL_M, CELL_M)
    with rasterio.open(path, "w", driver="GTiff", crs=proj, transform=corner, **shape) as data:
        data.write(heights, 1)
    ones = np.ones_like(lat)
    azimuth, _, d = Geod(ellps="WGS84").inv(lon0 * ones, lat0 * ones, lon, lat)
    return (lat0, lon0), path, heights, np.radians(azimuth), d


def grass_viewshed(path, antenna_m, target_m):
    """r.viewshed's visible cells, bool."""
    out = path.with_name(f"visible-{antenna_m:g}-{target_m:g}.tif")
    script = path.with_name("viewshed.sh")
    script.write_text(
        f"set -e\nr.in.gdal -o --q input={path} output=heights\ng.region raster=heights\n"
        f"r.viewshed -c -r -b --o --q input=heights output=seen coordinates=0,0 observer_elevation={antenna_m} "
        f"target_elevation={target_m} refraction_coeff=0.25 max_distance={RADIUS_M} memory=500\n"
        f"r.out.gdal --o --q input=seen output={out} type=Byte\n"
    )
    command = ["grass", "--tmp-location", str(path), "--exec", "sh", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    with rasterio.open(out) as data:
        return data.read(1) == 1


@pytest.mark.skipif(NO_GRASS and not os.environ.get("CI"), reason="GRASS GIS is not installed")
@pytest.mark.parametrize("antenna_m, target_m", [(24.0, 100.0), (4.0, 1000.0)])
def test_r_viewshed_agrees(local_grid, antenna_m, target_m):
    """Visible or hidden, cell by cell about two real sites: fewer than 0.3 % differ.

    Against: program: GRASS GIS r.viewshed, doi:10.1145/1498698.1537600.
    """
    site, path, heights, azimuth, d = local_grid
    table = horizon.build(Terrain.open(path), *site, antenna_m, RADIUS_M)
    floor = horizon.floor_height(table, azimuth, np.minimum(d, RADIUS_M))
    inside = (d < 0.995 * RADIUS_M) & (d > CELL_M)
    ours, theirs = floor <= heights + target_m, grass_viewshed(path, antenna_m, target_m)
    disagreement = float(np.mean(ours[inside] != theirs[inside]))
    assert 0.05 < ours[inside].mean() < 0.95
    assert disagreement <= 0.003

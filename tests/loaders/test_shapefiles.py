"""Shapefiles as programs leave them: headings cut in two, encodings that are not what is stated."""

import io
import struct
import zipfile

import geopandas as gpd
import pytest
from shapely.geometry import MultiPoint, Polygon, box

from geo.outlines import OutlineError
from loaders.formats.outlines import outline_files, shapefile
from store.errors import FileUnreadableError

WEST, SOUTH = 119.20, 34.60  # in 海州区
SQUARES = [box(WEST + move, SOUTH, WEST + move + 0.002, SOUTH + 0.002) for move in (0, 0.01)]
WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)


def dbf(columns, rows, language=0, count=None):
    """A dBASE table; `columns`: heading (bytes), type, width; `rows`: cells as bytes."""
    width = 1 + sum(size for _, _, size in columns)
    head = struct.pack(
        "<B3BIHH17xB2x", 3, 126, 11, 26,
        len(rows) if count is None else count, 33 + 32 * len(columns), width, language,
    )  # fmt: skip
    for heading, kind, size in columns:
        head += struct.pack("<11sc4xBB14x", heading, kind.encode(), size, 0)
    lines = [
        b" " + b"".join(cell.ljust(size) for cell, (_, _, size) in zip(row, columns, strict=True))
        for row in rows
    ]
    return head + b"\r" + b"".join(lines) + b"\x1a"


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """The .shp and .shx of one and of two squares, and of one with heights, by their number."""
    found = {}
    tall = Polygon([(x, y, 5) for x, y in SQUARES[0].exterior.coords])
    for name, drawn in ((1, SQUARES[:1]), (2, SQUARES), ("tall", [tall])):
        folder = tmp_path_factory.mktemp("shapes")
        gpd.GeoDataFrame({"a": range(len(drawn))}, geometry=drawn, crs=4326).to_file(
            folder / "s.shp"
        )
        found[name] = {part: (folder / f"s.{part}").read_bytes() for part in ("shp", "shx")}
    return found


def packed(shapes, table, prj=WGS84, **more):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for suffix, part in (shapes | {"dbf": table, "prj": prj} | more).items():
            archive.writestr(f"轮廓.{suffix}", part)
    return content.getvalue()


def opened(content):
    """The outlines in a zip, read in this process: a process of its own takes half a second."""
    return outline_files.of_features(shapefile.features(content), "a.zip")


def named(found):
    return list(found[["venue_id", "name"]].itertuples(index=False, name=None))


HEADINGS = [
    ("区域编号", "venue_id"), ("场所编号", "venue_id"), ("场所编码", "venue_id"),
    ("特定区域编号", "venue_id"), ("编号", "venue_id"), ("venue_id", "venue_id"),
    ("区域名称", "name"), ("场所名称", "name"), ("场所全称", "name"), ("名称", "name"),
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("whole", [True, False], ids=["cut in two", "cut before"])
@pytest.mark.parametrize(("heading", "column"), HEADINGS)
def test_a_heading_cut_at_ten_bytes_is_known(heading, column, whole, encoding, shapes):
    cut = heading.encode(encoding)[:10]
    cut = cut if whole else cut.decode(encoding, "ignore").encode(encoding)
    table = dbf([(cut, "C", 20)], [["宏业市场".encode(encoding)]])
    (found,) = named(opened(packed(shapes[1], table)))
    assert dict(zip(("venue_id", "name"), found, strict=True))[column] == "宏业市场"


def test_headings_that_are_alike_when_cut_stand_for_the_id_and_the_name(shapes):
    cut = ["特定区域编号".encode()[:10], "特定区域名称".encode()[:8] + b"_1"]
    table = dbf([(one, "C", 20) for one in cut], [[b"V-9", "市场".encode()]])
    assert named(opened(packed(shapes[1], table))) == [("V-9", "市场")]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("language", [0, 0x57, 0x4D, 0x7A])
@pytest.mark.parametrize(
    "cpg", [None, "UTF-8", "GBK", "ANSI 936", "936", "65001", "OEM", "", "nonsense"]
)
def test_the_encoding_is_found_whatever_the_file_states(encoding, language, cpg, shapes):
    table = dbf(
        [("名称".encode(encoding), "C", 20), ("编号".encode(encoding), "C", 9)],
        [["赣榆宏业广场".encode(encoding), b"V-9"]],
        language,
    )
    more = {} if cpg is None else {"cpg": cpg}
    content = packed(shapes[1], table, **more)
    assert named(opened(content)) == [("V-9", "赣榆宏业广场")]


def test_a_name_cut_in_two_is_read_as_far_as_it_goes(shapes):
    table = dbf([("名称".encode(), "C", 10)], [["宏业购物广场".encode()[:10]]])
    assert named(opened(packed(shapes[1], table))) == [("", "宏业购")]


@pytest.mark.parametrize(
    ("written", "read"),
    [("7.000000000000000", "7"), ("       7", "7"), ("7.5", "7.5"), ("1.0e+003", "1000"),
     ("32070600001", "32070600001"), ("", ""), ("********", "********")],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["N", "F"])
def test_a_number_is_read_as_people_write_it(written, read, kind, shapes):
    table = dbf([(b"id", kind, 20)], [[written.encode()]])
    assert named(opened(packed(shapes[1], table))) == [(read, "")]


def test_a_deleted_row_takes_its_shape_along(shapes):
    table = dbf([(b"id", "C", 4)], [[b"1"], [b"2"]])
    table = table.replace(b" 1   ", b"*1   ")
    found = opened(packed(shapes[2], table))
    assert named(found) == [("2", "")]
    assert found.geometry.iloc[0].symmetric_difference(SQUARES[1]).area < 1e-12


def test_heights_are_left_out(shapes):
    found = opened(packed(shapes["tall"], dbf([(b"id", "C", 4)], [[b"1"]])))
    assert not found.geometry.iloc[0].has_z


SOUND = dbf([(b"id", "C", 4)], [[b"1"]])


@pytest.mark.parametrize(
    "prj",
    ["GEOGCS[", 'GEOGCS["x"]', "[" * 5_000, "EPSG:4326", "乱写", 'LOCAL_CS["x",UNIT["m",1]]',
     WGS84.replace("DATUM", "DATE"), WGS84.encode("utf-16"), "\x00"],
)  # fmt: skip
def test_a_system_that_nobody_knows_is_refused(prj, shapes):
    if isinstance(prj, bytes):
        assert len(opened(packed(shapes[1], SOUND, prj))) == 1
        return
    with pytest.raises(FileUnreadableError, match=r"写的坐标系“.*”认不出"):
        opened(packed(shapes[1], SOUND, prj))


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (SOUND[:-3], "打不开"),
        (SOUND[:40], "打不开"),
        (b"", "打不开"),
        (dbf([(b"id", "C", 4)], [[b"1"]], count=2**31), "打不开"),
        (dbf([(b"id", "C", 4)], [[b"1"], [b"2"]]), "有 1 个图形，.dbf 有 2 条记录"),
        (dbf([(b"id", "C", 9)], [[b"\xff\xff\xff\xff"]]), "编码"),
    ],
)
def test_a_table_that_is_not_whole_is_refused(table, said, shapes):
    with pytest.raises(FileUnreadableError) as error:
        opened(packed(shapes[1], table))
    assert said in str(error.value)


def test_points_alone_are_refused(tmp_path):
    gpd.GeoDataFrame({"a": [1]}, geometry=[MultiPoint([(WEST, SOUTH)])], crs=4326).to_file(
        tmp_path / "s.shp"
    )
    parts = {path.suffix[1:]: path.read_bytes() for path in tmp_path.glob("s.*")}
    with pytest.raises(OutlineError, match="是点，不是面"):
        opened(packed({}, parts["dbf"], **parts))

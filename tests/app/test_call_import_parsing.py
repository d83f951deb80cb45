"""Files of call history as sites export them, and as they come broken."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import accumulate
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.messages import text
from app.messages.call_import import MESSAGES
from app.services import call_file_layout
from app.services.call_file_cells import DateFormat
from app.services.call_file_layout import Role
from app.services.call_import import CallFileFaults, CallFilePreview, understand_calls
from solver.faults import InputFault

BERLIN = ZoneInfo("Europe/Berlin")
BANK = Path(__file__).parents[2].parent / "shared" / "data" / "calls" / "bank_15min.csv"
GERMAN = "Datum;Uhrzeit;Anrufe\n31.12.2003;07:00;1.234\n31.12.2003;07:15;7\n31.12.2003;07:30 Uhr;0\n"


def understood(content: str | bytes, scale: float = 1.0, encoding: str = "utf-8") -> CallFilePreview:
    raw = content if isinstance(content, bytes) else content.encode(encoding)
    return understand_calls(raw, zone=BERLIN, scale=scale)


def faults_of(content: str | bytes, scale: float = 1.0) -> list[tuple[str, str]]:
    with pytest.raises(CallFileFaults) as raised:
        understood(content, scale)
    for fault in raised.value.faults:
        for language in ("de", "en"):
            assert "{" not in text(f"call_import.{fault.code}", language, **fault.facts)
    return [(fault.place, fault.code) for fault in raised.value.faults]


def iso(*rows: str) -> str:
    return "\n".join(["interval_start,calls", *rows])


def test_a_real_series_at_a_fifth() -> None:
    if not BANK.exists():
        pytest.skip("needs the real call series at ../shared/data/calls/bank_15min.csv")
    found = understood(BANK.read_bytes(), 0.2)
    lines = BANK.read_text(encoding="utf-8").split()[1:]
    total = sum(int(line.split(",")[1]) for line in BANK.read_text(encoding="utf-8").splitlines()[1:])
    assert len(lines) == 2 * len(found.intervals)
    assert (found.interval_minutes, found.days, found.date_format) == (15, 126, DateFormat.ISO)
    assert (int(found.calls_before), found.calls_after) == (total, round(total * 0.2))
    assert found.intervals[0].starts_at == datetime(2003, 3, 3, 6, 0, tzinfo=UTC)
    assert found.intervals[-1].starts_at == datetime(2003, 8, 29, 19, 0, tzinfo=UTC)
    assert {day: len(clocks) for day, clocks in found.missing.items()} == {
        date(2003, 4, 4): 57,
        date(2003, 4, 7): 57,
        date(2003, 5, 26): 57,
        date(2003, 7, 4): 57,
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_german_file(encoding: str, newline: str) -> None:
    content = GERMAN.replace("Anrufe", "Gespräche").replace("\n", newline)
    found = understood(content, encoding=encoding)
    assert [interval.calls for interval in found.intervals] == [1234, 7, 0]
    assert [interval.starts_local.hour * 60 + interval.starts_local.minute for interval in found.intervals] == [
        420,
        435,
        450,
    ]
    assert (found.layout.delimiter, found.date_format, found.interval_minutes) == (";", DateFormat.GERMAN, 15)
    assert found.layout.encoding == encoding.removesuffix("-sig")
    assert {role: column.name for role, column in found.layout.columns.items()} == {
        Role.DATE: "Datum",
        Role.TIME: "Uhrzeit",
        Role.CALLS: "Gespräche",
    }


@pytest.mark.parametrize(
    "content",
    [
        'sep=;\nBeginn;Kanal;Anrufe\n"31.12.2003 07:00";A;3\n31.12.2003 07:30:00;B;"4"\n;;\n',
        '"Datum","Beginn","Anrufe"\n31.12.2003,7:00,3\n31.12.2003,07:30,4\n',
        "DATE\tTIME\tCalls\tAHT\n2003-12-31\t07:00\t3\t180\n2003-12-31\t07:30\t4.0\t\n",
        "interval_start,calls\n2003-12-31T07:00:00,3\n2003-12-31 07:30,4\n",
        "Datum;Anzahl Anrufe;;\n\n31.12.03 07:00;3;;\n31.12.03, 07:30;4,0;;\n",
        "interval_start,calls\n2003-12-31 07:30,4\n2003-12-31 07:00,3\n",
    ],
)
def test_the_same_calls_in_many_spellings(content: str) -> None:
    found = understood(content)
    assert [(interval.starts_at, interval.calls) for interval in found.intervals] == [
        (datetime(2003, 12, 31, 6, 0, tzinfo=UTC), 3),
        (datetime(2003, 12, 31, 6, 30, tzinfo=UTC), 4),
    ]
    assert found.interval_minutes == 30


def test_columns_that_are_not_used_are_told() -> None:
    found = understood("Beginn;Kanal;Anrufe;AHT\n31.12.2003 07:00;A;3;1\n31.12.2003 07:30;B;4;2\n")
    assert list(found.layout.ignored) == ["Kanal", "AHT"]


def test_scaled_calls_keep_the_sum_up_to_every_interval() -> None:
    calls = [3, 0, 7, 1, 1, 12, 2, 2, 2, 9, 1234, 5]
    rows = [f"2003-12-31 {7 + index // 4:02d}:{index % 4 * 15:02d},{count}" for index, count in enumerate(calls)]
    found = understood(iso(*rows), 0.2)
    for ours, exact in zip(accumulate(interval.calls for interval in found.intervals), accumulate(calls), strict=True):
        assert abs(ours - Decimal(exact) / 5) <= Decimal("0.5")
    assert all(interval.calls >= 0 for interval in found.intervals)


def test_fractional_calls_only_with_a_scale() -> None:
    content = "Beginn;Anrufe\n31.12.2003 07:00;1.234,5\n31.12.2003 07:30;0,5\n"
    assert faults_of(content) == [
        ("line 2, column 2", "fractional_calls"),
        ("line 3, column 2", "fractional_calls"),
    ]
    assert [interval.calls for interval in understood(content, 2.0).intervals] == [2469, 1]


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), float("inf"), 1e9])
def test_a_scale_that_is_none(scale: float) -> None:
    assert faults_of(GERMAN, scale) == [("scale", "scale_out_of_range")]


def test_the_hour_that_comes_twice() -> None:
    rows = [
        f"2003-10-26 {clock},{count}"
        for count, clock in enumerate(["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"])
    ]
    found = understood(iso(*rows))
    assert [(interval.starts_at.hour, interval.starts_at.minute, interval.calls) for interval in found.intervals] == [
        (23, 30, 0),
        (0, 0, 1),
        (0, 30, 2),
        (1, 0, 3),
        (1, 30, 4),
        (2, 0, 5),
    ]
    assert faults_of(iso(*rows, "2003-10-26 02:30,9")) == [("line 8, column 1", "twice")]


def test_the_hour_that_is_missing() -> None:
    rows = [f"2003-03-30 {clock},1" for clock in ("01:00", "01:30", "02:00", "02:30", "03:00")]
    assert faults_of(iso(*rows)) == [("line 4, column 1", "skipped_hour"), ("line 5, column 1", "skipped_hour")]
    found = understood(iso(rows[0], rows[1], rows[4]))
    assert [interval.starts_at.hour for interval in found.intervals] == [0, 0, 1]
    assert found.missing == {}


def test_intervals_that_are_missing() -> None:
    days = [f"2003-12-{day:02d}" for day in (1, 8, 15, 22)]
    rows = [f"{day} {clock},1" for day in days for clock in ("07:00", "07:30", "08:00")]
    del rows[4]
    del rows[5:8]
    assert understood(iso(*rows)).missing == {date(2003, 12, 8): [450], date(2003, 12, 15): [420, 450, 480]}


A, B = "2003-12-31 07:00,1", "2003-12-31 07:15,2"
BAD_ROWS = [
    ([A, B, "2003-12-31 07:30,-1"], "line 4, column 2", "negative_calls"),
    ([A, B, "2003-12-31 07:30,nan"], "line 4, column 2", "not_a_number"),
    ([A, B, "2003-12-31 07:30,1e3"], "line 4, column 2", "not_a_number"),
    ([A, B, "2003-12-31 07:30,"], "line 4, column 2", "calls_missing"),
    ([A, B, "2003-12-31 07:30,1.234"], "line 4, column 2", "fractional_calls"),
    ([A, B, "2003-12-31 07:30,9999999"], "line 4, column 2", "too_many_calls"),
    ([A, B, "2003-12-31,3"], "line 4, column 1", "not_a_time"),
    ([A, B, "12/31/2003 07:30,3"], "line 4, column 1", "not_a_time"),
    ([A, B, "2003-12-32 07:30,3"], "line 4, column 1", "no_such_time"),
    ([A, B, "2003-12-31 24:00,3"], "line 4, column 1", "no_such_time"),
    ([A, B, "1903-12-31 07:30,3"], "line 4, column 1", "year_out_of_range"),
    ([A, B, "2003-12-31 07:30+01:00,3"], "line 4, column 1", "time_with_offset"),
    ([A, B, "31.12.2003 07:30,3"], "line 4, column 1", "other_date_format"),
    ([A, B, "2003-12-31 07:15,3"], "line 4, column 1", "twice"),
    ([A, B, "2003-12-31 07:30,3", "2003-12-31 07:40,3"], "line 5, column 1", "overlap"),
    ([A, B, "2003-12-31 07:30,3", "2003-12-31 07:55,3"], "line 5, column 1", "off_grid"),
    ([A, B, "2003-12-31 07:30,3", "2003-12-31 07:45:01,3"], "line 5, column 1", "off_grid"),
    ([A, B, "2003-12-31 07:30,3,4"], "line 4", "row_length"),
    ([A, B, "2003-12-31 07:30;3"], "line 4", "row_length"),
    ([A, B, "interval_start,calls"], "line 4", "second_header"),
    (["Interval Start,Calls", A, B], "line 2", "second_header"),
    ([A, B, "2023-12-31 07:30,3"], "line 4", "span_too_long"),
    ([A], "line 2", "interval_unknown"),
    (["2003-12-31 07:00,1", "2003-12-31 07:07,1"], "line 2", "interval_odd"),
    ([A, B, '"2003-12-31 07:30,3'], "line 4", "not_csv"),
    ([A, B, "\x00\x01"], "line 4", "not_text"),
    ([], "line 1", "no_rows"),
]


@pytest.mark.parametrize(("rows", "place", "code"), BAD_ROWS)
def test_bad_row_is_named(rows: list[str], place: str, code: str) -> None:
    assert faults_of(iso(*rows)) == [(place, code)]


BAD_FILES = [
    ("", "line 1", "empty_file"),
    (" \n\n", "line 1", "empty_file"),
    ("\ufeff", "line 1", "empty_file"),
    ("interval_start|calls\n2003-12-31 07:00|1\n", "line 1", "no_delimiter"),
    ("foo,bar\n1,2\n", "line 1", "header_not_understood"),
    ("2003-12-31 07:00,1\n2003-12-31 07:15,2\n", "line 1", "header_not_understood"),
    ("Datum;Uhrzeit\n31.12.2003;07:00\n", "line 1", "column_missing"),
    ("Uhrzeit;Anrufe\n07:00;1\n", "line 1", "column_missing"),
    ("Beginn;Anrufe;Anzahl\n31.12.2003 07:00;1;1\n", "line 1, column 3", "column_twice"),
    ('"Beginn', "line 1", "not_csv"),
    (";;;\n", "line 1", "no_delimiter"),
    (bytes(range(256)) * 100, "line 2", "not_text"),
    (b"\xff\xfe\x00", "line 1", "not_text"),
    (b"PK\x03\x04" + bytes(1000), "line 1", "not_text"),
]


@pytest.mark.parametrize(("content", "place", "code"), BAD_FILES)
def test_bad_file_is_named(content: str | bytes, place: str, code: str) -> None:
    assert faults_of(content) == [(place, code)]


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    assert faults_of(bytes(call_file_layout.MOST_BYTES + 1)) == [("line 1", "file_too_large")]


def test_more_rows_than_any_site_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_file_layout, "MOST_ROWS", 2)
    assert understood(iso(A, B)).days == 1
    assert faults_of(iso(A, B, "2003-12-31 07:30,1")) == [("line 4", "too_many_rows")]


def test_faults_are_all_named_in_the_order_of_lines_up_to_a_thousand() -> None:
    assert faults_of(iso("2003-12-31 07:00,-1", A, B, "x,y")) == [
        ("line 2, column 2", "negative_calls"),
        ("line 5, column 1", "not_a_time"),
        ("line 5, column 2", "not_a_number"),
    ]
    many = faults_of(iso(*["x,1"] * 1500))
    assert (len(many), many[-1]) == (call_file_layout.MOST_FAULTS + 1, ("", "more_faults"))


def test_every_fault_has_been_seen_here() -> None:
    seen = {code for *_, code in BAD_ROWS} | {code for *_, code in BAD_FILES}
    seen |= {"file_too_large", "fractional_calls", "more_faults", "scale_out_of_range", "skipped_hour", "too_many_rows"}
    assert {f"call_import.{code}" for code in seen} == set(MESSAGES)


CELLS = st.sampled_from(
    [
        "Datum",
        "Uhrzeit",
        "Anrufe",
        "interval_start",
        "calls",
        "31.12.2003",
        "2003-10-26 02:00",
        "07:00",
        "2003-03-30 02:30",
        "1.234,5",
        "-3",
        "0",
        "7",
        "nan",
        "",
        '"',
        "31.12.2003 07:15",
        "99.99.9999 99:99",
        "\x00",
        "²",
        "٣",
        "2003-12-31 07:00",
    ]
)
TABLES = st.builds(
    lambda rows, delimiter: "\n".join(delimiter.join(row) for row in rows),
    st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=12),
    st.sampled_from([";", ",", "\t", "|"]),
)
ROWS = st.lists(st.tuples(CELLS, CELLS).map(",".join), max_size=12).map(lambda rows: iso(*rows))


@settings(max_examples=400, deadline=None)
@given(
    raw=st.binary(max_size=300)
    | st.text(max_size=300).map(lambda sample: sample.encode(errors="surrogatepass"))
    | TABLES.map(str.encode)
    | ROWS.map(str.encode),
    scale=st.sampled_from([1.0, 0.2]),
)
def test_any_file_is_understood_or_its_faults_are_named(raw: bytes, scale: float) -> None:
    found, faults = _found_or_faults(raw, scale)
    assert (found is None) is bool(faults)
    for fault in faults:
        assert text(f"call_import.{fault.code}", "de", **fault.facts)
    if found is not None:
        assert len(found.intervals) >= 2
        starts = [interval.starts_at for interval in found.intervals]
        assert starts == sorted(set(starts))


def _found_or_faults(raw: bytes, scale: float) -> tuple[CallFilePreview | None, list[InputFault]]:
    try:
        return understand_calls(raw, zone=BERLIN, scale=scale), []
    except CallFileFaults as refused:
        return None, refused.faults

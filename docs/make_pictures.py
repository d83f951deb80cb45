"""Take the pictures of README and guides: ``make pictures``.

The demonstration site is made in a database of its own as it would have been made on a spring morning of 2020, so that
every run shows the same week; its next week is planned and published through the pages. Needs Chromium on the PATH.
"""

# ruff: noqa: INP001  # a script, no package
from __future__ import annotations

import base64
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright
from sqlmodel import Session, col, select

from app.db import Database
from app.models import CurrentDuty, OfferKind, Role, UserAccount, Week
from app.services import absence, open_shifts, roster_guard, swap_partners, swapping
from app.services.audit import Actor

PICTURES = Path(__file__).resolve().parent / "pictures"
SHOWN_AT = datetime(2020, 3, 25, 9, 40, tzinfo=UTC)
"""A Wednesday, so that *My week* has days behind and before it."""
LANGUAGES = {"de": "Deutsch", "en": "English"}
PHONE, DESKTOP = (360, 740), (1280, 800)
START_SECONDS = 90
PLAN_SECONDS = 200
CURVE_SECONDS = 25
MOST_COLOURS = 256
DECODE = """async encoded => {
    const bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext('2d');
    canvas.drawImage(picture, 0, 0);
    const pixels = canvas.getImageData(0, 0, picture.width, picture.height).data;
    let letters = '';
    for (let at = 0; at < pixels.length; at += 32768)
        letters += String.fromCharCode(...pixels.subarray(at, at + 32768));
    return [picture.width, picture.height, btoa(letters)];
}"""
"""Width, height and pixels (red, green, blue, alpha) of a picture, by the browser's own decoder."""


IN_THE_PAST = """
import sys
from datetime import UTC, datetime, timedelta
from app import clock
ago = timedelta(seconds=float(sys.argv.pop(1)))
clock.now = lambda: datetime.now(UTC) - ago
from app import cli
sys.exit(cli.main())
"""
"""The command line at another time: its clock is set before anything else reads it."""


def main() -> None:
    """Make every picture, or those of one part: ``agent`` or ``manager``."""
    parts = sys.argv[1:] or ["agent", "manager"]
    with tempfile.TemporaryDirectory() as folder, _site(Path(folder)) as address:
        if "agent" in parts:
            _give_agents_something(f"sqlite:///{Path(folder) / 'pictures.db'}")
        if "manager" in parts:
            _give_managers_something(f"sqlite:///{Path(folder) / 'pictures.db'}")
        _take_all(address, parts)


@contextmanager
def _site(folder: Path) -> Iterator[str]:
    """A server and a worker with a new demonstration site; gives its address."""
    environment = os.environ | {
        "ABSTAND_DATABASE_URL": f"sqlite:///{folder / 'pictures.db'}",
        "ABSTAND_SECRET_KEY": base64.b64encode(os.urandom(30)).decode(),
    }
    ago = (datetime.now(UTC) - SHOWN_AT).total_seconds()
    shifted = [sys.executable, "-c", IN_THE_PAST, str(ago)]
    # A planner compiled beforehand, so that its time goes into the week that is shown.
    subprocess.run([sys.executable, "-m", "solver", "warm"], check=True)
    subprocess.run([*shifted, "demo"], env=environment, check=True)
    port = _free_port()
    running = [
        subprocess.Popen([*shifted, *command], env=environment)
        for command in (["serve", "--no-worker", "--port", str(port)], ["worker"])
    ]
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address)
        yield address
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str) -> None:
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310  # our own address
        except OSError:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.2)
        else:
            return


def _give_agents_something(url: str) -> None:
    """The coming week is opened for booking, and a colleague would swap a duty with the agent of the pictures."""
    database = Database(url)
    with database.transaction() as session:
        me = session.exec(select(UserAccount).where(UserAccount.login_name == "agent")).one()
        boss = session.exec(select(UserAccount).where(UserAccount.login_name == "manager")).one()
        first, coming = session.exec(select(Week).order_by(col(Week.first_day)).limit(2)).all()
        manager = Actor(boss.id, boss.role, boss.site_id)
        open_shifts.open_week(session, manager, SHOWN_AT - timedelta(hours=1), coming.id)
        _offer_a_swap(session, first, me)
    database.dispose()


def _offer_a_swap(session: Session, week: Week, me: UserAccount) -> None:
    """The first pair of duties that both may have."""
    ahead = select(CurrentDuty).where(CurrentDuty.week_id == week.id, col(CurrentDuty.starts_at) > SHOWN_AT)
    order = col(CurrentDuty.starts_at)
    mine = session.exec(ahead.where(CurrentDuty.agent_id == me.agent_id).order_by(order.desc())).first()
    if mine is None or me.agent_id is None:
        sys.exit("the agent of the pictures has no duty ahead")
    for duty in session.exec(ahead.where(CurrentDuty.agent_id != me.agent_id).order_by(order)):
        if swap_partners.refusal_of_swap(session, week, duty, mine) is None:
            owner = Actor(None, Role.AGENT, week.site_id, duty.agent_id)
            swapping.offer(
                session,
                owner,
                SHOWN_AT,
                duty.id,
                OfferKind.SWAP,
                to_agent_id=me.agent_id,
                wanted_duty_id=mine.id,
            )
            return
    sys.exit("no duty of the demonstration can be swapped")


def _give_managers_something(url: str) -> None:
    """In the first week somebody cannot come, and nobody has taken the duty yet."""
    database = Database(url)
    with database.transaction() as session:
        boss = session.exec(select(UserAccount).where(UserAccount.login_name == "manager")).one()
        first = session.exec(select(Week).order_by(col(Week.first_day))).first()
        if first is None:
            sys.exit("the demonstration has no week")
        roster_guard.opened(session, SHOWN_AT, first)
        tomorrow = SHOWN_AT + timedelta(hours=20)
        ahead = select(CurrentDuty).where(CurrentDuty.week_id == first.id, col(CurrentDuty.starts_at) > tomorrow)
        duty = session.exec(ahead.order_by(col(CurrentDuty.starts_at), col(CurrentDuty.id)).offset(3)).first()
        if duty is None:
            sys.exit("the demonstration's first week has no duty ahead")
        absence.report(session, Actor(None, boss.role, boss.site_id), SHOWN_AT - timedelta(minutes=12), duty.id)
    database.dispose()


def _take_all(address: str, parts: Sequence[str]) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        if "agent" in parts:
            _take_agents_pages(browser, address)
        if "manager" in parts:
            _take_managers_pages(browser, address)
        browser.close()


def _signed_in(browser: Browser, address: str, role: str, size: tuple[int, int]) -> Page:
    width, height = size
    context = browser.new_context(
        base_url=address, viewport={"width": width, "height": height}, locale="de-DE", has_touch=size == PHONE
    )
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_label("Benutzername").fill(role)
    page.get_by_label("Kennwort").fill("abstand-demo")
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    return page


def _take_agents_pages(browser: Browser, address: str) -> None:
    page = _signed_in(browser, address, "agent", PHONE)
    for language in LANGUAGES:
        page.goto("/agent/week")
        _speak(page, language)
        _keep(page, f"agent-week.{language}")
        room = page.locator("a[href*='/rooms/']:visible").first.get_attribute("href")
        page.goto(str(room))
        _keep(page, f"agent-room.{language}")
        page.goto("/agent/availability")
        page.locator("table").first.evaluate("table => table.scrollIntoView({block: 'end'})")
        page.evaluate("window.scrollBy({top: -160, behavior: 'instant'})")
        page.wait_for_timeout(300)
        _keep(page, f"agent-availability.{language}")
        _take_the_booking(page, language)


def _take_the_booking(page: Page, language: str) -> None:
    page.goto("/agent/book")
    page.locator(".week-switch a").last.click()
    page.locator(".shift-card").first.wait_for()
    _keep(page, f"agent-book.{language}")
    page.locator(".own-time").click()
    page.locator("#start").select_option(label="10:00")
    page.locator("#length").select_option(index=1)
    page.locator(".plan-scroll").first.wait_for()
    page.locator("#chosen").evaluate("part => part.scrollIntoView({behavior: 'instant'})")
    page.evaluate("window.scrollBy({top: -70, behavior: 'instant'})")
    page.wait_for_timeout(300)
    _keep(page, f"agent-desk.{language}")
    page.goto("/agent/week/offers")
    page.locator("main a[href*='/week/offers/']").first.click()
    _keep(page, f"agent-offer.{language}")
    page.goto("/agent/week")
    page.locator("a[href$='/cannot-come']").first.click()
    _keep(page, f"agent-cannot-come.{language}")


def _take_managers_pages(browser: Browser, address: str) -> None:
    page = _signed_in(browser, address, "manager", DESKTOP)
    for language in LANGUAGES:
        page.goto("/manager/weeks")
        _speak(page, language)
        _keep(page, f"manager-weeks.{language}")
        page.goto("/manager/floor")
        _keep(page, f"manager-floor.{language}")
        page.goto("/manager/weeks")
        page.locator("main tbody tr").first.locator("a[href$='/demand']").click()
        _keep(page, f"manager-demand.{language}")
    _take_the_roster_in_force(page)
    _take_the_planning(page)


def _take_the_roster_in_force(page: Page) -> None:
    """What holds in the first week, and who could stand in where somebody cannot come."""
    for language in LANGUAGES:
        page.goto("/manager/weeks")
        _speak(page, language)
        page.locator("a[href$='/roster']").last.click()
        _keep(page, f"manager-roster.{language}")
        page.goto("/manager/absences")
        page.locator("a[href*='/manager/shifts/']").first.click()
        page.locator("#candidates form").wait_for()
        _keep(page, f"manager-stand-in.{language}")


def _take_the_planning(page: Page) -> None:
    """Plan the coming week once, and look at every step in both languages."""
    page.locator("a[href$='/plan']").first.click()
    planning = page.url
    page.locator("select").first.select_option(index=1)
    page.locator("main form button[type=submit]").last.click()
    page.locator("main svg").first.wait_for(timeout=PLAN_SECONDS * 1000)
    page.wait_for_timeout(CURVE_SECONDS * 1000)
    for language in LANGUAGES:
        page.goto(planning)
        _speak(page, language)
        page.locator("main svg").first.wait_for()
        _keep(page, f"manager-plan.{language}")
    finished = page.locator("main a[href*='/drafts/']").first
    finished.wait_for(timeout=PLAN_SECONDS * 1000)
    finished.click()
    page.wait_for_url("**/drafts/*")
    draft = page.url
    for language in LANGUAGES:
        page.goto(draft)
        _speak(page, language)
        _keep(page, f"manager-draft.{language}", full=True)
        page.goto(f"{draft}/publish")
        _keep(page, f"manager-publish.{language}")


def _speak(page: Page, language: str) -> None:
    button = page.get_by_role("button", name=language.upper(), exact=True)
    if button.count():
        button.click()
        page.wait_for_load_state()


def _keep(page: Page, name: str, *, full: bool = False) -> None:
    """Write a picture; the whole page, or the part with something in it."""
    page.wait_for_load_state("networkidle")
    if full:
        shot = page.screenshot(full_page=True)
    else:
        width, height = page.viewport_size["width"], page.viewport_size["height"]  # type: ignore[index]
        used = page.evaluate("Math.ceil(document.querySelector('main').getBoundingClientRect().bottom)")
        lower = height if width == PHONE[0] else min(height, max(300, int(used) + 16))
        shot = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": lower})
    (PICTURES / f"{name}.png").write_bytes(_small(page, shot))
    sys.stdout.write(f"{name}.png\n")


def _small(page: Page, shot: bytes) -> bytes:
    """The same picture with a palette: a third of the size, and no difference to be seen."""
    width, height, encoded = _workbench(page).evaluate(DECODE, base64.b64encode(shot).decode())
    pixels = np.frombuffer(base64.b64decode(encoded), dtype=np.uint8).reshape(-1, 4)[:, :3]
    colours, which, counts = np.unique(pixels, axis=0, return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(counts, kind="stable")[::-1][:MOST_COLOURS])
    distances = ((colours[:, None, :].astype(np.int32) - colours[kept][None, :, :]) ** 2).sum(axis=2)
    indices = distances.argmin(axis=1).astype(np.uint8)[which.reshape(height, width)]
    rows = np.pad(indices, ((0, 0), (1, 0))).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = colours[kept].tobytes()
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _workbench(page: Page) -> Page:
    """An empty page beside the one that is shown, on which the application's content policy does not lie."""
    context = page.context
    return next((other for other in context.pages if other.url == "about:blank"), None) or context.new_page()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


if __name__ == "__main__":
    main()

// Painting a week of half hours by finger, mouse and keyboard. What is painted becomes a list of windows in the form;
// everything here can also be typed into the form below, which needs no script.
(() => {
  const form = document.getElementById("paint-form");
  const grid = document.getElementById("paint-grid");
  if (!form || !grid || grid.dataset.editable !== "true") return;

  const KEYS = { 1: "blocked", 2: "undesired", 3: "preferred", 0: "", Delete: "", Backspace: "" };
  const CELL_MINUTES = 30;
  const PREVIEW_DELAY_MS = 350;
  const rows = [...grid.tBodies[0].rows];
  const cells = rows.map((row) => [...row.cells].slice(1));
  const dayNames = [...grid.tHead.rows[0].cells].slice(1).map((head) => head.dataset.name);
  const painted = document.getElementById("painted");
  const said = document.getElementById("paint-said");
  const preview = document.getElementById("planner-preview");
  const finger = document.getElementById("finger");
  const discard = document.getElementById("discard");
  let focused = { row: 0, day: 0 };
  let anchor = null;
  let dragged = null;
  let previewTimer = 0;
  let isDirty = form.dataset.unsaved === "true";

  const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  const word = (kind) => grid.getAttribute(`data-word-${kind || "none"}`);
  const isShown = (row) => rows[row].offsetParent !== null;
  const isPaintable = (cell) => cell.dataset.kind !== undefined;
  const brush = () => form.elements.brush.value;

  const label = (row, day) => {
    const cell = cells[row][day];
    const state = isPaintable(cell) ? word(cell.dataset.kind) : cell.textContent.trim().replace("×", "").trim();
    cell.setAttribute("aria-label", `${dayNames[day]}, ${clock(row * CELL_MINUTES)}–${clock((row + 1) * CELL_MINUTES)}, ${state}`);
  };

  const show = (row, day, kind) => {
    const cell = cells[row][day];
    if (!isPaintable(cell) || cell.dataset.kind === kind) return;
    cell.dataset.kind = kind;
    cell.className = kind ? `cell ${kind}` : "cell";
    cell.textContent = kind ? grid.getAttribute(`data-letter-${kind}`) : "";
    label(row, day);
  };

  const between = (from, to) => ({
    rows: [Math.min(from.row, to.row), Math.max(from.row, to.row)],
    days: [Math.min(from.day, to.day), Math.max(from.day, to.day)],
  });

  const paint = (from, to, kind) => {
    const area = between(from, to);
    for (let row = area.rows[0]; row <= area.rows[1]; row += 1) {
      for (let day = area.days[0]; day <= area.days[1]; day += 1) show(row, day, kind);
    }
    changed();
  };

  const announce = (from, to, kind) => {
    const area = between(from, to);
    const days = area.days[0] === area.days[1] ? dayNames[area.days[0]] : `${dayNames[area.days[0]]} – ${dayNames[area.days[1]]}`;
    said.textContent = `${days}, ${clock(area.rows[0] * CELL_MINUTES)}–${clock((area.rows[1] + 1) * CELL_MINUTES)}: ${word(kind)}`;
  };

  const windows = () => {
    const found = [];
    for (let day = 0; day < dayNames.length; day += 1) {
      let open = null;
      for (let row = 0; row < rows.length; row += 1) {
        // The hour that the clock leaves out lasts no time, so it belongs to what is around it.
        const kind = cells[row][day].dataset.kind ?? (open ? open.kind : "");
        if (open && open.kind === kind) open.end = (row + 1) * CELL_MINUTES;
        else {
          open = kind ? { day, start: row * CELL_MINUTES, end: (row + 1) * CELL_MINUTES, kind } : null;
          if (open) found.push(open);
        }
      }
    }
    return found;
  };

  const write = () => {
    painted.disabled = false;
    painted.value = JSON.stringify(windows());
  };

  const changed = () => {
    isDirty = true;
    discard.hidden = false;
    write();
    clearTimeout(previewTimer);
    previewTimer = setTimeout(() => preview.dispatchEvent(new CustomEvent("painted", { bubbles: true })), PREVIEW_DELAY_MS);
  };

  const placeOf = (target) => {
    const cell = target && target.closest ? target.closest("td.cell") : null;
    if (!cell || !grid.contains(cell)) return null;
    return { row: rows.indexOf(cell.parentElement), day: cell.cellIndex - 1 };
  };

  // Keyboard: one cell is in the tab order, arrows move, shift extends, digits paint.
  const select = () => {
    const area = anchor ? between(anchor, focused) : null;
    cells.forEach((line, row) => line.forEach((cell, day) => {
      const inside = area && row >= area.rows[0] && row <= area.rows[1] && day >= area.days[0] && day <= area.days[1];
      if (inside) cell.setAttribute("aria-selected", "true");
      else cell.removeAttribute("aria-selected");
    }));
  };

  const moveTo = (place, extend, preventScroll = false) => {
    if (extend) anchor = anchor || focused;
    else anchor = null;
    cells[focused.row][focused.day].tabIndex = -1;
    focused = place;
    const cell = cells[place.row][place.day];
    cell.tabIndex = 0;
    cell.focus({ preventScroll });
    select();
  };

  const nextRow = (row, step) => {
    let next = row + step;
    while (rows[next] && !isShown(next)) next += step;
    return rows[next] ? next : row;
  };

  const far = (row, step, count) => {
    let reached = row;
    for (let done = 0; done < count; done += 1) reached = nextRow(reached, step);
    return reached;
  };

  const target = (key, { row, day }) => {
    const last = dayNames.length - 1;
    switch (key) {
      case "ArrowUp": return { row: nextRow(row, -1), day };
      case "ArrowDown": return { row: nextRow(row, 1), day };
      case "ArrowLeft": return { row, day: Math.max(0, day - 1) };
      case "ArrowRight": return { row, day: Math.min(last, day + 1) };
      case "PageUp": return { row: far(row, -1, 8), day };
      case "PageDown": return { row: far(row, 1, 8), day };
      case "Home": return { row, day: 0 };
      case "End": return { row, day: last };
      default: return null;
    }
  };

  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !placeOf(event.target)) return;
    const place = target(event.key, focused);
    const kind = event.key === " " || event.key === "Enter" ? brush() : KEYS[event.key];
    if (place) moveTo(place, event.shiftKey, true);
    else if (kind !== undefined) {
      paint(anchor || focused, focused, kind);
      announce(anchor || focused, focused, kind);
    } else if (event.key === "Escape") moveTo(focused, false);
    else return;
    event.preventDefault();
  });

  // Mouse and pen paint by dragging. A finger scrolls the page unless it was told to paint; a tap always paints.
  const mayDrag = (event) => (event.pointerType === "touch" ? grid.classList.contains("finger-paints") : event.button === 0);

  grid.addEventListener("pointerdown", (event) => {
    const place = placeOf(event.target);
    if (!place || !mayDrag(event)) return;
    event.preventDefault();
    moveTo(place, event.shiftKey, true);
    dragged = { from: place, last: place, pointer: event.pointerId, kind: brush() };
    paint(anchor || place, place, dragged.kind);
  });

  document.addEventListener("pointermove", (event) => {
    if (!dragged || event.pointerId !== dragged.pointer) return;
    const place = placeOf(document.elementFromPoint(event.clientX, event.clientY));
    if (!place || (place.row === dragged.last.row && place.day === dragged.last.day)) return;
    // Quick fingers skip cells: all between the last and this one belong to the stroke.
    paint(dragged.last, place, dragged.kind);
    dragged.last = place;
  });

  const finish = (event) => {
    if (!dragged || event.pointerId !== dragged.pointer) return;
    announce(dragged.from, dragged.last, dragged.kind);
    dragged = null;
  };
  document.addEventListener("pointerup", finish);
  document.addEventListener("pointercancel", finish);

  grid.addEventListener("click", (event) => {
    const place = placeOf(event.target);
    if (!place || event.pointerType !== "touch" || grid.classList.contains("finger-paints")) return;
    moveTo(place, false, true);
    paint(place, place, brush());
    announce(place, place, brush());
  });

  finger.addEventListener("click", () => {
    const paints = grid.classList.toggle("finger-paints");
    finger.setAttribute("aria-pressed", String(paints));
  });

  form.addEventListener("submit", () => {
    write();
    isDirty = false;
  });
  discard.addEventListener("click", () => { isDirty = false; });
  window.addEventListener("beforeunload", (event) => {
    const elsewhere = !document.activeElement || !document.activeElement.closest("form.undo-strip, form.panel");
    if (isDirty && elsewhere) event.preventDefault();
  });

  grid.setAttribute("role", "grid");
  cells.forEach((line, row) => line.forEach((cell, day) => { cell.tabIndex = -1; label(row, day); }));
  const first = rows.findIndex((_row, index) => isShown(index));
  focused = { row: Math.max(0, first), day: 0 };
  cells[focused.row][0].tabIndex = 0;
  document.querySelectorAll(".needs-script").forEach((part) => { part.hidden = false; });
  if (window.matchMedia("(any-pointer: coarse)").matches) finger.classList.add("finger-there");
  if (isDirty) {
    write();
    discard.hidden = false;
  }
})();

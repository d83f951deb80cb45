// Tapping a desk on the plan chooses it in the form without losing the place on the page; the link works without this.
(() => {
  const mark = (desk) => {
    for (const link of document.querySelectorAll(".desk-link")) {
      if (link.dataset.desk === desk) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const choose = (link) => {
    const radio = document.querySelector(`input[name="desk_id"][value="${link.dataset.desk}"]`);
    if (!radio) return false;
    radio.checked = true;
    mark(link.dataset.desk);
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".desk-link");
    if (link && choose(link)) event.preventDefault();
  });
  document.addEventListener("change", (event) => {
    if (event.target.name === "desk_id") mark(event.target.value);
  });
  // A chosen desk at the far end of a large room is brought into view inside its frame.
  const show = () => {
    for (const link of document.querySelectorAll(".desk-link[aria-current]")) {
      const frame = link.closest(".plan-scroll");
      const desk = link.getBoundingClientRect();
      const around = frame.getBoundingClientRect();
      frame.scrollLeft += desk.left + desk.width / 2 - around.left - around.width / 2;
      frame.scrollTop += desk.top + desk.height / 2 - around.top - around.height / 2;
    }
  };
  document.addEventListener("DOMContentLoaded", show);
  // What fits instead comes while somebody tabs through the list: the focus must not fall back to the page's start.
  let held = null;
  document.addEventListener("htmx:before:swap", (event) => {
    const source = event.detail?.ctx?.sourceElement;
    held = source?.classList.contains("nearest") && source.contains(document.activeElement) ? source : null;
  });
  document.addEventListener("htmx:after:swap", () => {
    held?.querySelector("button, a")?.focus();
    held = null;
    show();
  });
  // What can no longer be undone is not offered any more.
  for (const strip of document.querySelectorAll("[data-until]")) {
    const left = new Date(strip.dataset.until) - Date.now();
    if (left > 0) setTimeout(() => strip.remove(), Math.min(left, 60000));
  }
})();

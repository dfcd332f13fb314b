// Keys for the inbox. All that they do, links and buttons do too. They can be turned off, as single keys must be.
(() => {
  "use strict";

  const sheet = document.getElementById("keys");
  const use = document.getElementById("use-keys");
  const opener = document.getElementById("show-keys");
  const kept = "inbox-keys";
  const place = "inbox-row";
  // A browser that keeps nothing starts with the keys, and at the first row, each time.
  const read = (store, name) => { try { return window[store].getItem(name); } catch { return null; } };
  const write = (store, name, value) => { try { window[store].setItem(name, value); } catch { /* as above */ } };

  // Shown over the page, where the reader is; closing it gives the focus back to where it was.
  opener.hidden = false;
  opener.addEventListener("click", () => sheet.showModal());
  use.checked = read("localStorage", kept) !== "off";
  use.addEventListener("change", () => write("localStorage", kept, use.checked ? "on" : "off"));

  const rows = [...document.querySelectorAll("[data-row]")];
  // The row where somebody was last, here or before they opened a response; the addresses hold ids alone.
  let last = rows.findIndex((each) => each.pathname === read("sessionStorage", place));
  let returning = last >= 0;
  rows.forEach((each, number) => each.addEventListener("focus", () => {
    last = number;
    returning = false;
    write("sessionStorage", place, each.pathname);
  }));
  const move = (by) => {
    // Back from a response, the first key leads to its row and not beyond.
    const next = returning ? last : last < 0 ? (by > 0 ? 0 : rows.length - 1) : last + by;
    const row = rows[Math.min(Math.max(next, 0), rows.length - 1)];
    if (row) row.focus();
  };
  const follow = (link) => { if (link) link.click(); };
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    o: () => follow(rows.find((each) => each === document.activeElement)),
    n: () => follow(document.querySelector("a[rel=next]")),
    p: () => follow(document.querySelector("a[rel=prev]")),
    "/": () => {
      const box = document.getElementById("words");
      box.focus();
      box.select();
    },
    "?": () => sheet.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // Ticks take no letters, so keys go on working while one has the focus.
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (!act || !use.checked) return;
    event.preventDefault();
    if (sheet.open) {
      sheet.close();
      if (event.key === "?") return;
    }
    act();
  });
})();

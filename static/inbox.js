// Keys for the inbox. All that they do, links and buttons do too. They can be turned off, as single keys must be.
(() => {
  "use strict";

  const sheet = document.getElementById("keys");
  const use = document.getElementById("use-keys");
  const kept = "inbox-keys";
  sheet.hidden = false;
  try {
    use.checked = localStorage.getItem(kept) !== "off";
  } catch {
    // A browser that keeps nothing starts with the keys each time.
  }
  use.addEventListener("change", () => {
    try {
      localStorage.setItem(kept, use.checked ? "on" : "off");
    } catch {
      // As above.
    }
  });

  const rows = [...document.querySelectorAll("[data-row]")];
  const move = (by) => {
    const here = rows.indexOf(document.activeElement);
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(here + by, 0), rows.length - 1);
    if (rows[next]) rows[next].focus();
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
    "?": () => {
      sheet.open = !sheet.open;
      sheet.querySelector("summary").focus();
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    // Ticks take no letters, so keys go on working while one has the focus.
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (!act || (!use.checked && event.key !== "?")) return;
    event.preventDefault();
    act();
  });
})();

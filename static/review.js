// Makes the page of one response nicer; all of it works without.
(() => {
  "use strict";

  const review = document.querySelector("[data-here]");
  if (!review) return;

  // While the page is looked at, colleagues see that somebody has it open, and it tells who else has.
  const told = document.getElementById("presence");
  const token = review.querySelector("[name=csrfmiddlewaretoken]");
  const say = (text) => { if (told.textContent !== text) told.textContent = text; };
  const here = async () => {
    if (document.visibilityState !== "visible") return;
    const data = new FormData();
    data.set("csrfmiddlewaretoken", token.value);
    data.set("revision", review.dataset.revision);
    try {
      const reply = await fetch(review.dataset.here, { method: "POST", body: data, headers: { "X-Background": "1" } });
      if (reply.status === 410) return say("The patient has taken this response back.");
      if (!reply.ok) return say("You are signed out, or may not open this any more. What you typed stays here.");
      const found = await reply.json();
      const changed = found.changed ? "Something was done here since you opened it." : "";
      say([found.open && `${found.open}.`, changed].filter(Boolean).join(" "));
    } catch {
      // The network is away for a moment; the next time tells.
    }
  };
  setInterval(here, 30_000);
  document.addEventListener("visibilitychange", here);

  // Keys only move the focus or go to another page, and none does anything while somebody types. Whether there are any
  // is one setting, kept by the inbox under this name too: single keys must be possible to turn off, all of them.
  document.documentElement.dataset.keys = "on";
  const sheet = review.querySelector("details[data-keys]");
  const use = document.getElementById("use-keys");
  const kept = "inbox-keys";
  const read = () => {
    try {
      use.checked = localStorage.getItem(kept) !== "off";
    } catch {
      // A browser that keeps nothing starts with the keys each time.
    }
  };
  read();
  // It may be changed in another tab, or before this page is brought back.
  window.addEventListener("storage", read);
  window.addEventListener("pageshow", read);
  use.addEventListener("change", () => {
    try {
      localStorage.setItem(kept, use.checked ? "on" : "off");
    } catch {
      // As above.
    }
  });
  document.addEventListener("keydown", (event) => {
    if (!use.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (event.key === "?") {
      sheet.open = !sheet.open;
      sheet.querySelector("summary").focus();
      event.preventDefault();
      return;
    }
    const wanted = /^[a-z]$/.test(event.key) && review.querySelector(`[data-key="${event.key}"]`);
    if (!wanted) return;
    event.preventDefault();
    const fold = wanted.closest("details");
    if (fold) fold.open = true;
    if ("follow" in wanted.dataset) wanted.click();
    else wanted.focus();
  });
})();

// Shows how far an export is without loading the page again.
(() => {
  "use strict";

  // Only the end is read out: a count every two seconds would drown everything else.
  const end = (shown) => {
    delete shown.dataset.again;
    document.getElementById("cancel")?.remove();
    document.getElementById("ended").textContent = shown.textContent.trim();
    shown.hidden = true;
  };

  const look = async () => {
    const shown = document.getElementById("progress");
    if (!shown.dataset.again) return;
    try {
      const reply = await fetch(location.href, { headers: { "X-Background": "1" } });
      if (reply.ok && !reply.redirected) {
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        const now = page.getElementById("progress");
        // Only what changes is put in, so that the focus and a reader's place are kept.
        if (now && now.innerHTML !== shown.innerHTML) {
          shown.innerHTML = now.innerHTML;
          if (!now.dataset.again) end(shown);
        }
      }
    } catch {
      // The network is away for a moment: look again.
    }
    if (shown.dataset.again) setTimeout(look, Number(shown.dataset.again));
  };
  setTimeout(look, 2000);
})();

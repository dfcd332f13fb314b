// A button that copies the note; without it the text is marked and copied by hand.
(() => {
  "use strict";

  const status = document.querySelector("[data-copied]");
  const note = document.getElementById("note");
  const actions = document.getElementById("actions");
  actions.prepend(document.getElementById("copy").content.cloneNode(true));
  actions.querySelector("button").addEventListener("click", async () => {
    let copied = false;
    try {
      await navigator.clipboard.writeText(note.value);
      copied = true;
    } catch {
      // Browsers keep the clipboard from pages without HTTPS, and some from all pages.
      note.focus();
      note.select();
    }
    status.textContent = copied ? status.dataset.copied : status.dataset.notCopied;
  });
})();

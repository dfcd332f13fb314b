// Whoever leaves a page with a text that is not sent is asked first. Sending needs no script to keep it: the server does.
(() => {
  "use strict";

  const fields = [...document.querySelectorAll("textarea[data-unsent]")];
  // A reply that was prepared is nothing that somebody wrote until they change it.
  const prepared = document.querySelector("input[name=prepared]");
  const plain = (text) => text.trim().replaceAll("\r\n", "\n");
  const written = (field) => {
    const text = plain(field.value);
    return text !== "" && !(field.name === "tell" && prepared && text === plain(prepared.value));
  };
  let sending = false;
  document.addEventListener("submit", () => { sending = true; });
  // The browser may bring this page back as it was.
  window.addEventListener("pageshow", () => { sending = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!sending && fields.some(written)) event.preventDefault();
  });
})();

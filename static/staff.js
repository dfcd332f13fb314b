// Warns before a session ends, and keeps what was typed. Every page works without it.
(() => {
  "use strict";
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) || [])[1] || "";

  // A form that was held while somebody signed in anew in another tab is sent with the token of now.
  for (const form of document.querySelectorAll("form[data-held]")) {
    form.addEventListener("submit", () => {
      if (token()) form.elements.csrfmiddlewaretoken.value = token();
    });
  }

  // What went wrong with a passkey is told on the page.
  document.addEventListener("allauth.error", (event) => {
    const fault = document.getElementById("passkey-fault");
    if (!fault) return;
    event.preventDefault();
    fault.textContent = "That did not work: your browser has no passkey for here, or it was broken off. Try again.";
  });

  const box = document.getElementById("session");
  if (!box) return;
  const WARNED = 120;
  const words = box.querySelector("p");
  const stay = box.querySelector("button");
  const door = box.querySelector("a");
  let waiting;

  const later = (seconds) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask("GET"), Math.max(seconds, 1) * 1000);
  };
  const show = (text, button) => {
    box.hidden = !text;
    stay.hidden = button !== stay;
    door.hidden = button !== door;
    // Read out once, not at every look.
    if (words.textContent !== text) words.textContent = text;
  };
  const tell = ({ left, can_stay: canStay }) => {
    if (left <= 0) {
      show("You were signed out. What you typed is still on this page. Sign in in a new tab, then go on here.", door);
    } else if (left > WARNED) {
      show("");
      later(left - WARNED);
    } else if (canStay) {
      show("You will be signed out in two minutes, because nothing was done here.", stay);
      later(left + 1);
    } else {
      show("You will be signed out in two minutes: a sign-in lasts half a day. Save what you typed.");
      later(left + 1);
    }
  };
  // Other tabs count too, so the server is asked; asking by itself keeps nobody signed in.
  const ask = async (method) => {
    const headers = method === "GET" ? { "X-Background": "1" } : { "X-CSRFToken": token() };
    try {
      const reply = await fetch(box.dataset.address, { method, headers });
      tell(await reply.json());
    } catch {
      later(30);
    }
  };
  stay.addEventListener("click", () => ask("POST"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask("GET"); });
  later(Number(box.dataset.left) - WARNED);
})();

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
  const root = document.documentElement;
  const title = document.title;
  let waiting;
  let ends = Date.now() + Number(box.dataset.left) * 1000;
  let focused = null;

  // Beside the content, so that all of that can be covered.
  document.body.append(box);

  const later = (seconds, then) => {
    clearTimeout(waiting);
    waiting = setTimeout(then || (() => ask("GET")), Math.max(seconds, 1) * 1000);
  };
  const show = (text, button) => {
    box.toggleAttribute("data-shown", Boolean(text));
    stay.hidden = button !== stay;
    door.hidden = button !== door;
    // Read out once, not at every look.
    if (words.textContent !== text) words.textContent = text;
  };
  // Whoever comes to this screen now reads nothing of a patient; what was typed stays in its fields.
  const cover = (text) => {
    if (!root.hasAttribute("data-covered")) focused = document.activeElement;
    root.toggleAttribute("data-covered", true);
    document.title = "Signed out";
    show(text, door);
    door.focus();
  };
  const uncover = () => {
    if (!root.hasAttribute("data-covered")) return;
    root.removeAttribute("data-covered");
    document.title = title;
    if (focused && focused.isConnected) focused.focus();
  };
  const ENDED = "You were signed out, and this page is covered. What you typed is still on it. Sign in in a new tab, then come back to this one.";
  const OTHER = "Somebody else is signed in now, so this page stays covered. Sign in as yourself in a new tab, or close this one.";
  // [from how many seconds on, in words]: said again only when these change.
  const TIMES = [[91, "two minutes"], [46, "one minute"], [16, "half a minute"], [0, "a few seconds"]];
  const warn = (canStay) => {
    const left = Math.ceil((ends - Date.now()) / 1000);
    if (left <= 0) return ask("GET");
    const [from, time] = TIMES.find(([seconds]) => left >= seconds);
    const why = canStay ? ", because nothing was done here." : ": a sign-in lasts half a day. Save what you typed.";
    show(`You will be signed out in ${time}${why}`, canStay ? stay : null);
    later(left - from + 1, () => warn(canStay));
  };
  const tell = ({ left, can_stay: canStay, who }) => {
    ends = Date.now() + left * 1000;
    if (left <= 0) return cover(ENDED);
    if (who !== undefined && String(who) !== box.dataset.who) return cover(OTHER);
    uncover();
    if (left > WARNED) {
      show("");
      later(left - WARNED);
    } else {
      warn(canStay);
    }
  };
  // Other tabs count too, so the server is asked; asking by itself keeps nobody signed in.
  const ask = async (method) => {
    const headers = method === "GET" ? { "X-Background": "1" } : { "X-CSRFToken": token() };
    try {
      const reply = await fetch(box.dataset.address, { method, headers });
      tell(await reply.json());
    } catch {
      // Without an answer the time that is known counts.
      if (Date.now() >= ends) cover(ENDED);
      later(30);
    }
  };
  stay.addEventListener("click", () => ask("POST"));
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask("GET"); });
  // A computer that slept goes on with an old page: it asks before anybody has read it.
  window.addEventListener("focus", () => { if (Date.now() >= ends || root.hasAttribute("data-covered")) ask("GET"); });
  later(Number(box.dataset.left) - WARNED);
})();

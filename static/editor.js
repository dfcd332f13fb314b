// Makes the editor's forms nicer; each works without it.
(() => {
  "use strict";

  // While somebody types, the frames show the entry as it is typed.
  const form = document.getElementById("entry");
  const show = form && form.querySelector("[data-show]");
  if (show) {
    const frames = ["light", "dark"].map((scheme) => [scheme, document.querySelector(`iframe[name="as-${scheme}"]`)]);
    let waiting;
    let latest = 0;
    const draw = async () => {
      const turn = ++latest;
      for (const [scheme, frame] of frames) {
        const data = new FormData(form);
        data.set("scheme", scheme);
        const reply = await fetch(show.formAction, { method: "POST", body: data });
        if (turn !== latest || !reply.ok) return;
        frame.srcdoc = await reply.text();
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(draw, 400);
    });
    show.addEventListener("click", (event) => {
      event.preventDefault();
      draw();
    });
    // What is typed is not left behind without a word.
    let dirty = false;
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("submit", () => { dirty = false; });
    window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  }

  // A long list of claims or sources can be narrowed by typing.
  for (const list of document.querySelectorAll("[data-filter]")) {
    const label = document.createElement("label");
    label.textContent = "Show only those with ";
    const box = document.createElement("input");
    box.type = "search";
    box.className = "input";
    box.setAttribute("form", "");
    label.append(box);
    list.before(label);
    box.addEventListener("input", () => {
      const wanted = box.value.toLowerCase();
      for (const line of list.children) line.hidden = !line.textContent.toLowerCase().includes(wanted);
    });
  }

  // Another question has other answers: ask the server to show them.
  for (const select of document.querySelectorAll("select[data-subject]")) {
    select.addEventListener("change", () => select.form.requestSubmit(select.form.querySelector('[value="show"]')));
  }
})();

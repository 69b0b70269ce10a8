// What forms alone cannot do: dropping files, and going on when work is done. Every page works without it.
"use strict";

const wrongs = document.querySelector("[data-focus]");
if (wrongs) wrongs.focus();

for (const area of document.querySelectorAll("[data-drop]")) {
  const input = area.querySelector("input[type=file]");
  const said = area.querySelector("[data-dropped]");
  for (const name of ["dragover", "dragenter"]) {
    area.addEventListener(name, (event) => { event.preventDefault(); area.classList.add("over"); });
  }
  area.addEventListener("dragleave", () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    input.files = event.dataTransfer.files;
    said.textContent = Array.from(input.files, (file) => file.name).join(", ");
  });
}

const waiting = document.querySelector("[data-waiting]");
if (waiting) {
  const rows = waiting.querySelector("[data-rows]");
  let pause = 100; // most work is done in less than a second
  const next = () => {
    setTimeout(look, pause);
    pause = Math.min(2 * pause, 700);
  };
  const look = async () => {
    try {
      const found = await (await fetch(waiting.dataset.waiting)).json();
      if (!found.running) { location.reload(); return; }
      if (found.rows) rows.textContent = `${found.rows.toLocaleString("en-GB")} rows done. ${found.doing}`;
    } catch {
      rows.textContent = "The desk does not answer. It may have stopped: start it again.";
      return;
    }
    next();
  };
  next();
}

const filter = document.querySelector("[data-filter]");
if (filter) filter.addEventListener("submit", () => {
  for (const field of filter.elements) if (!field.value) field.disabled = true;
});

// The dates of one case in the starter letters. The page of due dates looks them up and gives them in the address.
(() => {
  "use strict";

  const asked = new URLSearchParams(location.search);
  const plain = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const day = (name) => {
    const text = asked.get(name) || "";
    const found = new Date(`${text}T12:00:00Z`);
    return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(found.getTime()) ? plain.format(found) : "";
  };
  const sure = (asked.get("sure") || "").split(" ");
  let filled = 0;
  for (const place of document.querySelectorAll("[data-rule]")) {
    const { rule } = place.dataset;
    const date = day(rule);
    if (!date) continue;
    // A date that may move stays in brackets, so that nobody sends it unread.
    if (rule.startsWith("extend-")) place.textContent = `[new date: ${date} at the latest]`;
    else place.textContent = sure.includes(rule) ? date : `[${date}: check this date before you send the letter]`;
    filled += 1;
  }
  const note = document.getElementById("pr-case");
  const [date, acknowledged] = [day("date"), day("acknowledged")];
  if (!filled || !date || !note) return;
  const back = document.createElement("a");
  const query = new URLSearchParams([...asked].filter(([name]) => ["event", "date", "acknowledged", "kind"].includes(name)));
  back.href = `due-dates.html?${query}`;
  back.textContent = "Where these dates come from";
  const since = acknowledged ? `${date}, acknowledged on ${acknowledged}` : date;
  note.append(`The starter letters have the dates that follow from ${since}. Dates in brackets may still change. `, back);
  note.hidden = false;
})();

// What the pages do in the browser. Nothing here counts days: due dates are looked up in what the checker worked out.
(() => {
  "use strict";

  // A page whose review has come due since it was built says so.
  const today = () => {
    const now = new Date();
    return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
  };
  for (const banner of document.querySelectorAll("[data-review-due]")) {
    if (banner.dataset.reviewDue < today()) banner.hidden = false;
  }

  // The search page shows what was asked.
  const words = document.getElementById("pr-search-words");
  if (words) words.value = new URLSearchParams(location.search).get("q") || "";

  // What is wider than its place can be scrolled by keyboard too.
  const reach = () => {
    for (const part of document.querySelectorAll(".cell_output, .cell_output .output, .bd-article pre")) {
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    }
  };
  reach();
  addEventListener("resize", reach);

  // Printing shows what is folded away.
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not(.pr-month)")) part.open = true;
  });

  const source = document.getElementById("pr-due-data");
  if (!source) return;
  const data = JSON.parse(source.textContent);
  const box = document.getElementById("look-up");
  const answers = box.querySelector(".pr-answers");
  const [kind, event, date] = ["pr-kind", "pr-event", "pr-date"].map((id) => document.getElementById(id));
  const DAY = 86400000;
  const first = Date.parse(data.first);
  const at = (offset) => new Date(first + offset * DAY);
  const long = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const short = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });

  const make = (tag, text, className) => {
    const node = document.createElement(tag);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  };

  const upper = (text) => text[0].toUpperCase() + text.slice(1);

  const fillEvents = () => {
    const chosen = event.value;
    event.replaceChildren(...data.kinds[kind.selectedIndex].events.map((each) => {
      const option = make("option", upper(each.noun));
      option.value = each.field;
      return option;
    }));
    if ([...event.options].some((option) => option.value === chosen)) event.value = chosen;
  };

  // The days of a count: day zero is the day itself or the first working day, each later working day has the next number.
  // Where the start is day 1, the count begins one further on.
  const spelt = (start, due, off, begins) => {
    const list = make("ol", "", "pr-days");
    const fromTheDay = begins === "from_the_day";
    let number = begins === "day_one" || (fromTheDay && off[start] !== 0) ? 0 : -1;
    for (let offset = start; offset <= due; offset += 1) {
      const why = off[offset];
      const counts = why === 0;
      if (counts) number += 1;
      const zero = fromTheDay && offset === start ? `day zero (${data.names[why - 1]})` : `not counted: ${data.names[why - 1]}`;
      const told = counts ? (number ? `day ${number}` : "day zero") : zero;
      list.append(make("li", `${short.format(at(offset))}: ${told}${offset === due ? ", the due date" : ""}`, counts ? "" : "pr-skipped"));
    }
    return list;
  };

  const iso = (offset) => at(offset).toISOString().slice(0, 10);
  const said = (offset) => long.format(at(offset)).replace(",", "");

  // One date: what it is for, its clause, how it is counted. A national rule with the same date adds a line to ours.
  const answer = (each, offset, same) => {
    const due = offset + data.columns[each.column][offset];
    const card = make("li", "", each.national ? "pr-answer pr-national" : "pr-answer");
    mark(card, each, offset);
    const heading = make("p", "", "pr-when");
    const latest = on(each.latest, offset);
    const other = latest === null && on(each.other, offset) !== due ? on(each.other, offset) : null;
    heading.append(make("strong", latest === null || latest === due ? said(due) : `${said(due)} to ${said(latest)}`));
    card.append(heading);
    const what = make("p", `${each.step} `);
    if (each.kind !== "must") what.append(make("span", each.kind, "pr-tag"), " ");
    what.append("(", clause(each), ")");
    card.append(what);
    const range = latest === null ? "" : `: ${said(due)} if that comes on the same day, ${said(latest)} at the very latest`;
    card.append(make("p", `${upper(each.within)}${range}.`, "pr-small"));
    if (other !== null) {
      card.append(make("p", `Or ${said(other)}: the policy can be read in two ways, so keep to the earlier date.`, "pr-small"));
    }
    const more = later(each, offset);
    if (more !== null) card.append(make("p", `If extended, ${said(more)} at most.`, "pr-small"));
    if (each.who) card.append(make("p", `Who: ${each.who}.`, "pr-small"));
    if (provisional(each, offset)) {
      card.append(make("p", "Provisional: the days off so far ahead are not all known yet.", "pr-small"));
    }
    for (const doubt of each.doubts) card.append(make("p", `In doubt: ${doubt}`, "pr-small pr-doubt"));
    for (const other of same) {
      const line = make("p", "The same date: ", "pr-small");
      mark(line, other, offset);
      line.append(clause(other));
      card.append(line);
      for (const doubt of other.doubts) card.append(make("p", `In doubt: ${doubt}`, "pr-small pr-doubt"));
    }
    if (each.counted && each.latest === null) {
      const fold = make("details");
      fold.append(
        make("summary", `Days counted and skipped: ${each.step.toLowerCase()}`),
        spelt(offset, due, data.off[each.rulebook], each.begins),
      );
      card.append(fold);
    }
    return card;
  };

  const clause = (each) => {
    const link = make("a", each.national ? `${each.source} ${each.clause}` : `clause ${each.clause}`);
    link.href = each.href;
    return link;
  };

  // The date in a column for this day; null where there is none.
  const on = (column, offset) => {
    const days = column === null ? -1 : data.columns[column][offset];
    return days < 0 ? null : offset + days;
  };

  const later = (each, offset) => on(each.extended, offset);

  const provisional = (each, offset) => {
    const last = on(each.latest, offset) ?? on(each.column, offset);
    return each.counted && iso(last) > data.horizons[each.rulebook];
  };

  const mark = (node, each, offset) => {
    const due = offset + data.columns[each.column][offset];
    const more = later(each, offset);
    Object.assign(node.dataset, { rule: each.rule, rulebook: each.rulebook, due: iso(due) });
    if (more !== null) node.dataset.extended = iso(more);
    const latest = on(each.latest, offset);
    if (latest !== null) node.dataset.latest = iso(latest);
    const other = on(each.other, offset);
    if (latest === null && other !== null && other !== due) node.dataset.other = iso(other);
    if (provisional(each, offset)) node.dataset.provisional = "true";
  };

  // Our own dates, and beside each the national ones that are just the same.
  const grouped = (found, offset) => {
    const dates = (each) => [each.column, each.latest, each.other, each.extended].map((column) => on(column, offset));
    const key = (each) => [each.rule, ...dates(each), each.within].join();
    const groups = new Map();
    for (const each of [...found].sort((one, other) => Number(one.national) - Number(other.national))) {
      if (data.columns[each.column][offset] < 0) continue;
      if (groups.has(key(each)) && each.national) groups.get(key(each)).same.push(each);
      else groups.set(key(each), { each, same: [] });
    }
    return [...groups.values()].sort((one, other) => data.columns[one.each.column][offset] - data.columns[other.each.column][offset]);
  };

  const show = () => {
    const offset = Math.round((Date.parse(date.value) - first) / DAY);
    if (!(offset >= 0 && offset < data.days)) {
      answers.replaceChildren(make("p", `Choose a day from ${said(0)} to ${said(data.days - 1)}.`));
      return;
    }
    const chosen = data.kinds[kind.selectedIndex].events.find((each) => each.field === event.value);
    const cards = grouped(chosen.dates, offset).map(({ each, same }) => answer(each, offset, same));
    const list = make("ol", "", "pr-cards");
    list.append(...cards);
    answers.replaceChildren(make("h2", `After ${chosen.noun} on ${said(offset)}`), list);
    const query = new URLSearchParams({ event: event.value, date: date.value });
    if (data.kinds.length > 1) query.set("kind", kind.value);
    try { history.replaceState(null, "", `?${query}${location.hash}`); } catch { /* a file opened by itself */ }
  };

  const asked = new URLSearchParams(location.search);
  if (asked.get("kind")) kind.value = asked.get("kind");
  if (kind.selectedIndex < 0) kind.selectedIndex = 0;
  fillEvents();
  if (asked.get("event")) event.value = asked.get("event");
  if (event.selectedIndex < 0) event.selectedIndex = 0;
  const start = asked.get("date") || today();
  date.value = start >= date.min && start <= date.max ? start : date.min;
  box.hidden = false;
  kind.addEventListener("change", () => { fillEvents(); show(); });
  for (const field of [event, date]) field.addEventListener("change", show);
  date.addEventListener("input", show);
  box.querySelector("form").addEventListener("submit", (submitted) => { submitted.preventDefault(); show(); });
  show();
})();

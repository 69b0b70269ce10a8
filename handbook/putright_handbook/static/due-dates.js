// Due dates. Nothing here counts days: dates are looked up in what the checker worked out for every day.
(() => {
  "use strict";

  const data = JSON.parse(document.getElementById("pr-due-data").textContent);
  const box = document.getElementById("look-up");
  const answers = box.querySelector(".pr-answers");
  const spoken = box.querySelector(".pr-said");
  const [kind, event] = ["pr-kind", "pr-event"].map((id) => document.getElementById(id));
  const DAY = 86400000;
  const first = Date.parse(data.first);
  const at = (offset) => new Date(first + offset * DAY);
  const iso = (offset) => at(offset).toISOString().slice(0, 10);
  const format = (options) => new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" });
  const long = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const short = format({ weekday: "short", day: "numeric", month: "short" });
  const plain = format({ day: "numeric", month: "long", year: "numeric" });
  const said = (offset) => long.format(at(offset)).replace(",", "");

  const make = (tag, text, className) => {
    const node = document.createElement(tag);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  };
  const upper = (text) => text[0].toUpperCase() + text.slice(1);

  // --- what is asked: a date in three fields, so that its order is British in every browser ---

  const MONTHS = [..."abcdefghijkl"].map((_, month) => format({ month: "long" }).format(new Date(Date.UTC(2026, month, 15))).toLowerCase());
  const monthOf = (text) => {
    const named = text.length > 2 ? MONTHS.findIndex((name) => name.startsWith(text.toLowerCase())) : -1;
    return named < 0 ? text : String(named + 1);
  };
  const numbers = (text) => /^\d+$/.test(text) ? Number(text) : NaN;

  class Field {
    constructor(id) {
      this.fieldset = document.getElementById(id);
      this.parts = ["day", "month", "year"].map((part) => document.getElementById(`${id}-${part}`));
      this.error = document.getElementById(`${id}-error`);
    }

    get texts() { return this.parts.map((part) => part.value.trim()); }

    set iso(text) {
      const known = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text || "");
      const values = known ? [known[3], known[2], known[1]].map((each) => String(Number(each))) : [text || "", "", ""];
      this.parts.forEach((part, place) => { part.value = values[place]; });
    }

    // The day of the span, null if nothing is given, or a message on what is wrong and what to do.
    read(what) {
      const [day, month, year] = this.texts;
      if (this.fieldset.hidden || !(day || month || year)) return { offset: null };
      const missing = ["a day", "a month", "a year"].filter((_, place) => !this.texts[place]);
      if (missing.length) return { wrong: `${what} must include ${missing.join(" and ")}.` };
      const [d, m, y] = [numbers(day), numbers(monthOf(month)), numbers(year)];
      const time = Date.UTC(y, m - 1, d);
      const found = new Date(time);
      if (String(year).length !== 4 || found.getUTCFullYear() !== y || found.getUTCMonth() !== m - 1 || found.getUTCDate() !== d) {
        return { wrong: `${what} must be a real date. ${[day, month, year].join("/")} is not: enter it as day, month and year, for example 27 3 2027.` };
      }
      const offset = Math.round((time - first) / DAY);
      if (offset < 0 || offset >= data.days) {
        return { wrong: `${what} must be between ${plain.format(at(0))} and ${plain.format(at(data.days - 1))}. This page has no dates for ${plain.format(found)}.` };
      }
      return { offset };
    }

    show(wrong) {
      this.error.textContent = wrong ? `Error: ${wrong}` : "";
      this.error.hidden = !wrong;
      this.fieldset.classList.toggle("pr-wrong", Boolean(wrong));
      for (const part of this.parts) part.toggleAttribute("aria-invalid", false);
      if (wrong) for (const part of this.parts) part.setAttribute("aria-invalid", "true");
    }
  }

  const [opened, acknowledged] = ["pr-date", "pr-then"].map((id) => new Field(id));
  const chosenKind = () => data.kinds[kind.selectedIndex];
  const chosen = () => chosenKind().events.find((each) => each.field === event.value);

  const fillEvents = () => {
    const before = event.value;
    event.replaceChildren(...chosenKind().events.map((each) => new Option(each.said, each.field)));
    if ([...event.options].some((option) => option.value === before)) event.value = before;
  };
  const fit = () => { acknowledged.fieldset.hidden = !chosen().then; };

  // --- the answer ---

  // The date in a column for a day; null where there is none.
  const on = (column, offset) => {
    const days = column === null || column === undefined ? -1 : data.columns[column][offset];
    return days < 0 ? null : offset + days;
  };

  // A date that follows from one event.
  const alone = (each, offset) => ({
    each, start: offset,
    due: on(each.column, offset), latest: on(each.latest, offset), extended: on(each.extended, offset),
    other: on(each.latest, offset) === null ? on(each.other, offset) : null,
    starts: each.starts.map((column) => on(column, offset)),
  });

  // A date that follows from the event and its acknowledgement. Of two ends of one reading the later or the earlier
  // counts. The first reading is the strictest; the others can only give more time.
  const both = (each, days) => {
    if (days[0] < each.since || days[0] > each.until) return null;
    if (!each.readings.length) return alone(each, days[each.event]);
    const ends = each.readings.map((reading) => {
      const dates = reading.map(([which, column]) => on(column, days[which])).filter((date) => date !== null);
      return dates.length ? (each.combined === "later" ? Math.max : Math.min)(...dates) : null;
    }).filter((date) => date !== null);
    const [which, , extended] = each.readings[0][0];
    return {
      each, start: days[each.event],
      due: ends.length ? ends[0] : null, latest: null, extended: on(extended, days[which]),
      other: ends.length ? Math.max(...ends) : null, starts: [null, null],
    };
  };

  const found = (days) => {
    const asked = chosen();
    const dates = days[1] === null
      ? asked.dates.map((each) => alone(each, days[0]))
      : asked.then.dates.map((each) => both(each, days));
    return dates.filter((date) => date !== null && date.due !== null).map((date) => {
      if (date.other === date.due) date.other = null;
      date.provisional = date.each.counted && iso(date.latest ?? date.due) > data.horizons[date.each.rulebook];
      return date;
    });
  };

  // Our own dates, and next to each the national ones that are just the same; the earliest first.
  const grouped = (dates) => {
    const key = (date) => [date.each.rule, date.due, date.latest, date.other, date.extended, date.each.within].join();
    const groups = new Map();
    for (const date of [...dates].sort((one, other) => Number(one.each.national) - Number(other.each.national))) {
      if (groups.has(key(date)) && date.each.national) groups.get(key(date)).same.push(date);
      else groups.set(key(date), { date, same: [] });
    }
    return [...groups.values()].sort((one, other) => one.date.due - other.date.due);
  };

  // --- the answer as it is shown ---

  const mark = (node, date) => {
    const texts = { due: date.due, latest: date.latest, other: date.other, extended: date.extended };
    Object.assign(node.dataset, { rule: date.each.rule, rulebook: date.each.rulebook });
    for (const [name, offset] of Object.entries(texts)) if (offset !== null) node.dataset[name] = iso(offset);
    if (date.provisional) node.dataset.provisional = "true";
    if (date.each.only_if) node.dataset.conditional = "true";
  };

  const clause = (each) => {
    const link = make("a", each.national ? `${each.source} ${each.clause}` : `clause ${each.clause}`);
    link.href = each.href;
    return link;
  };

  const dates = (date) => date.latest === null || date.latest === date.due ? said(date.due) : `${said(date.due)} to ${said(date.latest)}`;

  const small = (text, more = "") => make("p", text, `pr-small ${more}`);

  // How a date comes about, line by line.
  const about = function* (date) {
    const { each } = date;
    yield small(`${upper(each.within)}.`);
    if (each.condition) yield small(each.condition, each.only_if ? "pr-doubt" : "");
    if (date.latest !== null && date.latest !== date.due) {
      const [from, by] = date.starts;
      yield small(`${said(date.due)} if ${each.awaited} is on ${said(from)}. ${said(date.latest)} at the very latest, if it is on its own last day, ${said(by)}. Keep to the earlier date until it is done, then give its date above.`);
    }
    if (date.other !== null) yield small(`Or ${said(date.other)} ${each.reading}.`, "pr-doubt");
    if (date.extended !== null) yield small(`If extended, ${said(date.extended)} at most.`);
    if (each.who) yield small(`Who: ${each.who}.`);
    if (date.provisional) yield small("Provisional: bank holidays so far ahead have not been announced.");
    for (const doubt of each.doubts) yield small(`In doubt: ${doubt}`, "pr-doubt");
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

  const speak = (text) => { spoken.textContent = text; };

  const copyButton = (label, text, described) => {
    const button = make("button", label, "pr-act");
    button.type = "button";
    if (described) button.append(make("span", `: ${described}`, "visually-hidden"));
    button.addEventListener("click", async () => {
      const value = text();
      await window.putright.copy(value);
      speak(`Copied: ${value}`);
    });
    return button;
  };

  // One date as an iCalendar file of one whole day. A line has at most 75 bytes; the rest goes on the next, after a blank.
  const escaped = (text) => text.replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n");
  const folded = (line) => {
    const pieces = [""];
    let bytes = 0;
    for (const letter of line) {
      const size = new TextEncoder().encode(letter).length;
      if (bytes + size > 74) { pieces.push(" "); bytes = 1; }
      pieces[pieces.length - 1] += letter;
      bytes += size;
    }
    return pieces.join("\r\n");
  };
  const calendar = (date) => {
    const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const more = date.latest !== null && date.latest !== date.due ? ` Latest possible: ${said(date.latest)}.` : "";
    const source = date.each.national ? date.each.source : data.whose;
    const text = `${upper(date.each.within)}. ${source}, clause ${date.each.clause}.${more}`;
    return [
      "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//putright//handbook//EN", "BEGIN:VEVENT",
      `UID:${date.each.rulebook}-${date.each.rule}-${iso(date.start)}@putright.invalid`,
      `DTSTAMP:${stamp}`, `DTSTART;VALUE=DATE:${iso(date.due).replaceAll("-", "")}`,
      `SUMMARY:${escaped(`Due: ${date.each.step}`)}`, `DESCRIPTION:${escaped(text)}`, "TRANSP:TRANSPARENT",
      "END:VEVENT", "END:VCALENDAR", "",
    ].map(folded).join("\r\n");
  };
  const calendarLink = (date) => {
    const link = make("a", "Add to calendar (.ics)", "pr-act");
    link.append(make("span", `: ${date.each.step}`, "visually-hidden"));
    link.href = `data:text/calendar;charset=utf-8,${encodeURIComponent(calendar(date))}`;
    link.download = `${date.each.rule}-${iso(date.due)}.ics`;
    return link;
  };

  const card = ({ date, same }) => {
    const { each } = date;
    const node = make("li", "", each.national ? "pr-answer pr-national" : "pr-answer");
    mark(node, date);
    const what = make("p", "", "pr-what");
    what.append(make("strong", each.step), " ");
    if (each.kind !== "must") what.append(make("span", each.kind, "pr-tag"), " ");
    what.append("(", clause(each), ")");
    const when = make("p", "", "pr-when");
    when.append(make("strong", dates(date)));
    node.append(what, when, ...about(date));
    for (const other of same) {
      const line = small("The same date: ");
      mark(line, other);
      line.append(clause(other.each));
      node.append(line, ...other.each.doubts.map((doubt) => small(`In doubt: ${doubt}`, "pr-doubt")));
    }
    const acts = make("p", "", "pr-acts");
    acts.append(copyButton("Copy the date", () => said(date.due), each.step), calendarLink(date));
    node.append(acts);
    if (each.counted && (date.latest === null || date.latest === date.due)) {
      const fold = make("details");
      fold.append(make("summary", `Days counted and skipped: ${each.step.toLowerCase()}`), spelt(date.start, date.due, data.off[each.rulebook], each.begins));
      node.append(fold);
    }
    return node;
  };

  const address = () => {
    const query = new URLSearchParams({ event: event.value });
    const days = [opened, acknowledged].map((field) => field.read("").offset ?? null);
    if (days[0] !== null) query.set("date", iso(days[0]));
    if (days[1] !== null) query.set("acknowledged", iso(days[1]));
    if (data.kinds.length > 1) query.set("kind", kind.value);
    return `${location.href.split(/[?#]/)[0]}?${query}`;
  };

  // The letters with these dates. Of several dates of one step the earliest goes in; it is sure if there is no other, and
  // nothing may still move it.
  const toLetters = (dates) => {
    const query = new URL(address()).searchParams;
    const sure = [];
    for (const rule of new Set(dates.map((date) => date.each.rule))) {
      const own = dates.filter((date) => date.each.rule === rule).sort((one, other) => one.due - other.due);
      const [earliest] = own;
      query.set(rule, iso(earliest.due));
      const moves = (date) => date.due !== earliest.due || (date.latest ?? date.due) !== date.due || date.other !== null
        || date.provisional || date.each.only_if || date.each.doubts.length > 0;
      if (!own.some(moves)) sure.push(rule);
      const longest = own.map((date) => date.extended).filter((date) => date !== null);
      if (longest.length) query.set(rule.replace("respond-", "extend-"), iso(Math.min(...longest)));
    }
    query.set("sure", sure.join(" "));
    const link = make("a", "Put these dates in the letters", "pr-act");
    link.href = `letters.html?${query}`;
    return link;
  };

  const heading = (days) => {
    const asked = chosen();
    const more = days[1] === null ? "" : `, acknowledged on ${said(days[1])}`;
    return `${asked.said} on ${said(days[0])}${more}`;
  };

  // Both dates as offsets; null, with messages shown, where one of them is wrong.
  const given = () => {
    const one = opened.read("The date");
    if (one.offset === null) one.wrong = "Enter the date as day, month and year.";
    const two = acknowledged.read("The date of the acknowledgement");
    if (!one.wrong && !two.wrong && two.offset !== null && two.offset < one.offset) {
      two.wrong = "The date of the acknowledgement must be the same day as the first date, or later.";
    }
    opened.show(one.wrong);
    acknowledged.show(two.wrong);
    return one.wrong || two.wrong ? { wrong: [one.wrong, two.wrong].filter(Boolean).join(" ") } : { days: [one.offset, two.offset] };
  };

  const show = (focus) => {
    const { wrong, days } = given();
    if (wrong) {
      answers.replaceChildren();
      speak(`Error: ${wrong}`);
      if (focus) (opened.error.hidden ? acknowledged : opened).parts[0].focus();
      return;
    }
    const every = found(days);
    const groups = grouped(every);
    const list = make("ol", "", "pr-cards");
    list.append(...groups.map(card));
    const acts = make("p", "", "pr-acts");
    acts.append(copyButton("Copy a link to this answer", address));
    if (every.some((date) => date.each.rule.startsWith("respond-"))) acts.append(toLetters(every));
    answers.replaceChildren(make("h2", heading(days)), ...(groups.length ? [list] : [make("p", "No date follows from this.")]), acts);
    const count = groups.length === 1 ? "1 date" : `${groups.length} dates`;
    speak(groups.length ? `${heading(days)}: ${count}. ${groups[0].date.each.step}: ${dates(groups[0].date)}.` : `${heading(days)}: no date follows from this.`);
    try { history.replaceState(null, "", address() + location.hash); } catch { /* a file opened by itself */ }
  };

  // --- begin: what the address asks, or today ---

  const asked = new URLSearchParams(location.search);
  const problems = [];
  const choose = (select, name, what) => {
    const wanted = asked.get(name);
    if (wanted && [...select.options].some((option) => option.value === wanted)) select.value = wanted;
    else if (wanted) problems.push(`The address asks for ${what} that this page does not have (${wanted}). Choose one here.`);
    if (select.selectedIndex < 0) select.selectedIndex = 0;
  };
  choose(kind, "kind", "a kind of complaint");
  fillEvents();
  choose(event, "event", "an event");
  fit();
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  opened.iso = asked.get("date") || today;
  if (!acknowledged.fieldset.hidden) acknowledged.iso = asked.get("acknowledged");
  box.hidden = false;
  kind.addEventListener("change", () => { fillEvents(); fit(); });
  event.addEventListener("change", fit);
  box.querySelector("form").addEventListener("submit", (submitted) => { submitted.preventDefault(); show(true); });
  if (problems.length) {
    answers.replaceChildren(make("p", problems.join(" "), "pr-note"));
    speak(problems.join(" "));
  } else {
    show(false);
  }
})();

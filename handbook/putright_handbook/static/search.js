// The search: looks through the index of sections that came with the site. Results of the chosen council come first.
(() => {
  "use strict";

  const index = window.putrightIndex;
  const box = document.getElementById("search-results");
  const said = document.getElementById("pr-search-said");
  const council = document.getElementById("pr-search-council");
  const asked = new URLSearchParams(location.search);
  const words = (asked.get("q") || "").trim();
  const MOST = 20;

  document.getElementById("pr-search-words").value = words;
  if ([...council.options].some((option) => option.value === asked.get("council"))) council.value = asked.get("council");

  const make = (tag, text, className) => {
    const node = document.createElement(tag);
    if (text) node.textContent = text;
    if (className) node.className = className;
    return node;
  };
  const tokens = (text) => text.toLowerCase().replace(/[’']s\b/g, "").match(/[a-z0-9]+(?:[.-][a-z0-9]+)*/g) || [];

  // Entries by word, of the heading and of the text.
  const entries = index.pages.flatMap(([page, whose, weight, sections]) => sections.map(([heading, anchor, number, text]) => ({
    page, whose, weight, heading, anchor, number, text, title: sections[0][0], inHeading: new Set(tokens(heading)), inText: new Set(tokens(text)),
  })));
  const vocabulary = new Set(entries.flatMap((entry) => [...entry.inHeading, ...entry.inText]));

  // The number of letters to change, put in or leave out; no more than is asked about.
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let row = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) {
        next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1)));
      }
      if (Math.min(...next) > most) return most + 1;
      row = next;
    }
    return row[other.length];
  };

  // The words of the pages that a word asked for may be, with how well they fit: the word itself, another form of it,
  // and, only where there is neither, a slip of spelling.
  const forms = (word) => {
    const found = new Map();
    for (const known of vocabulary) {
      if (known === word) found.set(known, 3);
      else if (word.length > 3 && /^[a-z]/.test(word) && (known.startsWith(word) || (known.length > 3 && word.startsWith(known) && word.length - known.length < 4))) found.set(known, 2);
    }
    if (found.size === 0 && word.length > 3 && !/\d/.test(word)) {
      for (const known of vocabulary) if (distance(word, known, word.length > 7 ? 2 : 1) <= (word.length > 7 ? 2 : 1)) found.set(known, 1);
    }
    return found;
  };

  const score = (entry, all) => {
    let whole = 0;
    for (const found of all) {
      let best = 0;
      for (const [word, fit] of found) {
        if (entry.inHeading.has(word)) best = Math.max(best, fit * 3);
        else if (entry.inText.has(word)) best = Math.max(best, fit);
      }
      if (best === 0) return 0;
      whole += best;
    }
    return whole + entry.weight;
  };

  // What was asked, and the same in the words of the pages: a synonym counts a little less.
  const searches = () => {
    const found = [[words, 1]];
    for (const [other, ours] of Object.entries(index.synonyms)) {
      const pattern = new RegExp(`\\b${other}\\w{0,2}\\b`, "i");
      if (pattern.test(words)) found.push([words.replace(pattern, ours), 0.9]);
    }
    return found;
  };

  // The reader's council first, then what is for everyone, then other councils.
  const place = (entry) => (!council.value || entry.whose === council.value ? 0 : entry.whose ? 2 : 1);

  const results = () => {
    const best = new Map();
    for (const [text, weight] of searches()) {
      const all = tokens(text).map(forms);
      for (const entry of entries) {
        const points = (entry.number && entry.number.toLowerCase() === words.toLowerCase() ? 100 : 0) + weight * score(entry, all);
        if (points > (best.get(entry) || 0)) best.set(entry, points);
      }
    }
    return [...best].sort(([one, points], [other, more]) => place(one) - place(other) || more - points);
  };

  // --- as it is shown ---

  const shown = new Set(searches().flatMap(([text]) => tokens(text).flatMap((word) => [...forms(word).keys()])));

  // A line of text around the first word that was found, with these words marked.
  const line = (text) => {
    const parts = text.split(/([A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*)/);
    const hit = parts.findIndex((part) => shown.has(part.toLowerCase()));
    const from = Math.max(0, hit - 16);
    const node = make("p", from ? "… " : "", "pr-small");
    for (const part of parts.slice(from, from + 56)) {
      node.append(shown.has(part.toLowerCase()) ? make("mark", part) : document.createTextNode(part));
    }
    if (parts.length > from + 56) node.append(" …");
    return node;
  };

  const result = (entry) => {
    const node = make("li");
    const link = make("a", entry.heading);
    link.href = `${entry.page}.html${entry.anchor ? `#${entry.anchor}` : ""}`;
    node.append(link);
    if (entry.anchor) node.append(make("span", ` ${entry.title}`, "pr-small pr-where"));
    if (entry.text) node.append(line(entry.text));
    return node;
  };

  const list = (heading, found) => {
    if (!found.length) return [];
    const items = make("ol", "", "pr-found");
    items.append(...found.slice(0, MOST).map(([entry]) => result(entry)));
    const more = found.length > MOST ? [make("p", `The first ${MOST} of ${found.length} are shown. Add a word to find fewer.`, "pr-small")] : [];
    return [make("h2", heading), items, ...more];
  };

  const nothing = () => {
    const close = tokens(words).flatMap((word) => [...vocabulary]
      .map((known) => [distance(word, known, 3), known]).filter(([far]) => far <= 3).sort().slice(0, 3).map(([, known]) => known));
    const help = make("ul");
    const lines = ["Check the spelling, or use fewer words.", "Search by clause number, for example 6.2."];
    if (close.length) lines.unshift(`Did you mean ${[...new Set(close)].join(", ")}?`);
    help.append(...lines.map((text) => make("li", text)));
    const ways = make("ul");
    for (const [name, authority] of Object.entries(index.councils)) {
      if (council.value && name !== council.value) continue;
      const item = make("li");
      const link = make("a", `Every question about complaints to ${authority}`);
      link.href = `councils/${name}/index.html`;
      item.append(link);
      ways.append(item);
    }
    return [help, make("h2", "Or start from a question"), ways];
  };

  if (!words) return;
  const found = results();
  const count = found.length === 1 ? "1 result" : `${found.length} results`;
  const also = searches().slice(1).map(([text]) => `‘${text}’`);
  said.textContent = found.length
    ? `${count} for ‘${words}’${also.length ? `, with results for ${also.join(" and ")}` : ""}`
    : `No results for ‘${words}’`;
  const mine = index.councils[council.value];
  box.replaceChildren(...(found.length ? [
    ...list(mine || "Results", found.filter(([entry]) => place(entry) === 0)),
    ...list("National rules and pages for everyone", found.filter(([entry]) => place(entry) === 1)),
    ...list("Other councils", found.filter(([entry]) => place(entry) === 2)),
  ] : nothing()));
})();

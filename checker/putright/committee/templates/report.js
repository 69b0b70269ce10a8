"use strict";
(function () {
  const form = document.getElementById("choose");
  const said = document.getElementById("chosen");
  const selects = Array.from(form.querySelectorAll("select"));
  const ofRules = form.dataset.rules.split(" ");
  const ofRows = form.dataset.rows.split(" ");
  const rules = Array.from(document.querySelectorAll("details[data-is]"), (place) => ({
    place,
    is: place.dataset.is.split(" "),
    rows: Array.from(place.querySelectorAll("tr[data-is]"), (row) => ({ row, is: row.dataset.is.split(" ") })),
  }));
  const MOST_OPEN = 500;

  function apply() {
    const wanted = {};
    for (const select of selects) if (select.value) wanted[select.name] = select.value;
    const chosen = Object.keys(wanted).length > 0;
    const fits = (names, is) => names.every((name, place) => !(name in wanted) || wanted[name] === is[place]);
    let shown = 0;
    for (const rule of rules) {
      const fitting = fits(ofRules, rule.is);
      rule.shown = 0;
      for (const one of rule.rows) {
        one.row.hidden = !(fitting && fits(ofRows, one.is));
        if (!one.row.hidden) rule.shown += 1;
      }
      rule.place.hidden = chosen && !rule.shown;
      shown += rule.shown;
    }
    for (const rule of rules) rule.place.open = chosen && rule.shown > 0 && shown <= MOST_OPEN;
    for (const heading of document.querySelectorAll("h3[data-group]")) {
      heading.hidden = !rules.some((rule) => rule.place.dataset.group === heading.dataset.group && !rule.place.hidden);
    }
    const all = rules.reduce((sum, rule) => sum + rule.rows.length, 0);
    const number = (count) => count.toLocaleString("en-GB");
    said.textContent = chosen
      ? `${number(shown)} of ${number(all)} ${all === 1 ? "finding" : "findings"} shown.`
      : `All ${number(all)} ${all === 1 ? "finding" : "findings"} shown.`;
  }

  for (const link of document.querySelectorAll("a[data-choose]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault(); // following the link would take the focus away again
      const wanted = Object.fromEntries(link.dataset.choose.split(" ").map((each) => each.split("=")));
      for (const select of selects) select.value = wanted[select.name] || "";
      apply();
      const rule = document.getElementById(link.hash.slice(1));
      rule.open = true;
      window.history.pushState(null, "", link.hash);
      rule.scrollIntoView();
      rule.querySelector("summary").focus();
    });
  }
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => window.setTimeout(apply, 0));
  form.hidden = false;
  apply();
})();

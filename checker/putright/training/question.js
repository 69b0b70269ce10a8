// A question of a training notebook, answered by clicking: radio buttons, tick boxes, a date or a number.
// Nothing is fetched: the page has the question from the notebook, and asks the notebook to check the answer.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const LETTERS = "ABCDEFGHIJ";

// Each kind of field: its elements, its answer as text or a list, and what to say if there is none yet.
const KINDS = {
  one: (id, form) => choices(id, form, "radio", "Choose an answer, then check it."),
  several: (id, form) => choices(id, form, "checkbox", ""),
  date: (id) => {
    const fields = ["Day", "Month", "Year"].map((name) => textField(id, name, name === "Year" ? 4 : 2));
    return {
      legend: "Your answer: a date",
      hint: "For example, 23 11 2026",
      elements: [make("div", { class: "pr-three" }, ...fields.map((field) => field.element))],
      answer: () => (fields.every((field) => field.input.value.trim()) ? fields.map((field) => field.input.value.trim()).join("/") : null),
      missing: "Fill in the day, the month and the year, then check the date.",
    };
  },
  number: (id) => {
    const field = textField(id, "Whole number", 6);
    return {
      legend: "Your answer: a number",
      hint: "In digits, for example 12",
      elements: [field.element],
      answer: () => field.input.value.trim() || null,
      missing: "Fill in a number, then check it.",
    };
  },
  case: (id, form) => {
    const fields = form.fields.map(([name, label]) => ({ name, ...textField(id, label, 20, name, "text") }));
    const filled = () => fields.filter((field) => field.input.value.trim());
    return {
      legend: "The dates of the case",
      hint: "For example, 23 11 2026 or 23 November 2026",
      elements: fields.map((field) => field.element),
      answer: () => (filled().length ? Object.fromEntries(filled().map((field) => [field.name, field.input.value.trim()])) : null),
      missing: "Fill in the day of receipt, then check the case.",
    };
  },
};

function textField(id, name, size, key = name.split(" ")[0].toLowerCase(), mode = "numeric") {
  const own = `${id}-${key}`;
  const input = make("input", { id: own, type: "text", inputmode: mode, autocomplete: "off", size: String(size) });
  return { input, element: make("span", { class: "pr-part" }, make("label", { for: own }, name), input) };
}

function choices(id, form, type, missing) {
  const inputs = form.options.map((_, place) => make("input", { type, name: id, id: `${id}-${place}`, value: LETTERS[place] }));
  const elements = form.options.map((text, place) =>
    make("div", { class: "pr-choice" }, inputs[place], make("label", { for: `${id}-${place}` }, make("strong", {}, LETTERS[place]), ` ${text}`)));
  const chosen = () => inputs.filter((input) => input.checked).map((input) => input.value);
  const several = type === "checkbox";
  return {
    legend: several ? "Your answer: tick all that apply" : "Your answer: choose one",
    hint: several ? "Leave all of them empty if none applies." : "",
    elements,
    answer: () => (several ? chosen() : chosen()[0] ?? null),
    missing,
  };
}

// Arrows and letters are for what has the focus, and not for JupyterLab, which would move to another cell.
function keepKeys(part) {
  for (const element of part.querySelectorAll("input, button, summary, a")) element.dataset.lmSuppressShortcuts = "true";
}

function render({ model, el }) {
  const id = `putright-${Math.random().toString(36).slice(2)}`; // each question has a copy of this file
  const form = model.get("form");
  const fields = KINDS[form.kind](id, form);
  const described = [`${id}-title`, ...(fields.hint ? [`${id}-hint`] : [])].join(" ");
  const question = make("div", { class: "pr-shown", id: `${id}-shown` });
  question.innerHTML = form.html; // written by putright, with the texts of the question escaped
  question.firstElementChild?.setAttribute("id", `${id}-title`);
  const status = make("div", { role: "status", class: "pr-reply" });
  const fieldset = make(
    "fieldset",
    { "aria-describedby": described },
    make("legend", {}, fields.legend),
    ...(fields.hint ? [make("p", { class: "pr-hint", id: `${id}-hint` }, fields.hint)] : []),
    ...fields.elements,
  );
  const entry = make("form", { novalidate: "", autocomplete: "off" }, fieldset, make("button", { type: "submit" }, "Check"));

  const tell = (reply) => {
    status.innerHTML = reply.html ?? "";
    status.dataset.kind = reply.kind ?? "";
    keepKeys(status);
  };
  // JupyterLab stops Enter in a cell from making a new line, and with it browsers stop sending the form.
  entry.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type !== "text" || event.isComposing) return;
    event.preventDefault();
    entry.requestSubmit();
  });
  entry.addEventListener("submit", (event) => {
    event.preventDefault(); // and the focus stays where it is
    const answer = fields.answer();
    if (answer === null) {
      status.textContent = fields.missing;
      status.dataset.kind = "missing";
      return;
    }
    model.set("given", { answer, turn: (model.get("given").turn ?? 0) + 1 });
    model.save_changes();
  });
  const answered = () => tell(model.get("reply"));
  model.on("change:reply", answered);
  answered();

  el.classList.add("putright-widget");
  el.append(question, entry, status);
  keepKeys(el);
  return () => model.off("change:reply", answered);
}

export default { render };

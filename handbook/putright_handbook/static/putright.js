// What every page does in the browser.
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

  // What is wider than its place can be scrolled by keyboard too.
  const reach = () => {
    for (const part of document.querySelectorAll(".cell_output, .cell_output .output, .bd-article pre")) {
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    }
  };
  reach();
  addEventListener("resize", reach);

  // Printing shows what is folded away, unless it is left out of the print.
  addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not(.d-print-none)")) part.open = true;
  });

  // Buttons that copy a text or print one part of the page; without scripts they are not shown.
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no clipboard: a page opened from a folder in some browsers
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  window.putright = { copy };
  // A path of questions: one at a time, with the way back; also a list of them all, which it is without scripts.
  for (const path of document.querySelectorAll(".pr-path")) {
    const questions = [...path.querySelectorAll(":scope > .pr-question")];
    const node = (tag, text, className) => Object.assign(document.createElement(tag), { textContent: text, className });
    const button = (text, act) => {
      const made = node("button", text, "pr-act");
      made.type = "button";
      made.addEventListener("click", act);
      return made;
    };
    const show = (place) => {
      path.classList.add("pr-asking");
      questions.forEach((question, other) => {
        question.classList.toggle("pr-here", other === place);
        question.classList.remove("pr-ended");
      });
      const heading = questions[place].querySelector("h2");
      heading.tabIndex = -1;
      return heading;
    };
    questions.forEach((question, place) => {
      const acts = node("p", "", "pr-acts pr-asks");
      for (const said of ["Yes", "No"]) {
        const answer = question.querySelector(`:scope > .pr-${said.toLowerCase()}`);
        if (!answer) continue;
        acts.append(button(said, () => {
          if (!answer.classList.contains("pr-end")) {
            show(place + 1).focus();
            return;
          }
          for (const other of question.querySelectorAll(":scope > .pr-end")) other.hidden = other !== answer;
          question.classList.add("pr-ended");
          answer.tabIndex = -1;
          answer.focus();
        }));
      }
      if (place) acts.append(button("Back", () => show(place - 1).focus()));
      question.append(acts);
    });
    const list = button("Show every question as a list", () => {
      const asking = path.classList.toggle("pr-asking");
      for (const end of path.querySelectorAll(".pr-end")) end.hidden = false;
      list.textContent = asking ? "Show every question as a list" : "Ask one question at a time";
      if (asking) show(0);
    });
    path.after(list);
    show(0);
  }

  for (const button of document.querySelectorAll("[data-copy], [data-print]")) {
    button.closest("[hidden]")?.removeAttribute("hidden");
    button.addEventListener("click", async () => {
      const part = document.getElementById(button.dataset.copy || button.dataset.print);
      if (!part) {
        print();
        return;
      }
      if (button.dataset.copy) {
        await copy(part.textContent);
        button.textContent = "Copied";
        return;
      }
      // A sheet is named after what is on it, as a file and at its head.
      const title = document.title;
      const heading = part.querySelector("h2")?.firstChild?.textContent;
      if (heading) document.title = `${heading}: ${title}`;
      part.classList.add("pr-only");
      document.body.classList.add("pr-print-one");
      addEventListener("afterprint", () => {
        part.classList.remove("pr-only");
        document.body.classList.remove("pr-print-one");
        document.title = title;
      }, { once: true });
      print();
    });
  }
})();

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
    for (const part of document.querySelectorAll("details")) part.open = true;
  });
})();

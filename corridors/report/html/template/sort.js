"use strict";
(() => {
  // ---- Tables: a click on a heading sorts, a second one turns the order round; empty cells stay last.
  for (const table of document.querySelectorAll("table.sortable")) {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach(other => other.setAttribute("aria-sort", "none"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0], numeric = head.classList.contains("number");
      const value = row => numeric ? row.cells[column].dataset.order : row.cells[column].textContent;
      const empty = row => value(row) === undefined || value(row) === "–";
      const compare = (a, b) => numeric ? value(a) - value(b) : value(a).localeCompare(value(b), document.documentElement.lang);
      body.append(...[...body.rows].sort((a, b) => empty(a) - empty(b) || (empty(a) ? 0 : (down ? -1 : 1) * compare(a, b))));
    }));
  }
})();

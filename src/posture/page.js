
"use strict";
(() => {
  const tables = [...document.querySelectorAll("main table")].map((table) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, place) => ({ row, place, text: row.textContent.toLowerCase() }));
    return { body, rows, heads: [...table.tHead.rows[0].cells], fold: table.closest("details") };
  });

  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.rank === undefined ? cell.textContent : Number(cell.dataset.rank);
  }

  function compare(a, b) {
    return typeof a === "number" && typeof b === "number" ? a - b : collator.compare(a, b);
  }

  function sort(table, column, descending) {
    const keyed = table.rows.map((one) => ({ ...one, key: key(one.row, column) }));
    const sign = descending ? -1 : 1;
    keyed.sort((a, b) => sign * compare(a.key, b.key) || a.place - b.place);
    table.body.replaceChildren(...keyed.map((one) => one.row));
    table.heads.forEach((head) => head.removeAttribute("aria-sort"));
    table.heads[column].setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  for (const table of tables) {
    table.heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => sort(table, column, head.getAttribute("aria-sort") === "ascending"));
      head.replaceChildren(button);
    });
  }

  const filter = document.getElementById("filter");
  const shown = document.getElementById("shown");

  function show() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let all = 0;
    let matching = 0;
    for (const { rows, fold } of tables) {
      let here = 0;
      for (const { row, text } of rows) {
        row.hidden = !words.every((word) => text.includes(word));
        here += row.hidden ? 0 : 1;
      }
      all += rows.length;
      matching += here;
      if (fold && words.length > 0) {
        fold.open = here > 0;
      }
    }
    shown.textContent = `${matching} of ${all} ${all === 1 ? "domain" : "domains"}`;
  }

  filter.addEventListener("input", show);
  filter.parentElement.hidden = false;
  show();
})();

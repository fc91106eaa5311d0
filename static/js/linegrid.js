/* The line grid, table.lines: a bill typed without a mouse.
   Enter goes to the next cell, Shift Enter back; from the last cell the page hears "line:next" and commits the line.
   Arrows keep the column and change the line. Ctrl D copies the cell above, Ctrl Delete removes the line. */
import { all, focusInto, one } from "./dom.js";

const lineWith = (row, step) => {
  let next = row;
  do next = step > 0 ? next.nextElementSibling : next.previousElementSibling;
  while (next && !one("input", next));
  return next;
};

document.addEventListener("keydown", (event) => {
  const cell = event.target instanceof Element && event.target.closest(".lines input");
  if (!cell || event.defaultPrevented) return;
  const row = cell.closest("tr");
  const body = cell.closest("tbody");
  const column = [...row.children].indexOf(cell.closest("td"));
  const goTo = (input) => {
    if (!input) return;
    event.preventDefault();
    focusInto(input);
  };
  const inColumn = (line) => line && (one("input", line.children[column] ?? line) ?? one("input", line));

  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    const cells = all("input:not([type=hidden])", body);
    const next = cells[cells.indexOf(cell) + (event.shiftKey ? -1 : 1)];
    event.preventDefault();
    if (next) goTo(next);
    else if (!event.shiftKey) body.dispatchEvent(new CustomEvent("line:next", { bubbles: true }));
  } else if (event.key === "ArrowDown") {
    goTo(inColumn(lineWith(row, 1)));
  } else if (event.key === "ArrowUp") {
    goTo(inColumn(lineWith(row, -1)));
  } else if (event.ctrlKey && event.key.toLowerCase() === "d") {
    event.preventDefault();
    const above = inColumn(lineWith(row, -1));
    if (!above) return;
    cell.value = above.value;
    cell.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (event.ctrlKey && event.key === "Delete") {
    const remove = one("button.x", row);
    if (!remove) return;
    goTo(inColumn(lineWith(row, 1)) ?? inColumn(lineWith(row, -1)));
    event.preventDefault();
    remove.click();
  }
});

/* The line being typed is tinted and its number inverted. */
document.addEventListener("focusin", (event) => {
  const row = event.target instanceof Element && event.target.closest(".lines tbody tr");
  if (!row) return;
  all("tr.on", row.closest("tbody")).forEach((other) => other.classList.remove("on"));
  row.classList.add("on");
});

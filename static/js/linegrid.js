/* The line grid, table.lines: a bill typed without a mouse.
   Enter goes to the next cell, Shift Enter back; from the last cell the page hears "line:next" and commits the line.
   A cell with data-commit ends the line for Enter; Tab reaches the cells behind it.
   Arrows keep the column and change the line. Ctrl D copies the cell above, Ctrl Delete removes the line.
   Esc gives a cell back what it held when it was entered. */
import { all, focusInto, on, one } from "./dom.js";

const CELLS = "input:not([type=hidden])";
const lineOf = (cell) => cell.closest("tbody[data-line]") ?? cell.closest("tr");

/* The next row with cells, also past rows of notes and into the next line. */
function rowFrom(row, step) {
  const rows = all("tbody > tr", row.closest("table"));
  for (let at = rows.indexOf(row) + step; at >= 0 && at < rows.length; at += step) {
    if (one(CELLS, rows[at])) return rows[at];
  }
  return undefined;
}

let entered = "";
on("focusin", `.lines ${CELLS}`, (cell) => (entered = cell.value));

document.addEventListener("keydown", (event) => {
  const cell = event.target instanceof Element && event.target.closest(`.lines ${CELLS}`);
  if (!cell || event.defaultPrevented) return;
  const row = cell.closest("tr");
  const column = [...row.children].indexOf(cell.closest("td"));
  const goTo = (input) => {
    if (!input) return;
    event.preventDefault();
    focusInto(input);
  };
  const inColumn = (line) => line && (one(CELLS, line.children[column] ?? line) ?? one(CELLS, line));

  if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
    const cells = all(CELLS, cell.closest("table")).filter((other) => other.getClientRects().length);
    const at = cells.indexOf(cell);
    event.preventDefault();
    if (event.shiftKey) goTo(cells[at - 1]);
    else if ("commit" in cell.dataset) endLine(cells.slice(at + 1).find((other) => lineOf(other) !== lineOf(cell)));
    else if (!cells[at + 1] || lineOf(cells[at + 1]) !== lineOf(cell)) endLine(cells[at + 1]);
    else goTo(cells[at + 1]);
  } else if (event.key === "ArrowDown") {
    goTo(inColumn(rowFrom(row, 1)));
  } else if (event.key === "ArrowUp") {
    goTo(inColumn(rowFrom(row, -1)));
  } else if (event.key === "Escape" && cell.value !== entered) {
    cell.value = entered;
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    event.preventDefault();
  } else if (event.ctrlKey && event.key.toLowerCase() === "d") {
    event.preventDefault();
    const above = inColumn(rowFrom(row, -1));
    if (!above) return;
    cell.value = above.value;
    cell.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (event.ctrlKey && event.key === "Delete") {
    const remove = one("button.x", row);
    if (!remove) return;
    goTo(inColumn(rowFrom(row, 1)) ?? inColumn(rowFrom(row, -1)));
    event.preventDefault();
    remove.click();
  }

  /* A grid that saves its lines decides itself where to go on; in any other the next line follows, or one is asked for. */
  function endLine(next) {
    const saving = cell.closest("table[data-grid]");
    if (next && !saving) goTo(next);
    else cell.closest("tbody").dispatchEvent(new CustomEvent("line:next", { bubbles: true, detail: { cell, next } }));
  }
});

/* The line being typed is tinted and its number inverted. */
document.addEventListener("focusin", (event) => {
  const row = event.target instanceof Element && event.target.closest(".lines tbody tr");
  if (!row) return;
  all("tbody > tr.on", row.closest("table")).forEach((other) => other.classList.remove("on"));
  row.classList.add("on");
});

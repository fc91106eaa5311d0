/* Lists: move by keys, select rows, and the bulk bar that covers the toolbar while rows are selected.

   Moving focuses the row's own link, so Enter opens it and screen readers say it. The keys themselves are hidden
   controls in parts/list_keys.html (`data-do`), so that they can be renamed, listed and switched off like all others.

   Bulk bar: [data-bulk] around [data-bulk-count data-text data-text-all], [data-bulk-all data-total] and
   <input type="hidden" name="all" value="1" disabled>. "Select all N that match" enables that input: the server then
   acts on everything the current filter finds, not only on the rows ticked here. */
import { all, fill, on, one } from "./dom.js";

const table = () => one("table[data-list]") ?? one("main table.tbl");
const rows = () => all("tbody tr", table() ?? document.createElement("table")).filter((row) => one("a[href], .ck", row));
const currentRow = () => document.activeElement?.closest("tr") ?? null;

function move(step) {
  const list = rows();
  if (!list.length) return;
  const at = list.indexOf(currentRow());
  const row = list[Math.max(0, Math.min(list.length - 1, at + step))];
  (one("a[href]", row) ?? one(".ck", row)).focus();
  row.scrollIntoView({ block: "nearest" });
}

on("click", "[data-do]", (control, event) => {
  switch (control.dataset.do) {
    case "row-next":
      return move(1);
    case "row-previous":
      return move(-1);
    case "row-select":
      return currentRow() && one(".ck", currentRow())?.click();
    case "filter":
      event.preventDefault();
      return one("#q")?.focus();
  }
});

/* ---- selection ---- */

const isRowBox = (box) => box.matches("tbody .ck") && box.type === "checkbox";
const everyMatch = (bar) => one("input[name=all]", bar);

function refresh(list) {
  const boxes = all("tbody .ck", list);
  const ticked = boxes.filter((box) => box.checked);
  boxes.forEach((box) => box.closest("tr").classList.toggle("sel", box.checked));
  const head = one("thead .ck", list);
  if (head) {
    head.checked = ticked.length > 0 && ticked.length === boxes.length;
    head.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
  }
  const bar = one("[data-bulk]");
  if (!bar) return;
  bar.hidden = ticked.length === 0;
  const input = everyMatch(bar);
  const offer = one("[data-bulk-all]", bar);
  const complete = ticked.length === boxes.length;
  if (input && !complete) input.disabled = true;
  const whole = input && !input.disabled;
  if (offer) offer.hidden = whole || !complete || Number(offer.dataset.total) <= boxes.length;
  const count = one("[data-bulk-count]", bar);
  count.textContent = fill(whole ? count.dataset.textAll : count.dataset.text, { n: ticked.length });
}

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.matches("table.tbl .ck")) return;
  const list = box.closest("table");
  if (!isRowBox(box)) all("tbody .ck", list).forEach((other) => (other.checked = box.checked));
  refresh(list);
});

on("click", "[data-bulk-all]", (button) => {
  everyMatch(button.closest("[data-bulk]")).disabled = false;
  refresh(table());
  one("[data-bulk-count]").focus();
});

on("click", "[data-bulk-clear]", () => {
  all("tbody .ck:checked", table()).forEach((box) => (box.checked = false));
  refresh(table());
});

/* A swapped page of rows starts unticked; going back in history can restore ticks before this script runs. */
function settle() {
  const list = table();
  if (list && one("tbody .ck", list)) refresh(list);
  else if (one("[data-bulk]")) one("[data-bulk]").hidden = true;
}
document.addEventListener("htmx:after:swap", settle);
settle();

/* Lines of a document grid in the page: what stands in them, the fresh one at the end, and putting the server's answer
   in their place without taking away what is just being typed. */
import { all, focusInto, one } from "./dom.js";

const CELLS = "input:not([type=hidden])";
const NAMES = ["id", "form", "aria-labelledby", "aria-describedby"];

let grid;
let pattern;
let made = 0;

export function attachTo(table) {
  grid = table;
  pattern = one("tbody[data-fresh]", grid)?.cloneNode(true);
}

export const lines = () => all("tbody[data-line]", grid);
export const lineOf = (element) => element.closest("tbody[data-line]");
export const formOf = (line) => one("form", line);
export const cells = (line) => all(CELLS, line);
export const firstCell = (line) => one(CELLS, line);
export const isFresh = (line) => "fresh" in line.dataset;
export const isDirty = (line) => cells(line).some((cell) => cell.value !== cell.defaultValue);
export const isEmpty = (line) => cells(line).every((cell) => !cell.value.trim());
export const isComplete = (line) => all("[data-required]", line).every((cell) => cell.value.trim());

/* What is sent of a line, as it is now. The values that the person changed are sent with what stood there before, so
   that two people's changes to one line can be told apart. */
export function snapshot(line) {
  const data = new FormData(formOf(line));
  cells(line).forEach((cell) => {
    const was = cell.dataset.was ?? cell.defaultValue;
    if (cell.value !== was) data.set(`was-${cell.name}`, was);
  });
  return data;
}

export function renumber() {
  lines().forEach((line, at) => {
    const number = String(at + 1);
    const cell = one(".no", line);
    if (cell.textContent !== number) cell.textContent = number;
  });
}

/* The line to type into next. */
export function freshLine() {
  const last = lines().at(-1);
  if (last && isFresh(last) && isEmpty(last) && !("bad" in last.dataset)) return last;
  return addFresh();
}

export function addFresh() {
  made += 1;
  const line = pattern.cloneNode(true);
  const end = `-new${made}`;
  [line, ...all("*", line)].forEach((element) => {
    NAMES.forEach((name) => {
      const value = element.getAttribute(name);
      if (value?.includes("-new")) element.setAttribute(name, value.replaceAll("-new", end));
    });
  });
  const token = one("input[name=token]", line);
  token.value = `${token.value}-${made}`;
  lines().at(-1)?.after(line) ?? grid.append(line);
  renumber();
  return line;
}

/* ---- the server's answer ---- */

function typing(line) {
  const cell = document.activeElement;
  if (!(cell instanceof HTMLInputElement) || !line.contains(cell)) return undefined;
  return { name: cell.name, start: cell.selectionStart, end: cell.selectionEnd };
}

function putBack(line, cursor) {
  if (!cursor) return;
  const cell = cells(line).find((one) => one.name === cursor.name);
  if (!cell) return;
  cell.focus({ preventScroll: true });
  cell.setSelectionRange(cursor.start, cursor.end);
}

/* Put `next` in the place of `line`. `sent` are the values that the answer is about; what was typed since then stays. */
export function replaceLine(line, next, sent) {
  const kept = cells(line).filter((cell) => cell.value !== (sent ? (sent.get(cell.name) ?? "") : cell.defaultValue));
  const keys = new Map(all("input[type=hidden]", line).map((input) => [input.name, input.value]));
  const cursor = typing(line);
  const on = one("tr.on", line);
  const popup = one(".combo.pick", line);
  if (popup) grid.closest("main").append(popup);
  line.replaceWith(next);
  const byName = new Map(cells(next).map((cell) => [cell.name, cell]));
  kept.forEach((cell) => {
    const target = byName.get(cell.name);
    if (!target) return;
    target.value = cell.value;
    const key = one(`input[name="${cell.name}_id"]`, next);
    if (key) key.value = keys.get(`${cell.name}_id`);
  });
  if (on) one("tr", next).classList.add("on");
  putBack(next, cursor);
  window.htmx?.process(next);
  return next;
}

function swapLines(page, job, renamed) {
  const table = one("table", page);
  if (!table) return;
  document.getElementById(table.dataset.gone ?? "")?.remove();
  const answered = new Set();
  all("tbody[data-line]", table).forEach((given) => {
    const next = document.importNode(given, true);
    const isAnswer = "answer" in given.dataset;
    const twin = document.getElementById(given.id);
    const own = isAnswer && job?.line?.isConnected ? job.line : twin;
    if (isAnswer) answered.add(given.id);
    else if (answered.has(given.id)) return;
    if (isFresh(next) && job?.line) {
      // It is not saved: it keeps the ids that its like in the page has.
      next.id = job.line.id;
      const end = job.line.id.replace(/^line/, "");
      all("*", next).forEach((element) => {
        NAMES.forEach((name) => {
          const value = element.getAttribute(name);
          if (value?.includes("-new")) element.setAttribute(name, value.replaceAll("-new", end));
        });
      });
    }
    if (twin && own !== twin) twin.remove();
    if (own) {
      replaceLine(own, next, isAnswer ? job?.sent : undefined);
      renamed(own, next);
    } else {
      const fresh = lines().find(isFresh);
      fresh ? fresh.before(next) : grid.append(next);
    }
  });
  if ("whole" in table.dataset) arrange(table);
}

/* All lines came: others than these are gone, and these stand in the server's order. */
function arrange(table) {
  const order = all("tbody[data-line]", table).map((line) => line.id);
  lines().forEach((line) => {
    if (!isFresh(line) && !order.includes(line.id) && !isDirty(line)) line.remove();
  });
  const saved = lines().filter((line) => !isFresh(line));
  const wanted = [...saved].sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
  if (saved.some((line, at) => line !== wanted[at])) {
    const cursor = document.activeElement;
    const fresh = lines().find(isFresh);
    wanted.forEach((line) => (fresh ? fresh.before(line) : grid.append(line)));
    if (cursor instanceof HTMLElement && grid.contains(cursor)) cursor.focus({ preventScroll: true });
  }
}

function swapParts(page) {
  all("[data-part]", page).forEach((given) => {
    const part = document.getElementById(given.id);
    if (!part) return;
    const focused = part.contains(document.activeElement) ? document.activeElement : undefined;
    const typed = focused instanceof HTMLInputElement && focused.value !== focused.defaultValue ? focused.value : undefined;
    const popup = one(".combo.pick", part);
    if (popup) grid.closest("main").append(popup);
    const next = document.importNode(given, true);
    part.replaceWith(next);
    window.htmx?.process(next);
    const again = focused?.id ? document.getElementById(focused.id) : undefined;
    if (!again) return;
    if (typed !== undefined) again.value = typed;
    again.focus({ preventScroll: true });
  });
}

/* Put an answer into the page. `renamed(before, after)` hears of lines that got a successor. */
export function swap(page, job, renamed = () => {}) {
  swapLines(page, job, renamed);
  swapParts(page);
  renumber();
}

/* The cell that was refused, of this line or of the first that has one. */
export function badCell(line) {
  const bad = line ?? lines().find((one) => "bad" in one.dataset);
  return bad && (one("[aria-invalid=true]", bad) ?? firstCell(bad));
}

export function goTo(cell) {
  if (!cell) return;
  focusInto(cell);
  cell.scrollIntoView({ block: "nearest" });
}

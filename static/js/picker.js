/* Pickers: <input role="combobox" data-pick="product"> asks the address of #pick-product while somebody types and shows
   what is found below itself. A row of the answer carries data-key and data-name; every other data-fill-… goes into the
   input or cell of that name in the same line.

   Typing never waits. Enter before the list has come means the first that will be found for these letters: focus goes
   on, and `settled(box)` tells when it is known. A newer request takes the place of an older one. */
import { choose, options } from "./combobox.js";
import { all, on, one } from "./dom.js";

const PAUSE_MS = 90;
const AGAIN_MS = 1500;
const states = new WeakMap();
let owner;

const popupOf = (box) => document.getElementById(`pick-${box.dataset.pick}`);
const keyOf = (box) => box.form?.elements.namedItem(`${box.name}_id`);

function stateOf(box) {
  if (!states.has(box)) states.set(box, { text: box.value.trim(), shown: undefined, wanted: false, found: undefined });
  return states.get(box);
}

/* Resolves to whether the box names a record, as soon as that is known. */
export function settled(box) {
  const state = stateOf(box);
  return state.promise ?? Promise.resolve(!box.value.trim() || Boolean(keyOf(box)?.value));
}

export const isAsking = (box) => Boolean(states.get(box)?.promise);

function settle(box, known) {
  const state = stateOf(box);
  const { resolve } = state;
  state.promise = state.resolve = undefined;
  state.wanted = false;
  resolve?.(known);
}

async function ask(box) {
  const state = stateOf(box);
  const text = (state.text = box.value.trim());
  state.controller?.abort();
  if (!text) {
    close(box);
    settle(box, true);
    return;
  }
  const controller = (state.controller = new AbortController());
  const address = new URL(popupOf(box).dataset.url, location.href);
  address.searchParams.set("q", text);
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" }, signal: controller.signal });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (controller.signal.aborted) return;
    state.shown = text;
    arrived(box, page);
  } catch {
    if (controller.signal.aborted || !box.isConnected) return;
    box.dispatchEvent(new CustomEvent("pick:lost", { bubbles: true }));
    // Only somebody who has gone on waits for the answer; whoever still types asks again by the next letter.
    if (state.wanted) state.timer = setTimeout(() => ask(box), AGAIN_MS);
  }
}

function arrived(box, page) {
  const state = stateOf(box);
  state.found = page;
  if (state.wanted) {
    const first = one("tbody tr[data-key]", page);
    if (first) take(box, first);
    settle(box, Boolean(first));
    if (!first) box.dispatchEvent(new CustomEvent("pick:none", { bubbles: true, detail: { text: state.text } }));
  } else if (document.activeElement === box) {
    show(box);
  }
}

function show(box) {
  const popup = popupOf(box);
  owner = box;
  popup.replaceChildren(...document.importNode(stateOf(box).found.body, true).childNodes);
  const table = one("table", popup);
  if (table) table.id = box.getAttribute("aria-controls");
  all("tbody tr[data-key]", popup).forEach((row, at) => (row.id = `${box.getAttribute("aria-controls")}-${at}`));
  box.after(popup);
  popup.hidden = false;
  box.setAttribute("aria-expanded", "true");
  choose(box, one("tbody tr[data-key]", popup));
  popup.scrollIntoView({ block: "nearest" });
  // What is typed stays in sight, however many are found.
  box.scrollIntoView({ block: "nearest" });
}

function close(box) {
  const popup = popupOf(box);
  if (owner === box && popup) popup.hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function take(box, row) {
  const state = stateOf(box);
  box.value = row.dataset.name;
  state.text = state.shown = box.value.trim();
  const key = keyOf(box);
  if (key) key.value = row.dataset.key;
  const line = box.closest("tbody[data-line]");
  for (const [name, value] of Object.entries(row.dataset)) {
    if (!name.startsWith("fill")) continue;
    const target = name.slice(4).toLowerCase();
    const input = box.form?.elements.namedItem(target);
    // What somebody typed already is kept.
    if (input && !input.value) input.placeholder = value;
    const cell = line && one(`[data-cell="${target}"]`, line);
    if (cell) cell.textContent = value;
  }
  box.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: { row } }));
}

on("input", "input[data-pick]", (box) => {
  const state = stateOf(box);
  const key = keyOf(box);
  if (key) key.value = "";
  clearTimeout(state.timer);
  state.shown = undefined;
  state.wanted = false;
  if (owner === box) choose(box, undefined);
  state.timer = setTimeout(() => ask(box), PAUSE_MS);
});

on("pick", "input[data-pick]", (box, event) => {
  clearTimeout(stateOf(box).timer);
  stateOf(box).controller?.abort();
  close(box);
  take(box, event.detail.option);
  settle(box, true);
  box.dispatchEvent(new CustomEvent("pick:go", { bubbles: true }));
});

/* Somebody goes on by Enter or Tab with letters of which nothing is known yet: the first that is found is meant. */
function want(box) {
  const state = stateOf(box);
  if (!box.value.trim() || keyOf(box)?.value || state.promise) return;
  state.wanted = true;
  state.promise = new Promise((resolve) => (state.resolve = resolve));
  clearTimeout(state.timer);
  if (state.shown === box.value.trim() && state.found) arrived(box, state.found);
  else ask(box);
}

/* Before combobox.js sees the key: the list on the screen may be that of fewer letters. */
document.addEventListener(
  "keydown",
  (event) => {
    const box = event.target;
    if (!(box instanceof Element) || !box.matches("input[data-pick]") || event.shiftKey || event.isComposing) return;
    if (!/^(Enter|Tab)$/.test(event.key) || event.ctrlKey || event.metaKey) return;
    const state = stateOf(box);
    const text = box.value.trim();
    if (!text || keyOf(box)?.value) return;
    const listed = state.shown === text && box.getAttribute("aria-expanded") === "true";
    if (event.key === "Enter" && listed && options(box).length) return;
    close(box);
    want(box);
    if (event.key === "Tab") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    box.dispatchEvent(new CustomEvent("pick:go", { bubbles: true }));
  },
  true,
);

on("focusin", "input[data-pick]", (box) => {
  stateOf(box).before = { value: box.value, key: keyOf(box)?.value ?? "" };
});

on("focusout", "input[data-pick]", (box) => {
  // Long enough for a click on a row of the list.
  setTimeout(() => {
    if (document.activeElement === box || !box.isConnected) return;
    close(box);
    const { before, promise } = stateOf(box);
    if (promise || keyOf(box)?.value || box.closest("[data-line]") || !before) return;
    // The customer of a bill is not changed by letters that somebody left standing.
    box.value = before.value;
    if (keyOf(box)) keyOf(box).value = before.key;
  }, 120);
});

/* A press on the list must not take focus from the box; the click picks. */
document.addEventListener("mousedown", (event) => {
  if (event.target instanceof Element && event.target.closest(".combo.pick")) event.preventDefault();
});
on("click", ".combo.pick tbody tr[data-key]", (row) => {
  owner?.dispatchEvent(new CustomEvent("pick", { bubbles: true, detail: { option: row } }));
});

/* Letters that were typed before this script was there: a quick hand on a slow line. */
const early = document.activeElement;
if (early instanceof HTMLInputElement && early.matches("[data-pick]") && early.value !== early.defaultValue) {
  early.dispatchEvent(new Event("input", { bubbles: true }));
}

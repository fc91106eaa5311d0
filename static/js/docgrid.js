/* A document whose lines save themselves: table[data-grid], see docs/pages.md, "Document grid".
   A line is sent when Enter leaves its last cell, or when somebody goes to another line; the queue sends one after the
   other while the next is being typed. Buttons named "do" in a line and [data-step] buttons of the document go through
   the same queue, so that nothing overtakes what was typed before it. */
import { openDialog } from "./dialogs.js";
import { all, fill, on, one } from "./dom.js";
import * as queue from "./gridqueue.js";
import * as rows from "./gridrows.js";
import { isAsking, settled } from "./picker.js";
import { toast } from "./toasts.js";

const FOLLOW_MS = 120;

const grid = one("table[data-grid]");
const words = grid.dataset;
let path = words.grid;
let version = words.version;
let moving = false;
let stepping = false;
let leaving = false;

rows.attachTo(grid);

/* ---- what is sent ---- */

const token = () => one("meta[name=csrf]").content;

function body(job) {
  const data = job.sent;
  if (job.line) {
    if (!job.line.isConnected) return undefined;
    // A line that was saved meanwhile has got its key.
    const form = rows.formOf(job.line);
    if (!form) return undefined;
    ["line", "token"].forEach((name) => {
      const input = form.elements.namedItem(name);
      if (input) data.set(name, input.value);
      else data.delete(name);
    });
    all("input[type=hidden][name$=_id]", job.line).forEach((input) => {
      if (!data.get(input.name)) data.set(input.name, input.value);
    });
    rows.cells(job.line).forEach((cell) => {
      // Letters became a name while the line waited.
      if ("pick" in cell.dataset && data.get(`${cell.name}_id`)) data.set(cell.name, cell.value);
    });
  }
  data.set("do", job.do);
  data.set("version", version);
  data.set("document", words.document);
  data.set("csrfmiddlewaretoken", token());
  return data;
}

function say() {
  const place = document.getElementById("grid-saved");
  if (!place) return;
  const waiting = queue.waiting();
  place.classList.toggle("amb", queue.isLost());
  if (queue.isLost()) place.textContent = place.dataset.lost;
  else if (waiting) place.textContent = place.dataset.saving;
  else if (rows.lines().some((line) => "bad" in line.dataset)) place.textContent = place.dataset.problem;
}

/* ---- no network ---- */

let lostToast;

function lost(response) {
  lostToast?.remove();
  toast({ text: response?.status === 401 ? words.signedOut : words.lost, tone: "bad" });
  lostToast = one("#toasts").lastElementChild;
}

function back() {
  if (!lostToast) return;
  lostToast.remove();
  lostToast = undefined;
  toast({ text: words.back });
}

addEventListener("online", () => queue.again());
addEventListener("focus", () => queue.again());
document.addEventListener("pick:lost", () => {
  if (!lostToast?.isConnected) lost();
});

/* ---- answers ---- */

function toasts(response) {
  const told = response.headers.get("HX-Trigger");
  if (told?.startsWith("{")) toast(JSON.parse(told).toast ?? {});
}

function goOn(response) {
  const url = response.headers.get("HX-Redirect");
  if (!url) return false;
  leaving = true;
  location.assign(url);
  return true;
}

function learn(page) {
  const saved = one("#grid-saved", page);
  if (!saved) return;
  version = saved.dataset.version;
  if (saved.dataset.path !== path) {
    // A new document got its address.
    path = saved.dataset.path;
    history.replaceState(history.state, "", path);
    all("tbody[data-line] form", grid).forEach((form) => (form.action = path));
  }
  if ("foreign" in saved.dataset) refresh();
}

async function refresh() {
  const response = await fetch(`${path}?part=lines`, { headers: { "HX-Request": "true" } }).catch(() => undefined);
  if (!response?.ok) return;
  put(new DOMParser().parseFromString(await response.text(), "text/html"));
}

function put(page, job) {
  moving = true;
  rows.swap(page, job, queue.rename);
  moving = false;
  const dialog = one("#modal dialog[data-autoopen]");
  if (dialog) {
    dialog.removeAttribute("data-autoopen");
    openDialog(dialog);
  }
}

function conflict(job, page) {
  const dialog = one("dialog", page);
  if (!dialog) return;
  queue.hold();
  one("#modal").replaceChildren(document.importNode(dialog, true));
  const shown = one("#modal dialog");
  shown.conflicting = job;
  shown.removeAttribute("data-autoopen");
  openDialog(shown);
}

function answered(job, response, page) {
  back();
  toasts(response);
  if (goOn(response)) return;
  if (job.step) stepping = false;
  if (response.status === 409) {
    conflict(job, page);
    return;
  }
  if (response.status !== 200 && response.status !== 422) {
    if (job.line?.isConnected) job.line.dataset.bad = "";
    const code = response.headers.get("X-Error-Id");
    const detail = code ? fill(one("#toasts").dataset.faultCode, { code }) : "";
    toast({ text: response.status === 403 ? page.body.textContent.trim() : words.fault, detail, tone: "bad" });
    say();
    return;
  }
  const wasIn = job.line?.contains(document.activeElement);
  put(page, job);
  learn(page);
  if (response.status === 422) {
    if (job.step) one("#grid-message")?.focus();
    else if (wasIn && job.line?.isConnected) rows.goTo(rows.badCell(job.line));
  }
  if (!rows.lines().some(rows.isFresh) && one("form", grid)) rows.addFresh();
  look.last = undefined;
  follow();
}

queue.attach({ body, path: () => path, answered, lost, told: say });

/* ---- lines ---- */

function ready(line) {
  const asking = rows.cells(line).filter((cell) => "pick" in cell.dataset && isAsking(cell));
  return asking.length ? Promise.all(asking.map(settled)) : undefined;
}

function send(line, what = "line") {
  delete line.dataset.bad;
  queue.add({ do: what, line, sent: rows.snapshot(line), ready: ready(line) });
}

on("line:next", "table[data-grid] tbody[data-line]", (line, event) => {
  if (rows.isFresh(line) && rows.isEmpty(line)) return;
  if (rows.isDirty(line) || "bad" in line.dataset) send(line);
  const lines = rows.lines();
  const next = lines[lines.indexOf(line) + 1];
  moving = true;
  rows.goTo(next ? rows.firstCell(next) : rows.firstCell(rows.freshLine()));
  moving = false;
  event.preventDefault();
});

/* Somebody goes elsewhere: a line that has all it needs is saved, any other waits for the rest. */
on("focusout", "table[data-grid] tbody[data-line] input", (cell, event) => {
  const line = rows.lineOf(cell);
  if (moving || line.contains(event.relatedTarget)) return;
  if (rows.isDirty(line) && rows.isComplete(line)) send(line);
  if (rows.isFresh(line) && !rows.isEmpty(line)) rows.freshLine();
});

on("pick:go", "table[data-grid] [data-pick]", (box) => {
  const cells = rows.cells(rows.lineOf(box)).filter((cell) => cell.getClientRects().length);
  rows.goTo(cells[cells.indexOf(box) + 1]);
});

on("pick:none", "table[data-grid] [data-pick]", (box, event) => {
  box.setAttribute("aria-invalid", "true");
  rows.lineOf(box).dataset.bad = "";
  toast({ text: fill(words.none, event.detail), tone: "warn" });
  say();
});
on("input", "table[data-grid] [aria-invalid=true]", (cell) => cell.removeAttribute("aria-invalid"));

/* Buttons of a line: remove it, or what a note under it offers. */
on("click", "table[data-grid] button[name=do]", (button, event) => {
  event.preventDefault();
  const line = rows.lineOf(button);
  if (button.value === "remove") {
    remove(line);
    return;
  }
  send(line, button.value);
});

function remove(line) {
  const lines = rows.lines();
  const at = lines.indexOf(line);
  const next = lines[at + 1] ?? lines[at - 1];
  if (line.contains(document.activeElement) && next) rows.goTo(rows.firstCell(next));
  if (rows.isFresh(line)) {
    if (lines.length > 1 && !(rows.isEmpty(line) && line === lines.at(-1))) line.remove();
    rows.freshLine();
    rows.renumber();
    say();
    return;
  }
  const sent = rows.snapshot(line);
  queue.add({ do: "remove", line, sent });
}

/* Undo in a toast puts the line back without loading the page. */
on("submit", "#toasts form", (form, event) => {
  const url = new URL(form.action, location.href);
  if (url.pathname !== new URL(path, location.href).pathname || !url.searchParams.has("do")) return;
  event.preventDefault();
  form.closest(".toast").remove();
  queue.add({ do: "restore", path: form.action, sent: new FormData() });
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Insert" && !event.defaultPrevented && grid.contains(event.target)) {
    event.preventDefault();
    rows.goTo(rows.firstCell(rows.freshLine()));
  }
  // Keys of the buttons under the line that is being typed.
  const line = event.target instanceof Element && rows.lineOf(event.target);
  const button = line && !event.defaultPrevented && one(`[data-row-key="${CSS.escape(event.key)}"]`, line);
  if (button) {
    event.preventDefault();
    button.click();
  }
});

/* ---- head and steps ---- */

on("change", "[data-grid-head]", (field) => {
  if ("pick" in field.dataset) return;
  sendHead(field);
});
on("picked", "[data-grid-head][data-pick]", (box) => sendHead(box));
on("pick:go", "[data-grid-head][data-pick]", () => rows.goTo(rows.firstCell(rows.freshLine())));

function sendHead(field) {
  queue.add({ do: "head", sent: new FormData(field.form) });
}

on("click", "[data-step]", async (button, event) => {
  event.preventDefault();
  if (stepping || button.getAttribute("aria-disabled") === "true") return;
  stepping = true;
  const sent = new FormData(button.form);
  const what = button.value;
  button.closest("dialog")?.close();
  rows.lines().forEach((line) => {
    if (rows.isDirty(line) || "bad" in line.dataset) send(line);
  });
  await queue.whenEmpty();
  const bad = rows.badCell();
  if (bad) {
    stepping = false;
    rows.goTo(bad);
    toast({ text: words.mend, tone: "bad" });
    return;
  }
  queue.add({ do: what, sent, step: true });
});

/* ---- conflicts ---- */

on("submit", "#conflict form", (form, event) => {
  const dialog = form.closest("dialog");
  event.preventDefault();
  dialog.close();
  queue.release({ ...dialog.conflicting, sent: new FormData(form), do: "line" });
});
on("click", "#conflict footer a.btn", (link, event) => {
  const dialog = link.closest("dialog");
  event.preventDefault();
  dialog.close();
  const { line } = dialog.conflicting;
  if (line) rows.cells(line).forEach((cell) => (cell.value = cell.defaultValue));
  queue.release();
  refresh();
});

/* ---- what stands beside: follows the line and the highlighted product ---- */

let following;
let asked;

function follow(keys) {
  if (!("follows" in words)) return;
  clearTimeout(following);
  following = setTimeout(() => look(keys), FOLLOW_MS);
}

async function look(keys) {
  const line = document.activeElement instanceof Element && rows.lineOf(document.activeElement);
  const address = new URL(path, location.href);
  address.searchParams.set("part", "follow");
  if (line?.dataset.line) address.searchParams.set("line", line.dataset.line);
  if (line) {
    all("input[type=hidden][name$=_id]", line).forEach((input) => {
      if (input.value) address.searchParams.set(input.name, input.value);
    });
  }
  Object.entries(keys ?? {}).forEach(([name, key]) => address.searchParams.set(name, key));
  if (address.search === look.last) return;
  look.last = address.search;
  asked?.abort();
  asked = new AbortController();
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" }, signal: asked.signal });
    if (response.ok) put(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    look.last = undefined;
  }
}

on("focusin", "table[data-grid] input", () => follow());
on("choice", "table[data-grid] [data-pick]", (box, event) => {
  const { key } = event.detail.option.dataset;
  if (key) follow({ [`${box.name}_id`]: key });
});
on("picked", "table[data-grid] [data-pick]", () => follow());

/* ---- leaving ---- */

function sendAll() {
  rows.lines().forEach((line) => {
    if (rows.isDirty(line) && rows.isComplete(line)) send(line);
  });
}
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") sendAll();
});
addEventListener("beforeunload", (event) => {
  if (leaving) return;
  sendAll();
  // One request goes on when the page is left; whoever has more waiting is asked.
  if (queue.isLost() || queue.waiting() > 1) event.preventDefault();
});

/* A page kept by the browser for "back" may be out of date. */
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

const first = rows.lines().find(rows.isFresh);
if (first && !one("[data-focus], [autofocus]") && matchMedia("(pointer: fine)").matches) rows.goTo(rows.firstCell(first));

/* The grid of a voucher: accounts by letters, the amount that is missing proposed, a fresh line at the end, and the
   draft kept while it is typed. Without this script the same fields work with names typed in full. */
import { all, on, one } from "./dom.js";

const grid = one("table[data-voucher]");
const popup = document.getElementById("voucher-popup");
const found = document.getElementById("voucher-found");
const PAUSE = 120;
const KEEP_AFTER = 1500;

/* The list of accounts stands in a cell while it is open, and has rows of its own. */
const rows = () => all(":scope > tbody > tr:not(.note)", grid);
const cell = (row, name) => one(`input[name^="${name}-"]`, row);
const paise = (input) => Math.round(Number(input.value.replace(/[,₹\s]/g, "")) * 100) || 0;
const written = (amount) => (amount / 100).toFixed(2);

function totals() {
  const sum = (name) => rows().reduce((total, row) => total + paise(cell(row, name)), 0);
  return { debit: sum("debit"), credit: sum("credit") };
}

function tell() {
  const line = one("[data-totals]");
  const { debit, credit } = totals();
  const off = debit - credit;
  const words = off === 0 ? line.dataset.balanced : off > 0 ? line.dataset.missingCredit : line.dataset.missingDebit;
  line.textContent = debit || credit ? `${words}${off ? ` ${written(Math.abs(off))}` : ""} · ${written(debit)}` : "";
}

/* ---- a further line ---- */

function addLine() {
  const last = rows().at(-1);
  const number = Number(cell(last, "account").name.split("-")[1]) + 1;
  const fresh = last.cloneNode(true);
  if (popup && fresh.contains(one("#voucher-popup", fresh))) one("#voucher-popup", fresh).remove();
  fresh.classList.remove("on");
  one(".no", fresh).textContent = number + 1;
  all("input", fresh).forEach((input) => {
    input.name = input.name.replace(/\d+$/, number);
    input.value = "";
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    input.removeAttribute("data-focus");
    input.setAttribute("aria-label", (input.getAttribute("aria-label") ?? "").replace(/\d+$/, number + 1));
    if (input.getAttribute("role") === "combobox") input.setAttribute("aria-expanded", "false");
  });
  last.after(fresh);
  return fresh;
}

on("line:next", "table[data-voucher] tbody", () => {
  const last = rows().at(-1);
  const used = cell(last, "account").value || paise(cell(last, "debit")) || paise(cell(last, "credit"));
  const { debit, credit } = totals();
  if (debit && debit === credit) one("[name=narration]")?.focus();
  else cell(used ? addLine() : last, "account").focus();
});

/* ---- accounts by letters ---- */

let waiting;
let asking;

function close(box) {
  popup.hidden = true;
  box?.setAttribute("aria-expanded", "false");
}

/* A field of its own asks the server, so that the words of one cell go along and not the whole voucher. */
function look(box) {
  const ask = document.getElementById("voucher-ask");
  ask.value = box.value.trim();
  asking = box;
  if (ask.value) ask.dispatchEvent(new CustomEvent("voucher:ask"));
  else close(box);
}

document.addEventListener("htmx:after:swap", () => {
  if (!asking || document.activeElement !== asking || !asking.value.trim() || !found.rows.length) return;
  asking.after(popup);
  popup.hidden = false;
  asking.setAttribute("aria-expanded", "true");
  asking = undefined;
});

on("input", "table[data-voucher] [role=combobox]", (box) => {
  one(`[name^="key-"]`, box.closest("td")).value = "";
  clearTimeout(waiting);
  waiting = setTimeout(() => look(box), PAUSE);
});

function pick(box, option) {
  box.value = option.dataset.name;
  one(`[name^="key-"]`, box.closest("td")).value = option.dataset.key;
  close(box);
  const row = box.closest("tr");
  propose(row);
  box.dispatchEvent(new Event("change", { bubbles: true }));
  cell(row, "narration").focus();
}

on("pick", "table[data-voucher] [role=combobox]", (box, event) => pick(box, event.detail.option));
document.addEventListener("mousedown", (event) => {
  const option = event.target instanceof Element && event.target.closest("#voucher-found [role=option]");
  if (!option) return;
  event.preventDefault();
  pick(one("input[role=combobox]", option.closest("td.e")), option);
});
on("focusout", "table[data-voucher] [role=combobox]", (box) => setTimeout(() => close(box), 150));

/* ---- the amount that balances ---- */

function propose(row) {
  const debit = cell(row, "debit");
  const credit = cell(row, "credit");
  if (debit.value || credit.value) return;
  const sums = totals();
  if (sums.debit > sums.credit) credit.value = written(sums.debit - sums.credit);
  else if (sums.credit > sums.debit) debit.value = written(sums.credit - sums.debit);
  tell();
}

/* ---- the draft is kept while it is typed, and when the page is left ---- */

let keeping;
let dirty = false;
const form = document.getElementById("voucher");
const keep = () => {
  if (!dirty) return;
  dirty = false;
  form.dispatchEvent(new CustomEvent("voucher:keep", { bubbles: true }));
};

on("input", "#voucher input, #voucher select", () => {
  dirty = true;
  clearTimeout(keeping);
  keeping = setTimeout(keep, KEEP_AFTER);
  tell();
});
form.addEventListener("submit", () => {
  dirty = false;
  clearTimeout(keeping);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || !dirty) return;
  dirty = false;
  const data = new FormData(form);
  data.set("action", "keep");
  fetch(form.action, { method: "POST", body: data, keepalive: true });
});
tell();

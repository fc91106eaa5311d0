/* Any role=combobox: arrows move aria-selected in the listbox or grid named by aria-controls ("choice" says which one is
   highlighted); Enter takes it.
   An option that is a link or a button is clicked; any other sends a "pick" event, and the page decides. */
import { all } from "./dom.js";

const isShown = (element) => element.getClientRects().length > 0;
const popupOf = (box) => document.getElementById(box.getAttribute("aria-controls") ?? "");

export const options = (box) => all("[role=option], tbody tr", popupOf(box) ?? document.createElement("div")).filter(isShown);

export function choose(box, option) {
  all("[aria-selected=true]", popupOf(box)).forEach((other) => other.setAttribute("aria-selected", "false"));
  if (!option) {
    box.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  if (option.id) box.setAttribute("aria-activedescendant", option.id);
  box.dispatchEvent(new CustomEvent("choice", { bubbles: true, detail: { option } }));
}

function take(box, option, newTab) {
  if (newTab && option.href) window.open(option.href, "_blank", "noopener");
  else if (option.matches("a[href], button")) option.click();
  else box.dispatchEvent(new CustomEvent("pick", { bubbles: true, detail: { option } }));
}

document.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLElement) || !box.matches("[role=combobox][aria-expanded=true]")) return;
  const list = options(box);
  const at = list.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (list.length) choose(box, list[at < 0 && step < 0 ? list.length - 1 : (at + step + list.length) % list.length]);
  } else if (event.key === "Enter" && at >= 0) {
    // The line grid and the form must not take the same Enter for "next cell" or "submit".
    event.preventDefault();
    event.stopImmediatePropagation();
    take(box, list[at], event.ctrlKey || event.metaKey);
  } else if (event.key === "Escape") {
    const popup = popupOf(box)?.closest(".combo");
    if (!popup) return;
    event.preventDefault();
    box.setAttribute("aria-expanded", "false");
    popup.hidden = true;
  }
});

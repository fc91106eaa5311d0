/* The list of keys behind "?". It is made from the bindings in the page when it opens, so it cannot be out of date.
   Keys that a part knows by itself, such as those of the line grid, are told by data-told in its strip of keys.
   A group is named by the nearest data-keys-group; a control by data-key-label, its accessible name or its text. */
import { all, one } from "./dom.js";
import { bindings } from "./keys.js";

const SIGNS = { Control: "Ctrl", Enter: "↵", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", Delete: "Del" };

function nameOf(control) {
  if (control.dataset.keyLabel) return control.dataset.keyLabel;
  const label = control.getAttribute("aria-label") ?? control.labels?.[0]?.textContent;
  if (label) return label.trim();
  const copy = control.cloneNode(true);
  all("kbd, .n, svg", copy).forEach((part) => part.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function keyCaps(keys) {
  const caps = keys.split(keys.includes("+") && keys.length > 1 ? "+" : " ");
  return caps.flatMap((cap, at) => {
    const kbd = document.createElement("kbd");
    kbd.textContent = SIGNS[cap] ?? (caps.length > 1 && cap.length === 1 && keys.includes("+") ? cap.toUpperCase() : cap);
    return at ? [" ", kbd] : [kbd];
  });
}

function build(sheet) {
  const groups = new Map();
  const seen = new Set();
  const told = all("[data-told]").map((control) => ({ keys: control.dataset.told, control }));
  for (const { keys, control } of [...told, ...bindings()]) {
    if (seen.has(keys) || sheet.contains(control)) continue;
    seen.add(keys);
    const group = control.closest("[data-keys-group]")?.dataset.keysGroup ?? sheet.dataset.group;
    if (!groups.has(group)) groups.set(group, new Map());
    const byName = groups.get(group);
    const name = nameOf(control);
    byName.set(name, [...(byName.get(name) ?? []), keys]);
  }
  const columns = [...groups].map(([group, names]) => {
    const section = document.createElement("section");
    section.className = "c6";
    const heading = section.appendChild(document.createElement("h3"));
    heading.textContent = group;
    const list = section.appendChild(document.createElement("dl"));
    list.className = "kv mt";
    for (const [name, ways] of names) {
      const term = list.appendChild(document.createElement("dt"));
      ways.forEach((keys, at) => term.append(...(at ? [" "] : []), ...keyCaps(keys)));
      list.appendChild(document.createElement("dd")).textContent = name;
    }
    return section;
  });
  one("[data-keysheet]", sheet).replaceChildren(...columns);
}

document.addEventListener("dialog:opening", (event) => {
  if (one("[data-keysheet]", event.target)) build(event.target);
});

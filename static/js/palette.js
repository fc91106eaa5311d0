/* The search palette. Commands are in the page and are narrowed here, with no request; records come from the server by
   htmx into [data-palette-results]. The first hit is always chosen, so that typing and Enter is enough. */
import { all, on, one } from "./dom.js";
import { choose, options } from "./combobox.js";

const field = () => one("[data-palette]");

function refresh() {
  const box = field();
  if (!box) return;
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
  all("[data-command]").forEach((command) => {
    const text = command.textContent.toLowerCase();
    command.hidden = !words.every((word) => text.includes(word));
  });
  all("[data-commands]").forEach((group) => (group.hidden = !one("[data-command]:not([hidden])", group)));
  const found = options(box);
  choose(box, found[0]);
  one("[data-palette-none]").hidden = found.length > 0;
}

on("input", "[data-palette]", refresh);
document.addEventListener("htmx:after:swap", () => field()?.closest("dialog").open && refresh());
document.addEventListener("dialog:opening", (event) => {
  if (event.target.contains(field())) setTimeout(refresh);
});

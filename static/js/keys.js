/* Keys. Every binding is an attribute of the control it works, so key and button can never differ:

     aria-keyshortcuts="Control+Enter"   one key with modifiers
     aria-keyshortcuts="/ Control+K"     two ways to the same control
     aria-keyshortcuts="g s"             two letters: one key after the other
     data-key="j"                        the same for controls that assistive technology should not announce

   A field takes focus; anything else is clicked. `data-needs="selector"` on the control or around it: the binding
   counts only while something in the page matches. */
import { all, focusInto, isTyping, one } from "./dom.js";

/* Time for the second key of "g s". */
const SEQUENCE_MS = 900;
const LETTER_PAIR = /^[a-z] [a-z]$/;

/* All bindings of the page, or of the topmost open dialog: keys must not work what the dialog covers. */
export function bindings() {
  const dialog = all("dialog[open]").pop();
  return all("[aria-keyshortcuts], [data-key]", dialog ?? document)
    .filter((control) => {
      const needs = control.closest("[data-needs]");
      return !needs || one(needs.dataset.needs);
    })
    .flatMap((control) => {
      const written = (control.getAttribute("aria-keyshortcuts") ?? control.dataset.key).trim();
      const ways = LETTER_PAIR.test(written) ? [written] : written.split(/\s+/);
      return ways.map((keys) => ({ keys, control }));
    });
}

/* What was pressed, written as aria-keyshortcuts would write it. Shift counts only with keys that print nothing:
   it is already part of "?". Cmd on a Mac stands for Control. */
function pressed(event) {
  const printing = event.key.length === 1;
  const key = event.key === " " ? "Space" : printing && (event.ctrlKey || event.metaKey) ? event.key.toUpperCase() : event.key;
  return [
    event.ctrlKey || event.metaKey ? "Control" : "",
    event.altKey ? "Alt" : "",
    event.shiftKey && !printing ? "Shift" : "",
    key,
  ]
    .filter(Boolean)
    .join("+");
}

const canonical = (keys) => (keys.includes("+") && keys.length > 1 ? keys.replace(/\+[a-z]$/, (end) => end.toUpperCase()) : keys);

function work(control) {
  if (control.matches("input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select")) {
    focusInto(control);
  } else {
    control.click();
  }
}

let lead = "";
let leadAt = 0;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const key = pressed(event);
  const single = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  // WCAG 2.1.4: people who dictate can switch single keys off.
  if (single && (isTyping(event.target) || document.documentElement.dataset.keys === "off")) return;
  if (/^(Control|Alt|Shift|Meta|Tab|Escape)$/.test(event.key)) return;

  const known = bindings();
  const second = lead && event.timeStamp - leadAt < SEQUENCE_MS ? `${lead} ${key}` : "";
  lead = "";
  const match =
    (second && known.find((binding) => binding.keys === second)) || known.find((binding) => canonical(binding.keys) === key);
  if (match) {
    event.preventDefault();
    work(match.control);
  } else if (single && known.some((binding) => LETTER_PAIR.test(binding.keys) && binding.keys[0] === key)) {
    lead = key;
    leadAt = event.timeStamp;
  }
});

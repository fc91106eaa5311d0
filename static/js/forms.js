/* Forms: passwords that can be shown, buttons that say why they are not ready, printing, and focus on what went wrong. */
import { on, one } from "./dom.js";
import { toast } from "./toasts.js";

/* <button data-reveal="id" data-show="Show password" data-hide="Hide password"> */
on("click", "[data-reveal]", (button) => {
  const field = document.getElementById(button.dataset.reveal);
  const show = field.type === "password";
  field.type = show ? "text" : "password";
  button.setAttribute("aria-label", show ? button.dataset.hide : button.dataset.show);
  button.setAttribute("aria-pressed", String(show));
});

/* aria-disabled keeps the button in reach, so that its aria-describedby can tell what is missing; it must do nothing. */
document.addEventListener(
  "click",
  (event) => {
    const button = event.target instanceof Element && event.target.closest("[aria-disabled=true]");
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

on("click", "[data-print]", () => window.print());

/* <button data-copy="id" data-copied="Link copied">: without permission the field is marked, ready for Ctrl C. */
on("click", "[data-copy]", async (button) => {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return;
  }
  toast({ text: button.dataset.copied });
});

/* A select that is its own action (rows per page, branch): <select data-submit>. Without script the form has a button. */
on("change", "[data-submit]", (control) => control.form.requestSubmit());

/* The error summary takes focus, in a fresh page and in a swapped one. */
function focusMarked() {
  const marked = one("[data-focus]");
  if (!marked) return;
  marked.removeAttribute("data-focus");
  marked.focus();
}
document.addEventListener("htmx:after:swap", focusMarked);
focusMarked();

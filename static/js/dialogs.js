/* Dialogs: <button data-open="id">, <button data-close>, a click on the backdrop, and dialogs that arrive open.
   <dialog> itself traps focus, closes on Esc and gives focus back to its opener. */
import { all, focusInto, on, one } from "./dom.js";

export function openDialog(dialog) {
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  // For whoever fills the dialog, while the page below can still be read as it was (keysheet.js, palette.js).
  dialog.dispatchEvent(new CustomEvent("dialog:opening", { bubbles: true }));
  dialog.showModal();
  const first = one("input[type=search], [autofocus]", dialog);
  if (first) focusInto(first);
}

on("click", "[data-open]", (button, event) => {
  event.preventDefault();
  openDialog(document.getElementById(button.dataset.open));
});

on("click", "[data-close]", (button) => button.closest("dialog")?.close());

/* The dialog has no padding of its own, so a click whose target is the dialog itself fell on the backdrop.
   A dialog with data-stay holds typed work and must not vanish by a slip of the mouse. */
on("click", "dialog", (dialog, event) => {
  if (event.target === dialog && !("stay" in dialog.dataset)) dialog.close();
});

/* A conflict or a question that came from the server: in the page, or swapped into #modal. */
function openArrived() {
  all("dialog[data-autoopen]").forEach((dialog) => {
    dialog.removeAttribute("data-autoopen");
    openDialog(dialog);
  });
}

document.addEventListener("htmx:after:swap", openArrived);
openArrived();

/* /page/#shortcuts opens that dialog, so that help pages can link to one. Later, because other modules fill it. */
if (location.hash.length > 1) setTimeout(() => openDialog(document.getElementById(location.hash.slice(1))));

/* Toasts: the result of the last action. From the server after a swap:
     HX-Trigger: {"toast": {"text": "Line 4 removed", "detail": "Pantolume 40", "tone": "ok", "undo": "/o/…/restore/"}}
   or rendered with the page from Django's messages. Six seconds; those with tone "bad" stay until closed.
   The markup is cloned from <template id="toast-…"> in parts/toasts.html. */
import { all, fill, on, one } from "./dom.js";

const SHOWN_MS = 6000;

function expire(toast) {
  if (toast.dataset.tone === "bad") return;
  let timer = setTimeout(() => toast.remove(), SHOWN_MS);
  // Someone reading it, or about to press Undo, keeps it.
  toast.addEventListener("pointerenter", () => clearTimeout(timer));
  toast.addEventListener("focusin", () => clearTimeout(timer));
  toast.addEventListener("pointerleave", () => (timer = setTimeout(() => toast.remove(), SHOWN_MS)));
}

export function toast({ text, detail = "", tone = "ok", undo = "" }) {
  const shelf = one("#toasts");
  const pattern = one(`#toast-${tone}`) ?? one("#toast-ok");
  if (!shelf || !pattern) return;
  const made = pattern.content.firstElementChild.cloneNode(true);
  one("[data-toast-text]", made).textContent = text;
  one("[data-toast-detail]", made).textContent = detail;
  const form = one("form", made);
  if (undo) {
    form.action = undo;
    form.elements.namedItem("next").value = location.pathname + location.search;
  } else {
    form.remove();
  }
  shelf.append(made);
  expire(made);
}

document.addEventListener("toast", (event) => toast(event.detail));
on("click", "[data-toast-close]", (button) => button.closest(".toast").remove());
all("#toasts .toast").forEach(expire);

/* Faults. htmx does not swap a 5xx (config noSwap), so the screen keeps what it had; the toast says so and stays. */
document.addEventListener("htmx:response:error", (event) => {
  const response = event.detail.ctx.response;
  const words = one("#toasts")?.dataset;
  if (!words || response.status < 500) return;
  const code = response.headers.get("X-Error-Id");
  toast({ text: words.fault, detail: code ? fill(words.faultCode, { code }) : "", tone: "bad" });
});
document.addEventListener("htmx:error", () => {
  const words = one("#toasts")?.dataset;
  if (words) toast({ text: words.offline, tone: "bad" });
});

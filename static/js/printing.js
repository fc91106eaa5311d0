/* What is printed is known to the server, so that a second copy says that it is one.

   <span data-printed="address">: the address is posted to when the browser prints, by whatever way that was asked for.
   Afterwards the page is loaded anew and shows what the next copy will say. Not every browser says when printing is
   over; scripts and clocks stand still while its dialog is open, so a second of ours is after it. */
import { one } from "./dom.js";

const A_SECOND = 1000;

window.addEventListener("beforeprint", async () => {
  const mark = one("[data-printed]");
  if (!mark) return;
  const over = Promise.race([
    new Promise((resolve) => window.addEventListener("afterprint", resolve, { once: true })),
    new Promise((resolve) => setTimeout(resolve, A_SECOND)),
  ]);
  const headers = { "X-CSRFToken": one('meta[name="csrf"]').content };
  await fetch(mark.dataset.printed, { method: "POST", headers, keepalive: true }).catch(() => null);
  await over;
  location.reload();
});

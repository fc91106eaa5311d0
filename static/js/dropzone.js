/* A file dropped on <label class="drop" data-drop> goes into the file input inside; its name is shown in [data-file-name].
   Without script the label still opens the browser's own dialog. */
import { one } from "./dom.js";

const zoneOf = (event) => (event.target instanceof Element ? event.target.closest("[data-drop]") : null);

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    const zone = zoneOf(event);
    if (!zone) return;
    event.preventDefault();
    zone.classList.add("over");
  });
}

document.addEventListener("dragleave", (event) => {
  const zone = zoneOf(event);
  if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("over");
});

document.addEventListener("drop", (event) => {
  const zone = zoneOf(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.remove("over");
  const input = one("input[type=file]", zone);
  if (!event.dataTransfer?.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  const zone = zoneOf(event);
  const name = zone && one("[data-file-name]", zone);
  if (name && event.target.files?.length) name.textContent = event.target.files[0].name;
});

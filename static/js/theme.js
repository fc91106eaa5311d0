/* Light and dark, row density, single keys: changed at once here, kept in a cookie, rendered by the server next time.
   The buttons may be those of a form that sets the same cookies, for browsers without script. */
import { all, on, remember } from "./dom.js";

const root = document.documentElement;

on("click", "[data-theme-toggle]", (button, event) => {
  event.preventDefault();
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  remember("theme", root.dataset.theme);
});

on("click", "[data-density-toggle]", (button, event) => {
  event.preventDefault();
  root.dataset.density = root.dataset.density === "comfortable" ? "compact" : "comfortable";
  remember("density", root.dataset.density);
});

on("change", "[data-single-keys]", (box) => {
  root.dataset.keys = box.checked ? "on" : "off";
  remember("single_keys", root.dataset.keys);
  all("[data-single-keys]").forEach((other) => (other.checked = box.checked));
});

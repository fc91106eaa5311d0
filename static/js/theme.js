/* Light and dark, row density, single keys: changed at once here, kept in a cookie, rendered by the server next time. */
import { all, on, remember } from "./dom.js";

const root = document.documentElement;

on("click", "[data-theme-toggle]", () => {
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  remember("theme", root.dataset.theme);
});

on("click", "[data-density-toggle]", () => {
  root.dataset.density = root.dataset.density === "comfortable" ? "compact" : "comfortable";
  remember("density", root.dataset.density);
});

on("change", "[data-single-keys]", (box) => {
  root.dataset.keys = box.checked ? "on" : "off";
  remember("single_keys", root.dataset.keys);
  all("[data-single-keys]").forEach((other) => (other.checked = box.checked));
});

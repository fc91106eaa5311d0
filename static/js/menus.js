/* Menus are <details class="menu">: they open without script. Script adds Esc, click-away and one open at a time. */
import { all, one } from "./dom.js";

document.addEventListener("click", (event) => {
  all("details.menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = one("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  one("summary", menu).focus();
});

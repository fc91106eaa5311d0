/* Rows typed into a form (table[data-rows]): typing in the last one adds another, numbered on. Without script some empty
   rows are there from the beginning. */
import { all, on, one } from "./dom.js";

const most = 60;

on("input", "table[data-rows] input", (input) => {
  const row = input.closest("tr");
  const body = row.parentElement;
  if (row.nextElementSibling || body.rows.length >= most) return;
  const number = body.rows.length;
  const next = row.cloneNode(true);
  all("input, label", next).forEach((element) => {
    for (const name of ["id", "name", "for"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(/-\d+-/, `-${number}-`));
    }
    if (element.matches("input")) {
      element.value = "";
      element.removeAttribute("placeholder");
      element.removeAttribute("value");
    } else {
      element.textContent = element.textContent.replace(/\d+$/, number + 1);
    }
  });
  body.append(next);
  // New elements listen to htmx only after it has looked at them.
  window.htmx?.process(next);
});

/* A code read by a scanner ends with Enter: it goes to the next row instead of sending the form. */
on("keydown", "table[data-rows] input", (input, event) => {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const inputs = all("input", input.closest("tbody"));
  const next = inputs[inputs.indexOf(input) + 1];
  if (next) next.focus();
  else one("button[type=submit]", input.form)?.focus();
});

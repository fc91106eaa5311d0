/* Expiry as people type it: 0828, 8/28 or 08-2028 becomes 08/2028. The server reads the same forms; this only shows it. */
import { on } from "./dom.js";

const TYPED = /^(\d{1,2})[/\- .]?(\d{2}|\d{4})$/;

on("focusout", "[data-expiry]", (field) => {
  const typed = TYPED.exec(field.value.trim());
  if (!typed) return;
  const [, month, year] = typed;
  if (Number(month) < 1 || Number(month) > 12) return;
  field.value = `${month.padStart(2, "0")}/${year.length === 2 ? `20${year}` : year}`;
});

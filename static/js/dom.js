/* Short names for what every module does with the page. */

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/* Listen on the document for events on elements that match, now or after a later swap. */
export function on(event, selector, act) {
  document.addEventListener(event, (e) => {
    const element = e.target instanceof Element ? e.target.closest(selector) : null;
    if (element) act(element, e);
  });
}

/* Whether keys typed on this element are text, so single-key shortcuts must leave them alone. */
export function isTyping(element) {
  if (!(element instanceof HTMLElement)) return false;
  if (element.isContentEditable || element.matches("textarea, select")) return true;
  return element.matches("input") && !/^(checkbox|radio|button|submit|reset|file)$/.test(element.type);
}

export function focusInto(element) {
  element.focus();
  if (element.matches("input, textarea")) element.select();
}

/* A choice of this browser (theme, density, single keys) that the server renders from the next page on. */
export function remember(name, value) {
  const secure = location.protocol === "https:" ? ";secure" : "";
  document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=lax${secure}`;
}

/* Fill the {name} places of a translated text from the markup. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

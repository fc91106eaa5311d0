/* A hidden tab does not poll. htmx could say so in the trigger ("every 10s [visible]"), but that needs eval. */
document.addEventListener("htmx:before:request", (event) => {
  const source = event.detail?.ctx?.sourceElement;
  if (document.hidden && /(^|,)\s*every /.test(source?.getAttribute?.("hx-trigger") ?? "")) event.preventDefault();
});

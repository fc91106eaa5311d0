/* A scan box beside a document grid: a scan goes through the grid's queue, behind the lines that were typed before it.
   What was read stays to be seen, and the next scan takes its place. */
import { on } from "./dom.js";
import * as queue from "./gridqueue.js";

on("submit", "form[data-scan]", (form, event) => {
  event.preventDefault();
  const box = form.elements.namedItem("code");
  if (box.value.trim()) queue.add({ do: "scan", sent: new FormData(form) });
  box.select();
});

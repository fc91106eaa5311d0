/* Scanning with the camera: <button data-camera="id of the input" hidden> shows itself where the browser can read codes
   (BarcodeDetector), opens the dialog named by data-dialog and sends the form of the input when a code was read. */
import { all, on, one } from "./dom.js";

const WANTED = ["data_matrix", "qr_code", "ean_13", "ean_8", "upc_a", "code_128", "itf"];
const PAUSE = 150;

async function detector() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return null;
  const known = await window.BarcodeDetector.getSupportedFormats();
  const formats = WANTED.filter((format) => known.includes(format));
  return formats.length ? new window.BarcodeDetector({ formats }) : null;
}

async function showButtons() {
  const hidden = all("[data-camera][hidden]");
  if (hidden.length && (await detector())) hidden.forEach((button) => button.removeAttribute("hidden"));
}

function stop(video) {
  video.srcObject?.getTracks().forEach((track) => track.stop());
  video.srcObject = null;
}

async function watch(dialog, video, reader, found) {
  while (dialog.open && video.srcObject) {
    const [code] = video.readyState >= 2 ? await reader.detect(video) : [];
    if (code) {
      found(code.rawValue);
      dialog.close();
      return;
    }
    await new Promise((go) => setTimeout(go, PAUSE));
  }
}

on("click", "[data-camera]", async (button) => {
  const input = document.getElementById(button.dataset.camera);
  const dialog = document.getElementById(button.dataset.dialog);
  const video = one("video", dialog);
  const reader = await detector();
  if (!input || !reader) return;
  dialog.showModal();
  dialog.addEventListener("close", () => stop(video), { once: true });
  const refused = one("[data-camera-refused]", dialog);
  refused.hidden = true;
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    await video.play();
  } catch {
    refused.hidden = false;
    return;
  }
  watch(dialog, video, reader, (code) => {
    input.value = code;
    input.form.requestSubmit();
  });
});

showButtons();
document.addEventListener("htmx:after:swap", showButtons);

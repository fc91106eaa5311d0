/* Passkeys (Web Authentication, level 2). The browser and the device do the work; this only carries bytes between them and
   a form of the server:

     <form method="post" data-passkey="get" data-options="id of a JSON block">     sign with a passkey that exists
     <form method="post" data-passkey="create" data-options="…" data-alone="id">   make one; the ticked box asks for one
                                                                                   that signs in without a password
     data-options-url="/…/" in place of data-options fetches the options when the button is pressed.

   The form has a hidden field `credential`. What went wrong is said in its [data-passkey-error], in words of the markup. */
import { on, one } from "./dom.js";

const BASE64URL = { "+": "-", "/": "_", "=": "" };

function toText(buffer) {
  const bytes = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(bytes).replace(/[+/=]/g, (sign) => BASE64URL[sign]);
}

function toBytes(text) {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function withBytes(descriptors) {
  return (descriptors ?? []).map((descriptor) => ({ ...descriptor, id: toBytes(descriptor.id) }));
}

/* Every part of the answer that the server may want, as JSON: buffers become base64url, what is missing stays away. */
function toJson(credential) {
  const { response } = credential;
  const said = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = toText(response[part]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    response: said,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent).publicKey;
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`Options: ${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

async function sign(options) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  };
  return navigator.credentials.get({ publicKey });
}

async function make(options, box) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  };
  if (box) {
    publicKey.authenticatorSelection = {
      ...options.authenticatorSelection,
      residentKey: box.checked ? "required" : "discouraged",
      requireResidentKey: box.checked,
      ...(box.checked ? { userVerification: "required" } : {}),
    };
  }
  return navigator.credentials.create({ publicKey });
}

function say(form, words) {
  const place = one("[data-passkey-error]", form);
  place.textContent = words;
  place.hidden = !words;
}

function wordsFor(error, words) {
  switch (error.name) {
    case "NotAllowedError":
    case "AbortError":
      return words.cancelled;
    case "InvalidStateError":
      return words.known;
    case "SecurityError":
      return words.address;
    default:
      return words.failed;
  }
}

async function ask(form) {
  const button = one("button:not([type=button])", form);
  say(form, "");
  if (!window.PublicKeyCredential) {
    say(form, window.isSecureContext ? form.dataset.missing : form.dataset.address);
    return;
  }
  button.disabled = true;
  try {
    const options = await optionsOf(form);
    const box = form.dataset.alone ? document.getElementById(form.dataset.alone) : null;
    const credential = form.dataset.passkey === "create" ? await make(options, box) : await sign(options);
    for (const copy of form.querySelectorAll("[data-copy-of]")) {
      copy.value = document.getElementById(copy.dataset.copyOf).checked ? "on" : "";
    }
    form.elements.namedItem("credential").value = JSON.stringify(toJson(credential));
    form.submit();
  } catch (error) {
    say(form, wordsFor(error, form.dataset));
  } finally {
    button.disabled = false;
  }
}

on("submit", "form[data-passkey]", (form, event) => {
  event.preventDefault();
  ask(form);
});

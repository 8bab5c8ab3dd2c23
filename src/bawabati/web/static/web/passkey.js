// Asks the browser for a passkey and sends it with the form. Without scripts, or without passkeys, codes do.
"use strict";

(function () {
  const bytes = (written) =>
    Uint8Array.from(atob(written.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

  const letters = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const listed = (credentials) => (credentials || []).map((one) => ({ ...one, id: bytes(one.id) }));

  async function made(options) {
    const key = {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: listed(options.excludeCredentials),
    };
    return navigator.credentials.create({ publicKey: key });
  }

  async function shown(options) {
    const key = { ...options, challenge: bytes(options.challenge), allowCredentials: listed(options.allowCredentials) };
    return navigator.credentials.get({ publicKey: key });
  }

  function answered(credential) {
    const answer = { clientDataJSON: letters(credential.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) {
        answer[part] = letters(credential.response[part]);
      }
    }
    return JSON.stringify({
      id: credential.id,
      rawId: letters(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: answer,
    });
  }

  async function ask(form) {
    const told = form.querySelector("[role=status]");
    told.textContent = "";
    try {
      const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
      const { publicKey } = await answer.json();
      const credential = await (form.dataset.passkey === "make" ? made(publicKey) : shown(publicKey));
      form.elements.credential.value = answered(credential);
      form.submit();
    } catch {
      told.textContent = form.dataset.failed;
    }
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (window.PublicKeyCredential) {
      form.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        ask(form);
      });
    }
  }
})();

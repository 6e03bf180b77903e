// Small comforts; every page works without them.
"use strict";

// A form is sent once: the button shows that it is busy, further submits are dropped.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  const htmx = form.matches("[data-hx-post],[data-hx-get],[data-hx-put],[data-hx-patch],[data-hx-delete]");
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  const free = () => release(form);
  if (htmx) form.addEventListener("htmx:afterRequest", free, { once: true });
  else setTimeout(free, 10000);
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// Coming back with the browser's arrow shows the page as it was left: free its forms again.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

document.addEventListener("click", async (event) => {
  const trigger = event.target.closest("[data-copy],[data-share],[data-dialog],[data-close],[popovertarget]");
  if (!trigger) return;
  if ("copy" in trigger.dataset) await copy(trigger.dataset.copy);
  if ("share" in trigger.dataset) await share(trigger);
  if ("dialog" in trigger.dataset) openDialog(event, trigger);
  if ("close" in trigger.dataset) trigger.closest("dialog,.toast")?.[trigger.closest("dialog") ? "close" : "remove"]();
  // Browsers without popovers: toggle by hand.
  if (trigger.hasAttribute("popovertarget") && !("popover" in HTMLElement.prototype)) {
    document.getElementById(trigger.getAttribute("popovertarget"))?.classList.toggle("menu-open");
  }
});

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast(document.body.dataset.copied);
}

async function share(trigger) {
  const value = trigger.dataset.share || location.href;
  const title = trigger.dataset.shareTitle || document.title;
  if (!navigator.share) return copy(value);
  // A text given as `url` would become an address below this page.
  const what = /^https?:\S+$/.test(value) ? { url: value } : { text: value };
  try {
    await navigator.share({ title, ...what });
  } catch (error) {
    if (error.name !== "AbortError") await copy(value);
  }
}

// Messages for everyone's ears and eyes: the live region stands in base.html.
function toast(text) {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const item = document.createElement("p");
  item.className = "toast";
  item.textContent = text;
  region.append(item);
  setTimeout(() => item.remove(), 5000);
}

// The server may send a toast with an htmx answer: HX-Trigger: {"toast": "Saved"}
document.addEventListener("toast", (event) => toast(event.detail.value));

// Focus goes to what went wrong, at load and after a swap.
function focusErrors(root) {
  root.querySelector("[data-focus]")?.focus();
}
document.addEventListener("DOMContentLoaded", () => focusErrors(document));
document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));

// A dialog's opener is a link to a page that does the same without script.
function openDialog(event, trigger) {
  const dialog = document.getElementById(trigger.dataset.dialog);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
}

// The worker keeps lessons for times without a net, for people who are signed in; it finds out by itself when they leave.
if ("serviceWorker" in navigator && ("worker" in document.body.dataset || navigator.serviceWorker.controller)) {
  navigator.serviceWorker.register("/worker.js");
}

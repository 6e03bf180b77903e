// A canned answer goes to where one writes; without this its link opens the page with it filled in.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-insert]");
  const field = document.querySelector("#message-form textarea");
  if (!link || !field) return;
  event.preventDefault();
  field.setRangeText(link.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.focus();
});

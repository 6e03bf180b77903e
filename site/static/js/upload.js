// The back office's upload: a film goes straight into storage in parts, and goes on where it stopped.
"use strict";

const form = document.querySelector("[data-upload]");
const file = form.querySelector("[type=file]");
const bar = form.querySelector("progress");
const status = form.querySelector("[role=status]");
const button = form.querySelector("[type=submit]");
const base = form.dataset.upload;
const TRIES = 6;

class Refused extends Error {}

async function ask(path, values = {}) {
  const body = new URLSearchParams({ ...values, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  const answer = await fetch(base + path, { method: "POST", body });
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  if (said.error && answer.status !== 503) throw new Refused(said.error);
  throw new Error(said.error || answer.status);
}

// A broken connection is tried again, each time after twice the pause.
async function patiently(work) {
  for (let turn = 0; ; turn++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused || turn >= TRIES) throw error;
      status.textContent = form.dataset.again;
      await new Promise((done) => setTimeout(done, 1000 * 2 ** turn));
    }
  }
}

function put(address, piece, moved) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("PUT", address);
    request.upload.onprogress = (event) => moved(event.loaded);
    request.onload = () => (request.status < 300 ? done() : fail(new Error(request.status)));
    request.onerror = request.ontimeout = () => fail(new Error("network"));
    request.send(piece);
  });
}

function show(bytes, size) {
  const percent = Math.floor((100 * bytes) / size);
  bar.value = percent;
  status.textContent = form.dataset.going.replace("{percent}", percent);
}

async function upload(chosen) {
  const head = btoa(String.fromCharCode(...new Uint8Array(await chosen.slice(0, 64).arrayBuffer())));
  const { course, title } = form.elements;
  const mark = `${chosen.name.slice(0, 200)}|${chosen.size}|${chosen.lastModified}`;
  const values = { course: course.value, title: title.value || chosen.name, mark, size: chosen.size, head };
  const begun = await patiently(() => ask("begin/", values));
  const sent = new Set(begun.sent);
  for (let number = 1; number <= begun.parts; number++) {
    const start = (number - 1) * begun.part_size;
    if (!sent.has(number)) {
      const piece = chosen.slice(start, start + begun.part_size);
      await patiently(async () => {
        const { address } = await ask(`${begun.id}/part/${number}/`);
        await put(address, piece, (bytes) => show(start + bytes, chosen.size));
      });
    }
    show(Math.min(start + begun.part_size, chosen.size), chosen.size);
  }
  status.textContent = form.dataset.checking;
  return (await patiently(() => ask(`${begun.id}/finish/`))).next;
}

file.addEventListener("change", () => {
  button.disabled = !file.files.length;
  if (file.files.length && !form.elements.title.value) form.elements.title.value = file.files[0].name.replace(/\.\w+$/, "").slice(0, 160);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!file.files.length || !form.reportValidity()) return;
  const leaving = (leave) => leave.preventDefault();
  button.disabled = true;
  bar.hidden = false;
  window.addEventListener("beforeunload", leaving);
  try {
    const next = await upload(file.files[0]);
    window.removeEventListener("beforeunload", leaving);
    location.assign(next);
  } catch (error) {
    window.removeEventListener("beforeunload", leaving);
    status.textContent = error instanceof Refused ? error.message : form.dataset.again;
    button.disabled = false;
  }
});

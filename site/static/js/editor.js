// The editor of posts: keeps the draft while one types, takes pictures and files as they are pasted, dropped or chosen,
// fills in quotes and answers, and offers names after an @. Without it, the form's own buttons do all of that.
"use strict";

const PAUSE = 900;
const secret = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
const headers = (more = {}) => ({ "X-CSRFToken": secret(), "X-Requested-With": "fetch", ...more });
const editors = () => [...document.querySelectorAll("[data-editor]")];

const equip = (editor) => {
  if (editor.dataset.equipped) return;
  editor.dataset.equipped = "yes";
  const form = editor.closest("form");
  const text = form.elements.source;
  const status = editor.querySelector("[data-editor-status]");
  const files = editor.querySelector("[data-editor-files]");
  const choose = editor.querySelector("[type=file]");
  const say = (words) => (status.textContent = words || "");
  editor.querySelector("[value=draft]").hidden = true;

  // Drafts. One call at a time: the next names the state that the last one answered.
  let timer = 0;
  let calling = false;
  let changed = false;
  const words = () => {
    const body = new URLSearchParams({ place: editor.dataset.place });
    for (const name of ["source", "title", "kind", "answers", "round", "key"]) {
      const field = form.elements[name];
      if (field) body.set(name, field.value);
    }
    return body;
  };
  const keep = async () => {
    clearTimeout(timer);
    if (calling || !changed || !form.isConnected) return;
    changed = false;
    calling = true;
    try {
      const answer = await fetch(editor.dataset.draftUrl, { method: "POST", body: words(), headers: headers(), keepalive: true });
      if (!answer.ok) throw new Error(answer.status);
      const round = form.elements.round;
      if (round) round.value = (await answer.json()).round;
      say(editor.dataset.kept);
    } catch {
      changed = true;
      say(editor.dataset.lost);
    }
    calling = false;
    if (changed) timer = setTimeout(keep, 4 * PAUSE);
  };
  const touched = () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, PAUSE);
  };
  form.addEventListener("input", (event) => event.target.type !== "file" && touched());
  form.addEventListener("submit", () => {
    changed = false;
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  window.addEventListener("pagehide", keep);

  const put = (piece) => {
    text.setRangeText(piece, text.selectionStart, text.selectionEnd, "end");
    touched();
  };

  // Files: stored at once; a line in the text says where each is to stand.
  const send = async (file) => {
    const body = new FormData();
    body.set("place", editor.dataset.place);
    body.set("file", file, file.name || "picture.png");
    const answer = await fetch(editor.dataset.filesUrl, {
      method: "POST",
      body,
      headers: headers({ "Idempotency-Key": crypto.randomUUID?.() || `${Date.now()}-${Math.random()}` }),
    });
    const said = await answer.text();
    if (!answer.ok) throw new Error(answer.headers.get("Content-Type")?.startsWith("text/plain") ? said : editor.dataset.failed);
    files.insertAdjacentHTML("beforeend", said);
    const name = files.lastElementChild.querySelector("[data-name]").dataset.name.replace(/[[\]\\]/g, "");
    put(`${text.selectionStart ? "\n" : ""}![${name}](#file-${answer.headers.get("X-File")})\n`);
  };
  const sendAll = async (list) => {
    let trouble = "";
    for (const file of list) {
      say(editor.dataset.sending);
      try {
        await send(file);
      } catch (error) {
        trouble = error instanceof TypeError ? editor.dataset.failed : error.message;
      }
    }
    say(trouble);
  };
  choose.addEventListener("change", async () => {
    const list = [...choose.files];
    choose.value = "";
    await sendAll(list);
  });
  text.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    sendAll([...event.clipboardData.files]);
  });
  editor.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
  editor.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    sendAll([...event.dataTransfer.files]);
  });
  files.addEventListener("change", ({ target }) => {
    const mark = new RegExp(`\\n?!?\\[[^\\]\\n]*\\]\\(#file-${target.value}\\)\\n?`, "g");
    if (!target.checked) text.value = text.value.replace(mark, "\n");
    touched();
  });

  // Names after an @.
  const list = editor.querySelector(".editor-names");
  let asked = 0;
  const begun = () => text.value.slice(0, text.selectionStart).match(/(?:^|[^A-Za-z0-9_@/.-])@([^\s@]{1,20})$/u)?.[1];
  const offer = (people) => {
    list.replaceChildren(
      ...people.map(({ handle, name }) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-quiet btn-s";
        button.setAttribute("role", "option");
        button.textContent = `${name} @${handle}`;
        button.addEventListener("click", () => {
          const start = text.selectionStart - (begun() || "").length;
          text.setRangeText(`${handle} `, start, text.selectionStart, "end");
          list.hidden = true;
          text.focus();
          touched();
        });
        return button;
      }),
    );
    list.hidden = !people.length;
  };
  text.addEventListener("input", async () => {
    const query = begun();
    const mine = ++asked;
    if (!query) return offer([]);
    const answer = await fetch(`${editor.dataset.namesUrl}?q=${encodeURIComponent(query)}`, { headers: headers() }).catch(() => null);
    if (answer?.ok && mine === asked) offer((await answer.json()).people);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.hidden = true;
    if (event.key === "ArrowDown" && !list.hidden) {
      event.preventDefault();
      list.firstElementChild.focus();
    }
  });

  editor.write = { put, touched, text, form };
};

const fit = () => editors().forEach(equip);
fit();
document.addEventListener("htmx:load", fit);

// Quote and reply: into the form of this page, without leaving it.
const answering = (form, no) => {
  const line = form.querySelector("[data-answering]");
  form.elements.answers.value = no || "";
  line.hidden = !no;
  line.firstElementChild.textContent = line.dataset.words.replace("{no}", no);
};
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-quote],[data-answers],[data-answers-none]");
  const editor = document.querySelector("#reply [data-editor]");
  if (!link || !editor?.write || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const { form, text, touched } = editor.write;
  const no = link.dataset.answers || link.closest("[id^=post-]")?.id.slice(5) || "";
  const chosen = String(getSelection());
  if (link.dataset.quote) {
    const answer = await fetch(link.dataset.quote, { headers: headers() }).catch(() => null);
    if (!answer?.ok) return location.assign(link.href);
    const whole = await answer.text();
    const within = chosen.trim() && link.closest("article")?.textContent.includes(chosen.trim());
    const part = within ? `${whole.split("\n", 1)[0]}\n>\n${chosen.trim().replace(/^/gm, "> ")}\n\n` : whole;
    text.setRangeText(`${text.value && !text.value.endsWith("\n") ? "\n\n" : ""}${part}`, text.value.length, text.value.length, "end");
  }
  answering(form, "answersNone" in link.dataset ? "" : no);
  touched();
  text.scrollIntoView({ block: "center" });
  text.focus();
});

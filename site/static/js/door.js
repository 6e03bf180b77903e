// The door: reads tickets with the camera where the browser can, and keeps what could not be sent until the network is
// back. Each scan has a name of its own, so that sending it again is the same entry. Without it, the forms do.
"use strict";

const door = document.querySelector("[data-door]");
if (door) {
  const STORE = `door:${door.dataset.door}`;
  const SAME = 4000;
  const answer = door.querySelector("[data-door-answer]");
  const list = door.querySelector("[data-door-queue]");
  const token = door.querySelector("[name=csrfmiddlewaretoken]").value;
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(STORE)) || [];
    } catch {
      return [];
    }
  };
  const write = (queue) => localStorage.setItem(STORE, JSON.stringify(queue));
  const name = () => (crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`);

  const notice = (tone, title, text) => {
    const box = document.createElement("div");
    box.className = `notice notice-${tone}`;
    const words = document.createElement("div");
    for (const [line, strong] of [
      [title, true],
      [text, false],
    ]) {
      const part = document.createElement("p");
      if (strong) part.className = "notice-title";
      part.textContent = line;
      if (line) words.append(part);
    }
    box.append(words);
    return box;
  };
  const say = (tone, title, text) => answer.replaceChildren(notice(tone, title, text));

  const show = () => {
    const queue = read();
    list.hidden = !queue.length;
    list.replaceChildren(
      ...queue.map((scan) => {
        const row = document.createElement("li");
        row.className = "row";
        row.textContent = `${scan.label} · ${door.dataset.waiting}`;
        return row;
      }),
    );
  };

  const post = async (scan) => {
    const body = new URLSearchParams({ key: scan.key, at: scan.at });
    body.set(scan.ticket ? "ticket" : "code", scan.ticket || scan.code);
    const response = await fetch(door.dataset.door, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    if (response.redirected || response.status === 403) return { signedOut: true };
    if (response.status >= 500) throw new Error(response.status);
    if (!response.ok) return { state: "unknown", title: String(response.status), text: "", ok: false };
    return response.json();
  };

  const told = (result) => {
    if (result.signedOut) return say("warning", door.dataset.signedOut, "");
    say(result.ok ? "success" : result.state === "already" ? "warning" : "error", result.title, result.text);
    const count = door.querySelector("[data-door-came]");
    if (result.ok) count.textContent = Number(count.textContent) + 1;
    if (navigator.vibrate) navigator.vibrate(result.ok ? 80 : [80, 60, 80]);
  };

  let sending = false;
  const flush = async () => {
    if (sending) return;
    sending = true;
    try {
      for (let queue = read(); queue.length; queue = read()) {
        const result = await post(queue[0]);
        told(result);
        if (result.signedOut) break;
        write(read().filter((scan) => scan.key !== queue[0].key));
        show();
      }
    } catch {
      say("warning", door.dataset.sent, "");
    } finally {
      sending = false;
      show();
    }
  };

  const add = (scan) => {
    write([...read(), { key: name(), at: new Date().toISOString(), ...scan }]);
    show();
    return flush();
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-door-form]")) return;
    event.preventDefault();
    const data = new FormData(event.target);
    const row = event.target.closest(".row");
    if (data.get("ticket")) {
      add({ ticket: data.get("ticket"), label: row ? row.querySelector(".row-title").textContent.trim() : "" });
      event.target.hidden = true;
    } else if (data.get("code").trim()) {
      add({ code: data.get("code"), label: data.get("code").slice(-12) });
      event.target.reset();
      event.target.elements.code.value = "";
    }
  });
  window.addEventListener("online", flush);
  setInterval(() => read().length && flush(), 10000);
  show();
  flush();

  const scanner = door.querySelector("[data-scanner]");
  const status = scanner.querySelector("[data-scan-status]");
  scanner.hidden = false;
  const video = scanner.querySelector("video");
  const start = scanner.querySelector("[data-scan=start]");
  if (!window.BarcodeDetector || !navigator.mediaDevices) {
    video.hidden = start.hidden = true;
    status.textContent = status.dataset.none;
  }
  start.addEventListener("click", async () => {
    try {
      const camera = { video: { facingMode: { ideal: "environment" } } };
      video.srcObject = await navigator.mediaDevices.getUserMedia(camera);
      await video.play();
    } catch {
      status.textContent = status.dataset.refused;
      return;
    }
    start.hidden = true;
    status.textContent = status.dataset.wait;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const last = { code: "", at: 0 };
    setInterval(async () => {
      const found = await detector.detect(video).catch(() => []);
      const code = found.length ? found[0].rawValue : "";
      if (!code || (code === last.code && Date.now() - last.at < SAME)) return;
      Object.assign(last, { code, at: Date.now() });
      add({ code, label: (code.split(/[?&]t=/)[1] || code).split(".")[0].slice(-12) });
    }, 250);
  });
}

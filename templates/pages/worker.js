{# The service worker. What it may keep: files of the site's look, the page without a net, lessons that say so. #}
"use strict";
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];
const LOOK = "look-" + FILES.join().split("").reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) >>> 0, 7);
const KEPT = "kept", OFFLINE = "/offline/", AGE = {{ days }} * 86400000, MOST = {{ most }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(LOOK).then((cache) => cache.addAll([...FILES, OFFLINE])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("look-") && name !== LOOK).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin || url.pathname.startsWith("/admin/")) return;
  if (event.request.method === "POST" && waits(url.pathname)) event.respondWith(send(event.request));
  else if (event.request.method !== "GET") return;
  else if (FILES.includes(url.pathname)) event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  else if (event.request.mode === "navigate") event.respondWith(navigate(event));
});

// Pages come from the net, always; without one from what was kept, for the same person and not for ever.
async function navigate(event) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    return (await copyOf(event.request.url)) || (await caches.match(OFFLINE)) || Response.error();
  }
  if (answer.status < 500) event.waitUntil(remember(event.request.url, answer.clone()));
  return answer;
}

async function remember(url, answer) {
  const person = answer.headers.get("X-Person") || "";
  if ((await read("person")) !== person) {
    await forgetAll();
    await write("person", person);
  }
  if (!person) return;
  const cache = await caches.open(KEPT);
  if (answer.ok && answer.headers.get("X-Keep") && !answer.redirected) {
    const headers = new Headers(answer.headers);
    headers.set("X-Kept-At", String(Date.now()));
    await cache.put(url, new Response(await answer.blob(), { headers }));
  }
  await prune(cache);
  await sendQueue(person);
}

// A copy goes when it is old, when there are too many, and at the first contact after its lesson closed.
async function prune(cache) {
  const paths = new Map();
  const kept = await cache.keys();
  for (const request of kept.slice(0, Math.max(0, kept.length - MOST))) await cache.delete(request);
  for (const request of kept.slice(-MOST)) {
    if (isOld(await cache.match(request))) await cache.delete(request);
    else paths.set(new URL(request.url).pathname, request);
  }
  if (!paths.size) return;
  const asked = [...paths.keys()].map((path) => "path=" + encodeURIComponent(path)).join("&");
  const answer = await fetch("/offline/open/?" + asked);
  if (!answer.ok) return;
  const open = new Set((await answer.json()).open);
  for (const [path, request] of paths) if (!open.has(path)) await cache.delete(request);
}

async function copyOf(url) {
  const kept = await (await caches.open(KEPT)).match(url);
  if (!kept || isOld(kept) || kept.headers.get("X-Person") !== (await read("person"))) return null;
  return kept;
}

function isOld(kept) {
  return !kept || Date.now() - Number(kept.headers.get("X-Kept-At")) > AGE;
}

async function forgetAll() {
  await caches.delete(KEPT);
  const room = await store("readwrite");
  room.clear();
  await done(room);
}

// What is done without a net waits here: lessons done, check-ins. Sent again under the same person only.
function waits(path) {
  return /^(\/(en|zh-hans|zh-hant))?\/(courses\/[^/]+\/[^/]+\/complete|learn\/[^/]+\/check-in)\/$/.test(path);
}

async function send(request) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const body = await copy.blob();
    const item = { url: copy.url, type: copy.headers.get("Content-Type"), body, person: await read("person") };
    await write("wait-" + Date.now() + "-" + Math.random(), item);
    return Response.redirect(OFFLINE + "?kept", 303);
  }
}

async function sendQueue(person) {
  const room = await store("readonly");
  const keys = (await asked(room.getAllKeys())).filter((key) => String(key).startsWith("wait-"));
  for (const key of keys.sort()) {
    const item = await read(key);
    if (item && item.person === person) {
      const answer = await fetch(item.url, { method: "POST", body: item.body, headers: { "Content-Type": item.type } });
      if (answer.status >= 500) return;
    }
    await write(key, undefined);
  }
}

// A drawer of IndexedDB with plain keys.
function store(mode) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("courseyard", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("drawer");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => resolve(opening.result.transaction("drawer", mode).objectStore("drawer"));
  });
}

function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(room) {
  return new Promise((resolve, reject) => {
    room.transaction.oncomplete = resolve;
    room.transaction.onerror = () => reject(room.transaction.error);
  });
}

async function read(key) {
  return asked((await store("readonly")).get(key));
}

async function write(key, value) {
  const room = await store("readwrite");
  if (value === undefined) room.delete(key);
  else room.put(value, key);
  await done(room);
}

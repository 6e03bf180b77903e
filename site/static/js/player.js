// Recordings for practising: slower or faster, a part that repeats (A to B), by buttons and by keys.
"use strict";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

const told = (second) => `${Math.floor(second / 60)}:${String(Math.floor(second % 60)).padStart(2, "0")}`;

const equip = (tools) => {
  const figure = tools.closest("figure");
  const player = figure.querySelector("audio,video");
  const find = (name) => tools.querySelector(`[data-player="${name}"]`);
  const [speed, from, to, clear, words] = ["speed", "from", "to", "clear", "part"].map(find);
  const part = { from: null, to: null };
  tools.hidden = false;

  const show = () => {
    const whole = part.from !== null && part.to !== null;
    words.textContent = whole ? `${told(part.from)} – ${told(part.to)}` : part.from !== null ? `${told(part.from)} – …` : "";
    clear.hidden = part.from === null && part.to === null;
    from.setAttribute("aria-pressed", String(part.from !== null));
    to.setAttribute("aria-pressed", String(whole));
  };
  const setFrom = (second) => {
    part.from = second;
    if (part.to !== null && part.to <= second) part.to = null;
    show();
  };
  const setTo = (second) => {
    if (part.from === null) part.from = 0;
    if (second > part.from) part.to = second;
    show();
  };
  const forget = () => {
    part.from = part.to = null;
    show();
  };
  const setSpeed = (value) => {
    player.playbackRate = value;
    player.preservesPitch = true;
    speed.value = String(value);
  };
  const faster = (steps) => {
    const place = SPEEDS.indexOf(player.playbackRate) + steps;
    if (place >= 0 && place < SPEEDS.length) setSpeed(SPEEDS[place]);
  };

  player.addEventListener("timeupdate", () => {
    if (part.to !== null && player.currentTime >= part.to && !player.paused) player.currentTime = part.from;
  });
  player.addEventListener("ended", () => {
    if (part.to === null) return;
    player.currentTime = part.from;
    player.play();
  });
  speed.addEventListener("change", () => setSpeed(Number(speed.value)));
  from.addEventListener("click", () => setFrom(player.currentTime));
  to.addEventListener("click", () => setTo(player.currentTime));
  clear.addEventListener("click", forget);

  // The keys work wherever the focus is inside the figure; a field keeps its own.
  const keys = {
    "[": () => setFrom(player.currentTime),
    "]": () => setTo(player.currentTime),
    "\\": forget,
    "<": () => faster(-1),
    ">": () => faster(1),
    k: () => (player.paused ? player.play() : player.pause()),
    j: () => (player.currentTime = Math.max(0, player.currentTime - 5)),
    l: () => (player.currentTime = Math.min(player.duration || Infinity, player.currentTime + 5)),
  };
  figure.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input,textarea")) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  const { loopFrom, loopTo } = tools.dataset;
  if (loopTo) {
    setFrom(Number(loopFrom || 0));
    setTo(Number(loopTo));
  }
};

for (const tools of document.querySelectorAll("[data-player-tools]")) equip(tools);
// A film that was being prepared comes later.
document.addEventListener("htmx:load", ({ target }) => target.querySelectorAll("[data-player-tools][hidden]").forEach(equip));

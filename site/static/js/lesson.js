// Lesson and review pages: remember where the player stopped, jump to a second, run a practice timer.
"use strict";

const body = document.querySelector("[data-stopped]");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
const players = () => [...document.querySelectorAll("[data-media]")];

const follow = (player) => {
  const start = Number(player.dataset.start || 0);
  if (start) {
    const seek = () => (player.currentTime = Math.min(start, player.duration || start));
    if (player.readyState > 0) seek();
    else player.addEventListener("loadedmetadata", seek, { once: true });
  }
  if (!body || !token || player.dataset.followed) return;
  player.dataset.followed = "yes";
  let told = -1;
  const tell = () => {
    const second = player.ended ? 0 : Math.floor(player.currentTime);
    if (second === told) return;
    told = second;
    const form = new URLSearchParams({ media: player.dataset.media, seconds: second, at: Date.now() });
    fetch(body.dataset.stopped, { method: "POST", body: form, keepalive: true, headers: { "X-CSRFToken": token } }).catch(() => {
      told = -1;
    });
  };
  player.addEventListener("pause", tell);
  player.addEventListener("timeupdate", () => Math.abs(player.currentTime - told) >= 10 && !player.paused && tell());
  document.addEventListener("visibilitychange", () => document.hidden && !player.paused && tell());
};
players().forEach(follow);
// A film that was being prepared comes later.
document.addEventListener("htmx:load", ({ target }) => target !== document.body && target.querySelectorAll("[data-media]").forEach(follow));

document.querySelector("[data-asked]")?.scrollIntoView({ block: "center" });

// A remark leads to its second.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-seek]");
  const player = link && document.getElementById(link.dataset.seek)?.querySelector("audio,video");
  if (!player) return;
  event.preventDefault();
  player.currentTime = Number(link.dataset.second);
  player.scrollIntoView({ block: "nearest" });
  player.play();
});

// A note leads to its second of its recording; writing one takes the second that plays.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-seek-media]");
  const player = link && players().find((one) => one.dataset.media === link.dataset.seekMedia);
  if (!player) return;
  event.preventDefault();
  player.currentTime = Number(link.dataset.second);
  player.scrollIntoView({ block: "center" });
  player.play();
});
document.querySelector("[data-note] textarea")?.addEventListener("focus", (event) => {
  const { second, media } = event.target.form.elements;
  const player = players().reduce((best, one) => ((one.currentTime || 0) > (best?.currentTime || 0) ? one : best), null);
  if (!second || second.value || !player?.currentTime) return;
  const at = Math.floor(player.currentTime);
  second.value = `${Math.floor(at / 60)}:${String(at % 60).padStart(2, "0")}`;
  if (media) media.value = player.dataset.media;
});

// Writing a remark takes the second that is playing.
document.addEventListener("focusin", (event) => {
  const field = event.target.closest("[data-remarks]");
  const player = field && document.getElementById(field.dataset.remarks)?.querySelector("audio,video");
  const time = event.target.name === "remark" && event.target.closest(".remark-row").querySelector("[name=second]");
  if (!player || !time || time.value || !player.currentTime) return;
  const second = Math.floor(player.currentTime);
  time.value = `${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}`;
});

// The practice clock counts down once it is started.
for (const practice of document.querySelectorAll("[data-practice]")) {
  const clock = practice.querySelector("[data-practice-clock]");
  const controls = practice.querySelector("[data-practice-controls]");
  controls.hidden = false;
  controls.querySelector("[data-practice-start]").addEventListener("click", () => {
    const end = Date.now() + Number(practice.dataset.practice) * 60000;
    controls.hidden = true;
    const timer = setInterval(() => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      if (left) return;
      clearInterval(timer);
      practice.classList.add("practice-over");
    }, 250);
  });
}

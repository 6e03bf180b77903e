// The countdown of a quiz. The server keeps the time; this only shows it, and hands in when it is over.
(() => {
  const note = document.querySelector("[data-seconds-left]");
  const form = document.getElementById("quiz");
  if (!note || !form) return;
  const shown = note.querySelector("[data-countdown]");
  const end = performance.now() + Number(note.dataset.secondsLeft) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    shown.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (left === 0) {
      clearInterval(timer);
      form.submit();
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
})();

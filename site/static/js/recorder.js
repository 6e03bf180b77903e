// Records a voice in the browser into a file field. Without it, the field's own picker does.
"use strict";

const recorder = document.querySelector("[data-recorder]");
if (recorder && window.MediaRecorder && navigator.mediaDevices) {
  const find = (name) => recorder.querySelector(name);
  const [start, stop, clock, status, play] = [
    "[data-record=start]",
    "[data-record=stop]",
    "[data-record-clock]",
    "[data-record-status]",
    "[data-record-play]",
  ].map(find);
  const input = document.getElementById(recorder.dataset.recorder);
  recorder.hidden = false;
  start.addEventListener("click", async () => {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      status.textContent = status.dataset.refused;
      return;
    }
    // Safari records MP4, the others WebM.
    const type = ["audio/mp4", "audio/webm"].find((one) => MediaRecorder.isTypeSupported(one));
    const media = new MediaRecorder(stream, type ? { mimeType: type } : {});
    const parts = [];
    const began = Date.now();
    const timer = setInterval(() => {
      const second = Math.floor((Date.now() - began) / 1000);
      clock.textContent = `${Math.floor(second / 60)}:${String(second % 60).padStart(2, "0")}`;
    }, 250);
    media.addEventListener("dataavailable", (event) => parts.push(event.data));
    media.addEventListener("stop", () => {
      clearInterval(timer);
      for (const track of stream.getTracks()) track.stop();
      const blob = new Blob(parts, { type: media.mimeType });
      const suffix = media.mimeType.includes("mp4") ? "m4a" : "webm";
      const files = new DataTransfer();
      if (input.multiple) for (const file of input.files) files.items.add(file);
      files.items.add(new File([blob], `recording.${suffix}`, { type: media.mimeType }));
      input.files = files.files;
      play.src = URL.createObjectURL(blob);
      play.hidden = false;
      stop.hidden = true;
      start.hidden = false;
      status.textContent = status.dataset.ready;
    });
    stop.onclick = () => media.stop();
    start.hidden = true;
    stop.hidden = false;
    status.textContent = status.dataset.running;
    media.start();
  });
}

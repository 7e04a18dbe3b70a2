// The meter of a film or recording: what was played, as spans of its own time. Seeking plays nothing.
const REPORT_EVERY = 10_000, LONGEST_STEP = 1.5;

export function playing(media, needed) {
  const speed = Number(media.dataset.speed), skip = "skip" in media.dataset;
  let played = [], seenTo = 0, last = null, credited = 0, resume = false;
  const clip = (ms) => Math.max(0, Math.min(needed, Math.round(ms)));

  function add(from, to) {
    const [start, end] = [clip(from * 1000), clip(to * 1000)];
    if (end <= start) return;
    const latest = played[played.length - 1];
    if (latest && start >= latest[0] && start - latest[1] <= 250) latest[1] = Math.max(latest[1], end);
    else played.push([start, end]);
    seenTo = Math.max(seenTo, end);
  }

  media.addEventListener("timeupdate", () => {
    const now = media.currentTime;
    if (last !== null && !media.seeking && now > last && now - last <= LONGEST_STEP * media.playbackRate) add(last, now);
    last = now;
  });
  media.addEventListener("seeking", () => {
    last = null;
    if (!skip && media.currentTime * 1000 > seenTo + 1_000) media.currentTime = seenTo / 1000;
  });
  media.addEventListener("seeked", () => { last = media.currentTime; });
  media.addEventListener("ratechange", () => { if (media.playbackRate > speed) media.playbackRate = speed; });
  media.addEventListener("ended", () => { if (last !== null && media.duration - last <= LONGEST_STEP) add(last, needed / 1000); });

  const pending = () => played.reduce((sum, [start, end]) => sum + end - start, 0);
  return {
    credit: () => Math.min(needed, credited + pending()),
    tick(counting) { if (!counting && !media.paused && document.visibilityState === "visible") media.pause(); },
    due: () => pending() >= REPORT_EVERY || (media.paused && pending() > 0),
    spans: () => played.slice(-200).map(([start, end]) => [start, end]),
    begin(opened) {
      played = []; credited = opened.credited_ms;
      seenTo = opened.position_ms;
      if (!resume && opened.position_ms < needed) media.currentTime = opened.position_ms / 1000;
      resume = true;
    },
    accept(answer, sent) {
      credited = answer.total_ms;
      if (!answer.check) played = played.map((span, n) => (sent[n] && sent[n][0] === span[0] ? [sent[n][1], span[1]] : span)).filter(([a, b]) => b > a);
      seenTo = Math.max(answer.position_ms, ...played.map((span) => span[1]));
      if (!skip && !answer.check && media.currentTime * 1000 > seenTo + 1_000) media.currentTime = seenTo / 1000;
    },
    hold(on) { if (on) media.pause(); },
  };
}

// Measures learning and reports it. The server decides what counts; here nothing is final.
import { reading } from "./reading.js";
import { playing } from "./playing.js";
import { asking } from "./presence.js";

const TICK = 1_000, RETRY_AFTER = 5_000;
const bar = document.querySelector("[data-dwell]");
const csrf = document.querySelector("meta[name=csrf]").content;
const fill = bar.querySelector(".fill"), clock = bar.querySelector("[data-clock]"), say = bar.querySelector("[data-say]");
const here = bar.querySelector("[data-here]"), onward = bar.querySelector("[data-onward]");
const media = document.querySelector("[data-media]");

const needed = Number(bar.dataset.needed);
const meter = media ? playing(media, needed) : reading(needed, Number(bar.dataset.position));
const ask = asking(document.querySelector("[data-presence-dialog]"));
let token = null, sequence = 1, state = "waiting", sending = false, retry = 0, check = null;

const WORDS = { waiting: "waiting", unopened: "unopened", offline: "offline", capped: "capped", elsewhere: "elsewhere", out: "signedOut" };

function show(next) {
  if (next !== state) {
    state = next;
    say.textContent = WORDS[next] ? bar.dataset[WORDS[next]] : "";
    say.classList.toggle("alarm", next === "elsewhere" || next === "out");
    here.hidden = next !== "elsewhere";
  }
  const open = state === "read" && "openWork" in bar.dataset, done = state === "read" && !open;
  onward.classList.toggle("main", done);
  const left = Math.ceil(Math.max(0, needed - meter.credit()) / 1000);
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  clock.textContent = done ? bar.dataset.done : open ? bar.dataset.todo : bar.dataset.left.replace("{time}", time);
  fill.setAttribute("width", (1000 * Math.min(meter.credit(), needed)) / needed);
}

const counting = () => (state === "on" || state === "offline") && token && !check && document.visibilityState === "visible";

function tick() {
  meter.tick(counting());
  if (meter.due() && state !== "read") report();
  show(state);
}

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", keepalive: true, credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf },
    body: body ? JSON.stringify(body) : undefined });
  return { status: answer.status, body: answer.headers.get("content-type")?.includes("json") ? await answer.json() : {} };
}

async function open() {
  if (state !== "unopened") show("waiting");
  try {
    const { status, body } = await post(bar.dataset.open);
    if (status === 401 || status === 403) return show("out");
    if (status !== 200) throw new Error(String(status));
    token = body.token; sequence = 1;
    meter.begin(body);
    show(body.read ? "read" : "on");
    stand(body.check);
  } catch { show("unopened"); setTimeout(open, RETRY_AFTER); }
}

// One report at a time. What is learned meanwhile waits for the next; a report that failed is sent again with the same
// sequence and whatever has been learned since, so that the server counts it once however often it arrives.
async function report() {
  if (sending || !token || check || performance.now() < retry) return;
  const spans = meter.spans();
  if (!spans.length) return;
  sending = true;
  const mine = token;
  try {
    const { status, body } = await post(bar.dataset.receipts, { token, sequence, spans });
    if (mine !== token) return;
    if (status === 200) accept(body, spans);
    else if (status === 409) { token = null; show("elsewhere"); }
    else if (status === 401 || status === 403) show("out");
    else if (status === 404) { token = null; open(); }
    else throw new Error(String(status));
  } catch {
    retry = performance.now() + RETRY_AFTER;
    show("offline");
  } finally {
    sending = false;
    if (document.visibilityState === "hidden") report();
  }
}

function accept(credited, spans) {
  sequence += 1;
  meter.accept(credited, spans);
  show(credited.read ? "read" : credited.capped ? "capped" : "on");
  stand(credited.check);
}

// While a presence check stands nothing is counted; what was learned before it was asked is reported after the answer.
async function stand(asked) {
  if (!asked || check) return;
  check = asked;
  meter.hold(true);
  while (check) {
    const word = await ask(check);
    try {
      const { status, body } = await post(bar.dataset.presence, { token, at_ms: check.at_ms, word });
      if (status === 409) { token = null; check = null; show("elsewhere"); }
      else if (status === 401 || status === 403) { check = null; show("out"); }
      else if (status === 404) { token = null; check = null; open(); }
      else if (status !== 200) throw new Error(String(status));
      else if (body.right) check = null;
      else check = { ...body.check, again: true };
    } catch { check = { ...check, lost: true }; }
  }
  ask.close();
  meter.hold(false);
  retry = 0;
  report();
}

here.addEventListener("click", open);
document.addEventListener("work", (event) => {
  if (event.detail.fulfilled) delete bar.dataset.openWork;
  show(state);
});
document.addEventListener("visibilitychange", () => { tick(); if (document.visibilityState === "hidden") report(); });
addEventListener("pagehide", () => { tick(); report(); });
addEventListener("online", () => { retry = 0; report(); });
setInterval(tick, TICK);
open();

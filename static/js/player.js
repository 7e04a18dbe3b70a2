// Measures reading while the page is in sight and reports it. The server decides what counts; here nothing is final.
const REPORT_EVERY = 15_000, TICK = 1_000, LONGEST_TICK = 2_500, RETRY_AFTER = 5_000;
const bar = document.querySelector("[data-dwell]");
const csrf = document.querySelector("meta[name=csrf]").content;
const fill = bar.querySelector(".fill"), clock = bar.querySelector("[data-clock]"), say = bar.querySelector("[data-say]");
const here = bar.querySelector("[data-here]"), onward = bar.querySelector("[data-onward]");

const needed = Number(bar.dataset.needed);
let token = null, sequence = 1, acknowledged = Number(bar.dataset.position), position = acknowledged;
let state = "waiting", sending = false, retry = 0, last = performance.now();

function show(next) {
  if (next !== state) {
    state = next;
    say.textContent = { waiting: bar.dataset.waiting, offline: bar.dataset.offline, capped: bar.dataset.capped,
      elsewhere: bar.dataset.elsewhere, out: bar.dataset.signedOut }[next] ?? "";
    say.classList.toggle("alarm", next === "elsewhere" || next === "out");
    here.hidden = next !== "elsewhere";
    if (next === "read") { onward.classList.add("main"); say.textContent = ""; }
  }
  const left = Math.ceil(Math.max(0, needed - position) / 1000);
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  clock.textContent = state === "read" ? bar.dataset.read : bar.dataset.left.replace("{time}", time);
  fill.setAttribute("width", (1000 * Math.min(position, needed)) / needed);
}

const counting = () => (state === "on" || state === "offline") && token && document.visibilityState === "visible";

function tick() {
  const now = performance.now();
  if (counting()) position = Math.min(needed, position + Math.min(now - last, LONGEST_TICK));
  last = now;
  if (position - acknowledged >= REPORT_EVERY || (position >= needed && acknowledged < needed)) report();
  show(state);
}

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", keepalive: true, credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf },
    body: body ? JSON.stringify(body) : undefined });
  return { status: answer.status, body: answer.headers.get("content-type")?.includes("json") ? await answer.json() : {} };
}

async function open() {
  show("waiting");
  try {
    const { status, body } = await post(bar.dataset.open);
    if (status === 401 || status === 403) return show("out");
    if (status !== 200) throw new Error(String(status));
    token = body.token; sequence = 1; acknowledged = position = body.position_ms; last = performance.now();
    show(body.complete ? "read" : "on");
  } catch { setTimeout(open, RETRY_AFTER); }
}

// One report at a time. What is read meanwhile waits for the next; a report that failed is sent again with the same
// sequence and whatever has been read since, so that the server counts it once however often it arrives.
async function report() {
  if (sending || !token || performance.now() < retry || Math.floor(position) <= acknowledged) return;
  sending = true;
  const upTo = Math.floor(position), mine = token;
  try {
    const { status, body } = await post(bar.dataset.receipts, { token, sequence, spans: [[acknowledged, upTo]] });
    if (mine !== token) return;
    if (status === 200) accept(body, upTo);
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

function accept(credited, upTo) {
  sequence += 1;
  acknowledged = credited.position_ms;
  position = Math.min(needed, acknowledged + Math.max(0, position - upTo));
  show(credited.complete ? "read" : credited.capped ? "capped" : "on");
}

here.addEventListener("click", open);
document.addEventListener("visibilitychange", () => { tick(); if (document.visibilityState === "hidden") report(); });
addEventListener("pagehide", () => { tick(); report(); });
addEventListener("online", () => { retry = 0; report(); });
setInterval(tick, TICK);
open();

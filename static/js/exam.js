// Shows one question at a time, saves each answer as it is chosen, keeps the clock. Without it the form still works.

const form = document.querySelector("[data-exam]");
const { field } = await import(form.dataset.answers);
const words = form.dataset, key = `exam-${words.exam}`, csrf = form.elements.csrf.value;
const SAVE_AFTER = 400, RETRY_AFTER = 3_000;
const clock = document.querySelector("[data-clock]"), saved = document.querySelector("[data-saved]");
const count = document.querySelector("[data-count]"), fill = document.querySelector(".exam-head .fill");
const turn = form.querySelector("[data-turn]"), numbers = form.querySelector("[data-numbers]");
const handIn = form.querySelector("[data-hand-in]"), sure = document.querySelector("[data-sure]");

const questions = [...form.querySelectorAll("[data-question]")].map((box, n) => ({
  box, n, sequence: Number(box.dataset.sequence), dirty: false, link: numbers.children[n].firstElementChild,
  field: field(box), flag: box.querySelector(`[name=f${n}]`), sent: box.querySelector(`[name=s${n}]`),
}));
const answer = (q) => ({ position: q.n, chosen: q.field.read(), flagged: q.flag.checked, sequence: q.sequence });
let end = performance.now() + Number(words.remaining), current = 0, timer = 0, saving = false, done = false;

function post(url, body, type) {
  const headers = { Accept: "application/json", "X-CSRF-Token": csrf, ...(type && { "Content-Type": type }) };
  return fetch(url, { method: "POST", credentials: "same-origin", redirect: "manual", headers, body });
}

function show(n, move = true) {
  current = Math.max(0, Math.min(questions.length - 1, n));
  for (const q of questions) {
    q.box.hidden = q.n !== current;
    if (q.n === current) q.link.setAttribute("aria-current", "step"); else q.link.removeAttribute("aria-current");
  }
  turn.querySelector("[data-previous]").disabled = current === 0;
  turn.querySelector("[data-next]").textContent = current + 1 < questions.length ? words.sayNext : words.sayLast;
  if (move) scrollTo({ top: 0 });
}

function tally() {
  const full = questions.filter((q) => q.field.whole()).length, open = questions.length - full;
  count.textContent = words.sayCount.replace("{done}", full).replace("{open}", open);
  fill.setAttribute("width", (1000 * full) / questions.length);
  handIn.textContent = open ? words.sayHandInOpen.replace("{open}", open) : words.sayHandIn;
  for (const q of questions) {
    const has = q.field.whole(), label = (has ? numbers.dataset.sayDone : numbers.dataset.sayOpen).replace("{n}", q.n + 1);
    q.link.className = `${has ? "done" : ""}${q.flag.checked ? " flag" : ""}`;
    q.link.setAttribute("aria-label", q.flag.checked ? `${label}, ${numbers.dataset.sayFlag}` : label);
  }
}

function remember() {
  const open = questions.filter((q) => q.dirty).map(answer);
  try { if (open.length) sessionStorage.setItem(key, JSON.stringify(open)); else sessionStorage.removeItem(key); } catch { /* a private window keeps nothing */ }
}

function restore() {
  let kept = [];
  try { kept = JSON.parse(sessionStorage.getItem(key) ?? "[]"); } catch { /* nothing was kept */ }
  for (const one of kept) {
    const q = questions[one.position];
    if (q && one.sequence > q.sequence) { adopt(q, one); q.dirty = true; }
  }
  if (kept.length) later(0);
}

function adopt(q, one) {
  q.field.write(one.chosen);
  q.flag.checked = one.flagged;
  q.sequence = one.sequence;
  q.sent.value = one.sequence;
}

function changed(q) {
  q.sequence += 1;
  q.sent.value = q.sequence;
  q.dirty = true;
  remember();
  tally();
  later(SAVE_AFTER);
}

function later(wait) { clearTimeout(timer); timer = setTimeout(save, wait); }

async function save() {
  const open = questions.filter((q) => q.dirty);
  if (saving || done || !open.length) return;
  saving = true;
  saved.textContent = words.saySaving;
  try {
    const reply = await post(`/attempts/${words.exam}/answers`, JSON.stringify({ answers: open.map(answer) }), "application/json");
    if (reply.status === 409 || reply.status === 404) { location.reload(); return; }
    if (reply.status === 401 || reply.status === 403) { saved.textContent = words.saySignedOut; later(4 * RETRY_AFTER); return; }
    if (!reply.ok) throw new Error(String(reply.status));
    settle(await reply.json());
  } catch {
    saved.textContent = words.sayOffline;
    later(RETRY_AFTER);
  } finally { saving = false; }
}

function settle(body) {
  let newer = false;
  for (const one of body.answers) {
    const q = questions[one.position];
    if (one.sequence > q.sequence || (one.sequence === q.sequence && JSON.stringify(one.chosen) !== JSON.stringify(q.field.read()))) { adopt(q, one); newer = true; }
    if (one.sequence === q.sequence) q.dirty = false;
  }
  end = performance.now() + body.remaining_ms;
  remember();
  tally();
  saved.textContent = newer ? words.sayNewer : words.saySaved.replace("{time}", new Date().toLocaleTimeString("zh-CN", { hour12: false }));
  if (questions.some((q) => q.dirty)) later(SAVE_AFTER);
}

function tick() {
  const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
  const face = document.createElement("small");
  face.textContent = words.sayLeft;
  clock.replaceChildren(face, `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`);
  clock.classList.toggle("alarm", left < 60);
  if (left === 0 && !done) submit();
}

async function submit() {
  done = true;
  clearTimeout(timer);
  try {
    const reply = await post(form.action, new FormData(form));
    if (reply.status >= 500) throw new Error(String(reply.status));
    if (reply.status === 401 || reply.status === 403) { done = false; saved.textContent = words.saySignedOut; return; }
    try { sessionStorage.removeItem(key); } catch { /* nothing was kept */ }
    location.assign(`/attempts/${words.exam}`);
  } catch {
    saved.textContent = words.sayWaiting;
    setTimeout(submit, RETRY_AFTER);
  }
}

for (const kind of ["change", "input"]) form.addEventListener(kind, (event) => {
  const box = event.target.closest("[data-question]"), typed = event.target.type === "text";
  if (box && typed === (kind === "input")) changed(questions[Number(box.dataset.question)]);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (done) return;
  sure.querySelector("[data-sure-text]").textContent = count.textContent;
  sure.showModal();
});
sure.addEventListener("close", () => { if (sure.returnValue === "yes") submit(); sure.returnValue = ""; });
numbers.addEventListener("click", (event) => { const at = [...numbers.children].indexOf(event.target.closest("li")); if (at >= 0) { event.preventDefault(); show(at); } });
turn.querySelector("[data-previous]").addEventListener("click", () => show(current - 1));
turn.querySelector("[data-next]").addEventListener("click", () => { if (current + 1 < questions.length) show(current + 1); else numbers.scrollIntoView(); });
addEventListener("online", () => later(0));

for (const q of questions) q.sent.value = q.sequence;
turn.hidden = false;
restore();
tally();
show(Math.max(0, questions.findIndex((q) => !q.field.whole())), false);
tick();
setInterval(tick, 1_000);

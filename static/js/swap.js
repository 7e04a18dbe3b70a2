// Sends a form and takes the named part of the answering page in place, so that learning time goes on being measured.
const parse = (text) => new DOMParser().parseFromString(text, "text/html");

async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const answer = await fetch(form.action, { method: "POST", credentials: "same-origin", body, headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const id = form.dataset.swap, fresh = parse(await answer.text()).getElementById(id);
  if (!fresh) throw new Error("no part");
  document.getElementById(id).replaceWith(fresh);
  fresh.querySelector("[data-focus]")?.focus();
  const state = fresh.querySelector("[data-work]");
  document.dispatchEvent(new CustomEvent("work", { detail: { fulfilled: "fulfilled" in state.dataset } }));
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.swap) return;
  event.preventDefault();
  try { await send(form, event.submitter); }
  catch { form.dataset.swap = ""; form.requestSubmit(event.submitter ?? undefined); }
});

let waiting = 0;
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (!form || !("atOnce" in form.dataset)) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => form.requestSubmit(), 300);
});

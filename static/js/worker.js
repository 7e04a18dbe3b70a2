// Service worker: keeps the one module that was opened last, with its figures and styles, for reading without a line.
// A page that cannot be reached is answered with one that says so (offline.html, kept with its stylesheet at install).
// Nothing else is kept, and nothing is sent: time counts only when the server opened a session and hears of it.
// What is kept goes when somebody signs out or comes to the sign-in page, so that a shared phone tells nothing.
const KEPT = "module", SHELL = "shell", OFFLINE = "/offline", MODULE = /^\/courses\/[^/]+\/modules\/[^/]+$/, PART = /^\/(static|figures)\/|^\/style-/;

addEventListener("install", (event) => { skipWaiting(); event.waitUntil(keepShell()); });
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.startsWith("/sign-")) event.waitUntil(caches.delete(KEPT));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith((MODULE.test(url.pathname) ? page(request, url) : fetch(request)).catch(offline));
  else if (PART.test(url.pathname)) event.respondWith(part(request));
});

async function keepShell() {
  const answer = await fetch(OFFLINE, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${OFFLINE}: ${answer.status}`);
  const cache = await caches.open(SHELL), style = (await answer.clone().text()).match(/"(\/style-[^"]+)"/);
  await Promise.all([cache.put(OFFLINE, answer), style && cache.add(style[1])]);
}

async function offline(lost) {
  const shell = await caches.match(OFFLINE);
  if (!shell) throw lost;
  const open = await caches.open(KEPT), kept = (await open.keys()).find((one) => MODULE.test(new URL(one.url).pathname));
  let html = await shell.text();
  if (kept) {
    const [, title] = (await (await open.match(kept)).text()).match(/<title>([^<]*)<\/title>/) || [];
    html = html.replace('class="kept" hidden', 'class="kept"').replace('class="unkept"', 'class="unkept" hidden')
      .replace("KEPT_HREF", () => new URL(kept.url).pathname).replace("KEPT_TITLE", () => (title || "").split(" · ")[0]);
  }
  return new Response(html, { status: 503, headers: shell.headers });
}

async function page(request, url) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) {
      const copy = answer.clone(), cache = await caches.open(KEPT);
      const others = (await cache.keys()).filter((kept) => MODULE.test(new URL(kept.url).pathname) && new URL(kept.url).pathname !== url.pathname);
      if (others.length) await caches.delete(KEPT);
      await (await caches.open(KEPT)).put(url.pathname, copy);
    }
    return answer;
  } catch (lost) {
    const kept = await caches.match(url.pathname);
    if (kept) return kept;
    throw lost;
  }
}

async function part(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await (await caches.open(KEPT)).put(request, answer.clone());
    return answer;
  } catch (lost) {
    const kept = await caches.match(request);
    if (kept) return kept;
    throw lost;
  }
}

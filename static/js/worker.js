// Service worker: keeps the one module that was opened last, with its figures and styles, for reading without a line.
// Nothing else is kept, and nothing is sent: time counts only when the server opened a session and hears of it.
// What is kept goes when somebody signs out or comes to the sign-in page, so that a shared phone tells nothing.
const KEPT = "module", MODULE = /^\/courses\/[^/]+\/modules\/[^/]+$/, PART = /^\/(static|figures)\/|^\/style-/;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.startsWith("/sign-")) return event.waitUntil(caches.delete(KEPT));
  if (request.method !== "GET") return;
  if (request.mode === "navigate" && MODULE.test(url.pathname)) event.respondWith(page(request, url));
  else if (PART.test(url.pathname)) event.respondWith(part(request));
});

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

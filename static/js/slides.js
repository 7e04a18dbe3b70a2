// Buttons, arrow keys and the place in a deck of slides, which swipes by itself; the place survives a reload.
const deck = document.querySelector("[data-deck]"), line = document.querySelector("[data-deck-line]");
const slides = [...deck.children], place = line.querySelector("[data-place]");
const key = `slide ${location.pathname}`;
const at = () => Math.round(deck.scrollLeft / deck.clientWidth);

function show() {
  const now = at();
  place.textContent = place.dataset.place.replace("{n}", now + 1).replace("{all}", slides.length);
  for (const button of line.querySelectorAll("[data-step]")) {
    const to = now + Number(button.dataset.step);
    button.disabled = to < 0 || to >= slides.length;
  }
  try { sessionStorage.setItem(key, String(now)); } catch { /* private windows may keep nothing */ }
}

function go(to, behavior = "smooth") {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  deck.scrollTo({ left: Math.max(0, Math.min(slides.length - 1, to)) * deck.clientWidth, behavior: calm ? "instant" : behavior });
}

deck.classList.add("live");
line.hidden = false;
line.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (button) go(at() + Number(button.dataset.step));
});
deck.addEventListener("keydown", (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) { event.preventDefault(); go(at() + step); }
});
let waiting = 0;
deck.addEventListener("scroll", () => { clearTimeout(waiting); waiting = setTimeout(show, 80); }, { passive: true });
addEventListener("resize", () => go(Number(sessionStorage.getItem(key) ?? 0), "instant"));
go(Number(sessionStorage.getItem(key) ?? 0), "instant");
show();

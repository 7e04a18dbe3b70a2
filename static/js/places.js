// Where the places do not fit beside each other they scroll: bring the present one into sight, for browsers whose
// stylesheet cannot (scroll-initial-target). Without script the places still scroll by hand.
const present = document.querySelector("[data-places] [aria-current]");
if (present && !CSS.supports("scroll-initial-target", "nearest")) {
  const places = present.parentElement;
  places.scrollLeft = present.offsetLeft - places.offsetLeft - innerWidth * 0.35;
}

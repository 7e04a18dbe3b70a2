// Fetches a figure when it is tapped, in the place of the words that stood for it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-figure]");
  if (!link) return;
  event.preventDefault();
  const picture = new Image(Number(link.dataset.width), Number(link.dataset.height));
  picture.alt = link.textContent;
  picture.src = link.href;
  link.replaceWith(picture);
});

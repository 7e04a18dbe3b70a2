// Fills the activation code from the slip's QR address (#CODE): a fragment never reaches the server or its logs.
const field = document.querySelector("[data-code-from-fragment]");
if (field && location.hash.length > 1) {
  field.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  document.querySelector('input[name="password"]').focus();
}

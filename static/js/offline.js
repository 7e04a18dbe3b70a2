// Keeps the module that is being read within reach when the line is gone (worker.js does it).
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/worker.js").catch(() => {});

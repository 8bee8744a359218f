setInterval(function () {
  if (!document.querySelector("main [data-live]")) location.reload();
}, 6000);

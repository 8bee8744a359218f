(function () {
  document.querySelectorAll("[data-copied]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var range = document.createRange(), selection = getSelection();
      range.selectNodeContents(button.previousElementSibling);
      selection.removeAllRanges();
      selection.addRange(range);
      // WeChat's browser has no clipboard API
      if (document.execCommand("copy")) button.textContent = button.dataset.copied;
      selection.removeAllRanges();
    });
  });
  // what a tap opens is not left behind the bar at the bottom
  document.addEventListener("toggle", function (event) {
    if (event.target.open) event.target.scrollIntoView({ block: "nearest" });
  }, true);
})();

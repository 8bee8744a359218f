(function () {
  var tag = document.querySelector("wx-open-subscribe");
  tag.addEventListener("success", function (event) {
    // the answer for each template is JSON in JSON: {"ID":"{\"status\":\"accept\"}"}
    if (!/accept/.test(event.detail.subscribeDetails)) return;
    var hint = tag.previousElementSibling;
    hint.textContent = hint.dataset.allowed;
    hint.setAttribute("role", "status");
    tag.remove();
  });
})();

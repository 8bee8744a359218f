(function (form) {
  // what is missing is asked for before the form is sent, and nothing that was typed is lost
  function ask() {
    var needed = form.elements.to.value === "new";
    ["name", "phone", "region", "detail"].forEach(function (name) {
      form.elements[name].required = needed;
    });
  }
  form.addEventListener("change", ask);
  ask();
})(document.querySelector(".delivery-form"));

(function (city) {
  var form = city.form;
  var places = Array.from(city.children).slice(1);
  // a list of provinces shortens the list of cities
  var field = city.closest(".field").cloneNode(true), province = field.querySelector("select");
  field.querySelector("span").textContent = city.dataset.province;
  Array.from(field.children).slice(1).forEach(function (problem) {
    problem.remove();
  });
  ["name", "autocomplete", "aria-invalid", "aria-describedby"].forEach(function (name) {
    province.removeAttribute(name);
  });
  province.length = 1;
  province.options[0].text = city.dataset.chooseProvince;
  places.forEach(function (place) {
    province.add(new Option(place.label));
  });
  city.closest(".field").before(field);
  function showCities() {
    while (city.children.length > 1) city.lastChild.remove();
    places.forEach(function (place) {
      if (!province.value || province.value === place.label) city.append(place);
    });
  }
  province.addEventListener("change", function () {
    city.value = "";
    showCities();
    // a municipality is its own city
    if (city.length === 2) city.selectedIndex = 1;
  });
  function follow() {
    var chosen = city.value.split(" ")[0];
    if (chosen && province.value !== chosen) {
      province.value = chosen;
      var value = city.value;
      showCities();
      city.value = value;
    }
  }
  // WeChat's address has province and city in the region
  var region = form.elements.region;
  function split() {
    places.forEach(function (place) {
      (place.tagName === "OPTION" ? [place] : Array.from(place.children)).forEach(function (option) {
        if (region.value.indexOf(option.value) !== 0) return;
        province.value = "";
        showCities();
        city.value = option.value;
        region.value = region.value.slice(option.value.length).trim();
        // a municipality is named twice
        if (region.value.indexOf(option.value) === 0) region.value = region.value.slice(option.value.length).trim();
      });
    });
  }
  // the districts of the city are suggested; any text can be typed
  var list = document.createElement("datalist"), file;
  list.id = "districts";
  region.after(list);
  region.setAttribute("list", list.id);
  function suggest() {
    if (!city.value || !window.fetch) return;
    file = file || fetch("/districts.txt").then(function (answer) {
      return answer.ok ? answer.text() : "";
    });
    file.then(function (text) {
      var start = "\n" + city.value + "|", at = text.indexOf(start);
      var names = at < 0 ? "" : text.slice(at + start.length).split("\n")[0];
      list.textContent = "";
      names.split(" ").forEach(function (name) {
        if (name) list.append(new Option(name));
      });
    }, function () {
      // no network: the next change asks again
      file = null;
    });
  }
  form.addEventListener("change", function () {
    split();
    follow();
    suggest();
  });
  follow();
  suggest();
  // the island that asks WeChat sets the value, which sends no event
  var value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
  Object.defineProperty(region, "value", {
    get: value.get,
    set: function (text) {
      value.set.call(region, text);
      form.dispatchEvent(new Event("change"));
    }
  });
})(document.querySelector("[name=city]"));

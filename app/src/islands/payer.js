// A payment fails where another WeChat user is now logged in on this phone. WeChat does not say so. This script asks
// WeChat who the user is, and comes back by the order's link, so that this user can pay.
// PayButton and bridge_pay.js use it.
window.payer = {
  // Goes to WeChat's login, once for each link in a window. Returns whether the browser is leaving the page.
  ask: function (link) {
    try {
      if (sessionStorage.getItem("payer:" + link)) return false;
      sessionStorage.setItem("payer:" + link, "1");
      sessionStorage.setItem("pay_again", "1");
    } catch (error) {
      // without storage this could loop
      return false;
    }
    location.replace("/api/wechat/redirect?scope=snsapi_base&callback=" + encodeURIComponent(link + "?pay"));
    return true;
  },
  // After the payment sheet: tells the shop how it ended (ok, cancel or fail), waits a second at most, and opens the order's
  // page. After a failure it may first ask who pays.
  finish: function (order, outcome, link) {
    var sent = fetch("/orders/" + order + "/sheet", {
      method: "POST",
      keepalive: true,
      body: new URLSearchParams({ outcome: outcome }),
    }).catch(function () {});
    Promise.race([sent, new Promise(function (end) { setTimeout(end, 1000); })]).then(function () {
      if (outcome === "fail" && link && payer.ask(link)) return;
      location.replace("/orders/" + order);
    });
  },
  // Whether this window has come back from that login. A link from another site must not start a payment.
  hasReturned: function () {
    var marked = location.hash === "#pay";
    if (marked) history.replaceState(null, "", location.pathname + location.search);
    try {
      var asked = sessionStorage.getItem("pay_again");
      sessionStorage.removeItem("pay_again");
      return marked && asked !== null;
    } catch (error) {
      return false;
    }
  },
};

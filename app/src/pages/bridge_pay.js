(function () {
  var data = document.getElementById("payment").dataset;
  var done = false;
  function finish(result) {
    if (done) return;
    done = true;
    // WeChat does not say why a payment fails. Perhaps another of its users is there now: asked once who it is
    var failed = result && /:fail/.test(result.err_msg || "") && data.link;
    try {
      if (failed && !sessionStorage.getItem("payer:" + data.link)) {
        sessionStorage.setItem("payer:" + data.link, "1");
        sessionStorage.setItem("pay_again", "1");
        return location.replace(
          "/api/wechat/redirect?scope=snsapi_base&callback=" + encodeURIComponent(data.link + "?pay")
        );
      }
    } catch (error) {}
    location.replace(data.orderPage);
  }
  function pay() {
    if (data.miniprogram) {
      // back from the mini program's page, this one is shown again
      document.addEventListener("visibilitychange", function () {
        if (document.visibilityState === "visible") finish();
      });
      return WeixinJSBridge.invoke("invokeMiniProgramAPI", {
        name: "navigateTo",
        arg: { url: data.miniprogram },
      });
    }
    WeixinJSBridge.invoke(
      "getBrandWCPayRequest",
      {
        appId: data.appId,
        timeStamp: data.timeStamp,
        nonceStr: data.nonceStr,
        package: data.package,
        signType: data.signType,
        paySign: data.paySign,
      },
      finish
    );
  }
  // a page out of the history has paid, or not, already
  addEventListener("pageshow", function (event) {
    if (event.persisted) finish();
  });
  // fetched anew instead: without this, the way back from the mini program would lead there again
  if (window.performance && performance.navigation && performance.navigation.type === 2) return finish();
  if (window.WeixinJSBridge) return pay();
  var limit = setTimeout(finish, 10000);
  document.addEventListener("WeixinJSBridgeReady", function () {
    clearTimeout(limit);
    if (!done) pay();
  });
})();

/*
 * The part of WeChat's client that runs in each page before the page's own scripts: a user agent and
 * window.WeixinJSBridge. The phone (src/phone) inserts this file at the start of <head>. Playwright may add it
 * too; a second copy does nothing. The simulator makes all decisions, under /_phone/ of the page's origin. This
 * file sends the calls there, draws the payment sheet and returns the answers.
 */
(function () {
  'use strict';
  if (window !== window.top || window.__phoneBridge) return;
  Object.defineProperty(window, '__phoneBridge', { value: true });

  // Milliseconds between the end of the document and WeixinJSBridgeReady. A real phone is slow too.
  var READY_AFTER = 60;
  // Milliseconds to wait for the report that the page's policy refuses the frame.
  var REFUSED_WITHIN = 150;

  var entryUrl = location.href;
  var documentId = Math.random().toString(36).slice(2) + Date.now().toString(36);
  // The page may replace these later.
  var fetch = window.fetch.bind(window);
  var setTimeout = window.setTimeout.bind(window);

  // ---- the user agent

  var phoneUserAgent = '@PHONE_USER_AGENT@';
  if (!/micromessenger/i.test(navigator.userAgent) && phoneUserAgent.charAt(0) !== '@') {
    Object.defineProperty(navigator, 'userAgent', { get: function () { return phoneUserAgent; }, configurable: true });
  }
  var isIphone = /iphone/i.test(navigator.userAgent);
  // The web view of a mini program sets this before any script of the page.
  if (/miniprogram/i.test(navigator.userAgent)) window.__wxjs_environment = 'miniprogram';

  // ---- the channel of the iPhone

  // The iOS client communicates through a frame with a weixin: address. If the page's policy forbids the frame,
  // the page cannot call WeChat. Android uses another way. The sandbox prevents a desktop from looking for a
  // program that opens weixin: addresses.
  var channel = { refused: false, known: !isIphone, waiting: [] };

  function openChannel() {
    document.addEventListener('securitypolicyviolation', function (event) {
      // Chromium reports an empty address for a frame that it could not load anyway.
      var ours = event.effectiveDirective === 'frame-src' && /^(weixin.*)?$/.test(event.blockedURI);
      if (ours && event.disposition === 'enforce') channel.refused = true;
    });
    var frame = document.createElement('iframe');
    frame.id = '__WeixinJSBridgeIframe';
    frame.style.display = 'none';
    frame.setAttribute('sandbox', '');
    frame.src = 'weixin://dispatch_message/';
    document.documentElement.appendChild(frame);
    setTimeout(function () {
      channel.known = true;
      if (channel.refused) console.error('[phone] the page\'s Content-Security-Policy refuses weixin: frames, so every call of the bridge fails on an iPhone');
      channel.waiting.splice(0).forEach(function (go) { go(); });
    }, REFUSED_WITHIN);
  }

  function whenChannelIsKnown(go) {
    if (channel.known) go(); else channel.waiting.push(go);
  }

  // ---- calls

  function post(path, message) {
    return fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    }).then(function (response) { return response.json(); });
  }

  function invoke(name, args, callback) {
    if (typeof args === 'function') { callback = args; args = {}; }
    var done = function (reply) { if (typeof callback === 'function') callback(reply); };
    whenChannelIsKnown(function () {
      if (channel.refused) return done({ err_msg: 'system:access_denied' });
      post('/_phone/bridge', {
        name: name, args: args || {}, document: documentId, url: location.href, entry_url: entryUrl,
      }).then(function (answer) {
        rememberShare(name, args || {}, answer.reply);
        if ((answer.open_tags || []).indexOf('wx-open-subscribe') >= 0) defineSubscribeTag();
        follow(answer, done);
      }, function () { done({ err_msg: name + ':fail' }); });
    });
  }

  function follow(answer, done) {
    if (answer.never) done = function () {};
    if (answer.diagnosis) console.warn('[phone] ' + answer.diagnosis.sentence);
    if (answer.sheet) return showSheet(answer.sheet, done);
    if (answer.alert) return showAlert(answer.alert, function () { done(answer.reply); });
    done(answer.reply);
    if (answer.leave) leave(answer.leave);
  }

  // The mini program opens another page or goes back. The callback runs first.
  function leave(where) {
    setTimeout(function () {
      if (where.back) history.go(-where.back);
      else if (where.replace) location.replace(where.page);
      else location.assign(where.page);
    }, 0);
  }

  var listeners = {};

  // A test opens the "..." menu by a custom event: new CustomEvent('wechat-phone-menu', {detail: 'menu:share:timeline'}).
  document.addEventListener('wechat-phone-menu', function (event) {
    (listeners[event.detail] || []).forEach(function (callback) { callback({ err_msg: event.detail + ':ok' }); });
  });

  var bridge = {
    invoke: invoke,
    call: function (name) { invoke(name, {}); },
    on: function (event, callback) { (listeners[event] = listeners[event] || []).push(callback); },
  };

  // ---- the frame of the phone on a desktop screen, with WeChat's title bar and its "..." menu

  // Where the window is as large as a desk, the page is as wide as on a phone. The page keeps its elements and its
  // styles: <html> becomes the phone, so that fixed elements stay inside, and <body> scrolls. The merchant's console
  // is a page for a desk.
  var BAR = 44;
  var DESK = '(min-width: 800px) and (min-height: 600px) and (hover: hover)';
  var hasFrame = window.matchMedia(DESK).matches && !/^\/console(\/|$)/.test(location.pathname);
  var FRAME = '@media ' + DESK + ' {' +
    'html { --phone-height: min(844px, calc(100vh - 56px)); box-sizing: content-box; width: 390px; height: var(--phone-height);' +
    ' min-height: 0; margin: calc((100vh - var(--phone-height)) / 2) auto 0; overflow: hidden; transform: translateZ(0);' +
    ' background: #8b929c; border-radius: 28px; box-shadow: 0 16px 48px 24px #0006; }' +
    'body { box-sizing: border-box; width: 390px; height: calc(var(--phone-height) - ' + BAR + 'px); min-height: 0;' +
    ' margin: ' + BAR + 'px 0 0; overflow: hidden auto; scrollbar-width: none; }' +
    'dialog { max-width: 390px; margin-bottom: calc((100vh - var(--phone-height)) / 2); } }';

  // At once, so that the page is never seen at its full width.
  if (hasFrame) {
    var sheet = new CSSStyleSheet();
    sheet.replaceSync(FRAME);
    document.adoptedStyleSheets = document.adoptedStyleSheets.concat(sheet);
  }

  function frame() {
    var page = getComputedStyle(document.body).backgroundColor;
    if (page === 'rgba(0, 0, 0, 0)') document.body.style.backgroundColor = colours().ground;
    var colour = colours();
    // The edge lies over the corners of the page, whatever is fixed there.
    element('div', document.body, {
      display: 'block', position: 'fixed', inset: '-16px', zIndex: '2147483647', pointerEvents: 'none',
      border: '16px solid #16181c', borderRadius: '44px',
    }, undefined, 'wechat-frame');
    var bar = element('div', document.body, {
      display: 'grid', gridTemplateColumns: '64px 1fr 64px', alignItems: 'center', position: 'fixed', inset: '0 0 auto',
      height: BAR + 'px', zIndex: '2147483646', background: colour.bar, color: colour.ink,
      fontSize: '16px', fontWeight: '600',
    }, undefined, 'wechat-bar');
    var back = button(bar, 'wechat-back', '‹', { width: '44px', padding: '0', margin: '0 auto', fontSize: '28px', color: colour.ink }, function () { history.back(); });
    back.setAttribute('aria-label', '返回');
    element('div', bar, { display: 'block', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap', color: colour.ink }, document.title, 'wechat-title');
    var dots = button(bar, 'wechat-menu-open', '···', { width: '52px', padding: '8px 0', margin: '0 auto', fontWeight: '700', color: colour.ink }, showMenu);
    dots.setAttribute('aria-label', '更多');
  }

  // ---- the "..." menu

  // The last data for each target that WeChat accepted.
  var shares = {};

  function rememberShare(name, data, reply) {
    var target = { updateAppMessageShareData: 'appmessage', sendAppMessage: 'appmessage', updateTimelineShareData: 'timeline', shareTimeline: 'timeline' }[name];
    if (target && /:ok$/.test((reply || {}).err_msg || '')) shares[target] = data;
  }

  function showMenu() {
    var colour = colours();
    var back = mask('wechat-menu');
    var panel = element('div', back, {
      display: 'block', width: '100%', maxWidth: '430px', margin: 'auto auto 0', padding: '16px 16px 24px',
      borderRadius: '14px 14px 28px 28px', background: colour.paper,
    });
    function item(id, text, press) {
      button(panel, id, text, { color: colour.ink, background: colour.button, marginTop: '8px' }, function () { back.remove(); press(); });
    }
    item('wechat-share-friend', '发送给朋友', function () { share('appmessage', '已发送给朋友（模拟）'); });
    item('wechat-share-moments', '分享到朋友圈', function () { share('timeline', '已分享到朋友圈（模拟）'); });
    item('wechat-copy-link', '复制链接', function () {
      if (navigator.clipboard) navigator.clipboard.writeText(location.href).catch(function () {});
      showAlert('链接：' + location.href, function () {});
    });
    item('wechat-reload', '刷新', function () { location.reload(); });
    button(panel, 'wechat-menu-close', '取消', { color: colour.grey, marginTop: '8px' }, function () { back.remove(); });
  }

  // Tells the page, as WeChat does, then shows the card that the friend sees. An old page sets its data only then.
  function share(target, done) {
    document.dispatchEvent(new CustomEvent('wechat-phone-menu', { detail: 'menu:share:' + target }));
    setTimeout(function () {
      var data = shares[target] || { title: document.title, link: location.href };
      showAlert([done, data.title, data.desc, data.link].filter(Boolean).join('\n'), function () {});
    }, 300);
  }

  function ready() {
    if (isIphone) openChannel();
    if (hasFrame) frame();
    setTimeout(function () {
      window.WeixinJSBridge = bridge;
      document.dispatchEvent(new Event('WeixinJSBridgeReady'));
    }, READY_AFTER);
  }

  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready); else ready();

  // ---- the elements that WeChat draws over the page
  // The styles are set through the DOM, which no content security policy forbids.

  function element(tag, parent, styles, text, id) {
    var node = document.createElement(tag);
    node.style.all = 'initial';
    node.style.boxSizing = 'border-box';
    node.style.textAlign = 'center';
    node.style.fontFamily = '-apple-system, "PingFang SC", "Noto Sans SC", sans-serif';
    for (var name in styles) node.style[name] = styles[name];
    if (text !== undefined) node.textContent = text;
    if (id) { node.id = id; node.setAttribute('data-testid', id); }
    parent.appendChild(node);
    return node;
  }

  function colours() {
    return window.matchMedia('(prefers-color-scheme: dark)').matches
      ? { paper: '#2c2c2c', ground: '#111111', bar: '#1f1f1f', ink: '#e6e6e6', grey: '#8f8f8f', line: '#3d3d3d', green: '#06ae56', button: '#3a3a3a' }
      : { paper: '#ffffff', ground: '#ffffff', bar: '#ededed', ink: '#191919', grey: '#888888', line: '#ededed', green: '#07c160', button: '#f2f2f2' };
  }

  function mask(id) {
    var node = element('div', document.body, {
      display: 'flex', position: 'fixed', inset: '0', zIndex: '2147483647', background: 'rgba(0,0,0,.55)',
      borderRadius: hasFrame ? '28px' : '0', overflow: 'hidden',
    }, undefined, id);
    node.setAttribute('role', 'dialog');
    node.setAttribute('aria-modal', 'true');
    return node;
  }

  function button(parent, id, text, styles, press) {
    var node = element('button', parent, {
      display: 'block', width: '100%', padding: '12px', borderRadius: '8px', fontSize: '17px', cursor: 'pointer',
    }, text, id);
    for (var name in styles) node.style[name] = styles[name];
    node.type = 'button';
    node.addEventListener('click', press);
    return node;
  }

  function showAlert(text, then) {
    var colour = colours();
    var back = mask('wechat-alert');
    var panel = element('div', back, {
      display: 'block', width: '300px', margin: 'auto', borderRadius: '12px', background: colour.paper,
      overflow: 'hidden',
    });
    element('div', panel, {
      display: 'block', padding: '32px 24px', fontSize: '17px', lineHeight: '1.5', color: colour.ink,
      whiteSpace: 'pre-line', overflowWrap: 'anywhere',
    }, text, 'wechat-alert-text');
    button(panel, 'wechat-alert-ok', '确定', {
      borderTop: '1px solid ' + colour.line, borderRadius: '0', color: '#576b95', fontWeight: '600',
    }, function () { back.remove(); then(); });
  }

  // ---- the open tag that asks for the user's consent to messages

  // WeChat draws the tag from the template inside it. Its style sheet is set through the DOM, as above.
  function defineSubscribeTag() {
    if (customElements.get('wx-open-subscribe')) return;
    customElements.define('wx-open-subscribe', class extends HTMLElement {
      connectedCallback() {
        var template = this.querySelector('script[type="text/wxtag-template"]');
        if (this.isDrawn || !template) return;
        this.isDrawn = true;
        var shadow = this.attachShadow({ mode: 'open' });
        // The page's policy also applies to a parsed <style>, so it is taken out first.
        var markup = template.textContent.replace(/<style>([^]*?)<\/style>/g, function (all, css) {
          var own = new CSSStyleSheet();
          own.replaceSync(css);
          shadow.adoptedStyleSheets = shadow.adoptedStyleSheets.concat(own);
          return '';
        });
        shadow.append.apply(shadow, Array.from(new DOMParser().parseFromString(markup, 'text/html').body.childNodes));
        this.addEventListener('click', this.ask);
        this.dispatchEvent(new CustomEvent('ready', { bubbles: true }));
      }

      ask() {
        var tag = this;
        var templates = (tag.getAttribute('template') || '').split(',').filter(Boolean);
        var tell = function (event, detail) { tag.dispatchEvent(new CustomEvent(event, { bubbles: true, detail: detail })); };
        post('/_phone/subscribe', { document: documentId, templates: templates }).then(function (answer) {
          if (!answer.titles) return tell('error', answer);
          showConsent(answer.titles, function (given) {
            post('/_phone/subscribe', { document: documentId, templates: templates, answer: given }).then(function (done) {
              var details = {};
              for (var id in done.answers) details[id] = JSON.stringify({ status: done.answers[id] });
              tell('success', { errMsg: 'subscribe:ok', subscribeDetails: JSON.stringify(details) });
            });
          });
        });
      }
    });
  }

  /** The white panel at the bottom of the phone. */
  function bottomPanel(back) {
    return element('div', back, {
      display: 'block', width: '100%', maxWidth: '430px', margin: 'auto auto 0', padding: '20px 24px 28px',
      borderRadius: '14px 14px 0 0', background: colours().paper,
    });
  }

  function showConsent(titles, then) {
    var colour = colours();
    var back = mask('wechat-subscribe-sheet');
    var panel = bottomPanel(back);
    element('div', panel, { display: 'block', fontSize: '17px', color: colour.ink, paddingBottom: '12px' }, '申请给您发送以下消息');
    titles.forEach(function (title) {
      element('div', panel, { display: 'block', fontSize: '15px', color: colour.ink, padding: '8px 0', borderTop: '1px solid ' + colour.line }, title);
    });
    function choose(answer) { return function () { back.remove(); then(answer); }; }
    button(panel, 'wechat-subscribe-allow', '允许', { background: colour.green, color: '#fff', fontWeight: '600', marginTop: '12px' }, choose('accept'));
    button(panel, 'wechat-subscribe-refuse', '取消', { background: colour.button, color: colour.ink, marginTop: '12px' }, choose('reject'));
  }

  function showSheet(sheet, done) {
    var colour = colours();
    var back = mask('wechat-pay-sheet');
    var panel = bottomPanel(back);
    element('div', panel, { display: 'block', fontSize: '13px', color: colour.grey, paddingBottom: '18px' }, '微信支付（模拟）');
    element('div', panel, { display: 'block', fontSize: '17px', color: colour.ink }, sheet.merchant, 'wechat-pay-merchant');
    element('div', panel, {
      display: 'block', fontSize: '42px', fontWeight: '600', lineHeight: '1.5', color: colour.ink,
    }, '¥' + sheet.amount, 'wechat-pay-amount');
    element('div', panel, {
      display: 'block', fontSize: '14px', color: colour.grey, padding: '4px 0 20px', marginBottom: '20px',
      borderBottom: '1px solid ' + colour.line, overflowWrap: 'anywhere',
    }, sheet.body, 'wechat-pay-body');

    var pressed = false;
    function press(outcome) {
      return function () {
        if (pressed) return;
        pressed = true;
        post('/_phone/pay', { prepay_id: sheet.prepay_id, outcome: outcome }).then(function (answer) {
          back.remove();
          follow(answer, done);
        }, function () {
          back.remove();
          done({ err_msg: 'get_brand_wcpay_request:fail' });
        });
      };
    }
    button(panel, 'wechat-pay-confirm', '立即支付', { background: colour.green, color: '#fff', fontWeight: '600' }, press('ok'));
    button(panel, 'wechat-pay-cancel', '取消', { background: colour.button, color: colour.ink, marginTop: '12px' }, press('cancel'));
    button(panel, 'wechat-pay-fail', '模拟支付失败', {
      width: 'auto', margin: '12px auto 0', padding: '4px 8px', fontSize: '12px', color: colour.grey,
    }, press('fail'));
  }
})();

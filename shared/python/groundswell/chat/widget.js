/* A chat in the corner of a client's site:
 *   <script src="https://API/api/v1/chat/widget.js" data-client="CLIENT" data-title="Chat" data-ai="on" async></script>
 * A visitor is known by a token in this browser alone. Everything stands in a shadow root: the page's styles and ours
 * leave each other alone. Texts are set as texts, never as HTML. */
(function () {
  "use strict";
  var script = document.currentScript;
  var client = script && script.getAttribute("data-client");
  if (!client || window.__groundswellChat) return;
  window.__groundswellChat = true;
  var api = script.src.replace(/\/chat\/widget\.js.*$/, "");
  var language = (document.documentElement.lang || navigator.language || "en").slice(0, 2).toLowerCase();
  var texts = {
    en: { open: "Open chat", close: "Close chat", send: "Send", write: "Your message", title: "Chat",
      failed: "Not sent. Please try again." },
    de: { open: "Chat öffnen", close: "Chat schließen", send: "Senden", write: "Ihre Nachricht", title: "Chat",
      failed: "Nicht gesendet. Bitte noch einmal versuchen." },
    es: { open: "Abrir el chat", close: "Cerrar el chat", send: "Enviar", write: "Su mensaje", title: "Chat",
      failed: "No se ha enviado. Inténtelo de nuevo." },
    fr: { open: "Ouvrir le chat", close: "Fermer le chat", send: "Envoyer", write: "Votre message", title: "Chat",
      failed: "Non envoyé. Veuillez réessayer." },
    it: { open: "Apri la chat", close: "Chiudi la chat", send: "Invia", write: "Il suo messaggio", title: "Chat",
      failed: "Non inviato. Riprovi." },
    nl: { open: "Chat openen", close: "Chat sluiten", send: "Versturen", write: "Uw bericht", title: "Chat",
      failed: "Niet verzonden. Probeer het opnieuw." },
    pt: { open: "Abrir o chat", close: "Fechar o chat", send: "Enviar", write: "A sua mensagem", title: "Chat",
      failed: "Não enviado. Tente de novo." }
  };
  var words = Object.prototype.hasOwnProperty.call(texts, language) ? texts[language] : texts.en;
  var title = script.getAttribute("data-title") || words.title;
  var ai = script.getAttribute("data-ai") === "on";
  var place = "groundswell-chat-" + client;
  var state = {};
  try { state = JSON.parse(localStorage.getItem(place)) || {}; } catch (_) { /* storage is off: a visitor per page */ }
  var shown = 0, open = false, waiting = false, pending = 0;

  function keep() {
    try { localStorage.setItem(place, JSON.stringify(state)); } catch (_) { /* as above */ }
  }

  function call(method, path, body, anonymous) {
    var headers = { "Content-Type": "application/json" };
    if (!anonymous) headers.Authorization = "Bearer " + state.token;
    return fetch(api + path, { method: method, headers: headers, body: body && JSON.stringify(body) })
      .then(function (answer) {
        if (answer.status === 401 && !anonymous) { delete state.token; delete state.thread; shown = 0; keep(); }
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      });
  }

  function visitor() {
    if (state.token) return Promise.resolve();
    return call("POST", "/chat/visitors", { client_id: client }, true).then(function (made) {
      state.token = made.data.token;
      keep();
    });
  }

  var host = document.createElement("div");
  var root = host.attachShadow({ mode: "open" });
  var style = document.createElement("style");
  style.textContent =
    ":host{all:initial}*{box-sizing:border-box;font:16px/1.4 system-ui,sans-serif}" +
    ".toggle{position:fixed;right:1rem;bottom:1rem;z-index:2147483000;border:0;border-radius:2rem;padding:.8rem 1.2rem;" +
    "background:#1f4fd8;color:#fff;cursor:pointer}" +
    ".panel{position:fixed;right:1rem;bottom:5rem;z-index:2147483000;width:min(22rem,calc(100vw - 2rem));" +
    "height:min(30rem,calc(100vh - 7rem));display:flex;flex-direction:column;background:#fff;color:#1b1b1b;" +
    "border:1px solid #767676;border-radius:.75rem;overflow:hidden}.panel[hidden]{display:none}" +
    "h2{margin:0;padding:.75rem 1rem;font-weight:600;border-bottom:1px solid #ccc}" +
    ".log{flex:1;overflow-y:auto;padding:1rem;display:flex;flex-direction:column;gap:.5rem}" +
    ".log p{margin:0;padding:.5rem .75rem;border-radius:.75rem;max-width:85%;white-space:pre-wrap;overflow-wrap:anywhere;" +
    "background:#eef1f6;align-self:flex-start}.log a{display:block;color:#1a44ba}.log p.user{background:#1f4fd8;color:#fff;align-self:flex-end}" +
    "form{display:flex;gap:.5rem;padding:.75rem;border-top:1px solid #ccc}textarea{flex:1;resize:none;padding:.5rem}" +
    "form button{border:0;border-radius:.5rem;padding:.5rem 1rem;background:#1f4fd8;color:#fff;cursor:pointer}" +
    ".error{color:#a40000;padding:0 1rem}:focus-visible{outline:3px solid #f5b400;outline-offset:2px}";
  root.appendChild(style);

  function make(name, parent, attributes) {
    var element = document.createElement(name);
    Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    parent.appendChild(element);
    return element;
  }

  var toggle = make("button", root, { "class": "toggle", type: "button", "aria-expanded": "false", "aria-controls": "panel" });
  toggle.textContent = title;
  function label() { // what is shown is in the name: whoever speaks to the browser says what they see
    var does = open ? words.close : words.open;
    toggle.setAttribute("aria-label", title === does ? title : title + ": " + does);
  }
  label();
  var panel = make("section", root, { "class": "panel", id: "panel", hidden: "", "aria-label": title });
  make("h2", panel).textContent = title;
  var log = make("div", panel, { "class": "log", role: "log", "aria-live": "polite", tabindex: "0", "aria-label": title });
  var problem = make("div", panel, { "class": "error", role: "alert" });
  var form = make("form", panel);
  var field = make("textarea", form, { rows: "2", "aria-label": words.write, maxlength: "4000", required: "" });
  make("button", form, { type: "submit" }).textContent = words.send;

  function show(message) {
    if (message.sequence <= shown) return;
    shown = message.sequence;
    var said = make("p", log, { "class": message.role === "user" ? "user" : "other" });
    said.textContent = message.text;
    (message.sources || []).forEach(function (source) {
      if (!/^https?:/.test(source.url)) return;
      make("a", said, { href: source.url, target: "_blank", rel: "noopener" }).textContent = source.title;
    });
    log.scrollTop = log.scrollHeight;
  }

  function listen() {
    if (!open || waiting || !state.thread) return;
    waiting = true;
    call("GET", "/chat/history?thread_id=" + state.thread + "&after=" + shown + "&wait=10&limit=100")
      .then(function (page) { page.data.forEach(show); return 0; })
      .catch(function () { return 5000; })
      .then(function (pause) { waiting = false; setTimeout(listen, pause); });
  }

  toggle.addEventListener("click", function () {
    open = !open;
    panel.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    label();
    if (open) { field.focus(); listen(); }
  });
  root.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && open) { toggle.click(); toggle.focus(); }
  });
  field.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var text = field.value.trim();
    if (!text || pending) return;
    pending = 1;
    problem.textContent = "";
    // The same id when the visitor tries again: what was sent after all is not sent twice.
    state.draft = state.draft && state.draft.text === text ? state.draft : { text: text, id: "w" + Date.now() + Math.random() };
    visitor()
      .then(function () {
        var body = { message: text, client_message_id: state.draft.id, ai: ai };
        if (state.thread) body.thread_id = state.thread;
        return call("POST", "/chat/send", body);
      })
      .then(function (sent) {
        state.thread = sent.data.thread_id;
        delete state.draft;
        keep();
        field.value = "";
        if (!waiting) listen();
      })
      .catch(function () { keep(); problem.textContent = words.failed; })
      .then(function () { pending = 0; });
  });
  document.body.appendChild(host);
})();
